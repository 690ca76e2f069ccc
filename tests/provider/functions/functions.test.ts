// The functions of the public surface as a program calls them, on the emulator and mostly without any engine:
// outputs work alone, and a preview is only needed to have values that are not known.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { ProviderFunction } from "../../../provider/functions/call";
import { callFunction, callFunctionOutput } from "../../../provider/functions/call";
import * as cockroachdb from "../../../provider/functions/index";
import type { NotFoundError } from "../../../sdk";
import { isNotFound } from "../../../sdk";
import { checkEmulators } from "../../support/emulator";
import type { Lab } from "../../support/program-lab";
import { held, missingId, startLab } from "../../support/program-lab";

describe("Functions", () => {
  checkEmulators();

  let lab: Lab;
  beforeEach(async () => {
    lab = await startLab();
  });
  afterEach(() => lab.restoreEnvironment());

  const paths = () => lab.emulator.requests.map(({ method, path }) => `${method} ${path}`);

  describe("of clusters", () => {
    it("find one by its id, with the outputs of a Cluster", async () => {
      const wire = lab.basic("orders", { labels: { team: "payments" } });
      const cluster = await cockroachdb.getCluster({ id: wire.id });
      const { regions, createdAt, updatedAt, creatorId, cockroachVersion, ...rest } = cluster;
      assert.deepEqual(rest, {
        id: wire.id,
        name: "orders",
        cloudProvider: "GCP",
        plan: "BASIC",
        deleteProtection: false,
        labels: { team: "payments" },
        parentId: "root",
        serverless: {
          regions: ["us-central1"],
          primaryRegion: "us-central1",
          upgradeType: "AUTOMATIC",
          cockroachVersion: /^v\d+\.\d+/.exec(cockroachVersion)?.[0],
        },
        state: "CREATED",
        operationStatus: wire.operation_status,
        sqlDns: wire.sql_dns,
        routingId: "serverless" in wire.config ? wire.config.serverless.routing_id : undefined,
        accountId: "",
        upgradeStatus: wire.upgrade_status,
        egressTrafficPolicy: rest.egressTrafficPolicy,
        azureClusterIdentityClientId: "",
      });
      assert.equal(regions[0]?.sqlDns, wire.regions[0]?.sql_dns);
      assert.ok(Date.parse(createdAt) && Date.parse(updatedAt ?? "") && creatorId);
      assert.deepEqual(paths(), [`GET /api/v1/clusters/${wire.id}`]);
    });

    it("find one by its name", async () => {
      lab.basic("others");
      const { id } = lab.advanced("archive");
      const cluster = await cockroachdb.getCluster({ name: "archive" });
      assert.equal(cluster.id, id);
      assert.deepEqual(cluster.dedicated?.regionNodes, { "us-east-1": 3 });
      assert.equal(cluster.serverless, undefined);
    });

    it("take null, and no arguments at all, for what is left out", async () => {
      const { id } = lab.basic("orders");
      const none = null as never;
      assert.equal((await cockroachdb.getCluster({ id, name: none })).id, id);
      assert.equal((await held(cockroachdb.getClusterOutput({ id, name: none }))).id, id);
      assert.equal((await cockroachdb.listClusters({ showInactive: none })).length, 1);
      assert.equal((await cockroachdb.listClusters(none)).length, 1);
      assert.equal((await held(cockroachdb.listClustersOutput(none))).length, 1);
      assert.deepEqual(
        await cockroachdb.listAuditLogs({ startingFrom: none, until: none, limit: none }),
        await cockroachdb.listAuditLogs(),
      );
      await assert.rejects(cockroachdb.getCluster(none), /getCluster needs either id or name/);
    });

    it("find one behind the first page", async () => {
      const names = Array.from({ length: 502 }, (_, index) => `cluster-${index}`);
      for (const name of names) lab.basic(name);
      const all = await cockroachdb.listClusters();
      assert.deepEqual(all.map(({ name }) => name).sort(), names.sort());
      const last = all.at(-1)?.name ?? "";
      assert.equal((await cockroachdb.getCluster({ name: last })).name, last);
    }).timeout(30_000);

    it("never show the label of a creation that is not finished", async () => {
      const { id } = lab.basic("orders", {
        labels: { "pulumi-creating": "a-b", team: "payments" },
      });
      assert.deepEqual((await cockroachdb.getCluster({ id })).labels, { team: "payments" });
    });

    it("say what was searched for when there is none", async () => {
      lab.basic("orders");
      await assert.rejects(cockroachdb.getCluster({ name: "order" }), (error: Error) => {
        assert.ok(isNotFound(error));
        const { status, method, path, object, effect, isRetryable, name } = error as NotFoundError;
        assert.deepEqual(
          { status, method, path, object, effect, isRetryable, name },
          {
            status: 404,
            method: "GET",
            path: "/api/v1/clusters",
            object: 'cluster "order"',
            effect: "none",
            isRetryable: false,
            name: "NotFoundError",
          },
        );
        assert.equal(
          error.message,
          'Looking up cluster "order" failed: the only cluster that this key can see has another name. Failed and deleted clusters do not count.',
        );
        return true;
      });
      await assert.rejects(cockroachdb.getCluster({ id: missingId }), (error: Error) => {
        assert.ok(isNotFound(error));
        assert.match(error.message, new RegExp(`^Reading cluster ${missingId} failed: 404`));
        return true;
      });
    });

    it("do not find a deleted one", async () => {
      const { id } = lab.basic("orders");
      lab.emulator.clusters.delete(id);
      await assert.rejects(cockroachdb.getCluster({ id }), (error: Error) => {
        assert.ok(isNotFound(error));
        assert.match(error.message, /cluster "orders" was deleted on \d{4}-/);
        return true;
      });
      await assert.rejects(cockroachdb.getCluster({ name: "orders" }), isNotFound);
    });

    it("do not choose among several of the same name", async () => {
      const twins = await startLab({ assumptions: { allowDuplicateNames: true } });
      const ids = [twins.basic("orders").id, twins.basic("orders").id];
      await assert.rejects(cockroachdb.getCluster({ name: "orders" }), (error: Error) => {
        assert.match(error.message, /2 clusters have the name\. Give the id of one of them: /);
        for (const id of ids) assert.ok(error.message.includes(id));
        return true;
      });
      twins.restoreEnvironment();
    });

    it("want exactly one of id and name", async () => {
      const message = "getCluster needs either id or name, and not both.";
      await assert.rejects(cockroachdb.getCluster({}), { message });
      await assert.rejects(cockroachdb.getCluster({ id: "a", name: "b" }), { message });
      await assert.rejects(cockroachdb.getCluster({ name: "" }), {
        message: "getCluster needs name, a cluster's name.",
      });
      await assert.rejects(cockroachdb.getCluster({ id: "" }), {
        message: "getCluster needs id, a cluster's id.",
      });
      assert.deepEqual(paths(), []);
    });

    it("list all, and inactive ones when asked", async () => {
      const { id } = lab.basic("orders");
      lab.basic("ledger");
      lab.emulator.clusters.delete(id);
      const names = async (args?: cockroachdb.ListClustersArgs) =>
        (await cockroachdb.listClusters(args)).map(({ name, state }) => `${name} ${state}`).sort();
      assert.deepEqual(await names(), ["ledger CREATED"]);
      assert.deepEqual(await names({ showInactive: false }), ["ledger CREATED"]);
      const all = await names({ showInactive: true });
      assert.deepEqual(all, ["ledger CREATED", "orders DELETED"]);
      const [deleted] = (await cockroachdb.listClusters({ showInactive: true })).filter(
        ({ state }) => state === "DELETED",
      );
      assert.ok(Date.parse(deleted?.deletedAt ?? ""));
    });

    it("share one list when many ask at the same time", async () => {
      const wires = Array.from({ length: 40 }, (_, index) => lab.basic(`cluster-${index}`));
      const byName = await Promise.all(wires.map(({ name }) => cockroachdb.getCluster({ name })));
      assert.deepEqual(
        byName.map(({ id }) => id),
        wires.map(({ id }) => id),
      );
      assert.deepEqual(paths().length, 1);
      await Promise.all(wires.map(({ id }) => cockroachdb.getCluster({ id })));
      assert.ok(paths().length <= 3, `${paths().length - 1} requests for 40 ids`);
    });

    it("share none when they ask one after another by id, and none that is known to be deleted", async () => {
      const { id } = lab.basic("orders");
      for (let n = 0; n < 3; n += 1) await cockroachdb.getCluster({ id });
      await assert.rejects(cockroachdb.getCluster({ id: missingId }), isNotFound);
      await cockroachdb.getCluster({ id });
      const one = `GET /api/v1/clusters/${id}`;
      assert.deepEqual(paths(), [one, one, one, `GET /api/v1/clusters/${missingId}`, one]);
    });

    it("find among many what a list leaves out", async () => {
      const living = [lab.basic("orders"), lab.basic("ledger")].map(({ id }) => id);
      const { id: former } = lab.basic("former");
      lab.emulator.clusters.delete(former);
      const found = await Promise.allSettled(
        [...living, former, missingId].map((id) => cockroachdb.getCluster({ id })),
      );
      const [, , deleted, unheardOf] = found.map((one) =>
        one.status === "fulfilled" ? one.value.id : String(one.reason),
      );
      assert.deepEqual(
        found.flatMap((one) => (one.status === "fulfilled" ? [one.value.id] : [])),
        living,
      );
      assert.match(deleted ?? "", /cluster "former" was deleted on \d{4}-/);
      assert.match(
        unheardOf ?? "",
        new RegExp(`^NotFoundError: Reading cluster ${missingId} failed: 404`),
      );
    });

    it("ask again for who comes while a list is under way", async () => {
      lab.basic("orders");
      const first = cockroachdb.listClusters();
      while (paths().length === 0) await new Promise((resolve) => setImmediate(resolve));
      lab.basic("ledger");
      const others = [cockroachdb.listClusters(), cockroachdb.listClusters()];
      await first;
      for (const list of await Promise.all(others)) assert.equal(list.length, 2);
      assert.equal(paths().length, 2);
    });

    it("never response from before the question", async () => {
      const { id } = lab.basic("orders");
      const label = async () => (await cockroachdb.getCluster({ name: "orders" })).labels["n"];
      for (const n of ["1", "2", "3"]) {
        lab.emulator.clusters.edit(id, { labels: { n } });
        assert.equal(await label(), n);
      }
    });

    it("try again after a list that failed", async () => {
      lab.basic("orders");
      lab.emulator.faults.add("ListClusters", { status: 403, body: "no" });
      const both = await Promise.allSettled([
        cockroachdb.getCluster({ name: "orders" }),
        cockroachdb.listClusters(),
      ]);
      assert.deepEqual(
        both.map(({ status }) => status),
        ["rejected", "rejected"],
      );
      assert.equal((await cockroachdb.listClusters()).length, 1);
    });
  });

  it("get the root certificate of a cluster without showing the key", async () => {
    const { id } = lab.advanced("archive");
    const { pem, certificates } = await cockroachdb.getClusterCert({ clusterId: id });
    const subject = `O=Cockroach, CN=Cockroach Cloud CA ${id}`;
    assert.match(pem, /^-----BEGIN CERTIFICATE-----\n[\w+/=\n]+\n-----END CERTIFICATE-----\n$/);
    assert.deepEqual(
      certificates.map(({ notAfter: _notAfter, fingerprint256: _fingerprint, ...names }) => names),
      [{ subject, issuer: subject }],
    );
    assert.match(certificates[0]?.notAfter ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.match(certificates[0]?.fingerprint256 ?? "", /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    const [request, ...others] = lab.emulator.requests;
    assert.deepEqual([request?.path, others.length], [`/clusters/${id}/cert`, 0]);
    assert.equal("authorization" in (request?.headers ?? {}), false);
    await assert.rejects(cockroachdb.getClusterCert({ clusterId: missingId }), {
      message: `Getting the root certificate of cluster ${missingId} failed: 404 Not Found (not a response of the API). Check the id; a cluster that is still being created may have no certificate yet.`,
    });
    await assert.rejects(cockroachdb.getClusterCert({} as never), {
      message: "getClusterCert needs clusterId, the id of a cluster.",
    });
  });

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
      assert.equal(paths().length, 3);
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
      const before = paths().length;
      assert.deepEqual(await window(), {
        offsetDuration: "172800s",
        windowDuration: "21600s",
      });
      assert.equal(paths().length, before + 1);
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
    for (const [name, look] of Object.entries(ofOneCluster)) {
      it(`fail when there is no such cluster: ${name}`, async () => {
        await assert.rejects(look({ clusterId: missingId }), (error: Error) => {
          assert.ok(isNotFound(error), error.message);
          assert.ok(error.message.includes(missingId), error.message);
          assert.ok(!error.message.includes("\n"));
          return true;
        });
      });

      it(`want the id of a cluster: ${name}`, async () => {
        const message = `${name} needs clusterId, the id of a cluster.`;
        await assert.rejects(look({ clusterId: "" }), { message });
        await assert.rejects(look({} as { clusterId: string }), { message });
      });
    }
  });

  describe("of the service and the organization", () => {
    it("list regions", async () => {
      const all = await cockroachdb.listAvailableRegions();
      const some = await cockroachdb.listAvailableRegions({ provider: "GCP", serverless: true });
      assert.ok(some.length > 0 && some.length < all.length);
      for (const region of some) {
        assert.deepEqual([region.provider, region.serverless], ["GCP", true]);
        assert.equal(typeof region.distance, "number");
        assert.ok(region.location);
      }
    });

    it("list major versions", async () => {
      const versions = await cockroachdb.listMajorClusterVersions();
      const known = versions.find(({ version }) => version === "v25.2");
      assert.equal(known?.supportStatus, "SUPPORTED");
      assert.ok(Date.parse(known?.supportEnd ?? ""));
      assert.ok((known?.allowedUpgrades.length ?? 0) > 0);
    });

    it("list the audit log: in time, by number, in both directions", async () => {
      const hour = (n: number) => new Date(Date.UTC(2030, 0, 1, n));
      for (let n = 0; n < 5; n += 1) {
        lab.emulator.organization.addAuditLogEntry({
          id: `entry-${n}`,
          created_at: hour(n).toISOString(),
          metadata: { ip_address: "198.51.100.7" },
        });
      }
      const ids = async (args: cockroachdb.ListAuditLogsArgs) =>
        (await cockroachdb.listAuditLogs(args)).map(({ id }) => id);
      assert.deepEqual(await ids({ startingFrom: hour(1), until: hour(3).toISOString() }), [
        "entry-2",
        "entry-3",
      ]);
      assert.deepEqual(await ids({ startingFrom: hour(0), limit: 2 }), ["entry-1", "entry-2"]);
      const [last] = await cockroachdb.listAuditLogs({
        sortOrder: "DESC",
        limit: 1,
        startingFrom: hour(9),
      });
      assert.equal(last?.id, "entry-4");
      assert.deepEqual(last?.metadata, { ipAddress: "198.51.100.7" });
      await assert.rejects(cockroachdb.listAuditLogs({ limit: 1.5 }), RangeError);
    });

    it("list invoices and read one, with amounts of money", async () => {
      lab.basic("orders");
      const invoices = await cockroachdb.listInvoices();
      assert.ok(invoices.length >= 2);
      const drafts = await cockroachdb.listInvoices({ status: "DRAFT" });
      assert.equal(drafts.length, 1);
      const [draft] = drafts;
      assert.ok(draft);
      const { amount, currency } = draft.totals[0] ?? {};
      assert.equal(typeof amount, "number");
      assert.equal(currency, "USD");
      const past = await cockroachdb.listInvoices({ endTime: new Date(draft.periodStart) });
      assert.ok(past.length >= 1 && past.every(({ status }) => status === "FINALIZED"));
      const [item] = draft.invoiceItems;
      assert.equal(item?.cluster?.name, "orders");
      const same = await cockroachdb.getInvoice({ invoiceId: draft.invoiceId });
      assert.deepEqual(same.periodStart, draft.periodStart);
    });

    it("read every part of an invoice", async () => {
      const total = { amount: 1.5, currency: "USD" as const };
      const credits = { amount: 2, currency: "CRDB_CLOUD_CREDITS" as const };
      const folder = {
        resource_id: missingId,
        resource_type: "FOLDER" as const,
        parent_id: "root",
        organization_id: lab.emulator.organization.id,
        name: "team",
        path: [{ id: "root", name: "root" }],
        labels: { a: "b" },
      };
      const cluster = lab.basic("orders");
      const { invoice_id: invoiceId } = lab.emulator.organization.addInvoice({
        totals: [total, credits],
        balances: [credits],
        adjustments: [{ name: "discount", amount: total }],
        invoice_items: [
          {
            cluster,
            totals: [total],
            line_items: [
              {
                description: "Storage",
                quantity: 3,
                quantity_unit: "GIB_HOURS",
                unit_cost: 0.5,
                total,
              },
            ],
          },
        ],
        ...({ folder_resources: [folder] } as object),
      });
      const invoice = await cockroachdb.getInvoice({ invoiceId });
      assert.deepEqual(invoice.totals, [total, credits]);
      assert.deepEqual(invoice.balances, [credits]);
      assert.deepEqual(invoice.adjustments, [{ name: "discount", amount: total }]);
      const [item] = invoice.invoiceItems;
      assert.equal(item?.cluster?.id, cluster.id);
      assert.deepEqual(item?.lineItems, [
        { description: "Storage", quantity: 3, quantityUnit: "GIB_HOURS", unitCost: 0.5, total },
      ]);
      assert.deepEqual(invoice.folderResources, [
        {
          resourceId: missingId,
          resourceType: "FOLDER",
          parentId: "root",
          organizationId: lab.emulator.organization.id,
          name: "team",
          path: [{ id: "root", name: "root" }],
          labels: { a: "b" },
        },
      ]);
    });

    it("say which invoice there is not", async () => {
      await assert.rejects(cockroachdb.getInvoice({ invoiceId: missingId }), (error: Error) => {
        assert.match(error.message, new RegExp(`^Reading invoice ${missingId} failed: 404`));
        return isNotFound(error);
      });
      await assert.rejects(cockroachdb.getInvoice({ invoiceId: "" }), {
        message: "getInvoice needs invoiceId, the id of an invoice.",
      });
    });

    it("read the organization", async () => {
      const organization = await cockroachdb.getOrganization();
      assert.equal(organization.id, lab.emulator.organization.id);
      assert.equal(organization.name, lab.emulator.organization.name);
      assert.ok(organization.label);
      assert.ok(organization.cockroachCloudServicePrincipals?.aws?.userArn);
    });
  });

  describe("translate", () => {
    const amount = { amount: 1, currency: "USD" };
    const rows: [string, string, object, () => Promise<unknown>, unknown][] = [
      [
        "an organization",
        "GetOrganizationInfo",
        {
          id: missingId,
          label: "acme",
          name: "Acme",
          created_at: "2026-01-02T03:04:05Z",
          cockroach_cloud_service_principals: {
            aws: { user_arn: "arn" },
            gcp: { service_account_email: "a@b" },
            azure: { app_registration_client_id: "client", app_registration_name: "app" },
          },
        },
        () => cockroachdb.getOrganization(),
        {
          id: missingId,
          label: "acme",
          name: "Acme",
          createdAt: "2026-01-02T03:04:05Z",
          cockroachCloudServicePrincipals: {
            aws: { userArn: "arn" },
            gcp: { serviceAccountEmail: "a@b" },
            azure: { appRegistrationClientId: "client", appRegistrationName: "app" },
          },
        },
      ],
      [
        "an organization that trusts nobody",
        "GetOrganizationInfo",
        { id: missingId, cockroach_cloud_service_principals: {} },
        () => cockroachdb.getOrganization(),
        { id: missingId, label: "", name: "", cockroachCloudServicePrincipals: {} },
      ],
      [
        "an organization of which little is returned",
        "GetOrganizationInfo",
        { id: missingId },
        () => cockroachdb.getOrganization(),
        { id: missingId, label: "", name: "" },
      ],
      [
        "major versions",
        "ListMajorClusterVersions",
        {
          versions: [
            {
              version: "v25.2",
              release_type: "REGULAR",
              support_status: "SUPPORTED",
              support_end: "2027-01-01T00:00:00Z",
              allowed_upgrades: ["v25.4"],
            },
            { version: "v26.1", release_type: "INNOVATION", support_status: "PREVIEW" },
          ],
        },
        () => cockroachdb.listMajorClusterVersions(),
        [
          {
            version: "v25.2",
            releaseType: "REGULAR",
            supportStatus: "SUPPORTED",
            supportEnd: "2027-01-01T00:00:00Z",
            allowedUpgrades: ["v25.4"],
          },
          {
            version: "v26.1",
            releaseType: "INNOVATION",
            supportStatus: "PREVIEW",
            allowedUpgrades: [],
          },
        ],
      ],
      [
        "entries of the audit log",
        "ListAuditLogs",
        {
          entries: [
            {
              id: "a",
              action: "AUDIT_LOG_ACTION_CREATE_CLUSTER",
              source: "AUDIT_LOG_SOURCE_UI",
              created_at: "2026-01-02T03:04:05Z",
              cluster_id: missingId,
              cluster_name: "orders",
              user_email: "me@example.com",
              service_account_name: "ci",
              payload: "{}",
              error: "no",
              session_id: "session",
              trace_id: "trace",
              metadata: { ip_address: "198.51.100.7" },
            },
            { id: "b", system_actor_name: "SYSTEM_ACTOR_NAME_SYSTEM" },
          ],
        },
        () => cockroachdb.listAuditLogs({ limit: 2 }),
        [
          {
            id: "a",
            action: "AUDIT_LOG_ACTION_CREATE_CLUSTER",
            source: "AUDIT_LOG_SOURCE_UI",
            createdAt: "2026-01-02T03:04:05Z",
            clusterId: missingId,
            clusterName: "orders",
            userEmail: "me@example.com",
            serviceAccountName: "ci",
            systemActorName: "",
            payload: "{}",
            error: "no",
            sessionId: "session",
            traceId: "trace",
            metadata: { ipAddress: "198.51.100.7" },
          },
          {
            id: "b",
            action: "",
            source: "",
            clusterId: "",
            clusterName: "",
            userEmail: "",
            serviceAccountName: "",
            systemActorName: "SYSTEM_ACTOR_NAME_SYSTEM",
            payload: "",
            error: "",
            sessionId: "",
            traceId: "",
          },
        ],
      ],
      [
        "what an invoice says about no cluster",
        "GetInvoice",
        {
          invoice_id: missingId,
          period_start: "2026-01-01T00:00:00Z",
          period_end: "2026-02-01T00:00:00Z",
          status: "DRAFT",
          invoice_items: [{ totals: [amount] }],
        },
        () => cockroachdb.getInvoice({ invoiceId: missingId }),
        {
          invoiceId: missingId,
          periodStart: "2026-01-01T00:00:00Z",
          periodEnd: "2026-02-01T00:00:00Z",
          status: "DRAFT",
          totals: [],
          balances: [],
          adjustments: [],
          folderResources: [],
          invoiceItems: [{ totals: [amount], lineItems: [] }],
        },
      ],
      [
        "a deferral of which nothing is returned",
        "GetClusterVersionDeferral",
        { deferral_policy: "DEFERRAL_90_DAYS" },
        () => cockroachdb.getVersionDeferral({ clusterId: missingId }),
        { deferralPolicy: "DEFERRAL_90_DAYS" },
      ],
      [
        "the former name of a deferral",
        "GetClusterVersionDeferral",
        { deferral_policy: "FIXED_DEFERRAL" },
        () => cockroachdb.getVersionDeferral({ clusterId: missingId }),
        { deferralPolicy: "DEFERRAL_60_DAYS" },
      ],
      [
        "encryption that is being enabled",
        "GetCMEKClusterInfo",
        { status: "ENABLING", region_infos: [] },
        () => cockroachdb.getCmekClusterInfo({ clusterId: missingId }),
        { status: "ENABLING", regionInfos: [] },
      ],
    ];
    for (const [title, operation, body, look, expected] of rows) {
      it(title, async () => {
        lab.emulator.faults.add(operation, { status: 200, body });
        assert.deepEqual(await look(), expected);
      });
    }
  });

  describe("with times", () => {
    const wrong: [unknown, RegExp][] = [
      ["yesterday", /not "yesterday"\.$/],
      ["2026-01-31", /not "2026-01-31"\.$/],
      [new Date(Number.NaN), /not "Invalid Date"\.$/],
      [{}, /not {}\.$/],
    ];
    for (const [value, message] of wrong) {
      it(`refuse ${JSON.stringify(value)}`, async () => {
        const time = value as string;
        const looks: [string, Promise<unknown>][] = [
          ["listInvoices takes startTime", cockroachdb.listInvoices({ startTime: time })],
          ["listInvoices takes endTime", cockroachdb.listInvoices({ endTime: time })],
          ["listAuditLogs takes startingFrom", cockroachdb.listAuditLogs({ startingFrom: time })],
          ["listAuditLogs takes until", cockroachdb.listAuditLogs({ until: time })],
          [
            "listBackups takes startTime",
            cockroachdb.listBackups({ clusterId: missingId, startTime: time }),
          ],
          [
            "listBackups takes endTime",
            cockroachdb.listBackups({ clusterId: missingId, endTime: time }),
          ],
        ];
        for (const [start, look] of looks) {
          await assert.rejects(look, (error: Error) => {
            assert.equal(error.name, "ArgumentError");
            assert.ok(error.message.startsWith(`${start} as a Date or as a time like`));
            assert.match(error.message, message);
            return true;
          });
        }
        assert.deepEqual(paths(), []);
      });
    }
  });

  it("refuse a misspelt word of the API before they send anything", async () => {
    const word = "desc" as never;
    const looks: [string, () => Promise<unknown>][] = [
      [
        'listAuditLogs takes sortOrder as "ASC" or "DESC"',
        () => cockroachdb.listAuditLogs({ sortOrder: word }),
      ],
      [
        'listAvailableRegions takes provider as "AWS" or "GCP" or "AZURE"',
        () => cockroachdb.listAvailableRegions({ provider: word }),
      ],
      [
        'listInvoices takes status as "FINALIZED" or "DRAFT"',
        () => cockroachdb.listInvoices({ status: word }),
      ],
      [
        'getConnectionString takes os as "MAC" or "LINUX" or "WINDOWS"',
        () => cockroachdb.getConnectionString({ clusterId: missingId, os: word }),
      ],
    ];
    for (const [start, look] of looks) {
      await assert.rejects(look, { name: "ArgumentError", message: `${start}, not "desc".` });
    }
    assert.deepEqual(paths(), []);
  });

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
          /^Looking up cluster "\[redacted\]" failed: there is no cluster that this key can see/,
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
      assert.deepEqual(paths(), []);
    });
  });

  it("report a fault of their own by their name, and without a stack", async () => {
    const faulty: ProviderFunction<object, never> = {
      name: "getThing",
      read: async () => {
        throw new TypeError("Cannot read properties of undefined");
      },
    };
    const expected = {
      message: "getThing failed unexpectedly: TypeError: Cannot read properties of undefined",
      stack: "",
    };
    await assert.rejects(callFunction(faulty, {}, undefined), expected);
    await assert.rejects(held(callFunctionOutput(faulty, {}, undefined)), expected);
  });

  describe("without a usable configuration", () => {
    it("name the three ways to give a key", async () => {
      delete process.env["COCKROACH_API_KEY"];
      await assert.rejects(cockroachdb.listClusters(), (error: Error) => {
        assert.match(error.message, /COCKROACH_API_KEY/);
        assert.match(error.message, /pulumi config set --secret cockroachdb-cloud:apiKey/);
        assert.match(error.message, /explicit Provider/);
        return true;
      });
      await assert.rejects(
        held(cockroachdb.listClustersOutput()),
        /pulumi config set --secret cockroachdb-cloud:apiKey.*COCKROACH_API_KEY.*explicit Provider/,
      );
    });

    it("say in one sentence what is wrong with the address", async () => {
      process.env["COCKROACH_SERVER"] = "nowhere";
      await assert.rejects(cockroachdb.listClusters(), {
        name: "ConfigurationError",
        message: "serverUrl must be an address like https://cockroachlabs.cloud.",
      });
    });

    it("never show the key", async () => {
      process.env["COCKROACH_API_KEY"] = "CCDB1_wrong_key";
      await assert.rejects(cockroachdb.listClusters(), (error: Error) => {
        assert.match(error.message, /401/);
        assert.ok(!error.message.includes("CCDB1_wrong_key"));
        return true;
      });
    });

    it("take the environment before the configuration of the stack", async () => {
      pulumi.runtime.setAllConfig({ "cockroachdb-cloud:apiKey": "CCDB1_other" });
      assert.deepEqual(await cockroachdb.listClusters(), []);
      delete process.env["COCKROACH_API_KEY"];
      await assert.rejects(cockroachdb.listClusters(), /401/);
      pulumi.runtime.setAllConfig({ "cockroachdb-cloud:apiKey": lab.emulator.apiKey });
      assert.deepEqual(await cockroachdb.listClusters(), []);
    });
  });

  it("are marked for Pulumi to print their message without the call stack", async () => {
    for (const look of [
      () => cockroachdb.getCluster({}),
      () => cockroachdb.getCluster({ id: missingId }),
      () => cockroachdb.getCluster({ name: "none" }),
      () => cockroachdb.listAuditLogs({ limit: -1 }),
    ]) {
      await assert.rejects(look(), (error) => pulumi.RunError.isInstance(error));
    }
    delete process.env["COCKROACH_API_KEY"];
    await assert.rejects(cockroachdb.listClusters(), (error) => pulumi.RunError.isInstance(error));
  });

  it("are not marked so where the mistake is in this package or in its installation", async () => {
    const parent = { getProvider: () => assert.fail("broken") } as unknown as pulumi.Resource;
    await assert.rejects(
      cockroachdb.listClusters({}, { parent }),
      (error) => error instanceof assert.AssertionError && !pulumi.RunError.isInstance(error),
    );
  });
});
