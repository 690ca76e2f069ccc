// The functions that read what belongs to a cluster, on the emulator.

import assert from "node:assert/strict";
import * as cockroachdb from "../../../provider/functions/index";
import { isNotFound } from "../../../sdk";
import { checkEmulators } from "../../support/emulator";
import { labForEachTest, missingId, startLab } from "../../support/program-lab";

describe("Functions", () => {
  checkEmulators();

  const lab = labForEachTest();

  describe("of parts of a cluster", () => {
    it("list nodes, of all regions or of one", async () => {
      const { id } = lab.advanced("archive", {
        "us-east-1": 3,
        "us-east-2": 3,
        "us-west-2": 3,
      });
      const nodes = await cockroachdb.listClusterNodes({ clusterId: id });
      assert.equal(nodes.length, 9);
      assert.deepEqual(Object.keys(nodes[0] ?? {}), ["name", "regionName", "status"]);
      const west = await cockroachdb.listClusterNodes({ clusterId: id, regionName: "us-west-2" });
      assert.deepEqual([...new Set(west.map(({ regionName }) => regionName))], ["us-west-2"]);
      assert.equal(west.length, 3);
      assert.equal(west[0]?.status, "LIVE");
    });

    it("list SQL users, also many", async () => {
      const { id } = lab.basic("orders");
      const names = Array.from({ length: 1_100 }, (_, n) => `user_${String(n).padStart(4, "0")}`);
      for (const name of names) lab.emulator.sqlUsers.add(id, name);
      const users = await cockroachdb.listSqlUsers({ clusterId: id });
      assert.deepEqual(
        users,
        [...names].map((name) => ({ name })),
      );
      assert.equal(lab.paths().length, 3);
    });

    it("report how to connect, without a password", async () => {
      const { id, sql_dns } = lab.advanced("archive");
      const response = await cockroachdb.getConnectionString({
        clusterId: id,
        sqlUser: "app",
        database: "shop",
        os: "LINUX",
      });
      assert.deepEqual(response.params, {
        host: sql_dns,
        port: 26257,
        database: "shop",
        username: "app",
      });
      assert.match(response.connectionString, /^postgresql:\/\/app@.*\/shop\?sslmode=verify-full/);
      const { params } = await cockroachdb.getConnectionString({
        clusterId: lab.basic("orders").id,
      });
      assert.deepEqual([params.database, params.username], ["defaultdb", ""]);
      await assert.rejects(cockroachdb.getConnectionString({ clusterId: id }), /os/i);
    });

    it("read the encryption", async () => {
      const { id } = lab.advanced("archive", undefined, { network_visibility: "PRIVATE" });
      const none = { status: "DISABLED", regionInfos: [] };
      assert.deepEqual(await cockroachdb.getCmekClusterInfo({ clusterId: id }), none);
      const keySpec = {
        type: "AWS_KMS",
        uri: "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012",
        authPrincipal: "arn:aws:iam::123456789012:role/cmek",
      };
      await lab.client.cmek.enable(id, [
        {
          region: "us-east-1",
          key_spec: { type: "AWS_KMS", uri: keySpec.uri, auth_principal: keySpec.authPrincipal },
        },
      ]);
      lab.emulator.clusters.finish(id);
      const info = await cockroachdb.getCmekClusterInfo({ clusterId: id });
      assert.equal(info.status, "ENABLED");
      const [region] = info.regionInfos;
      assert.deepEqual([region?.region, region?.status], ["us-east-1", "ENABLED"]);
      const [key] = region?.keyInfos ?? [];
      assert.deepEqual(key?.keySpec, keySpec);
      assert.equal(key?.userMessage, "");
      assert.ok(Date.parse(key?.createdAt ?? ""));
    });

    it("read the maintenance window", async () => {
      const { id } = lab.advanced("archive");
      const window = () => cockroachdb.getMaintenanceWindow({ clusterId: id });
      assert.equal(await window(), undefined);
      await lab.client.maintenanceWindows.set(id, {
        offset_duration: "172800s",
        window_duration: "21600s",
      });
      const before = lab.paths().length;
      const { nextStartTime, nextEndTime, ...read } = (await window()) ?? assert.fail();
      assert.deepEqual(read, { offsetDuration: "172800s", windowDuration: "21600s" });
      assert.equal(Date.parse(nextEndTime) - Date.parse(nextStartTime), 6 * 60 * 60_000);
      assert.equal(lab.paths().length, before + 1);
    });

    it("read the version deferral", async () => {
      const { id } = lab.advanced("archive");
      const deferral = () => cockroachdb.getVersionDeferral({ clusterId: id });
      assert.deepEqual(await deferral(), { deferralPolicy: "NOT_DEFERRED" });
      await lab.client.versionDeferrals.set(id, "FIXED_DEFERRAL");
      assert.equal((await deferral()).deferralPolicy, "DEFERRAL_60_DAYS");
      const { cockroach_version } = lab.emulator.clusters.get(id);
      const [major, patch] = cockroach_version.split(/\.(?=\d+$)/);
      lab.emulator.versions.releasePatch(`${major}.${Number(patch) + 1}`);
      assert.ok(Date.parse((await deferral()).deferredUntil ?? ""));
    });

    it("read what was never set where the API responds 404", async () => {
      const other = await startLab({
        assumptions: { cmekUnset: "not-found", deferralUnset: "not-found" },
      });
      const { id: clusterId } = other.advanced("archive", undefined, {
        network_visibility: "PRIVATE",
      });
      assert.deepEqual(await cockroachdb.getCmekClusterInfo({ clusterId }), {
        status: "DISABLED",
        regionInfos: [],
      });
      const { deferralPolicy } = await cockroachdb.getVersionDeferral({ clusterId });
      assert.equal(deferralPolicy, "NOT_DEFERRED");
      other.restoreEnvironment();
    });

    it("read the backup configuration and list backups", async () => {
      const { id: clusterId } = lab.standard("ledger");
      const configuration = await cockroachdb.getBackupConfiguration({ clusterId });
      assert.deepEqual(configuration, { enabled: true, frequencyMinutes: 60, retentionDays: 30 });
      const id = lab.emulator.backups.take(clusterId);
      const backups = await cockroachdb.listBackups({ clusterId });
      const [taken] = backups.filter((backup) => backup.id === id);
      assert.ok(taken);
      const time = new Date(taken.asOfTime);
      const later = new Date(time.getTime() + 1_000);
      const ids = async (args: Omit<cockroachdb.ListBackupsArgs, "clusterId">) =>
        (await cockroachdb.listBackups({ clusterId, ...args })).map((backup) => backup.id);
      assert.deepEqual(await ids({ startTime: time, endTime: later }), [id]);
      assert.deepEqual(await ids({ startTime: later.toISOString() }), []);
    });

    const ofOneCluster = {
      listClusterNodes: cockroachdb.listClusterNodes,
      listSqlUsers: cockroachdb.listSqlUsers,
      getConnectionString: cockroachdb.getConnectionString,
      getCmekClusterInfo: cockroachdb.getCmekClusterInfo,
      getMaintenanceWindow: cockroachdb.getMaintenanceWindow,
      getVersionDeferral: cockroachdb.getVersionDeferral,
      getBackupConfiguration: cockroachdb.getBackupConfiguration,
      listBackups: cockroachdb.listBackups,
      listPrivateEndpointServices: cockroachdb.listPrivateEndpointServices,
      listPrivateEndpointConnections: cockroachdb.listPrivateEndpointConnections,
      listAwsEndpointConnections: cockroachdb.listAwsEndpointConnections,
      listPrivateEndpointTrustedOwners: cockroachdb.listPrivateEndpointTrustedOwners,
      getPrivateEndpointService: ({ clusterId }: { clusterId: string }) =>
        cockroachdb.getPrivateEndpointService({ clusterId, region: "us-east-1" }),
      getPrivateEndpointConnection: ({ clusterId }: { clusterId: string }) =>
        cockroachdb.getPrivateEndpointConnection({ clusterId, endpointId: "vpce-1" }),
      getEgressTrafficPolicy: cockroachdb.getEgressTrafficPolicy,
      listEgressRules: cockroachdb.listEgressRules,
      listEgressPrivateEndpoints: cockroachdb.listEgressPrivateEndpoints,
      getClientCaCert: cockroachdb.getClientCaCert,
      listRestores: cockroachdb.listRestores,
      getRestore: ({ clusterId }: { clusterId: string }) =>
        cockroachdb.getRestore({ clusterId, restoreId: missingId }),
      listBlackoutWindows: cockroachdb.listBlackoutWindows,
      getClusterDisruption: cockroachdb.getClusterDisruption,
      getLogExport: cockroachdb.getLogExport,
      getMetricExportDatadog: cockroachdb.getMetricExportDatadog,
      getMetricExportCloudwatch: cockroachdb.getMetricExportCloudwatch,
      getMetricExportPrometheus: cockroachdb.getMetricExportPrometheus,
    };
    for (const [name, call] of Object.entries(ofOneCluster)) {
      it(`fail when there is no such cluster: ${name}`, async () => {
        await assert.rejects(call({ clusterId: missingId }), (error: Error) => {
          assert.ok(isNotFound(error), error.message);
          assert.ok(error.message.includes(missingId), error.message);
          assert.ok(!error.message.includes("\n"));
          return true;
        });
      });

      it(`want the id of a cluster: ${name}`, async () => {
        const message = `${name} needs clusterId, the id of a cluster.`;
        await assert.rejects(call({ clusterId: "" }), { message });
        await assert.rejects(call({} as { clusterId: string }), { message });
      });
    }
  });
});
