import assert from "node:assert/strict";
import { PermissionDeniedError } from "../../sdk";
import { all, clientOf } from "./client-under-test";
import type { Responder } from "./local-server";
import { closeServers, failure, json, localServer } from "./local-server";

async function setUp(...responses: Responder[]) {
  const server = await localServer(responses);
  return { server, ...clientOf(server) };
}

const page = (totalResults: number, ...ids: string[]) =>
  json(200, { totalResults, Resources: ids.map((id) => ({ id, schemas: [] })) });

describe("SCIM of the client", () => {
  afterEach(closeServers);

  it("reads a list by positions until it has everything", async () => {
    const { client, run, server } = await setUp(page(3, "a", "b"), page(3, "c"));
    const users = await run(all(client.scimUsers.list({ pageSize: 2 })));
    assert.deepEqual(
      users.map(({ id }) => id),
      ["a", "b", "c"],
    );
    assert.deepEqual(
      server.received.map(({ url }) => url),
      ["count=2&startIndex=1", "count=2&startIndex=3"].map((q) => `/api/scim/v2/Users?${q}`),
    );
  });

  it("leaves out what it has seen when the positions move, and ends at an empty page", async () => {
    const { client, run, server } = await setUp(page(5, "a", "b"), page(5, "b", "c"), page(5));
    const groups = await run(all(client.scimGroups.search({ pageSize: 2 })));
    assert.deepEqual(
      groups.map(({ id }) => id),
      ["a", "b", "c"],
    );
    assert.deepEqual(
      server.received.map(({ body }) => JSON.parse(body ?? "").startIndex),
      [1, 3, 5],
    );
  });

  it("ends a list without objects, as a response without Resources is", async () => {
    const { client, run } = await setUp(json(200, { totalResults: 0 }));
    assert.deepEqual(await run(all(client.scimUsers.list())), []);
  });

  it("reports a list that has no end", async () => {
    const { client, fail, server } = await setUp(page(9, "a"), page(9, "b"), page(9, "a", "b"));
    const error = await fail(all(client.scimUsers.list()));
    assert.match(String(error), /objects that it had given before, so the list has no end/);
    assert.equal(server.received.length, 3);
  });

  it("reports that SCIM takes single sign-on when it is refused", async () => {
    const { client, fail } = await setUp(failure(403, 7, "unauthorized"));
    const error = await fail(client.scimUsers.get("u1"));
    assert.ok(PermissionDeniedError.isInstance(error));
    assert.match(
      error.message,
      /the role Organization Admin on the organization, and Cloud Organization SSO/,
    );
  });

  it("refuses an empty id before anything is sent", async () => {
    const { client, server } = await setUp(json(200, {}));
    await assert.rejects(client.scimGroups.delete(""), TypeError);
    assert.deepEqual(server.received, []);
  });
});
