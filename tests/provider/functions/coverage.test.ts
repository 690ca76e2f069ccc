// Every GET operation of the API's document is behind a function, each function with a twin for outputs.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { manualClock } from "../../../emulator";
import * as publicFunctions from "../../../provider/functions/index";
import { functions } from "../../../provider/functions/table";
import { isNotFound } from "../../../sdk";
import { minute } from "../../emulator/caller";
import { checkEmulators } from "../../support/emulator";
import { documentedReads } from "../../support/openapi";
import type { Lab } from "../../support/program-lab";
import { held, missingId, startLab } from "../../support/program-lab";

/** Operations that no function sends. */
const withoutFunction: Readonly<Record<string, string>> = {
  GetResourceTypes: "describes SCIM itself to a client of the protocol: the typed client has it",
  GetResourceType: "describes SCIM itself to a client of the protocol: the typed client has it",
  GetSchemas: "describes SCIM itself to a client of the protocol: the typed client has it",
  GetSchema: "describes SCIM itself to a client of the protocol: the typed client has it",
};

/** The method `connection` of a `Cluster` does what this one does for languages without methods. */
const withoutTwin = "getConnection";

type Args = Record<string, unknown>;

const vpce = "vpce-0123456789abcdef0";

describe("The functions of the provider", () => {
  checkEmulators();

  let lab: Lab;
  beforeEach(async () => {
    lab = await startLab({ clock: manualClock() });
  });
  afterEach(() => lab.restoreEnvironment());

  /** An organization in which each function finds something, and the arguments that each one takes. */
  async function furnished(): Promise<Record<string, Args[]>> {
    const { emulator, client } = lab;
    const virtualized = { supports_cluster_virtualization: true, network_visibility: "PRIVATE" };
    const { id: clusterId } = lab.advanced("primary", { "us-east-1": 3 }, virtualized);
    const { id: standby } = lab.advanced("standby", { "us-west-2": 3 }, virtualized);
    emulator.sqlUsers.add(clusterId, "app", "a-password-of-16");
    emulator.allowlist.add(clusterId, "203.0.113.0/24", { name: "office" });
    emulator.backups.take(clusterId);
    const { id: restoreId } = await client.restores.create(clusterId, { type: "CLUSTER" });
    await emulator.clock.advance(20 * minute);
    emulator.databases.add(clusterId, "shop", 3);
    const blackoutWindowId = emulator.blackoutWindows.add(
      clusterId,
      "2026-07-20T00:00:00Z",
      "2026-07-22T00:00:00Z",
    );
    const rule = { type: "FQDN" as const, destination: "kafka.example.com", ports: [9093, 443] };
    const ruleId = emulator.egressRules.add(clusterId, "kafka", rule);
    const endpointId = emulator.egressPrivateEndpoints.add(clusterId, "us-east-1", "vpce-svc-1");
    await client.privateEndpointServices.create(clusterId);
    await emulator.clock.advance(10 * minute);
    await client.privateEndpointConnections.add(clusterId, vpce);
    const ownerId = emulator.privateEndpointTrustedOwners.add(clusterId, "012345678901");
    const { id: streamId } = await client.physicalReplicationStreams.create({
      primary_cluster_id: clusterId,
      standby_cluster_id: standby,
    });
    const account = emulator.serviceAccounts.add("ci");
    const keyId = emulator.apiKeys.add(account, "deploy").split("_").slice(0, 2).join("_");
    const folderId = emulator.folders.add("payments");
    const ada = emulator.persons.add({ email: "ada@example.com" });
    const group = emulator.scimGroups.add("dba", [ada]);
    const issuerUrl = "https://a.example.com";
    const issuerId = emulator.jwtIssuers.add({ issuer_url: issuerUrl, audience: "ci" });
    const [invoice] = await publicFunctions.listInvoices();
    const ofCluster = [{ clusterId }];
    return {
      getApiKey: [{ id: keyId }],
      getBackup: [
        { clusterId },
        { clusterId, before: new Date(emulator.clock.now()).toISOString() },
      ],
      getBackupConfiguration: ofCluster,
      getBlackoutWindow: [{ clusterId, blackoutWindowId }],
      getCallerIdentity: [{}],
      getClientCaCert: ofCluster,
      getCluster: [{ id: clusterId }, { name: "primary" }],
      getClusterCert: ofCluster,
      getClusterDisruption: ofCluster,
      getCmekClusterInfo: ofCluster,
      getConnection: [{ clusterId, user: "app", password: "a-secret-b" }],
      getConnectionString: [{ clusterId, os: "LINUX" }],
      getEgressPrivateEndpoint: [
        { clusterId, endpointId },
        { clusterId, targetServiceIdentifier: "vpce-svc-1" },
      ],
      getEgressRule: [
        { clusterId, ruleId },
        { clusterId, name: "kafka" },
      ],
      getEgressTrafficPolicy: ofCluster,
      getFolder: [{ id: folderId }, { path: "/payments" }],
      getInvoice: [{ invoiceId: invoice?.invoiceId }],
      getJwtIssuer: [{ id: issuerId }, { issuerUrl, audience: "ci" }],
      getLogExport: ofCluster,
      getMaintenanceWindow: [{ clusterId, after: "2026-06-01T00:00:00Z" }],
      getMetricExportCloudwatch: ofCluster,
      getMetricExportDatadog: ofCluster,
      getMetricExportPrometheus: ofCluster,
      getOrganization: [{}],
      getPersonUser: [{ email: "ada@example.com" }],
      getPhysicalReplicationStream: [{ id: streamId }],
      getPrivateEndpointConnection: [{ clusterId, endpointId: vpce }],
      getPrivateEndpointService: [{ clusterId, region: "us-east-1" }],
      getPrivateEndpointTrustedOwner: [
        { clusterId, ownerId },
        { clusterId, externalOwnerId: "012345678901" },
      ],
      getRestore: [{ clusterId, restoreId }],
      getRolesForUser: [{ userId: account }],
      getScimGroup: [{ id: group }, { displayName: "dba" }],
      getScimServiceProviderConfig: [{}],
      getScimUser: [{ id: ada }, { userName: "ada@example.com" }],
      getServiceAccount: [{ id: account }, { name: "ci" }],
      getVersionDeferral: ofCluster,
      listAllowlistEntries: ofCluster,
      listApiKeys: [{}],
      listAuditLogs: [{}],
      listAvailableRegions: [{}],
      listAwsEndpointConnections: ofCluster,
      listBackups: ofCluster,
      listBlackoutWindows: ofCluster,
      listClusterNodes: ofCluster,
      listClusters: [{}],
      listDatabases: ofCluster,
      listEgressPrivateEndpoints: ofCluster,
      listEgressRules: ofCluster,
      listFolderContents: [{ folderId: "root" }],
      listFolders: [{}],
      listInvoices: [{}],
      listJwtIssuers: [{}],
      listMajorClusterVersions: [{}],
      listPhysicalReplicationStreams: [{}],
      listPrivateEndpointConnections: ofCluster,
      listPrivateEndpointServices: ofCluster,
      listPrivateEndpointTrustedOwners: ofCluster,
      listRestores: ofCluster,
      listRoleGrants: [{}],
      listScimGroups: [{}],
      listScimUsers: [{}],
      listServiceAccounts: [{}],
      listSqlUsers: ofCluster,
    };
  }

  const named = (name: string) =>
    (publicFunctions as unknown as Record<string, (args: Args) => Promise<unknown>>)[name];

  it("send every read of the API between them, and their twins return the same", async () => {
    const calls = await furnished();
    assert.deepEqual(Object.keys(calls).sort(), [...functions.keys()].sort());
    const first = lab.emulator.requests.length;
    for (const [name, argumentsOf] of Object.entries(calls)) {
      for (const args of argumentsOf) {
        if (name === withoutTwin) continue;
        const value = await named(name)?.(args);
        const later = Object.fromEntries(
          Object.entries(args).map(([key, one]) => [key, pulumi.output(one)]),
        );
        const twin = named(`${name}Output`)?.(later) as unknown as pulumi.Output<unknown>;
        assert.deepEqual(await held(twin), value, name);
      }
    }
    const sent = new Set(lab.emulator.requests.slice(first).map(({ operation }) => operation));
    const missing = documentedReads().filter((operation) => !sent.has(operation));
    assert.deepEqual(missing.sort(), Object.keys(withoutFunction).sort());
  }).timeout(60_000);

  it("read what was written: keys, windows, rules, endpoints, owners, issuers, persons, groups", async () => {
    const calls = await furnished();
    const read = (name: string, index = 0) => named(name)?.(calls[name]?.[index] as Args);
    const { id: clusterId } = await publicFunctions.getCluster({ name: "primary" });
    for (const [one, list] of [
      ["getApiKey", publicFunctions.listApiKeys()],
      ["getBlackoutWindow", publicFunctions.listBlackoutWindows({ clusterId })],
      ["getEgressRule", publicFunctions.listEgressRules({ clusterId })],
      ["getEgressPrivateEndpoint", publicFunctions.listEgressPrivateEndpoints({ clusterId })],
      [
        "getPrivateEndpointTrustedOwner",
        publicFunctions.listPrivateEndpointTrustedOwners({ clusterId }),
      ],
      ["getPrivateEndpointService", publicFunctions.listPrivateEndpointServices({ clusterId })],
      [
        "getPrivateEndpointConnection",
        publicFunctions.listPrivateEndpointConnections({ clusterId }),
      ],
      ["getJwtIssuer", publicFunctions.listJwtIssuers()],
      ["getScimUser", publicFunctions.listScimUsers()],
      ["getScimGroup", publicFunctions.listScimGroups()],
    ] as const) {
      const found = await read(one);
      assert.ok(
        (await list).some((item) => JSON.stringify(item) === JSON.stringify(found)),
        `${one}: ${JSON.stringify(found)}`,
      );
      if (calls[one]?.[1] !== undefined) assert.deepEqual(await read(one, 1), found);
    }
    const databases = await publicFunctions.listDatabases({ clusterId });
    assert.deepEqual(
      databases.map(({ name }) => name),
      ["defaultdb", "postgres", "shop", "system"],
    );
    assert.deepEqual(databases[2], { name: "shop", tableCount: 3 });
    assert.deepEqual(await publicFunctions.listAllowlistEntries({ clusterId }), [
      {
        ...{ cidrIp: "203.0.113.0", cidrMask: 24, name: "office", sql: true, ui: true },
        propagating: false,
      },
    ]);
  }).timeout(60_000);

  it("report that there is no such object, by its name or by its id", async () => {
    await furnished();
    const { id: clusterId } = await publicFunctions.getCluster({ name: "primary" });
    const { id: standbyId } = await publicFunctions.getCluster({ name: "standby" });
    const c = publicFunctions;
    for (const [read, words] of [
      [() => c.getApiKey({ id: "CCDB1_missing" }), /CCDB1_missing/],
      [() => c.getBlackoutWindow({ clusterId, blackoutWindowId: missingId }), /blackout window/],
      [() => c.getEgressRule({ clusterId, ruleId: missingId }), /egress rule/],
      [
        () => c.getEgressRule({ clusterId, name: "redis" }),
        /none of the \d+ egress rules of cluster/,
      ],
      [() => c.getEgressPrivateEndpoint({ clusterId, endpointId: missingId }), /endpoint/],
      [
        () => c.getEgressPrivateEndpoint({ clusterId, targetServiceIdentifier: "vpce-svc-2" }),
        /the only egress private endpoint of cluster .* has another target/,
      ],
      [
        () =>
          c.getEgressPrivateEndpoint({
            clusterId,
            targetServiceIdentifier: "vpce-svc-1",
            region: "us-west-2",
          }),
        /endpoint to "vpce-svc-1" in us-west-2 failed/,
      ],
      [() => c.getPrivateEndpointTrustedOwner({ clusterId, ownerId: missingId }), /owner/],
      [
        () => c.getPrivateEndpointTrustedOwner({ clusterId, externalOwnerId: "123456789012" }),
        /the only trusted owner of cluster .* has another account/,
      ],
      [
        () => c.getPrivateEndpointConnection({ clusterId, endpointId: "vpce-1" }),
        /connection of private endpoint "vpce-1" failed: the only private endpoint that cluster .* knows has another id/,
      ],
      [
        () => c.getPrivateEndpointService({ clusterId, region: "us-west-2" }),
        /in us-west-2 failed: the cluster has one in us-east-1\.$/,
      ],
      [
        () => c.getPrivateEndpointService({ clusterId: standbyId, region: "us-west-2" }),
        /failed: the cluster, of the plan ADVANCED, has none\. PrivateEndpointServices creates them\.$/,
      ],
      [() => c.getEgressTrafficPolicy({ clusterId: missingId }), new RegExp(missingId)],
      [() => c.getJwtIssuer({ id: missingId }), /JWT issuer/],
      [
        () => c.getJwtIssuer({ issuerUrl: "https://b.example.com" }),
        /the only JWT issuer of the organization has another URL/,
      ],
      [
        () => c.getJwtIssuer({ issuerUrl: "https://a.example.com", audience: "cd" }),
        /with the audience "cd" failed: the only JWT issuer of the organization has another URL and audience/,
      ],
      [() => c.getScimUser({ id: missingId }), /user/],
      [() => c.getScimUser({ userName: 'b"ob' }), /no user of the organization has the name/],
      [() => c.getScimGroup({ displayName: "ops" }), /no group of the organization has the name/],
    ] as const) {
      await assert.rejects(read, (error: Error) => {
        assert.ok(isNotFound(error), error.message);
        assert.match(error.message, words);
        return true;
      });
    }
    for (const [read, message] of [
      [
        () => c.getEgressRule({ clusterId }),
        "getEgressRule needs either ruleId or name, and not both.",
      ],
      [() => c.getJwtIssuer({}), "getJwtIssuer needs either id or issuerUrl, and not both."],
      [
        () => c.getJwtIssuer({ id: missingId, audience: "ci" }),
        "getJwtIssuer takes audience beside issuerUrl only: leave it out.",
      ],
      [
        () => c.getEgressPrivateEndpoint({ clusterId, endpointId: missingId, region: "us-east-1" }),
        "getEgressPrivateEndpoint takes region beside targetServiceIdentifier only: leave it out.",
      ],
      [
        () => c.getEgressPrivateEndpoint({ clusterId }),
        "getEgressPrivateEndpoint needs either endpointId or targetServiceIdentifier, and not both.",
      ],
      [
        () => c.getPrivateEndpointTrustedOwner({ clusterId }),
        "getPrivateEndpointTrustedOwner needs either ownerId or externalOwnerId, and not both.",
      ],
      [
        () => c.getPrivateEndpointService({ clusterId, region: "" }),
        "getPrivateEndpointService needs region, a region of the cluster.",
      ],
      [
        () => c.getPrivateEndpointConnection({ clusterId, endpointId: "" }),
        "getPrivateEndpointConnection needs endpointId, the id of a private endpoint.",
      ],
      [
        () => c.getScimUser({ id: "a", userName: "b" }),
        "getScimUser needs either id or userName, and not both.",
      ],
      [
        () => c.getApiKey({ id: "" }),
        "getApiKey needs id, what the secret of an API key begins with.",
      ],
    ] as const) {
      await assert.rejects(read, { message });
    }
  }).timeout(60_000);

  it("find the newest backup of a moment or before", async () => {
    const { emulator } = lab;
    const { id: clusterId } = lab.advanced("orders");
    const first = emulator.backups.take(clusterId);
    const { asOfTime = "" } = (await publicFunctions.getBackup({ clusterId })) ?? {};
    await emulator.clock.advance(10 * minute);
    const second = emulator.backups.take(clusterId);
    const idOf = async (before?: string | Date) =>
      (await publicFunctions.getBackup({ clusterId, ...(before && { before }) }))?.id;
    assert.equal(await idOf(), second);
    assert.equal(await idOf(asOfTime), first);
    assert.equal(await idOf(new Date(Date.parse(asOfTime) + minute)), first);
    assert.equal(await idOf("2020-01-01T00:00:00Z"), undefined);
    const bodies = emulator.backups.list(clusterId);
    for (const backups of [bodies, bodies.toReversed()]) {
      emulator.faults.add("ListBackups", { status: 200, body: { backups } });
      assert.equal(await idOf(), second, "in whatever order they come");
    }
    assert.match(emulator.requests.at(-1)?.query ?? "", /pagination\.sort_order=DESC/);
    await assert.rejects(publicFunctions.getBackup({ clusterId, before: "noon" }), /takes before/);
  });

  it("read whose key the run has, as far as its roles allow", async () => {
    const { emulator } = lab;
    const self = await publicFunctions.getCallerIdentity();
    assert.equal(emulator.apiKey.startsWith(`${self.apiKeyId}_`), true);
    assert.ok(self.serviceAccountId && self.name && self.roles?.length);
    const account = emulator.serviceAccounts.add("viewer");
    emulator.roles.grant(account, { role: "BILLING_VIEWER" });
    const secret = emulator.apiKeys.add(account, "deploy");
    process.env["COCKROACH_API_KEY"] = secret;
    const apiKeyId = secret.split("_").slice(0, 2).join("_");
    assert.deepEqual(await publicFunctions.getCallerIdentity(), { apiKeyId });
  });
});
