import { strict as assert } from "node:assert";
import type { CatalogueVersion, EmulatorOptions } from "../../../emulator/index";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import type { ApiResponse } from "../caller";
import {
  advanced,
  assertRefused,
  basic,
  bodyOf,
  hour,
  minute,
  standard,
  startQuick,
} from "../caller";

describe("Major upgrades", () => {
  checkEmulators();

  async function olderCluster(options: EmulatorOptions = {}): Promise<{
    emulator: TestEmulator;
    id: string;
    patch(body: object): Promise<ApiResponse>;
    get(): Promise<ApiResponse["body"]>;
  }> {
    const { emulator, api } = await startQuick(options);
    const { id } = emulator.clusters.create(advanced("orders", { cockroach_version: "v25.4" }));
    return {
      emulator,
      id,
      patch: (body) => api.patch(`/clusters/${id}`, body),
      get: async () => bodyOf(await api.get(`/clusters/${id}`)),
    };
  }

  async function upgradedCluster(options?: EmulatorOptions): ReturnType<typeof olderCluster> {
    const subject = await olderCluster(options);
    bodyOf(await subject.patch({ cockroach_version: "v26.1" }));
    await subject.emulator.clock.advance(45 * minute);
    return subject;
  }

  it("are available for an older version and not for the newest", async () => {
    const { emulator, get } = await olderCluster();
    assert.equal((await get()).upgrade_status, "UPGRADE_AVAILABLE");
    assert.equal(emulator.clusters.create(advanced("newest")).upgrade_status, "FINALIZED");
  });

  it("run, and then wait to be finalized", async () => {
    const { emulator, patch, get } = await olderCluster();
    const { cockroach_version: before } = await get();
    const started = bodyOf(await patch({ cockroach_version: "v26.1" }));
    assert.deepEqual(
      [started.upgrade_status, started.operation_status, started.state, started.cockroach_version],
      ["MAJOR_UPGRADE_RUNNING", "CRDB_MAJOR_UPGRADE_RUNNING", "LOCKED", before],
    );
    await emulator.clock.advance(45 * minute);
    const done = await get();
    assert.deepEqual(
      [done.upgrade_status, done.operation_status, done.state],
      ["PENDING_FINALIZATION", "UNSPECIFIED", "CREATED"],
    );
    assert.match(done.cockroach_version, /^v26\.1\./);
  });

  it("do not lock the cluster if so configured", async () => {
    const { patch } = await olderCluster({ assumptions: { lockDuringUpgrade: false } });
    assert.equal(bodyOf(await patch({ cockroach_version: "v26.1" })).state, "CREATED");
    assertRefused(await patch({ labels: { a: "b" } }), 503, 14);
  });

  it("are refused to other versions and in other states", async () => {
    const { patch } = await olderCluster();
    for (const version of ["v25.4", "v25.2", "v99.1", "v26.1.2", "26.1"]) {
      assertRefused(await patch({ cockroach_version: version }), 400, 9);
    }
    const upgraded = await upgradedCluster();
    assertRefused(
      await upgraded.patch({ cockroach_version: "v26.1" }),
      400,
      9,
      /PENDING_FINALIZATION/,
    );
  });

  it("are refused together with any other field", async () => {
    const { patch } = await olderCluster();
    for (const other of [{ labels: {} }, { upgrade_status: "FINALIZED" }, { plan: "ADVANCED" }]) {
      assertRefused(await patch({ cockroach_version: "v26.1", ...other }), 400, 3);
    }
    const upgraded = await upgradedCluster();
    const status = { upgrade_status: "FINALIZED" };
    for (const other of [{ labels: {} }, { dedicated: { hardware: { storage_gib: 30 } } }]) {
      assertRefused(await upgraded.patch({ ...status, ...other }), 400, 3);
    }
    assert.equal((await upgraded.get()).upgrade_status, "PENDING_FINALIZATION");
  });

  it("can be finalized only while they are pending", async () => {
    const { patch } = await olderCluster();
    assertRefused(await patch({ upgrade_status: "FINALIZED" }), 400, 9);
    const upgraded = await upgradedCluster();
    assertRefused(await upgraded.patch({ upgrade_status: "UPGRADE_AVAILABLE" }), 400, 3);
    const final = bodyOf(await upgraded.patch({ upgrade_status: "FINALIZED" }));
    assert.equal(final.upgrade_status, "FINALIZED");
    await upgraded.emulator.clock.advance(100 * hour);
    assert.deepEqual(await upgraded.get(), final);
    assertRefused(await upgraded.patch({ upgrade_status: "ROLLBACK_RUNNING" }), 400, 9);
  });

  for (const [how, body] of [
    ["the status", { upgrade_status: "ROLLBACK_RUNNING" }],
    ["the previous version", { cockroach_version: "v25.4" }],
  ] as const) {
    it(`roll back by ${how}`, async () => {
      const { emulator, patch, get } = await upgradedCluster();
      const started = bodyOf(await patch(body));
      assert.deepEqual(
        [started.upgrade_status, started.operation_status],
        ["ROLLBACK_RUNNING", "CRDB_MAJOR_ROLLBACK_RUNNING"],
      );
      await emulator.clock.advance(30 * minute);
      const done = await get();
      assert.equal(done.upgrade_status, "UPGRADE_AVAILABLE");
      assert.match(done.cockroach_version, /^v25\.4\./);
      await emulator.clock.advance(72 * hour);
      assert.equal((await get()).upgrade_status, "UPGRADE_AVAILABLE");
    });
  }

  it("are final some time after the request, where that takes time", async () => {
    const { emulator, patch, get } = await upgradedCluster({ durations: { finalizeMs: minute } });
    const pending = bodyOf(await patch({ upgrade_status: "FINALIZED" }));
    assert.equal(pending.upgrade_status, "PENDING_FINALIZATION");
    await emulator.clock.advance(minute);
    assert.equal((await get()).upgrade_status, "FINALIZED");
  });

  it("roll back to the newest patch of the previous version", async () => {
    const { emulator, patch, get } = await upgradedCluster();
    emulator.versions.releasePatch("v25.4.99");
    bodyOf(await patch({ cockroach_version: "v25.4" }));
    await emulator.clock.advance(30 * minute);
    assert.equal((await get()).cockroach_version, "v25.4.99");
  });

  it("finalize themselves after 72 hours", async () => {
    const { emulator, get } = await upgradedCluster();
    await emulator.clock.advance(72 * hour - 1);
    assert.equal((await get()).upgrade_status, "PENDING_FINALIZATION");
    await emulator.clock.advance(1);
    const final = await get();
    assert.equal(final.upgrade_status, "FINALIZED");
    assert.equal(Date.parse(final.updated_at), emulator.clock.now());
  });

  it("are complete when the clock jumps past all steps", async () => {
    const { emulator, patch, get } = await olderCluster();
    bodyOf(await patch({ cockroach_version: "v26.1" }));
    await emulator.clock.advance(1000 * hour);
    assert.equal((await get()).upgrade_status, "FINALIZED");
  });

  it("are refused on Basic, and on Standard while AUTOMATIC", async () => {
    const { emulator, api } = await startQuick();
    const small = emulator.clusters.create(basic("orders-1"));
    const large = emulator.clusters.create(standard("orders-2"));
    for (const { id } of [small, large]) {
      emulator.clusters.edit(id, { cockroachVersion: "v25.2" });
      assertRefused(await api.patch(`/clusters/${id}`, { cockroach_version: "v25.4" }), 400, 9);
    }
    bodyOf(await api.patch(`/clusters/${large.id}`, { serverless: { upgrade_type: "MANUAL" } }));
    bodyOf(await api.patch(`/clusters/${large.id}`, { cockroach_version: "v25.4" }));
  });

  it("leave the old version when they fail, and the new one when the rollback fails", async () => {
    const { emulator, patch, get } = await olderCluster();
    emulator.faults.failNextJob();
    bodyOf(await patch({ cockroach_version: "v26.1" }));
    await emulator.clock.advance(hour);
    const failed = await get();
    assert.deepEqual(
      [failed.upgrade_status, failed.operation_status],
      ["UPGRADE_AVAILABLE", "CRDB_MAJOR_UPGRADE_FAILED"],
    );
    const upgraded = await upgradedCluster();
    upgraded.emulator.faults.failNextJob();
    bodyOf(await upgraded.patch({ upgrade_status: "ROLLBACK_RUNNING" }));
    await upgraded.emulator.clock.advance(hour);
    const stuck = await upgraded.get();
    assert.deepEqual(
      [stuck.upgrade_status, stuck.operation_status],
      ["PENDING_FINALIZATION", "CRDB_MAJOR_ROLLBACK_FAILED"],
    );
  });

  it("follow the upgrades of the configured catalogue", async () => {
    const step = (version: string, patch: string, allowedUpgrades: string[]): CatalogueVersion => ({
      version,
      patch,
      releaseType: "REGULAR",
      supportStatus: "SUPPORTED",
      supportEnd: "2027-01-01T00:00:00Z",
      allowedUpgrades,
      isServerless: false,
    });
    const versions = [
      step("v25.1", "v25.1.10", ["v25.2"]),
      step("v25.2", "v25.2.12", ["v25.3", "v25.4"]),
      step("v25.3", "v25.3.7", ["v25.4"]),
    ];
    const { emulator, api } = await startQuick({ versions, durations: { upgradeMs: 0 } });
    const { id } = emulator.clusters.create(advanced("orders", { cockroach_version: "v25.1" }));
    const upgrade = (version: string) =>
      api.patch(`/clusters/${id}`, { cockroach_version: version });
    assertRefused(await upgrade("v25.3"), 400, 9);
    for (const [version, patch] of [
      ["v25.2", "v25.2.12"],
      ["v25.3", "v25.3.7"],
    ] as const) {
      assert.equal(bodyOf(await upgrade(version)).cockroach_version, patch);
      bodyOf(await api.patch(`/clusters/${id}`, { upgrade_status: "FINALIZED" }));
    }
  });

  it("can be finalized outside the API", async () => {
    const { emulator, id } = await upgradedCluster();
    assert.equal(emulator.clusters.finalizeUpgrade(id).upgrade_status, "FINALIZED");
  });
});
