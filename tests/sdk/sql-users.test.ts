import assert from "node:assert/strict";
import { ConflictError, isNotFound, UnexpectedResponseError } from "../../sdk";
import type { ClientUnderTest } from "./client-under-test";
import { all, clientOf } from "./client-under-test";
import type { LocalServer, Responder } from "./local-server";
import { closeServers, failure, json, localServer, reset } from "./local-server";

async function setUp(
  ...responses: Responder[]
): Promise<ClientUnderTest & { server: LocalServer }> {
  const server = await localServer(responses);
  return { server, ...clientOf(server) };
}

const app = { name: "app", password: "secret-word" };

describe("SQL users", () => {
  afterEach(closeServers);

  it("are not found while the cluster is being created, in the API's words", async () => {
    const message = "internal call failed: cluster 'c1' is not found";
    const { client, fail } = await setUp(failure(404, 5, message));
    const error = await fail(client.sqlUsers.create("c1", app));
    assert.ok(isNotFound(error));
    assert.equal(error.apiMessage, message);
    assert.match(error.message, /^Creating SQL user "app" on cluster c1 failed: 404 internal call/);
  });

  it("say which user exists already", async () => {
    const { client, fail } = await setUp(failure(409, 6, "user already exists"));
    const error = await fail(client.sqlUsers.create("c1", app));
    assert.ok(ConflictError.isInstance(error));
    assert.equal(
      error.message,
      'Creating SQL user "app" on cluster c1 failed: 409 user already exists.',
    );
  });

  it("take no lock for one that only has the name", async () => {
    const { client, fail } = await setUp(failure(409, 6, "user lock already exists"));
    const body = { ...app, name: "lock" };
    assert.ok(ConflictError.isInstance(await fail(client.sqlUsers.create("c1", body))));
  });

  it("are created with an unknown effect when the response shows no user", async () => {
    const { client, fail, server } = await setUp(json(200, {}));
    const error = await fail(client.sqlUsers.create("c1", app));
    assert.ok(UnexpectedResponseError.isInstance(error));
    assert.equal(error.effect, "unknown");
    assert.equal(server.received.length, 1);
  });

  it("are found on later pages", async () => {
    const names = Array.from({ length: 1_500 }, (_, index) => `user_${index}`);
    const page: Responder = (response, { url }) => {
      const query = new URL(url, "http://localhost").searchParams;
      const from = Number(query.get("pagination.page") ?? 0);
      const to = from + Number(query.get("pagination.limit"));
      const users = names.slice(from, to).map((name) => ({ name }));
      const pagination = to < names.length ? { next_page: String(to) } : null;
      json(200, { users, pagination })(response, {} as never);
    };
    const { client, run, server } = await setUp(page);
    const users = await run(all(client.sqlUsers.list("c1")));
    assert.deepEqual(
      users.map(({ name }) => name),
      names,
    );
    assert.equal(server.received.length, 3);
  });

  for (const [name, segment] of [
    ["a.b", "a.b"],
    ["..a", "..a"],
    ["a%2Fb", "a%252Fb"],
    ["a/../b", "a%2F..%2Fb"],
    ["ü?#&+ ;", "%C3%BC%3F%23%26%2B%20%3B"],
  ] as const) {
    it(`reach the server as ${segment} when called ${name}`, async () => {
      const { client, run, server } = await setUp(json(200, { name }));
      await run(client.sqlUsers.delete("c1", name));
      assert.equal(server.received[0]?.url, `/api/v1/clusters/c1/sql-users/${segment}`);
    });
  }

  for (const name of ["", ".", ".."]) {
    it(`are not called ${JSON.stringify(name)}: nothing is sent`, async () => {
      const { client, fail, server } = await setUp(json(200, {}));
      assert.ok((await fail(client.sqlUsers.delete("c1", name))) instanceof TypeError);
      const change = client.sqlUsers.updatePassword("c1", name, "secret-word");
      assert.ok((await fail(change)) instanceof TypeError);
      assert.equal(server.received.length, 0);
    });
  }

  it("get their password again when the response is lost", async () => {
    const { client, run, server } = await setUp(reset, json(200, { name: "app" }));
    await run(client.sqlUsers.updatePassword("c1", "app", "secret-word"));
    assert.deepEqual(
      server.received.map(({ body }) => body),
      ['{"password":"secret-word"}', '{"password":"secret-word"}'],
    );
  });
});
