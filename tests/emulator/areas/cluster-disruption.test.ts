import { strict as assert } from "node:assert";
import { checkEmulators } from "../../support/emulator";
import { assertRefused, basic, bodyOf, callerOf, minute, standard, withAdvanced } from "../caller";

const whole = { region_code: "us-east-1", is_whole_region: true, azs: [], pods: [] };

describe("Cluster disruptions", () => {
  checkEmulators();

  async function start(options = {}) {
    const { emulator, api, id, get } = await withAdvanced(options);
    const path = `/clusters/${id}/disrupt`;
    return {
      emulator,
      api,
      id,
      path,
      cluster: get,
      put: (...regions: object[]) => api.put(path, { regional_disruptor_specifications: regions }),
      settle: () => emulator.clock.advance(2 * minute),
      live: async () =>
        bodyOf(await api.get(`/clusters/${id}/nodes`))
          .nodes.filter(({ status }: { status: string }) => status === "LIVE")
          .map(({ name }: { name: string }) => name.replace("cockroachdb-us-", "")),
    };
  }

  it("are nothing at first", async () => {
    const { api, path } = await start();
    assert.deepEqual(bodyOf(await api.get(path)), { regional_disruptor_specifications: [] });
  });

  it("put the nodes of a region out of service, and end with an empty list", async () => {
    const { api, path, put, settle, live, cluster } = await start();
    assert.deepEqual(bodyOf(await put(whole)), { regional_disruptor_specifications: [whole] });
    const { state, operation_status } = await cluster();
    assert.deepEqual([state, operation_status], ["CREATED", "CRDB_CLUSTER_DISRUPTION_RUNNING"]);
    assert.equal((await live()).length, 3);
    await settle();
    assert.equal((await cluster()).operation_status, "UNSPECIFIED");
    assert.deepEqual(await live(), []);
    for (const body of [{}, { regional_disruptor_specifications: [] }]) {
      bodyOf(await api.put(path, body));
      await settle();
      assert.equal((await live()).length, 3);
      assert.deepEqual(bodyOf(await api.get(path)).regional_disruptor_specifications, []);
    }
  });

  it("put zones and single nodes out of service", async () => {
    const { put, settle, live } = await start();
    const part = { region_code: "us-east-1", is_whole_region: false };
    bodyOf(await put({ ...part, azs: ["us-east-1b"] }));
    await settle();
    assert.deepEqual(await live(), ["east-1-00", "east-1-02"]);
    bodyOf(await put({ ...part, pods: ["cockroachdb-us-east-1-00"] }));
    await settle();
    assert.deepEqual(await live(), ["east-1-01", "east-1-02"]);
  });

  it("replace one another as a whole", async () => {
    const { emulator, id, put, settle, live } = await start();
    emulator.clusters.edit(id, { regionNodes: { "us-east-1": 1, "us-west-2": 1 } });
    bodyOf(await put(whole));
    await settle();
    assert.deepEqual(await live(), ["west-2-00"]);
    bodyOf(await put({ ...whole, region_code: "us-west-2" }));
    await settle();
    assert.deepEqual(await live(), ["east-1-00"]);
  });

  const part = { region_code: "us-east-1", is_whole_region: false };
  for (const [what, regions] of [
    ["an unknown region", [{ ...whole, region_code: "us-east1" }]],
    ["no region", [{ is_whole_region: true }]],
    ["an unknown node", [{ ...part, pods: ["cockroachdb-us-east-1-09"] }]],
    ["an unknown zone", [{ ...part, azs: ["us-east-1x"] }]],
    ["a zone of another region", [{ ...part, azs: ["us-west-2a"] }]],
    ["nothing to disrupt", [part]],
    ["a whole region with nodes", [{ ...whole, pods: ["cockroachdb-us-east-1-00"] }]],
    ["one region twice", [whole, whole]],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const { put, cluster } = await start();
      assertRefused(await put(...regions), 400, 3, /region/);
      assert.equal((await cluster()).operation_status, "UNSPECIFIED");
    });
  }

  it("are for Advanced clusters of enrolled organizations, and operators", async () => {
    const { emulator, api, path } = await start();
    for (const body of [basic("smaller"), standard("middle-sized")]) {
      const { id } = emulator.clusters.create(body as never);
      assertRefused(await api.get(`/clusters/${id}/disrupt`), 400, 9, /advanced/);
      assertRefused(await api.put(`/clusters/${id}/disrupt`, {}), 400, 9, /advanced/);
    }
    const roles = [{ role: "CLUSTER_DEVELOPER" as const }];
    assertRefused(
      await callerOf(emulator, emulator.organization.addKey({ roles })).get(path),
      403,
      7,
    );
    const strict = await start({ assumptions: { enrolled: false } });
    assertRefused(await strict.put(whole), 403, 7, /not enabled/);
  });

  it("need a cluster that is not busy, may fail, and do not keep it from being deleted", async () => {
    const { emulator, api, id, path, put, settle, live, cluster } = await start();
    emulator.clusters.lock(id, minute);
    assertRefused(await put(whole), 503, 14);
    await emulator.clock.advance(minute);
    emulator.faults.failNextJob();
    bodyOf(await put(whole));
    await settle();
    assert.equal((await cluster()).operation_status, "CRDB_CLUSTER_DISRUPTION_FAILED");
    assert.equal((await live()).length, 3);
    bodyOf(await put(whole));
    await settle();
    assertRefused(await api.delete(path), 501, 12);
    bodyOf(await api.delete(`/clusters/${id}`));
    assertRefused(await api.get(path), 404, 5);
  });

  it("are in the audit log, and changed outside the API by their controls", async () => {
    const { emulator, api, id, path, put } = await start();
    bodyOf(await put(whole));
    const [entry] = emulator.organization.auditLog();
    assert.equal(entry?.action, "AUDIT_LOG_ACTION_UPDATE_CLUSTER_DISRUPTION");
    emulator.clusterDisruptions.set(id, [whole]);
    assert.deepEqual(bodyOf(await api.get(path)).regional_disruptor_specifications, [whole]);
    assert.deepEqual(emulator.clusterDisruptions.get(id), [whole]);
  });
});
