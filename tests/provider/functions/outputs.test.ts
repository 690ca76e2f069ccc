// The functions that take outputs and return outputs: these work alone, and a preview is only needed to have values that are
// not known.

import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "../../../provider/functions/index";
import { isNotFound } from "../../../sdk";
import { checkEmulators } from "../../support/emulator";
import { held, labForEachTest, missingId } from "../../support/program-lab";

describe("Functions", () => {
  checkEmulators();

  const lab = labForEachTest();

  describe("as outputs", () => {
    it("take outputs, promises and plain values", async () => {
      const { id } = lab.basic("orders");
      for (const given of [id, Promise.resolve(id), pulumi.output(id)]) {
        const cluster = cockroachdb.getClusterOutput({ id: given });
        assert.equal((await held(cluster)).name, "orders");
        assert.equal(await pulumi.isSecret(cluster), false);
      }
      assert.equal(await held(cockroachdb.getClusterOutput({ name: "orders" }).id), id);
    });

    it("are secret when an argument is", async () => {
      const { id } = lab.basic("orders");
      const cluster = cockroachdb.getClusterOutput({ id: pulumi.secret(id) });
      assert.equal(await pulumi.isSecret(cluster), true);
      assert.equal(await pulumi.isSecret(cluster.sqlDns), true);
      const connection = cockroachdb.getConnectionStringOutput({
        clusterId: id,
        sqlUser: pulumi.secret("app"),
      });
      assert.equal(await pulumi.isSecret(connection), true);
    });

    it("take dates", async () => {
      lab.emulator.organization.addAuditLogEntry({ id: "a", created_at: "2030-01-01T00:00:00Z" });
      const startingFrom = new Date("2029-12-31T00:00:00Z");
      for (const given of [
        startingFrom,
        Promise.resolve(startingFrom) as never,
        "2029-12-31T00:00:00Z",
      ]) {
        const entries = cockroachdb.listAuditLogsOutput({ startingFrom: given });
        assert.deepEqual(
          (await held(entries)).map(({ id }) => id),
          ["a"],
        );
      }
    });

    it("fail as the plain ones do", async () => {
      await assert.rejects(held(cockroachdb.getClusterOutput({ name: "none" })), isNotFound);
    });

    it("report no secret argument when they fail, in no part of the error", async () => {
      const { secret } = pulumi;
      const name = "canary-of/a name";
      const clusterId = "0a11ce00-ca7a-4cde-8f01-c0ffeec0ffee";
      lab.emulator.faults.add("GetConnectionString", {
        status: 403,
        message: `nobody may see ${encodeURIComponent(name)} of ${clusterId}`,
      });
      const failing: [pulumi.Output<unknown>, RegExp][] = [
        [
          cockroachdb.getClusterOutput({ name: secret(name) }),
          /^Looking up cluster "\[redacted\]" failed: there is no cluster that this credential can see/,
        ],
        [
          cockroachdb.getClusterOutput({ id: secret(clusterId) }),
          /^Reading cluster \[redacted\] failed: 404/,
        ],
        [
          cockroachdb.getConnectionStringOutput({
            clusterId: secret(clusterId),
            sqlUser: pulumi.output(Promise.resolve(secret(name))),
          }),
          /failed: 403 nobody may see \[redacted\] of \[redacted\]/,
        ],
        [
          cockroachdb.listAuditLogsOutput({ startingFrom: secret(name) }),
          /^listAuditLogs takes startingFrom as .*, not "\[redacted\]"\.$/,
        ],
      ];
      for (const [output, message] of failing) {
        await assert.rejects(held(output), (error: Error) => {
          assert.match(error.message, message);
          const all = inspect(error, { depth: null, showHidden: true });
          assert.doesNotMatch(all + error.stack, /canary|0a11ce00/);
          assert.equal(Reflect.get(error, "__pulumiRunError"), true);
          return true;
        });
      }
    });

    it("response what the plain ones response", async () => {
      const { id: clusterId } = lab.advanced("archive");
      const invoiceId = lab.emulator.organization.invoices()[0]?.invoice_id ?? "";
      const twins: [pulumi.Output<unknown>, Promise<unknown>][] = [
        [
          cockroachdb.getClusterOutput({ id: clusterId }),
          cockroachdb.getCluster({ id: clusterId }),
        ],
        [cockroachdb.listClustersOutput(), cockroachdb.listClusters()],
        [
          cockroachdb.listClusterNodesOutput({ clusterId }),
          cockroachdb.listClusterNodes({ clusterId }),
        ],
        [cockroachdb.listAvailableRegionsOutput(), cockroachdb.listAvailableRegions()],
        [cockroachdb.listMajorClusterVersionsOutput(), cockroachdb.listMajorClusterVersions()],
        [cockroachdb.listSqlUsersOutput({ clusterId }), cockroachdb.listSqlUsers({ clusterId })],
        [
          cockroachdb.getConnectionStringOutput({ clusterId, os: "MAC" }),
          cockroachdb.getConnectionString({ clusterId, os: "MAC" }),
        ],
        [
          cockroachdb.getClusterCertOutput({ clusterId }),
          cockroachdb.getClusterCert({ clusterId }),
        ],
        [
          cockroachdb.getCmekClusterInfoOutput({ clusterId }),
          cockroachdb.getCmekClusterInfo({ clusterId }),
        ],
        [
          cockroachdb.getMaintenanceWindowOutput({ clusterId }),
          cockroachdb.getMaintenanceWindow({ clusterId }),
        ],
        [
          cockroachdb.getVersionDeferralOutput({ clusterId }),
          cockroachdb.getVersionDeferral({ clusterId }),
        ],
        [
          cockroachdb.getBackupConfigurationOutput({ clusterId }),
          cockroachdb.getBackupConfiguration({ clusterId }),
        ],
        [cockroachdb.listBackupsOutput({ clusterId }), cockroachdb.listBackups({ clusterId })],
        [cockroachdb.listAuditLogsOutput(), cockroachdb.listAuditLogs()],
        [
          cockroachdb.listInvoicesOutput({ status: "FINALIZED" }),
          cockroachdb.listInvoices({ status: "FINALIZED" }),
        ],
        [cockroachdb.getInvoiceOutput({ invoiceId }), cockroachdb.getInvoice({ invoiceId })],
        [cockroachdb.getOrganizationOutput(), cockroachdb.getOrganization()],
        [
          cockroachdb.listPrivateEndpointServicesOutput({ clusterId }),
          cockroachdb.listPrivateEndpointServices({ clusterId }),
        ],
        [
          cockroachdb.listPrivateEndpointConnectionsOutput({ clusterId }),
          cockroachdb.listPrivateEndpointConnections({ clusterId }),
        ],
        [
          cockroachdb.listAwsEndpointConnectionsOutput({ clusterId }),
          cockroachdb.listAwsEndpointConnections({ clusterId }),
        ],
        [
          cockroachdb.listPrivateEndpointTrustedOwnersOutput({ clusterId }),
          cockroachdb.listPrivateEndpointTrustedOwners({ clusterId }),
        ],
        [
          cockroachdb.listEgressRulesOutput({ clusterId }),
          cockroachdb.listEgressRules({ clusterId }),
        ],
        [
          cockroachdb.listEgressPrivateEndpointsOutput({ clusterId }),
          cockroachdb.listEgressPrivateEndpoints({ clusterId }),
        ],
        [
          cockroachdb.getClientCaCertOutput({ clusterId }),
          cockroachdb.getClientCaCert({ clusterId }),
        ],
      ];
      for (const [output, promise] of twins) assert.deepEqual(await held(output), await promise);
    });

    it("are what a plain function asks for when it is given one, or a promise", async () => {
      for (const later of [pulumi.output(missingId), Promise.resolve(missingId)]) {
        await assert.rejects(cockroachdb.getCluster({ id: later as unknown as string }), {
          name: "ArgumentError",
          message:
            "getCluster takes plain values, and id is an output, a promise or a resource: call getClusterOutput, which takes all of these.",
        });
      }
      assert.deepEqual(lab.paths(), []);
    });
  });
});
