import assert from "node:assert/strict";
import { all, clientOf } from "./client-under-test";
import type { Responder } from "./local-server";
import { closeServers, json, localServer } from "./local-server";

async function setUp(...responses: Responder[]) {
  const server = await localServer(responses);
  return { server, ...clientOf(server) };
}

describe("Roles of the client", () => {
  afterEach(closeServers);

  it("send an empty segment for the organization, and never for a folder or cluster", async () => {
    const { client, run, server } = await setUp(json(200, {}));
    await run(
      client.roles.remove("u1", {
        name: "ORG_ADMIN",
        resource: { type: "ORGANIZATION", id: "o1" },
      }),
    );
    assert.equal(server.received[0]?.url, "/api/v1/roles/u1/ORGANIZATION//ORG_ADMIN");
    for (const type of ["FOLDER", "CLUSTER"] as const) {
      const role = { name: "CLUSTER_ADMIN", resource: { type } } as const;
      await assert.rejects(client.roles.add("u1", role), TypeError);
    }
    assert.equal(server.received.length, 1);
  });

  it("read the organization's id away, and roles of later versions of the API as they come", async () => {
    const roles = [
      { name: "ORG_ADMIN", resource: { type: "ORGANIZATION", id: "o1" } },
      { name: "AUDITOR", resource: { type: "ORGANIZATION", id: "" } },
    ];
    const { client, run } = await setUp(
      json(200, { roles, group_roles: [{ group_names: ["a"] }] }),
    );
    assert.deepEqual(await run(client.roles.get("u1")), {
      roles: [
        { name: "ORG_ADMIN", resource: { type: "ORGANIZATION" } },
        { name: "AUDITOR", resource: { type: "ORGANIZATION" } },
      ],
      group_roles: [],
    });
  });

  it("are listed without entries that name nobody", async () => {
    const { client, run } = await setUp(
      json(200, { grants: null, user_group_grants: [{ group_roles: [] }] }),
    );
    assert.deepEqual(await run(all(client.roles.list({ pageSize: 7 }))), []);
  });
});

describe("Persons of the client", () => {
  afterEach(closeServers);

  for (const [form, body] of [
    ["null", { user: null }],
    ["left out", {}],
    ["without an id", { user: { id: "", email: "a@example.com" } }],
  ] as const) {
    it(`are undefined when the API responds with a person that is ${form}`, async () => {
      const { client, run } = await setUp(json(200, body));
      assert.equal(await run(client.personUsers.find("a@example.com")), undefined);
    });
  }
});
