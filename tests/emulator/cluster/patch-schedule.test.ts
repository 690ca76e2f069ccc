import { strict as assert } from "node:assert";
import { checkEmulators } from "../../support/emulator";
import { basic, bodyOf, day, hour, minute, withAdvanced } from "../caller";

const wednesday = { offset_duration: "172800s", window_duration: "21600s" };

describe("Patch versions", () => {
  checkEmulators();

  it("are applied at once without a window", async () => {
    const { emulator, get } = await withAdvanced();
    emulator.versions.releasePatch("v26.1.3");
    const running = await get();
    assert.deepEqual(
      [running.cockroach_version, running.operation_status, running.state],
      ["v26.1.2", "CRDB_PATCH_RUNNING", "LOCKED"],
    );
    await emulator.clock.advance(20 * minute);
    const done = await get();
    assert.deepEqual(
      [done.cockroach_version, done.operation_status, done.state],
      ["v26.1.3", "UNSPECIFIED", "CREATED"],
    );
  });

  it("wait for the window", async () => {
    const { emulator, api, window, get } = await withAdvanced({
      assumptions: { lockDuringPatch: false },
    });
    bodyOf(await api.put(window, wednesday));
    emulator.versions.releasePatch("v26.1.3");
    await emulator.clock.advance(2 * day - 1);
    assert.equal((await get()).operation_status, "UNSPECIFIED");
    await emulator.clock.advance(1);
    const running = await get();
    assert.deepEqual(
      [running.operation_status, running.state, running.cockroach_version],
      ["CRDB_PATCH_RUNNING", "CREATED", "v26.1.2"],
    );
    await emulator.clock.advance(20 * minute);
    assert.equal((await get()).cockroach_version, "v26.1.3");
  });

  it("start at once inside a window that spans the end of the week", async () => {
    const { emulator, api, window, get } = await withAdvanced();
    const sunday = { offset_duration: "604799s", window_duration: "21600s" };
    bodyOf(await api.put(window, sunday));
    await emulator.clock.advance(5 * hour);
    emulator.versions.releasePatch("v26.1.3");
    assert.equal((await get()).operation_status, "CRDB_PATCH_RUNNING");
  });

  it("reach clusters of their own major version only, and not Basic or Standard", async () => {
    const { emulator, get } = await withAdvanced();
    const { id } = emulator.clusters.create(basic("small-1"));
    emulator.versions.releasePatch("v25.4.6");
    await emulator.clock.advance(day);
    assert.equal((await get()).cockroach_version, "v26.1.2");
    assert.equal(emulator.clusters.get(id).cockroach_version, "v25.4.5");
    assert.equal(emulator.clusters.create(basic("small-2")).cockroach_version, "v25.4.6");
    assert.throws(() => emulator.versions.releasePatch("v99.1.0"), /no patch/);
    assert.throws(() => emulator.versions.releasePatch("v26.1"), /no patch/);
  });

  it("wait while the cluster is busy or locked", async () => {
    const { emulator, api, id, get } = await withAdvanced();
    bodyOf(await api.patch(`/clusters/${id}`, { dedicated: { region_nodes: { "us-east-1": 5 } } }));
    emulator.versions.releasePatch("v26.1.3");
    assert.equal((await get()).operation_status, "CRDB_SCALE_RUNNING");
    await emulator.clock.advance(10 * minute);
    assert.equal((await get()).operation_status, "CRDB_PATCH_RUNNING");
    await emulator.clock.advance(20 * minute);
    emulator.clusters.lock(id, hour);
    emulator.versions.releasePatch("v26.1.4");
    await emulator.clock.advance(hour - 1);
    assert.equal((await get()).operation_status, "MAINTENANCE_RUNNING");
    await emulator.clock.advance(20 * minute + 1);
    assert.equal((await get()).cockroach_version, "v26.1.4");
  });

  it("are all applied when the clock jumps past all steps", async () => {
    const { emulator, api, window, get } = await withAdvanced();
    bodyOf(await api.put(window, wednesday));
    emulator.versions.releasePatch("v26.1.3");
    emulator.versions.releasePatch("v26.1.4");
    await emulator.clock.advance(365 * day);
    const done = await get();
    assert.deepEqual([done.cockroach_version, done.state], ["v26.1.4", "CREATED"]);
  });
});
