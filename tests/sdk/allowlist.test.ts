import assert from "node:assert/strict";
import { UnexpectedResponseError } from "../../sdk";
import type { ClientUnderTest } from "./client-under-test";
import { clientOf } from "./client-under-test";
import type { LocalServer, Responder } from "./local-server";
import { closeServers, json, localServer } from "./local-server";

async function setUp(
  ...responses: Responder[]
): Promise<ClientUnderTest & { server: LocalServer }> {
  const server = await localServer(responses);
  return { server, ...clientOf(server) };
}

const page = (cidrIp: string, propagating: unknown, next?: string) =>
  json(200, {
    allowlist: [{ cidr_ip: cidrIp, cidr_mask: 32, sql: true, ui: false, name: null }],
    propagating,
    pagination: { next_page: next ?? null },
  });

describe("The allowlist", () => {
  afterEach(closeServers);

  for (const [title, first, last, expected] of [
    ["the first page says so", true, false, true],
    ["the last page says so", false, true, true],
    ["no page says so", false, null, false],
    ["no page says anything", undefined, undefined, false],
  ] as const) {
    it(`is ${expected ? "" : "not "}on its way when ${title}`, async () => {
      const { client, run, server } = await setUp(
        page("10.0.0.1", first, "2"),
        page("10.0.0.2", last),
      );
      const reading = await run(client.allowlist.read("c1", { pageSize: 1 }));
      assert.equal(reading.propagating, expected);
      assert.deepEqual(
        reading.entries.map(({ cidr_ip }) => cidr_ip),
        ["10.0.0.1", "10.0.0.2"],
      );
      assert.equal(reading.entries[0]?.name, "");
      assert.equal(server.received.length, 2);
    });
  }

  it("is not empty when the response has no list", async () => {
    const { client, fail } = await setUp(json(200, {}));
    assert.ok(UnexpectedResponseError.isInstance(await fail(client.allowlist.read("c1"))));
  });

  it("escapes addresses", async () => {
    const entry = { cidr_ip: "2001:db8::", cidr_mask: 32, sql: true, ui: true };
    const { client, run, server } = await setUp(json(200, entry));
    await run(client.allowlist.delete("c1", "2001:db8::", 32));
    const [{ url } = { url: "" }] = server.received;
    assert.equal(url, "/api/v1/clusters/c1/networking/allowlist/2001%3Adb8%3A%3A/32");
  });

  for (const mask of [1.5, Number.NaN]) {
    it(`refuses the mask ${mask} before anything is sent`, async () => {
      const { client, fail, server } = await setUp(json(200, {}));
      const error = await fail(client.allowlist.delete("c1", "10.0.0.1", mask));
      assert.ok(error instanceof RangeError);
      assert.equal(server.received.length, 0);
    });
  }
});
