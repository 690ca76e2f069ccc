import { strict as assert } from "node:assert";
import { checkEmulators } from "../../support/emulator";
import { advanced, assertRefused, basic, bodyOf, hour, minute, startQuick } from "../caller";

describe("Faults", () => {
  checkEmulators();

  it("return a status to the next calls of an operation, which has no effect", async () => {
    const { emulator, api } = await startQuick();
    emulator.faults.add("CreateCluster", { status: 503, times: 2 });
    emulator.faults.add("CreateCluster", { status: 500, message: "broken" });
    assertRefused(await api.post("/clusters", basic("orders")), 503, 14, "scripted fault");
    bodyOf(await api.get("/clusters"));
    assertRefused(await api.post("/clusters", basic("orders")), 503, 14);
    assertRefused(await api.post("/clusters", basic("orders")), 500, 13, "broken");
    assert.deepEqual(emulator.clusters.list(), []);
    bodyOf(await api.post("/clusters", basic("orders")));
  });

  it("return any body, headers and code", async () => {
    const { emulator, api } = await startQuick();
    emulator.faults.add("*", { status: 502, body: "<html>bad gateway</html>" });
    emulator.faults.add("*", { status: 429, headers: { "Retry-After": "7" } });
    emulator.faults.add("*", { status: 504, body: "" });
    emulator.faults.add("*", { status: 409, code: 6, body: { error: "odd" } });
    const gateway = await api.get("/clusters");
    assert.deepEqual([gateway.status, gateway.text], [502, "<html>bad gateway</html>"]);
    assert.equal(gateway.headers.get("content-type"), "text/html");
    const throttled = await api.get("/clusters");
    assertRefused(throttled, 429, 8);
    assert.equal(throttled.headers.get("retry-after"), "7");
    const empty = await api.get("/clusters");
    assert.deepEqual([empty.status, empty.text], [504, ""]);
    assert.deepEqual((await api.get("/clusters")).body, { error: "odd" });
  });

  it("apply from the nth call on, and to all calls if so configured", async () => {
    const { emulator, api } = await startQuick();
    emulator.faults.add("ListClusters", { status: 500, nth: 3, times: Number.POSITIVE_INFINITY });
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      statuses.push((await api.get("/clusters")).status);
    }
    assert.deepEqual(statuses, [200, 200, 500, 500, 500, 500]);
    emulator.faults.clear();
    bodyOf(await api.get("/clusters"));
  });

  it("apply only to matching calls", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(basic("orders-1"));
    const { id: other } = emulator.clusters.create(basic("orders-2"));
    emulator.faults.add("GetCluster", { status: 500, when: ({ path }) => path.endsWith(id) });
    bodyOf(await api.get(`/clusters/${other}`));
    assertRefused(await api.get(`/clusters/${id}`), 500, 13);
    bodyOf(await api.get(`/clusters/${id}`));
  });

  it("break the connection before the effect or after it", async () => {
    const { emulator, api } = await startQuick();
    emulator.faults.add("CreateCluster", { reset: "before-effect" });
    emulator.faults.add("CreateCluster", { reset: "after-effect" });
    await assert.rejects(api.post("/clusters", basic("orders")));
    assert.equal(emulator.clusters.find("orders"), undefined);
    await assert.rejects(api.post("/clusters", basic("orders")));
    assert.equal(emulator.clusters.find("orders")?.state, "CREATED");
    assert.deepEqual(
      emulator.requests.map(({ status, fault }) => [status, fault]),
      [
        [0, "reset before the effect"],
        [0, "reset after the effect"],
      ],
    );
  });

  it("apply the effect and return a status", async () => {
    const { emulator, api } = await startQuick();
    emulator.faults.add("CreateCluster", { status: 502, effect: "after", body: "" });
    assert.equal((await api.post("/clusters", basic("orders"))).status, 502);
    assert.equal(emulator.clusters.list().length, 1);
  });

  it("cut the body in the middle", async () => {
    const { emulator, api } = await startQuick();
    emulator.faults.add("CreateCluster", { cutBody: true });
    await assert.rejects(api.post("/clusters", basic("orders")));
    assert.equal(emulator.clusters.list().length, 1);
  });

  it("return a body that is not JSON", async () => {
    const { emulator, api } = await startQuick();
    emulator.faults.add("ListClusters", { notJson: true });
    emulator.faults.add("ListClusters", { notJson: '{"clusters":' });
    assert.match((await api.get("/clusters")).text, /^<html>/);
    const half = await api.get("/clusters");
    assert.deepEqual([half.status, half.text], [200, '{"clusters":']);
  });

  it("hang without delaying the close of the emulator", async () => {
    const { emulator, api } = await startQuick();
    emulator.faults.add("CreateCluster", { hang: "after-effect" });
    emulator.faults.add("CreateCluster", { hang: "before-effect" });
    const hanging = [
      api.post("/clusters", basic("orders-1")),
      api.post("/clusters", basic("orders-2")),
    ].map((call) => assert.rejects(call));
    while (emulator.requests.filter((request) => request.fault !== undefined).length < 2) {
      await emulator.clock.advance(0);
    }
    assert.equal(emulator.clusters.list().length, 1);
    await emulator.close();
    await Promise.all(hanging);
    await emulator.close();
  });

  it("delay a response whose effect has happened", async () => {
    const { emulator, api } = await startQuick({ latencyMs: 5 });
    emulator.faults.add("CreateCluster", { delayMs: 30 });
    const startedAt = performance.now();
    bodyOf(await api.post("/clusters", basic("orders")));
    assert.ok(performance.now() - startedAt >= 30);
  });

  it("are not used up by refused or throttled requests", async () => {
    const { emulator, api } = await startQuick({ rateLimit: { perSecond: 1, time: "emulator" } });
    emulator.faults.add("ListClusters", { status: 500 });
    assertRefused(await api.send("GET", "/clusters", undefined, { authorization: "" }), 401, 16);
    assertRefused(await api.get("/clusters"), 500, 13);
    assertRefused(await api.get("/clusters"), 429, 8);
  });

  it("delay when changes can be seen", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(basic("orders"));
    emulator.faults.delayVisibility(minute);
    bodyOf(await api.patch(`/clusters/${id}`, { labels: { a: "1" } }));
    assert.deepEqual(bodyOf(await api.get("/clusters")).clusters[0].labels, {});
    await emulator.clock.advance(minute);
    assert.deepEqual(bodyOf(await api.get(`/clusters/${id}`)).labels, { a: "1" });
    bodyOf(await api.patch(`/clusters/${id}`, { labels: { a: "2" } }));
    assert.deepEqual(bodyOf(await api.get(`/clusters/${id}`)).labels, { a: "2" });
  });
});

describe("Changes outside the API", () => {
  checkEmulators();

  it("edit everything without rules", async () => {
    const { emulator, api } = await startQuick();
    const { id, regions } = emulator.clusters.create(advanced("orders"));
    emulator.clusters.edit(id, {
      labels: { by: "hand" },
      deleteProtection: "ENABLED",
      regionNodes: { "us-east-1": 2, "us-west-2": 1 },
      machineType: "m7g.2xlarge",
      storageGib: 1,
      cockroachVersion: "v24.3",
    });
    const cluster = bodyOf(await api.get(`/clusters/${id}`));
    assert.deepEqual(cluster.labels, { by: "hand" });
    assert.equal(cluster.delete_protection, "ENABLED");
    assert.equal(cluster.regions.length, 2);
    assert.equal(cluster.regions[0].sql_dns, regions[0]?.sql_dns);
    assert.equal(cluster.config.dedicated.machine_type, "m7g.2xlarge");
    assert.equal(cluster.config.dedicated.storage_gib, 1);
    assert.match(cluster.cockroach_version, /^v24\.3\./);
    emulator.faults.holdNextDelete();
    assert.equal(emulator.clusters.delete(id).state, "DELETED");
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).state, "DELETED");
    const { id: small } = emulator.clusters.create(basic("orders"));
    emulator.clusters.edit(small, {
      plan: "STANDARD",
      usageLimits: { provisioned_virtual_cpus: "8" },
      upgradeType: "MANUAL",
    });
    const other = bodyOf(await api.get(`/clusters/${small}`));
    assert.equal(other.plan, "STANDARD");
    assert.equal(other.config.serverless.upgrade_type, "MANUAL");
    assert.deepEqual(other.config.serverless.usage_limits, { provisioned_virtual_cpus: "8" });
    assert.equal(emulator.clusters.find("orders")?.id, small);
  });

  it("lock a cluster for a while", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(basic("orders"));
    emulator.clusters.lock(id, hour, "CRDB_PATCH_RUNNING");
    const locked = bodyOf(await api.get(`/clusters/${id}`));
    assert.deepEqual([locked.state, locked.operation_status], ["LOCKED", "CRDB_PATCH_RUNNING"]);
    await emulator.clock.advance(hour);
    const free = bodyOf(await api.get(`/clusters/${id}`));
    assert.deepEqual([free.state, free.operation_status], ["CREATED", "UNSPECIFIED"]);
    emulator.clusters.lock(id);
    await emulator.clock.advance(1000 * hour);
    assert.equal(emulator.clusters.get(id).state, "LOCKED");
    emulator.clusters.unlock(id);
    assert.equal(emulator.clusters.get(id).state, "CREATED");
  });

  it("finish, fail or forget a creation", async () => {
    const { emulator, api } = await startQuick();
    const ids: string[] = [];
    for (const name of ["orders-1", "orders-2", "orders-3"]) {
      ids.push(bodyOf(await api.post("/clusters", advanced(name))).id);
    }
    const [first = "", second = "", third = ""] = ids;
    assert.equal(emulator.clusters.finish(first).state, "CREATED");
    assert.equal(emulator.clusters.failCreation(second).state, "CREATION_FAILED");
    emulator.clusters.forget(third);
    assertRefused(await api.get(`/clusters/${third}`), 404, 5);
    await emulator.clock.advance(hour);
    assert.equal(emulator.clusters.get(second).state, "CREATION_FAILED");
    assert.throws(() => emulator.clusters.get(third), /has no cluster/);
  });
});
