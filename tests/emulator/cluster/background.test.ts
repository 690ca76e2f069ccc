import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator/index";
import { checkEmulators } from "../../support/emulator";
import {
  advanced,
  assertRefused,
  basic,
  bodyOf,
  callerOf,
  hour,
  minute,
  startQuick,
  withAdvanced,
} from "../caller";

/** What a cluster shows, minute by minute. */
async function course(options: EmulatorOptions, minutes: number): Promise<string[]> {
  const { emulator, api } = await startQuick(options);
  const { id } = emulator.clusters.create(basic("orders"));
  const seen: string[] = [];
  for (let n = 0; n < minutes; n += 1) {
    await emulator.clock.advance(minute);
    const { state, operation_status: operation } = emulator.clusters.get(id);
    seen.push(`${state} ${operation}`);
  }
  // Checked against the API's document.
  bodyOf(await api.get(`/clusters/${id}`));
  return seen;
}

describe("The emulator", () => {
  checkEmulators();

  describe("with background work", () => {
    it("locks clusters, works on them openly, fails, and ends, as the seed says", async () => {
      const background = { seed: 7, everyMs: 10 * minute, lastsMs: 4 * minute };
      const seen = await course({ background }, 600);
      const kinds = new Set(seen);
      for (const kind of [
        "CREATED UNSPECIFIED",
        "CREATED MAINTENANCE_RUNNING",
        "LOCKED MAINTENANCE_RUNNING",
        "CREATED CRDB_PATCH_RUNNING",
        "LOCKED CRDB_PATCH_RUNNING",
        "LOCKED CRDB_SCALE_RUNNING",
      ]) {
        assert.ok(kinds.has(kind), `${kind} among ${[...kinds].join(", ")}`);
      }
      assert.ok([...kinds].some((kind) => /^CREATED CRDB_(PATCH|SCALE)_FAILED$/.test(kind)));
      assert.ok(
        ![...kinds].some((kind) => kind.startsWith("LOCKED") && !kind.endsWith("_RUNNING")),
      );
      assert.deepEqual(await course({ background }, 600), seen);
      assert.notDeepEqual(await course({ background: { ...background, seed: 8 } }, 600), seen);
    });

    it("does nothing unless it is configured", async () => {
      assert.deepEqual(new Set(await course({}, 200)), new Set(["CREATED UNSPECIFIED"]));
    });

    it("refuses changes while it locks, and only then", async () => {
      const background = { everyMs: 6 * minute, lastsMs: 6 * minute };
      const { emulator, api } = await startQuick({ background });
      const { id } = emulator.clusters.create(basic("orders"));
      const statuses = new Map<string, Set<number>>();
      for (let n = 0; n < 120; n += 1) {
        await emulator.clock.advance(minute);
        const { state } = emulator.clusters.get(id);
        const { status } = await api.patch(`/clusters/${id}`, { labels: { n: `${n}` } });
        statuses.set(state, (statuses.get(state) ?? new Set()).add(status));
      }
      assert.deepEqual(
        statuses,
        new Map([
          ["CREATED", new Set([200])],
          ["LOCKED", new Set([503])],
        ]),
      );
    });

    it("waits while another job runs, and does not disturb creations", async () => {
      const background = { everyMs: minute, lastsMs: minute };
      const { emulator, api, id } = await withAdvanced({ background });
      await emulator.clock.advance(3 * minute);
      emulator.clusters.unlock(id);
      const { state, operation_status: operation } = bodyOf(
        await api.patch(`/clusters/${id}`, { dedicated: { region_nodes: { "us-east-1": 4 } } }),
      );
      assert.deepEqual([state, operation], ["LOCKED", "CRDB_SCALE_RUNNING"]);
      await emulator.clock.advance(9 * minute);
      assert.equal(emulator.clusters.get(id).operation_status, "CRDB_SCALE_RUNNING");
      const { id: made } = bodyOf(await api.post("/clusters", advanced("orders-2")));
      for (let n = 0; n < 20; n += 1) {
        await emulator.clock.advance(minute);
        const { state: now, operation_status: job } = emulator.clusters.get(made);
        assert.deepEqual([now, job], ["CREATING", "UNSPECIFIED"]);
      }
    });
  });

  it("shows maintenance that leaves the cluster open to changes", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(basic("orders"));
    emulator.clusters.maintain(id, hour);
    const cluster = bodyOf(await api.patch(`/clusters/${id}`, { labels: { a: "b" } }));
    assert.deepEqual(
      [cluster.state, cluster.operation_status, cluster.labels],
      ["CREATED", "MAINTENANCE_RUNNING", { a: "b" }],
    );
    await emulator.clock.advance(hour);
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).operation_status, "UNSPECIFIED");
  });

  it("shows the failure of a past operation", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(basic("orders"));
    emulator.clusters.edit(id, { failedOperation: "CRDB_PATCH_FAILED" });
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).operation_status, "CRDB_PATCH_FAILED");
    emulator.clusters.edit(id, { failedOperation: "UNSPECIFIED" });
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).operation_status, "UNSPECIFIED");
  });

  it("replaces the requested machine type if a test has queued it", async () => {
    const { emulator, api, id } = await withAdvanced();
    emulator.faults.moveNextMachine("m7g.2xlarge");
    const machine = { hardware: { machine_spec: { machine_type: "m6i.2xlarge" } } };
    bodyOf(await api.patch(`/clusters/${id}`, { dedicated: machine }));
    await emulator.clock.advance(hour);
    const { dedicated } = bodyOf(await api.get(`/clusters/${id}`)).config;
    assert.deepEqual(
      [dedicated.machine_type, dedicated.num_virtual_cpus, dedicated.memory_gib],
      ["m7g.2xlarge", 8, 32],
    );
  });

  it("accepts a change and never carries it out if a test has queued it", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(basic("orders"));
    emulator.faults.ignoreNextUpdate();
    assert.deepEqual(bodyOf(await api.patch(`/clusters/${id}`, { labels: { a: "b" } })).labels, {});
    assert.deepEqual(emulator.clusters.get(id).labels, {});
    bodyOf(await api.patch(`/clusters/${id}`, { labels: { a: "b" } }));
    assert.deepEqual(emulator.clusters.get(id).labels, { a: "b" });
  });

  it("delays the effect of granted roles, also that of the creator of a cluster", async () => {
    const { emulator } = await startQuick({ durations: { grantMs: 2 * minute } });
    const creator = callerOf(
      emulator,
      emulator.organization.addKey({ name: "creator", roles: [{ role: "CLUSTER_CREATOR" }] }),
    );
    assertRefused(await creator.post("/clusters", basic("orders")), 403, 7);
    await emulator.clock.advance(2 * minute);
    const { id } = bodyOf(await creator.post("/clusters", basic("orders")));
    assertRefused(await creator.get(`/clusters/${id}`), 403, 7);
    await emulator.clock.advance(2 * minute);
    bodyOf(await creator.get(`/clusters/${id}`));
    emulator.organization.grant("creator", { role: "CLUSTER_ADMIN" });
    const other = emulator.clusters.create(basic("orders-2"));
    assertRefused(await creator.get(`/clusters/${other.id}`), 403, 7);
    await emulator.clock.advance(2 * minute);
    bodyOf(await creator.get(`/clusters/${other.id}`));
  });
});
