// The functions that read restores, blackout windows, replication streams and disruptions, on the emulator.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { EmulatorOptions } from "../../../emulator";
import { manualClock } from "../../../emulator";
import * as cockroachdb from "../../../provider/functions/index";
import { isNotFound } from "../../../sdk";
import { minute } from "../../emulator/caller";
import { checkEmulators } from "../../support/emulator";
import type { Lab } from "../../support/program-lab";
import { held, missingId, startLab } from "../../support/program-lab";

describe("Functions of operations", () => {
  checkEmulators();

  let lab: Lab;
  // The clock begins on 2026-06-01.
  const start = async (options: EmulatorOptions = {}) => {
    lab = await startLab({ clock: manualClock(), ...options });
    return lab.emulator;
  };
  afterEach(() => lab.restoreEnvironment());
  const lastRequest = () => {
    const { method, path } = lab.emulator.requests.at(-1) ?? {};
    return `${method} ${path}`;
  };
  const lastQuery = () => {
    const query = [...new URLSearchParams(lab.emulator.requests.at(-1)?.query)];
    return Object.fromEntries(query.filter(([name]) => !name.startsWith("pagination.")));
  };

  describe("listRestores and getRestore", () => {
    /** A cluster with a database, a backup of it, and a cluster to restore into. */
    async function withBackup() {
      const emulator = await start();
      const { id: source } = lab.advanced("orders");
      emulator.databases.add(source, "shop", 3);
      const backupId = emulator.backups.take(source);
      const { id: clusterId } = lab.advanced("copies");
      return { emulator, source, backupId, clusterId };
    }

    it("read a restore of a whole cluster while it runs and when it is over", async () => {
      const { emulator, source, backupId, clusterId } = await withBackup();
      const { id: restoreId } = await lab.client.restores.create(clusterId, {
        type: "CLUSTER",
        source_cluster_id: source,
      });
      await emulator.clock.advance(7.5 * minute);
      const running = await cockroachdb.getRestore({ clusterId, restoreId });
      assert.equal(lastRequest(), `GET /api/v1/clusters/${clusterId}/restores/${restoreId}`);
      const { createdAt = "", backupEndTime = "", crdbJobId, restoreOptions, ...rest } = running;
      assert.deepEqual(rest, {
        id: restoreId,
        type: "CLUSTER",
        status: "PENDING",
        completionPercent: 0.5,
        backupId,
        sourceClusterName: "orders",
        destinationClusterName: "copies",
        objects: [],
        clientErrorCode: 0,
        clientErrorMessage: "",
      });
      assert.ok(Date.parse(createdAt) && Date.parse(backupEndTime));
      assert.match(crdbJobId, /^\d+$/);
      await emulator.clock.advance(8 * minute);
      const over = await cockroachdb.getRestore({ clusterId, restoreId });
      assert.deepEqual([over.status, over.completionPercent], ["SUCCESS", 1]);
      assert.ok(Date.parse(over.completedAt ?? "") > Date.parse(createdAt));
      assert.deepEqual(await cockroachdb.listRestores({ clusterId }), [over]);
    });

    it("read the databases and tables of a restore, its options, and why it failed", async () => {
      const { emulator, source, clusterId } = await withBackup();
      const failure = { code: 9, message: "no space left" };
      emulator.faults.failNextRestore(failure);
      const { id: restoreId } = await lab.client.restores.create(clusterId, {
        type: "DATABASE",
        source_cluster_id: source,
        objects: [{ database: "shop" }],
        restore_opts: { new_db_name: "shop2", skip_missing_views: true },
      });
      await emulator.clock.advance(20 * minute);
      const failed = await cockroachdb.getRestore({ clusterId, restoreId });
      assert.deepEqual(
        [failed.status, failed.clientErrorCode, failed.clientErrorMessage],
        ["FAILED", failure.code, failure.message],
      );
      assert.deepEqual(failed.objects, [{ database: "shop" }]);
      assert.deepEqual(failed.restoreOptions, {
        newDbName: "shop2",
        schemaOnly: false,
        skipLocalitiesCheck: false,
        skipMissingForeignKeys: false,
        skipMissingSequences: false,
        skipMissingViews: true,
      });
      emulator.databases.add(clusterId, "archive");
      const { id: ofTable } = await lab.client.restores.create(clusterId, {
        type: "TABLE",
        source_cluster_id: source,
        objects: [{ database: "shop", schema: "public", table: "orders" }],
        restore_opts: { into_db: "archive", schema_only: true },
      });
      const table = await cockroachdb.getRestore({ clusterId, restoreId: ofTable });
      assert.deepEqual(table.objects, [{ database: "shop", schema: "public", table: "orders" }]);
      const { intoDb, newDbName, schemaOnly, skipMissingViews } = table.restoreOptions ?? {};
      assert.deepEqual(
        [intoDb, newDbName, schemaOnly, skipMissingViews],
        ["archive", undefined, true, false],
      );
      const ids = (await cockroachdb.listRestores({ clusterId })).map(({ id }) => id);
      assert.deepEqual(ids, [restoreId, ofTable]);
    });

    it("list the restores of a time range, and none of a cluster that nothing was restored into", async () => {
      const { emulator, source, clusterId } = await withBackup();
      const create = async () => {
        const body = { type: "CLUSTER", source_cluster_id: source };
        const { id, created_at = "" } = await lab.client.restores.create(clusterId, body);
        await emulator.clock.advance(60 * minute);
        return { id, createdAt: created_at };
      };
      const first = await create();
      for (const { name } of emulator.databases.list(clusterId)) {
        emulator.databases.remove(clusterId, name);
      }
      const second = await create();
      const ids = async (args: Omit<cockroachdb.ListRestoresArgs, "clusterId">) =>
        (await cockroachdb.listRestores({ clusterId, ...args })).map(({ id }) => id);
      assert.deepEqual(await ids({}), [first.id, second.id]);
      assert.deepEqual(lastQuery(), {});
      assert.deepEqual(await ids({ startTime: new Date(second.createdAt) }), [second.id]);
      assert.deepEqual(lastQuery(), { start_time: "2026-06-01T01:00:00.000Z" });
      assert.deepEqual(await ids({ endTime: second.createdAt }), [first.id]);
      assert.deepEqual(lastQuery(), { end_time: second.createdAt });
      assert.deepEqual(await cockroachdb.listRestores({ clusterId: source }), []);
    });

    it("report a restore that does not exist, and arguments that are missing or wrong", async () => {
      const { clusterId } = await withBackup();
      await assert.rejects(
        cockroachdb.getRestore({ clusterId, restoreId: missingId }),
        (error: Error) => isNotFound(error) && error.message.includes(missingId),
      );
      await assert.rejects(cockroachdb.getRestore({ clusterId, restoreId: "" }), {
        message: "getRestore needs restoreId, the id of a restore.",
      });
      for (const bound of ["startTime", "endTime"]) {
        await assert.rejects(cockroachdb.listRestores({ clusterId, [bound]: "yesterday" }), {
          message: `listRestores takes ${bound} as a Date or as a time like "2026-01-31T00:00:00Z", not "yesterday".`,
        });
      }
    });
  });

  describe("listBlackoutWindows", () => {
    it("lists the windows of a cluster by their start, those of the past too", async () => {
      const emulator = await start();
      const { id: clusterId } = lab.advanced("orders");
      assert.deepEqual(await cockroachdb.listBlackoutWindows({ clusterId }), []);
      const add = (startTime: string, endTime: string) => ({
        id: emulator.blackoutWindows.add(clusterId, startTime, endTime),
        startTime,
        endTime,
      });
      const later = add("2026-07-20T00:00:00Z", "2026-07-22T00:00:00Z");
      const past = add("2026-03-20T00:00:00Z", "2026-03-22T00:00:00Z");
      assert.deepEqual(await cockroachdb.listBlackoutWindows({ clusterId }), [past, later]);
      assert.equal(lastRequest(), `GET /api/v1/clusters/${clusterId}/blackout-windows`);
    });

    it("lists more windows than the service returns at once", async () => {
      const emulator = await start();
      const { id: clusterId } = lab.advanced("orders");
      const at = (hour: number) => new Date(Date.UTC(2026, 6, 1, hour)).toISOString();
      for (let hour = 0; hour < 510; hour++) {
        emulator.blackoutWindows.add(clusterId, at(hour), at(hour + 1));
      }
      const windows = await cockroachdb.listBlackoutWindows({ clusterId });
      assert.equal(new Set(windows.map(({ id }) => id)).size, 510);
      assert.ok(
        emulator.requests.filter(({ operation }) => operation === "ListBlackoutWindows").length > 1,
      );
    });

    it("reports a cluster of another plan", async () => {
      await start();
      const { id: clusterId } = lab.basic("orders");
      await assert.rejects(
        cockroachdb.listBlackoutWindows({ clusterId }),
        /blackout windows are supported for advanced clusters only/,
      );
    });
  });

  describe("listPhysicalReplicationStreams and getPhysicalReplicationStream", () => {
    async function withStream() {
      const emulator = await start();
      const virtualized = { supports_cluster_virtualization: true };
      const { id: primaryClusterId } = lab.advanced("primary", { "us-east-1": 3 }, virtualized);
      const { id: standbyClusterId } = lab.advanced("standby", { "us-west-2": 3 }, virtualized);
      const { id } = await lab.client.physicalReplicationStreams.create({
        primary_cluster_id: primaryClusterId,
        standby_cluster_id: standbyClusterId,
      });
      return { emulator, id, primaryClusterId, standbyClusterId };
    }

    it("read how far the standby is behind, once the initial scan is done", async () => {
      const { emulator, id, primaryClusterId, standbyClusterId } = await withStream();
      const clusters = { primaryClusterId, standbyClusterId };
      const createdAt = "2026-06-01T00:00:00Z";
      const starting = { id, status: "STARTING", ...clusters, createdAt };
      assert.deepEqual(await cockroachdb.getPhysicalReplicationStream({ id }), starting);
      assert.equal(lastRequest(), `GET /api/v1/physical-replication-streams/${id}`);
      await emulator.clock.advance(5 * minute);
      const scanning = await cockroachdb.getPhysicalReplicationStream({ id });
      assert.equal(scanning.status, "REPLICATING");
      assert.ok(!("replicatedTime" in scanning));
      await emulator.clock.advance(10 * minute);
      const replicating = await cockroachdb.getPhysicalReplicationStream({ id });
      assert.deepEqual(replicating, {
        ...starting,
        status: "REPLICATING",
        replicationLagSeconds: 9,
        replicatedTime: "2026-06-01T00:14:51Z",
        retainedTime: "2026-06-01T00:05:00Z",
      });
      assert.deepEqual(await cockroachdb.listPhysicalReplicationStreams(), [replicating]);
    });

    it("read when a stream fails over, since when the standby is active, and when a stream was canceled", async () => {
      const { emulator, id, primaryClusterId, standbyClusterId } = await withStream();
      await emulator.clock.advance(15 * minute);
      const failoverAt = "2026-06-01T00:45:00Z";
      await lab.client.physicalReplicationStreams.update(id, {
        status: "FAILING_OVER",
        failover_at: failoverAt,
      });
      const failing = await cockroachdb.getPhysicalReplicationStream({ id });
      assert.deepEqual([failing.status, failing.failoverAt], ["FAILING_OVER", failoverAt]);
      await emulator.clock.advance(60 * minute);
      const completed = await cockroachdb.getPhysicalReplicationStream({ id });
      assert.deepEqual([completed.status, completed.activatedAt], ["COMPLETED", failoverAt]);
      const { id: next } = await lab.client.physicalReplicationStreams.create({
        primary_cluster_id: standbyClusterId,
        standby_cluster_id: primaryClusterId,
      });
      emulator.physicalReplicationStreams.cancel(next);
      const canceled = await cockroachdb.getPhysicalReplicationStream({ id: next });
      assert.deepEqual(
        [canceled.status, canceled.canceledAt],
        ["CANCELED", "2026-06-01T01:15:00Z"],
      );
    });

    it("list the streams of one cluster, and only with showCompleted those that are over", async () => {
      const { emulator, id, primaryClusterId, standbyClusterId } = await withStream();
      const ids = async (args: cockroachdb.ListPhysicalReplicationStreamsArgs = {}) =>
        (await cockroachdb.listPhysicalReplicationStreams(args)).map((stream) => stream.id);
      assert.deepEqual(await ids(), [id]);
      assert.deepEqual(lastQuery(), {});
      assert.deepEqual(await ids({ primaryClusterId }), [id]);
      assert.deepEqual(lastQuery(), { primary_cluster_id: primaryClusterId });
      assert.deepEqual(await ids({ standbyClusterId }), [id]);
      assert.deepEqual(lastQuery(), { standby_cluster_id: standbyClusterId });
      assert.deepEqual(await ids({ clusterId: standbyClusterId }), [id]);
      assert.deepEqual(lastQuery(), { cluster_id: standbyClusterId });
      assert.deepEqual(await ids({ primaryClusterId: standbyClusterId }), []);
      emulator.physicalReplicationStreams.cancel(id);
      assert.deepEqual(await ids(), []);
      assert.deepEqual(await ids({ showCompleted: true }), [id]);
      assert.deepEqual(lastQuery(), { show_completed: "true" });
      assert.deepEqual(await ids({ clusterId: missingId, showCompleted: true }), []);
    });

    it("report a stream that does not exist, and an id that is missing", async () => {
      await start();
      await assert.rejects(
        cockroachdb.getPhysicalReplicationStream({ id: missingId }),
        (error: Error) => isNotFound(error) && error.message.includes(missingId),
      );
      await assert.rejects(cockroachdb.getPhysicalReplicationStream({ id: "" }), {
        message: "getPhysicalReplicationStream needs id, the id of a physical replication stream.",
      });
    });
  });

  describe("getClusterDisruption", () => {
    it("reads the regions, zones and nodes that are down, and an empty list while nothing is", async () => {
      const emulator = await start();
      const { id: clusterId } = lab.advanced("orders", {
        "us-east-1": 3,
        "us-east-2": 3,
        "us-west-2": 3,
      });
      assert.deepEqual(await cockroachdb.getClusterDisruption({ clusterId }), {
        regionalDisruptorSpecifications: [],
      });
      assert.equal(lastRequest(), `GET /api/v1/clusters/${clusterId}/disrupt`);
      emulator.clusterDisruptions.set(clusterId, [
        { region_code: "us-east-1", is_whole_region: true, azs: [], pods: [] },
        { region_code: "us-west-2", is_whole_region: false, azs: ["us-west-2a"], pods: ["n1"] },
      ]);
      assert.deepEqual(await cockroachdb.getClusterDisruption({ clusterId }), {
        regionalDisruptorSpecifications: [
          { regionCode: "us-east-1", isWholeRegion: true, azs: [], pods: [] },
          { regionCode: "us-west-2", isWholeRegion: false, azs: ["us-west-2a"], pods: ["n1"] },
        ],
      });
    });

    it("reports a cluster of another plan", async () => {
      await start();
      const { id: clusterId } = lab.basic("orders");
      await assert.rejects(
        cockroachdb.getClusterDisruption({ clusterId }),
        /cluster disruption is supported for advanced clusters only/,
      );
    });
  });

  it("have twins, which take outputs", async () => {
    const emulator = await start();
    const virtualized = { supports_cluster_virtualization: true };
    const { id: clusterId } = lab.advanced("primary", { "us-east-1": 3 }, virtualized);
    const { id: standby } = lab.advanced("standby", { "us-west-2": 3 }, virtualized);
    emulator.backups.take(clusterId);
    const { id: restoreId } = await lab.client.restores.create(clusterId, { type: "CLUSTER" });
    await emulator.clock.advance(20 * minute);
    emulator.blackoutWindows.add(clusterId, "2026-07-20T00:00:00Z", "2026-07-22T00:00:00Z");
    emulator.clusterDisruptions.set(clusterId, [
      { region_code: "us-east-1", is_whole_region: true, azs: [], pods: [] },
    ]);
    const { id } = await lab.client.physicalReplicationStreams.create({
      primary_cluster_id: clusterId,
      standby_cluster_id: standby,
    });
    const later = <Value>(value: Value) => pulumi.output(value);
    const c = cockroachdb;
    const twins: [pulumi.Output<unknown>, Promise<unknown>][] = [
      [
        c.listRestoresOutput({ clusterId: later(clusterId), startTime: new Date(0) }),
        c.listRestores({ clusterId, startTime: new Date(0) }),
      ],
      [
        c.getRestoreOutput({ clusterId: later(clusterId), restoreId: later(restoreId) }),
        c.getRestore({ clusterId, restoreId }),
      ],
      [
        c.listBlackoutWindowsOutput({ clusterId: later(clusterId) }),
        c.listBlackoutWindows({ clusterId }),
      ],
      [
        c.listPhysicalReplicationStreamsOutput({ standbyClusterId: later(standby) }),
        c.listPhysicalReplicationStreams({ standbyClusterId: standby }),
      ],
      [c.listPhysicalReplicationStreamsOutput(), c.listPhysicalReplicationStreams()],
      [
        c.getPhysicalReplicationStreamOutput({ id: later(id) }),
        c.getPhysicalReplicationStream({ id }),
      ],
      [
        c.getClusterDisruptionOutput({ clusterId: later(clusterId) }),
        c.getClusterDisruption({ clusterId }),
      ],
    ];
    for (const [output, promise] of twins) {
      const value = await promise;
      assert.ok(!Array.isArray(value) || value.length > 0);
      assert.deepEqual(await held(output), value);
    }
  });
});
