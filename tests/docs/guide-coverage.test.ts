// docs/guide-coverage.md says what does each thing of the user guide. Here every row is done on the emulator, and
// the table, the checks and the guide's own commands are held together: none of them may have more than the others.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as cockroachdb from "../../index";
import { lifecycle as cmekConfig } from "../../provider/cmek-config";
import { toDynamicProvider } from "../../provider/dynamic/dynamic-provider";
import { lifecycle as maintenanceWindow } from "../../provider/maintenance-window";
import type { Lifecycle } from "../../provider/resource/lifecycle";
import { lifecycle as sqlUser } from "../../provider/sql-user";
import { lifecycle as versionDeferral } from "../../provider/version-deferral";
import { BadRequestError, CockroachCloudClient } from "../../sdk";
import { guideExamples } from "../emulator/guide-examples";
import { advanced, basic, standard } from "../support/builders";
import { awsKey } from "../support/cmek";
import { checkEmulators } from "../support/emulator";
import type { Lab } from "../support/engine-model/lab";
import { startLab } from "../support/engine-model/lab";
import { Declaration } from "../support/engine-model/program";
import { writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";
import type { Stack } from "../support/engine-model/stack";
import { kinds } from "../support/kinds";

interface Row {
  section: string;
  what: string;
  examples: string[];
  how: string;
}

const document = readFileSync(join(__dirname, "..", "..", "docs", "guide-coverage.md"), "utf8");

const rows: Row[] = document
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (?:---|Section of the guide) /.test(line))
  .map((line) => {
    const [, section = "", what = "", example = "", how = ""] = line
      .split("|")
      .map((cell) => cell.trim());
    const examples = [...example.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
    return { section, what, examples, how };
  });

/** Headings of the guide that show how something is done. */
const sections = [
  "Call the API",
  "Set the API version",
  "Create a Basic cluster",
  "Create a Standard cluster",
  "Create an Advanced cluster",
  "Get information about a specific cluster",
  "Get information about a cluster's nodes",
  "Set or update resource limits for a Basic cluster",
  "Change the number of provisioned vCPUs for a Standard cluster",
  "Change the resources for a CockroachDB Advanced cluster",
  "Enable CMEK on a cluster",
  "Check CMEK status",
  "Rotate a CMEK key",
  "Modify a CMEK configuration",
  "Revoke CMEK on a cluster",
  "Managed backups and restores",
  "Change a cluster's plan",
  "Delete a cluster",
  "Export Cloud Organization audit logs",
  "Get invoices for an organization",
  "List all clusters in an organization",
  "List the available regions for a cloud provider",
  "List the SQL users in a cluster",
  "Create a SQL user",
  "Delete a SQL user",
  "Change a SQL user's password",
  "Configure a CockroachDB Advanced cluster's maintenance window",
  "Set a patch upgrade deferral policy",
];

describe("The coverage of the guide", () => {
  checkEmulators();

  const variables = ["COCKROACH_SERVER", "COCKROACH_API_KEY"] as const;
  let before: Partial<Record<string, string>>;
  let world: World;

  beforeEach(async () => {
    const lab = await startLab({ rateLimit: "off" });
    const { url: serverUrl, apiKey } = lab.emulator;
    before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
    process.env["COCKROACH_SERVER"] = serverUrl;
    process.env["COCKROACH_API_KEY"] = apiKey;
    world = new World(lab, new CockroachCloudClient({ serverUrl, apiKey, clock: lab.time }));
  });
  afterEach(() => {
    for (const name of variables) {
      const value = before[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  for (const { section, what } of rows) {
    it(`has a check that passes for "${section}": ${what}`, async () => {
      const check = checks[what];
      assert.ok(check, "the row has a check");
      await check(world);
    });
  }

  it("has a row for every check", () => {
    const named = rows.map(({ what }) => what);
    assert.deepEqual(
      Object.keys(checks).filter((what) => !named.includes(what)),
      [],
    );
    assert.equal(new Set(named).size, named.length, "no two rows are the same");
  });

  it("has every command of the guide once", () => {
    const named = rows.flatMap(({ examples }) => examples);
    assert.deepEqual([...named].sort(), Object.keys(guideExamples).sort());
  });

  it("has every section of the guide, and no other", () => {
    assert.deepEqual([...new Set(rows.map(({ section }) => section))], sections);
  });

  it("names only what there is", () => {
    for (const { how } of rows) {
      for (const [, name = ""] of how.matchAll(/`([A-Z]\w+|(?:get|list)\w+)`/g)) {
        const isThere =
          name in cockroachdb || ["BadRequestError", "CockroachCloudClient"].includes(name);
        assert.ok(isThere || /^[A-Z_]+$/.test(name), `${name} is exported`);
      }
      for (const [, area = "", method = ""] of how.matchAll(/`client\.(\w+)\.(\w+)`/g)) {
        const found = Reflect.get(world.client, area)?.[method];
        assert.equal(typeof found, "function", `client.${area}.${method} is a method`);
      }
    }
  });
});

/** What the checks work with: an organization, a client, and stacks. */
class World {
  readonly lab: Lab;
  readonly client: CockroachCloudClient;
  readonly shop: Stack;

  constructor(lab: Lab, client: CockroachCloudClient) {
    this.lab = lab;
    this.client = client;
    this.shop = lab.stack();
  }

  get emulator() {
    return this.lab.emulator;
  }

  /** A stack of another resource than Cluster. */
  stackOf<Inputs extends object, State extends object>(of: Lifecycle<Inputs, State>): Stack {
    return this.lab.stack({ serve: (host) => toDynamicProvider(of, host) });
  }

  /** Makes a cluster through the provider, and returns its id. */
  async cluster(args: object): Promise<string> {
    assertDone(await this.shop.up({ orders: args as Record<string, unknown> }));
    return this.shop.resource("orders").id;
  }

  /** Changes the cluster in place, and returns it as the API shows it. */
  async changed(id: string, args: object) {
    const run = assertDone(await this.shop.up({ orders: args as Record<string, unknown> }));
    assert.deepEqual(run.steps, ["update orders"]);
    assert.deepEqual(new Set(writes(run.requests)), new Set(["UpdateCluster"]));
    return this.emulator.clusters.get(id);
  }

  /** An Advanced cluster that is encrypted with the customer's keys, and the stack of its configuration. */
  async encrypted(): Promise<{ id: string; keys: Stack }> {
    const id = await this.cluster(encryptable);
    const keys = this.stackOf(cmekConfig);
    const regionSpecs = [awsKey("us-east-1")];
    assertDone(await keys.up({ keys: { clusterId: id, regionSpecs } }));
    return { id, keys };
  }
}

const encryptable = advanced({ networkVisibility: "PRIVATE" });
const window = { offsetDuration: "172800s", windowDuration: "21600s" };
const wireWindow = { offset_duration: "172800s", window_duration: "21600s" };

const checks: Record<string, (world: World) => Promise<void>> = {
  async "Authenticate with the key of a service account"({ emulator }) {
    assert.deepEqual(await cockroachdb.listClusters(), []);
    assert.equal(emulator.requests.at(-1)?.key, "key-1");
    process.env["COCKROACH_API_KEY"] = "CCDB1_nobody";
    await assert.rejects(cockroachdb.listClusters(), /401/);
  },

  async "Stay below 10 requests a second, and obey `Retry-After`"({ lab, client, emulator }) {
    const start = lab.time.now();
    await Promise.all(Array.from({ length: 30 }, () => client.organization.get()));
    assert.ok(lab.time.now() - start >= 2_000, "30 requests take more than two seconds");
    emulator.faults.add("GetOrganizationInfo", {
      status: 429,
      headers: { "Retry-After": "7" },
      body: { code: 8, message: "rate limit exceeded", details: [] },
    });
    const throttled = lab.time.now();
    await client.organization.get();
    assert.ok(lab.time.now() - throttled >= 7_000);
  },

  async "Say the version that is expected"({ emulator, shop, client }) {
    assertDone(await shop.up({ orders: basic() }));
    await cockroachdb.listClusters();
    await client.organization.get();
    const versions = new Set(emulator.requests.map(({ headers }) => headers["cc-version"]));
    assert.deepEqual([...versions], ["2024-09-16"]);
  },

  async "Learn that a version is invalid"({ emulator }) {
    const response = await fetch(`${emulator.url}/api/v1/clusters`, {
      headers: { authorization: `Bearer ${emulator.apiKey}`, "cc-version": "2020-01-01" },
    });
    assert.equal(response.status, 400);
    // The package always says a version that exists; this is what it makes of the day when it no longer does.
    emulator.faults.add("ListClusters", { status: 400, body: (await response.json()) as object });
    await assert.rejects(cockroachdb.listClusters(), (error: Error) => {
      assert.ok(BadRequestError.isInstance(error));
      assert.match(error.message, /invalid cc-version/i);
      return true;
    });
  },

  async "Create a Basic cluster"(world) {
    const id = await world.cluster(basic({}, { name: "basic-test" }));
    const cluster = world.emulator.clusters.get(id);
    assert.deepEqual(
      [cluster.name, cluster.plan, cluster.state],
      ["basic-test", "BASIC", "CREATED"],
    );
  },

  async "Create a Standard cluster"(world) {
    const id = await world.cluster(standard({}, { name: "notorious-moose" }));
    const cluster = await cockroachdb.getCluster({ id });
    assert.deepEqual([cluster.plan, cluster.name], ["STANDARD", "notorious-moose"]);
    assert.deepEqual(cluster.serverless?.usageLimits, { provisionedVirtualCpus: 2 });
  },

  async "Create an Advanced cluster"(world) {
    // The guide gives a patch version, of which the API takes the major part.
    const id = await world.cluster(
      advanced({ cockroachVersion: "v25.2.1" }, { name: "advanced-test" }),
    );
    const cluster = await cockroachdb.getCluster({ id });
    assert.equal(cluster.plan, "ADVANCED");
    assert.deepEqual(cluster.dedicated?.regionNodes, { "us-east-1": 3 });
    assert.equal(cluster.dedicated?.hardware.machineSpec.numVirtualCpus, 4);
    assert.match(cluster.cockroachVersion, /^v25\.2\./);
  },

  async "Choose one of the versions that there are"(world) {
    const versions = await cockroachdb.listMajorClusterVersions();
    const supported = versions.filter(({ supportStatus }) => supportStatus === "SUPPORTED");
    const cockroachVersion = supported.at(-1)?.version;
    const id = await world.cluster(advanced({ cockroachVersion }));
    assert.ok(world.emulator.clusters.get(id).cockroach_version.startsWith(`${cockroachVersion}.`));
  },

  async "Read a cluster"(world) {
    const id = await world.cluster(basic({}, { name: "basic-test" }));
    assert.deepEqual(
      await cockroachdb.getCluster({ name: "basic-test" }),
      await cockroachdb.getCluster({ id }),
    );
  },

  async "List the nodes of a cluster"(world) {
    const clusterId = await world.cluster(advanced());
    const nodes = await cockroachdb.listClusterNodes({ clusterId });
    assert.deepEqual(
      nodes.map(({ status }) => status),
      ["LIVE", "LIVE", "LIVE"],
    );
  },

  async "Change the limits of a Basic cluster"(world) {
    const id = await world.cluster(basic());
    const usageLimits = { storageMibLimit: 5_242_880, requestUnitLimit: 50_000_000 };
    const { config } = await world.changed(id, basic({ usageLimits }));
    assert.deepEqual("serverless" in config && config.serverless.usage_limits, {
      storage_mib_limit: "5242880",
      request_unit_limit: "50000000",
    });
  },

  async "Change the vCPUs of a Standard cluster"(world) {
    const id = await world.cluster(standard());
    await world.changed(id, standard({ usageLimits: { provisionedVirtualCpus: 4 } }));
    const { serverless } = await cockroachdb.getCluster({ id });
    assert.deepEqual(serverless?.usageLimits, { provisionedVirtualCpus: 4 });
  },

  async "Change the machines of an Advanced cluster"(world) {
    const id = await world.cluster(advanced());
    const hardware = { machineSpec: { numVirtualCpus: 8 }, storageGib: 35 };
    await world.changed(id, advanced({ hardware }));
    const { dedicated } = await cockroachdb.getCluster({ id });
    assert.equal(dedicated?.hardware.machineSpec.numVirtualCpus, 8);
  },

  async "Change the nodes of an Advanced cluster"(world) {
    const id = await world.cluster(advanced());
    const { regions } = await world.changed(id, advanced({ regionNodes: { "us-east-1": 5 } }));
    assert.equal(regions[0]?.node_count, 5);
  },

  async "Encrypt with keys of your own"(world) {
    const { id } = await world.encrypted();
    assert.equal(world.emulator.cmek.get(id).status, "ENABLED");
  },

  async "Read the encryption"(world) {
    const { id: clusterId } = await world.encrypted();
    const { status, regionInfos } = await cockroachdb.getCmekClusterInfo({ clusterId });
    assert.equal(status, "ENABLED");
    assert.deepEqual(
      regionInfos.map(({ region }) => region),
      ["us-east-1"],
    );
  },

  async "Give a region another key"(world) {
    const { id, keys } = await world.encrypted();
    const regionSpecs = [awsKey("us-east-1", "second")];
    const run = assertDone(await keys.up({ keys: { clusterId: id, regionSpecs } }));
    assert.deepEqual(run.steps, ["update keys"]);
    const { regionInfos } = await cockroachdb.getCmekClusterInfo({ clusterId: id });
    const [current, past] = regionInfos[0]?.keyInfos ?? [];
    assert.deepEqual(current?.keySpec, awsKey("us-east-1", "second").keySpec);
    assert.deepEqual(past?.keySpec, awsKey("us-east-1").keySpec);
  },

  async "Add a region to an encrypted cluster"(world) {
    const { id } = await world.encrypted();
    const regionNodes = { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 };
    const cmekRegionSpecs = ["us-east-2", "us-west-2"].map((region) => awsKey(region));
    await world.changed(
      id,
      advanced({ networkVisibility: "PRIVATE", regionNodes, cmekRegionSpecs }),
    );
    const { regionInfos } = await cockroachdb.getCmekClusterInfo({ clusterId: id });
    assert.deepEqual(
      regionInfos.map(({ region, status }) => `${region} ${status}`),
      Object.keys(regionNodes).map((region) => `${region} ENABLED`),
    );
  },

  async "Revoke the keys"(world) {
    const { id, keys } = await world.encrypted();
    const regionSpecs = [awsKey("us-east-1")];
    assertDone(await keys.up({ keys: { clusterId: id, regionSpecs, revoked: true } }));
    assert.equal(world.emulator.cmek.get(id).status, "REVOKED");
  },

  async "Read how a cluster is backed up"(world) {
    const clusterId = await world.cluster(standard());
    const configuration = await cockroachdb.getBackupConfiguration({ clusterId });
    assert.deepEqual(configuration, { enabled: true, frequencyMinutes: 60, retentionDays: 30 });
  },

  async "Change how a cluster is backed up"(world) {
    const clusterId = await world.cluster(standard());
    const backups = new Declaration(kinds.BackupConfiguration, { clusterId, frequencyMinutes: 30 });
    assertDone(await world.lab.stack({ name: "backups" }).up({ backups }));
    const { frequencyMinutes } = await cockroachdb.getBackupConfiguration({ clusterId });
    assert.equal(frequencyMinutes, 30);
  },

  async "List the backups of a cluster"(world) {
    const clusterId = await world.cluster(standard());
    const id = world.emulator.backups.take(clusterId);
    const backups = await cockroachdb.listBackups({ clusterId });
    assert.ok(backups.some((backup) => backup.id === id));
  },

  async "Restore a cluster from a backup"(world) {
    const { lab, emulator, shop } = world;
    assertDone(await shop.up({ source: advanced(), target: advanced() }));
    const [source, target] = [shop.resource("source").id, shop.resource("target").id];
    emulator.sqlUsers.add(source, "app");
    emulator.backups.take(source);
    const restores = lab.stack({ name: "restores" });
    const args = { destinationClusterId: target, type: "CLUSTER", sourceClusterId: source };
    assertDone(await restores.up({ restore: new Declaration(kinds.Restore, args) }));
    const restoreId = String(restores.resource("restore").outputs["restoreId"]);
    const restore = await cockroachdb.getRestore({ clusterId: target, restoreId });
    assert.equal(restore.status, "SUCCESS");
    assert.deepEqual(await cockroachdb.listRestores({ clusterId: target }), [restore]);
    assert.deepEqual(await cockroachdb.listSqlUsers({ clusterId: target }), [{ name: "app" }]);
  },

  async "Change from Basic to Standard"(world) {
    const id = await world.cluster(basic());
    assert.equal((await world.changed(id, standard())).plan, "STANDARD");
  },

  async "Change from Standard to Basic"(world) {
    const id = await world.cluster(standard());
    assert.equal((await world.changed(id, basic())).plan, "BASIC");
  },

  async "Move to or from Advanced"(world) {
    const name = "orders-test";
    const id = await world.cluster(standard({}, { name, deleteProtection: true }));
    const regionNodes = { "us-east1": 3 };
    const moved = (deleteProtection: boolean) =>
      advanced({ regionNodes }, { name, deleteProtection, cloudProvider: "GCP" });
    const refused = await world.shop.preview({ orders: moved(true) });
    assert.match(failureOf(refused), /^plan: .*delete protection is on/);
    await world.changed(id, standard({}, { name, deleteProtection: false }));
    const run = assertDone(await world.shop.up({ orders: moved(false) }));
    assert.deepEqual(run.steps, ["replace orders"]);
    assert.equal(world.emulator.clusters.get(id).state, "DELETED");
  },

  async "Delete a cluster"(world) {
    const id = await world.cluster(basic());
    assertDone(await world.shop.up({}));
    assert.equal(world.emulator.clusters.get(id).state, "DELETED");
  },

  async "Export the audit log"(world) {
    const begin = new Date(world.lab.time.now() - 1);
    const id = await world.cluster(basic());
    const entries = await cockroachdb.listAuditLogs({ startingFrom: begin, sortOrder: "ASC" });
    const [created] = entries;
    assert.equal(created?.action, "AUDIT_LOG_ACTION_CREATE_CLUSTER");
    assert.equal(created?.clusterId, id);
    const [last] = await cockroachdb.listAuditLogs({ sortOrder: "DESC", limit: 1 });
    assert.equal(last?.id, entries.at(-1)?.id);
  },

  async "List invoices"() {
    const statuses = (await cockroachdb.listInvoices()).map(({ status }) => status);
    assert.deepEqual(new Set(statuses), new Set(["FINALIZED", "DRAFT"]));
  },

  async "Read one invoice"() {
    const [first] = await cockroachdb.listInvoices({ status: "FINALIZED" });
    assert.ok(first);
    assert.deepEqual(await cockroachdb.getInvoice({ invoiceId: first.invoiceId }), first);
  },

  async "List active clusters"(world) {
    const id = await world.cluster(basic());
    assert.deepEqual(
      (await cockroachdb.listClusters()).map((cluster) => cluster.id),
      [id],
    );
  },

  async "List deleted and failed clusters too"(world) {
    const id = await world.cluster(basic());
    assertDone(await world.shop.up({}));
    assert.deepEqual(await cockroachdb.listClusters(), []);
    const all = await cockroachdb.listClusters({ showInactive: true });
    assert.deepEqual(
      all.map((cluster) => `${cluster.id} ${cluster.state}`),
      [`${id} DELETED`],
    );
  },

  async "List the regions of a cloud"() {
    const regions = await cockroachdb.listAvailableRegions({ provider: "GCP" });
    assert.ok(regions.some(({ name }) => name === "us-central1"));
    assert.deepEqual(new Set(regions.map(({ provider }) => provider)), new Set(["GCP"]));
  },

  async "List the SQL users of a cluster"(world) {
    const clusterId = await world.cluster(basic());
    world.emulator.sqlUsers.add(clusterId, ["app", "report"]);
    assert.deepEqual(await cockroachdb.listSqlUsers({ clusterId }), [
      { name: "app" },
      { name: "report" },
    ]);
  },

  async "Create a SQL user"(world) {
    const clusterId = await world.cluster(basic());
    const users = world.stackOf(sqlUser);
    const password = "a-password-of-20-characters";
    assertDone(await users.up({ app: { clusterId, name: "app", password } }));
    assert.ok(world.emulator.sqlUsers.hasPassword(clusterId, "app", password));
  },

  async "Delete a SQL user"(world) {
    const clusterId = await world.cluster(basic());
    const users = world.stackOf(sqlUser);
    assertDone(await users.up({ app: { clusterId, name: "app", password: "a-password-of-mine" } }));
    assertDone(await users.up({}));
    assert.deepEqual(world.emulator.sqlUsers.list(clusterId), []);
  },

  async "Change the password of a SQL user"(world) {
    const clusterId = await world.cluster(basic());
    const users = world.stackOf(sqlUser);
    for (const password of ["a-password-of-mine", "another-password"]) {
      assertDone(await users.up({ app: { clusterId, name: "app", password } }));
      assert.ok(world.emulator.sqlUsers.hasPassword(clusterId, "app", password));
    }
    assert.deepEqual(writes(world.emulator.requests).slice(-2), [
      "CreateSQLUser",
      "UpdateSQLUserPassword",
    ]);
  },

  async "Set a maintenance window"(world) {
    const clusterId = await world.cluster(advanced());
    assertDone(await world.stackOf(maintenanceWindow).up({ window: { clusterId, ...window } }));
    assert.deepEqual(world.emulator.maintenanceWindows.get(clusterId), wireWindow);
  },

  async "Read the maintenance window"(world) {
    const clusterId = await world.cluster(advanced());
    assert.equal(await cockroachdb.getMaintenanceWindow({ clusterId }), undefined);
    world.emulator.maintenanceWindows.set(clusterId, wireWindow);
    const after = "2026-06-01T00:00:00Z";
    assert.deepEqual(await cockroachdb.getMaintenanceWindow({ clusterId, after }), {
      ...window,
      nextStartTime: "2026-06-03T00:00:00Z",
      nextEndTime: "2026-06-03T06:00:00Z",
    });
  },

  async "Remove the maintenance window"(world) {
    const clusterId = await world.cluster(advanced());
    const windows = world.stackOf(maintenanceWindow);
    assertDone(await windows.up({ window: { clusterId, ...window } }));
    assertDone(await windows.up({}));
    assert.equal(world.emulator.maintenanceWindows.get(clusterId), undefined);
  },

  async "Put patch upgrades off"(world) {
    const clusterId = await world.cluster(advanced());
    const deferrals = world.stackOf(versionDeferral);
    assertDone(await deferrals.up({ patches: { clusterId, deferralPolicy: "DEFERRAL_60_DAYS" } }));
    assert.equal(
      world.emulator.versionDeferrals.get(clusterId).deferral_policy,
      "DEFERRAL_60_DAYS",
    );
  },

  async "Read the deferral"(world) {
    const clusterId = await world.cluster(advanced());
    world.emulator.versionDeferrals.set(clusterId, "DEFERRAL_30_DAYS");
    const { deferralPolicy } = await cockroachdb.getVersionDeferral({ clusterId });
    assert.equal(deferralPolicy, "DEFERRAL_30_DAYS");
  },
};
