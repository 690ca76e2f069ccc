import { strict as assert } from "node:assert";
import { checkEmulators } from "../../support/emulator";
import { basic, callerOf, startQuick } from "../caller";

describe("Request log", () => {
  checkEmulators();

  it("has operation, path, query, body, response and key, and never the secret", async () => {
    const { emulator, api } = await startQuick();
    await api.post("/clusters", basic("orders"));
    await api.get("/clusters?show_inactive=true");
    const [create, list] = emulator.requests;
    assert.equal(create?.operation, "CreateCluster");
    assert.equal(create?.method, "POST");
    assert.equal(create?.path, "/api/v1/clusters");
    assert.deepEqual(create?.body, basic("orders"));
    assert.equal(create?.status, 200);
    assert.match(JSON.stringify(create?.response), /"name":"orders"/);
    assert.equal(create?.key, "key-1");
    assert.equal(create?.at, emulator.clock.now());
    assert.equal(list?.query, "show_inactive=true");
    assert.ok(!JSON.stringify(emulator.requests).includes(emulator.apiKey));
  });

  it("keeps the headers that carry no credentials", async () => {
    const { emulator, api } = await startQuick();
    await api.send("GET", "/clusters", undefined, { "user-agent": "me/1", cookie: "a=b" });
    assert.equal(emulator.requests[0]?.headers["user-agent"], "me/1");
    assert.deepEqual(
      Object.keys(emulator.requests[0]?.headers ?? {}).filter((name) => /auth|cookie/.test(name)),
      [],
    );
  });

  it("hides passwords in bodies", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(basic("orders"));
    await api.put(`/clusters/${id}/sql-users/app/password`, { password: "s3cret" });
    assert.deepEqual(emulator.requests[0]?.body, { password: "[redacted]" });
  });

  it("has no key for an unauthenticated caller", async () => {
    const { emulator } = await startQuick();
    await callerOf(emulator, "nobody").get("/clusters");
    assert.equal(emulator.requests[0]?.key, undefined);
    assert.equal(emulator.requests[0]?.status, 401);
  });

  it("can be summed up, filtered and cleared", async () => {
    const { emulator, api } = await startQuick();
    emulator.faults.add("CreateCluster", { reset: "before-effect" });
    await assert.rejects(api.post("/clusters", basic("orders")));
    await api.post("/clusters", basic("orders"));
    await api.get("/clusters");
    await api.get("/clusters");
    await api.get("/nowhere");
    assert.equal(
      emulator.requests.summary(),
      "CreateCluster: 1 x no response, 1 x 200\nListClusters: 2 x 200\nGET /api/v1/nowhere: 1 x 404",
    );
    const lists = emulator.requests.filter((request) => request.operation === "ListClusters");
    assert.equal(lists.length, 2);
    emulator.requests.clear();
    assert.deepEqual([...emulator.requests], []);
  });
});
