import { strict as assert } from "node:assert";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EmulatorOptions } from "../../emulator";
import { runExport } from "../../export/command";
import {
  allResourceTypes,
  isOfCluster,
  resourceTypes,
} from "../../provider/resource/resource-types";
import { casesOf } from "../conformance/resource-cases";
import { awsKey, encryptable, wire } from "../support/cmek";
import { problemsIn } from "../support/compiler";
import { remove, temporaryFolder } from "../support/consumer";
import { repository } from "../support/documents";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators, startTestEmulator as startEmulator } from "../support/emulator";
import type { Said } from "../support/subcommand";
import { saidBy } from "../support/subcommand";
import { passwordNobodyKnows, putThirtyClusters } from "../support/thirty-clusters";

interface Entry {
  type: string;
  name: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** A secret in the form of files. */
const inSecret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

/** What is history, or the same as another type. */
const unlisted: readonly string[] = [
  "AwsEndpointConnectionState",
  "Restore",
  "UserRoleGrant",
  "UserRoleGrants",
];
/** Of the thirty. */
const clustersOfPlan = 10;

/** The types outside of clusters, in the order of their lists. */
const ofOrganization = allResourceTypes.filter((type) => type !== "Cluster" && !isOfCluster(type));

const basic = (name: string, more: object = {}) => ({
  name,
  provider: "GCP" as const,
  spec: { plan: "BASIC" as const, serverless: { regions: ["us-central1"] }, ...more },
});

/** An organization without persons, so that only what a test creates is exported. */
const startTestEmulator = (options: EmulatorOptions = {}) =>
  startEmulator({ organizations: [{ persons: [] }], ...options });

describe("The subcommand export", () => {
  checkEmulators();

  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => remove(folder));

  const run = async (
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Said> =>
    await saidBy((output, clock) => runExport(args, output, { environment, clock }));

  /** Exports into the folder, with the key in the environment. */
  const exported = async ({ url, apiKey }: TestEmulator, ...args: string[]) =>
    await run(["--out", folder, ...args], { COCKROACH_SERVER: url, COCKROACH_API_KEY: apiKey });

  const program = () => readFileSync(join(folder, "index.ts"), "utf8");
  const importText = () => readFileSync(join(folder, "import.json"), "utf8");
  const entries = () => (JSON.parse(importText()) as { resources: Entry[] }).resources;

  describe("with thirty clusters", () => {
    let emulator: TestEmulator;
    let count: number;
    let said: Said;
    beforeEach(async () => {
      emulator = await startTestEmulator({ rateLimit: "off" });
      count = putThirtyClusters(emulator);
      said = await exported(emulator);
      assert.equal(said.code, 0, said.error);
    });

    it("writes a program that compiles, an entry for each resource, and nothing to the API", () => {
      assert.deepEqual(problemsOf(program()), []);
      assert.equal(entries().length, count);
      assert.equal(new Set(entries().map(({ type, name }) => `${type} ${name}`)).size, count);
      const names = [...program().matchAll(/new cockroachdb\.(\w+)\("([^"]+)"/g)];
      assert.deepEqual(
        names.map(([, type, name]) => `${type} ${name}`),
        entries().map(({ type, name }) => `${type.split(":").at(-1)} ${name}`),
      );
      assert.deepEqual([...new Set(emulator.requests.map(({ method }) => method))], ["GET"]);
      assert.match(said.out, /30 Cluster, 6 SqlUser, 4 Database, 5 AllowlistEntry, 2 CmekConfig, /);
    }).timeout(60_000);

    it("sends one list of clusters, one list of each type for each cluster, and reads what only Advanced clusters have", () => {
      const counts = new Map<string, number>();
      for (const { operation } of emulator.requests) {
        counts.set(String(operation), (counts.get(String(operation)) ?? 0) + 1);
      }
      const lists = allResourceTypes
        .filter((type) => !unlisted.includes(type))
        .map((type) => {
          const { operations, plans = ["BASIC", "STANDARD", "ADVANCED"] } = casesOf[type];
          return [operations.read, isOfCluster(type) ? plans.length * clustersOfPlan : 1];
        });
      assert.deepEqual(Object.fromEntries(counts), {
        ...Object.fromEntries(lists),
        // All grants, and those of the account that the export runs with, which are then left out.
        ListRoleGrants: 1,
        GetAllRolesForUser: 1,
        // The others have public addresses.
        GetCMEKClusterInfo: 3,
        // Of Advanced clusters: the policy is also of the cluster. The hosts of the services are in the list of clusters.
        GetCluster: 10,
        ListPrivateEndpointServices: 10,
      });
    });

    it("writes no password, and each secret in the engine's form", () => {
      assert.doesNotMatch(program() + importText(), new RegExp(passwordNobodyKnows));
      assert.doesNotMatch(program(), /password/);
      assert.match(said.out, /passwords of SQL users/);
      assert.match(said.out, /Both files are plain text\..*a secret, such as a label/);
      for (const { outputs } of entries()) {
        // Where an argument is no output of its name, it is there once more, and all of those are one secret.
        const { plaintext, ...mark } = (outputs["__inputs"] ?? inSecret({})) as Record<
          string,
          string
        >;
        assert.deepEqual({ ...mark, plaintext }, inSecret(JSON.parse(plaintext ?? "")));
        assert.ok(Array.isArray(outputs["__asked"]));
      }
    });
  });

  it("writes service accounts with their keys and roles, and issuers, but not what it runs with", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const account = emulator.serviceAccounts.add("ci", { roles: [{ role: "BILLING_VIEWER" }] });
    const secret = emulator.apiKeys.add(account, "deploy");
    emulator.jwtIssuers.add({ issuer_url: "https://idp.example.com", audience: "a" });
    const { code, error } = await exported(emulator);
    assert.equal(code, 0, error);
    const roles = `${account.slice(0, 8)}-billing-viewer`;
    assert.equal(
      program(),
      `import * as cockroachdb from "pulumi-cockroachdb-cloud";

const ci = new cockroachdb.ServiceAccount("ci", {
  name: "ci",
});

new cockroachdb.ApiKey("deploy", {
  serviceAccountId: ci,
  name: "deploy",
});

new cockroachdb.UserRoleGrant("${roles}", {
  userId: ci,
  role: { roleName: "BILLING_VIEWER", resourceType: "ORGANIZATION" },
});

new cockroachdb.JwtIssuer("idp.example.com", {
  issuerUrl: "https://idp.example.com",
  audience: "a",
});
`,
    );
    assert.deepEqual(problemsOf(program()), []);
    assert.equal(importText().includes(secret), false);
  });

  it("refers to what a role is granted on and to the members of a group, where the program has them", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const { id } = emulator.clusters.create(basic("web-01"));
    const account = emulator.serviceAccounts.add("ci");
    emulator.roles.grant(account, { role: "CLUSTER_DEVELOPER", scope: "cluster", resourceId: id });
    emulator.scimGroups.add("team", [account]);
    const { code, error } = await exported(emulator);
    assert.equal(code, 0, error);
    assert.match(program(), /resourceId: web01\.id\b/);
    assert.match(program(), /members: \[ci\]/);
    assert.ok(!program().includes(id), "no id of a cluster of the program stands as text");
    assert.ok(program().indexOf("const web01 =") < program().indexOf("resourceId: web01.id"));
    assert.deepEqual(problemsOf(program()), []);
  });

  it("refers to the endpoint of domain names, where the program has it", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const { id } = encryptable(emulator, { name: "orders", regions: ["us-east-1"] });
    const target = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";
    const endpointId = emulator.egressPrivateEndpoints.add(id, "us-east-1", target);
    emulator.egressPrivateEndpoints.setDomainNames(id, endpointId, ["kafka.example.com"]);
    const { code, error } = await exported(emulator);
    assert.equal(code, 0, error);
    const [, variable] =
      /^const (\w+) = new cockroachdb\.EgressPrivateEndpoint\(/m.exec(program()) ?? [];
    assert.ok(program().includes(`clusterId: orders,\n  endpointId: ${variable},`), program());
    assert.ok(!program().includes(endpointId));
    assert.deepEqual(problemsOf(program()), []);
  });

  it("writes the roles of persons, also of who has founded the organization", async () => {
    const roles = [{ role: "ORG_ADMIN" as const }];
    const emulator = await startTestEmulator({
      ...{ rateLimit: "off", organizations: [{ persons: [{ email: "ada@example.com", roles }] }] },
    });
    const { code, error } = await exported(emulator);
    assert.equal(code, 0, error);
    const [ada] = emulator.persons.list();
    assert.deepEqual(
      entries().map(({ type, inputs }) => [type.split(":").at(-1), inputs["userId"]]),
      [["UserRoleGrant", ada?.id]],
    );
  });

  it("leaves out the roles of the account that it runs with where it may not list keys", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    emulator.folders.add("payments");
    emulator.faults.add("ListApiKeys", { status: 403, message: "no", times: 9 });
    const { code, error } = await exported(emulator);
    assert.equal(code, 0, error);
    assert.match(error, /API keys: .+ 403 no/);
    assert.deepEqual(
      entries().map(({ name }) => name),
      ["payments"],
    );
  });

  it("writes what differs between clusters, and none of the service's defaults", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const { id } = encryptable(emulator, { name: "orders-1", regions: ["us-east-1"] });
    emulator.clusters.edit(id, { deleteProtection: "ENABLED" });
    emulator.clusters.create(basic("web-01"));
    emulator.cmek.enable(id, wire([awsKey("us-east-1")]));
    emulator.maintenanceWindows.set(id, { offset_duration: "180000s", window_duration: "21600s" });
    emulator.versionDeferrals.set(id, "DEFERRAL_60_DAYS");
    emulator.sqlUsers.add(id, "app", passwordNobodyKnows);
    emulator.databases.add(id, "shop");
    emulator.allowlist.add(id, "203.0.113.0/24", { name: "Main office", ui: false });
    const { code, error } = await exported(emulator);
    assert.equal(code, 0, error);
    assert.equal(
      program(),
      `import * as cockroachdb from "pulumi-cockroachdb-cloud";

const orders1 = new cockroachdb.Cluster("orders-1", {
  name: "orders-1",
  plan: "ADVANCED",
  cloudProvider: "AWS",
  deleteProtection: true,
  dedicated: {
    regionNodes: { "us-east-1": 3 },
    hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 35 },
    cockroachVersion: "v26.1",
    networkVisibility: "PRIVATE",
  },
});
new cockroachdb.SqlUser("orders-1-app", { clusterId: orders1, name: "app" });
new cockroachdb.Database("orders-1-shop", { clusterId: orders1, name: "shop" });
new cockroachdb.AllowlistEntry("orders-1-Main-office", {
  clusterId: orders1,
  cidrIp: "203.0.113.0",
  cidrMask: 24,
  name: "Main office",
  sql: true,
  ui: false,
});
new cockroachdb.CmekConfig("orders-1-keys", {
  clusterId: orders1,
  regionSpecs: [
    {
      region: "us-east-1",
      keySpec: {
        type: "AWS_KMS",
        uri: "arn:aws:kms:us-east-1:111122223333:key/first",
        authPrincipal: "arn:aws:iam::111122223333:role/cockroach-cmek",
      },
    },
  ],
});
new cockroachdb.MaintenanceWindow("orders-1-window", {
  clusterId: orders1,
  offsetDuration: cockroachdb.weekly({ day: "WEDNESDAY", hourUtc: 2 }),
  windowDuration: "21600s",
});
new cockroachdb.VersionDeferral("orders-1-deferral", {
  clusterId: orders1,
  deferralPolicy: "DEFERRAL_60_DAYS",
});

const web01 = new cockroachdb.Cluster("web-01", {
  name: "web-01",
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"] },
});
new cockroachdb.AllowlistEntry("web-01-0.0.0.0-0", {
  clusterId: web01,
  cidrIp: "0.0.0.0",
  cidrMask: 0,
  sql: true,
  ui: true,
});
`,
    );
  });

  it("writes the machine of each region for a cluster whose regions have different ones", async () => {
    for (const mixedMachines of ["first-region", "unset"] as const) {
      const emulator = await startTestEmulator({
        rateLimit: "off",
        assumptions: { mixedMachines },
      });
      emulator.clusters.create({
        name: "orders-1",
        provider: "AWS",
        spec: {
          dedicated: {
            region_nodes: { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 },
            region_machine_specs: {
              "us-east-1": { num_virtual_cpus: 4 },
              "us-east-2": { num_virtual_cpus: 8 },
              "us-west-2": { num_virtual_cpus: 16 },
            },
            hardware: { storage_gib: 100 },
          },
        },
      });
      const { code, error } = await exported(emulator, "--force");
      assert.equal(code, 0, error);
      assert.match(
        program(),
        /regionMachineSpecs: \{\s+"us-east-1": \{ numVirtualCpus: 4 \},\s+"us-east-2": \{ numVirtualCpus: 8 \},\s+"us-west-2": \{ numVirtualCpus: 16 \},\s+\},\s+hardware: \{ storageGib: 100 \}/,
      );
      assert.deepEqual(problemsOf(program()), []);
    }
  }).timeout(60_000);

  it("reads each list once for any number of clusters, and reports how long it takes", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    for (let index = 0; index < 150; index += 1)
      emulator.clusters.create(basic(`cluster-${index}`));
    const { code, error } = await exported(emulator);
    assert.equal(code, 0);
    assert.match(error, /^Reading 150 clusters: about 45 seconds …\n/);
    // Sets of role grants take no list of their own; the roles of the own account take one read.
    assert.equal(emulator.requests.length, 1 + ofOrganization.length + 3 * 150);
  });

  it("writes folders before their contents, and refers to them", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const outer = emulator.folders.add("payments", { labels: { team: "a" } });
    const inner = emulator.folders.add("europe", { parentId: outer });
    const { name, provider, spec } = basic("web-01");
    emulator.clusters.create({ name, provider, spec: { ...spec, parent_id: inner } } as never);
    const { code, out, error } = await exported(emulator);
    assert.equal(code, 0, error);
    assert.deepEqual(problemsOf(program()), []);
    assert.equal(
      program()
        .replace("const web01 = ", "")
        .replace(/new cockroachdb.AllowlistEntry[^;]*;\n/, ""),
      `import * as cockroachdb from "pulumi-cockroachdb-cloud";

const payments = new cockroachdb.Folder("payments", {
  name: "payments",
  labels: { team: "a" },
});

const europe = new cockroachdb.Folder("europe", {
  name: "europe",
  parentId: payments,
});

new cockroachdb.Cluster("web-01", {
  name: "web-01",
  plan: "BASIC",
  cloudProvider: "GCP",
  parentId: europe,
  serverless: { regions: ["us-central1"] },
});
`,
    );
    assert.deepEqual(
      entries()
        .map(({ id }) => id)
        .filter((id) => id === inner || id === outer)
        .sort(),
      [inner, outer].sort(),
    );
    assert.match(out, /: 2 Folder, 1 Cluster/);
    assert.deepEqual(
      emulator.requests.map(({ operation }) => operation).filter((one) => /Folder/.test(`${one}`)),
      ["ListFolders"],
    );
  }).timeout(60_000);

  it("exports only the named clusters, by name or id, once each", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const [first, second] = ["alpha-1", "beta-1"].map(
      (name) => emulator.clusters.create(basic(name)).id,
    );
    emulator.clusters.create(basic("gamma-1"));
    const { code } = await exported(
      emulator,
      "--cluster",
      "alpha-1",
      "--cluster",
      `${first}`,
      "--cluster",
      `${second}`,
    );
    assert.equal(code, 0);
    assert.deepEqual(
      entries()
        .filter(({ type }) => type.endsWith(":Cluster"))
        .map(({ id }) => id),
      [first, second],
    );
  });

  it("leaves out clusters that are unfinished, failed or deleted, and reports why", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    emulator.clusters.create(basic("ready-1"));
    emulator.clusters.create(basic("marked-1", { labels: { "pulumi-creating": "0123-4567" } }));
    emulator.clusters.failCreation(emulator.clusters.create(basic("failed-1")).id);
    emulator.clusters.delete(emulator.clusters.create(basic("deleted-1")).id);
    const { code, error } = await exported(emulator);
    assert.equal(code, 0);
    assert.deepEqual(
      entries()
        .filter(({ type }) => type.endsWith(":Cluster"))
        .map(({ name }) => name),
      ["ready-1"],
    );
    assert.match(
      error,
      /cluster "marked-1" \(.*\): its creation by Pulumi is not finished: run pulumi up in the stack that creates it/,
    );
    assert.match(error, /cluster "failed-1" \(.*\): the service failed to create it/);
    assert.match(error, /1 deleted cluster\n/);
  });

  it("leaves out what this package would reject, with the reason", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const { id } = emulator.clusters.create(basic("ready-1"));
    emulator.sqlUsers.add(id, "pg_monitor", passwordNobodyKnows);
    const { code, error } = await exported(emulator);
    assert.equal(code, 0);
    assert.match(error, new RegExp(`SQL user ${id}:pg_monitor: name is reserved`));
    assert.doesNotMatch(program(), /pg_monitor/);
  });

  it("exports an entry for an address inside its network, as the API may have it", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const { id } = emulator.clusters.create(basic("ready-1"));
    emulator.allowlist.add(id, "192.0.2.7/24", { name: 'Ann\'s "office"\n`1`' });
    const { code, error } = await exported(emulator);
    assert.equal(code, 0);
    assert.equal(error, "");
    assert.deepEqual(problemsOf(program()), []);
    assert.match(program(), /cidrIp: "192\.0\.2\.7",\n {2}cidrMask: 24,/);
  }).timeout(60_000);

  it("prints a name that it leaves out on one line, whatever is in it", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const { id } = emulator.clusters.create(basic("ready-1"));
    emulator.databases.add(id, "a\n\u001b[2Jb");
    const { error } = await exported(emulator);
    assert.ok(error.includes(`  database ${id}:a\\n\\u001b[2Jb: name must have`), error);
  });

  it("quotes a folder with a space for the shell", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    emulator.clusters.create(basic("ready-1"));
    folder = join(folder, "my files");
    const { out } = await exported(emulator);
    assert.ok(out.includes(`--file "${join(folder, "import.json")}" --generate-code`), out);
    folder = join(folder, "..");
  });

  it("leaves out what the key may not read of a cluster, with the API's message", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const { id } = encryptable(emulator, { name: "orders-1", regions: ["us-east-1"] });
    emulator.sqlUsers.add(id, "app", passwordNobodyKnows);
    const monitored = emulator.clusters.create(basic("web-01")).id;
    const apiKey = emulator.organization.addKey({
      name: "developer",
      roles: [
        { role: "CLUSTER_DEVELOPER", scope: "cluster", resourceId: id },
        { role: "CLUSTER_MONITOR", scope: "cluster", resourceId: monitored },
      ],
    });
    const { code, error } = await exported({ ...emulator, apiKey });
    assert.equal(code, 0, error);
    const left = error.split("\n").filter((line) => line.startsWith("  "));
    assert.deepEqual(
      left.map((line) => line.split(":", 1)[0]),
      [
        // The list of streams has those whose clusters the key may read.
        ...ofOrganization
          .filter((type) => type !== "UserRoleGrants" && type !== "PhysicalReplicationStream")
          .map((type) => `  ${resourceTypes[type].plural}`),
        '  encryption keys of cluster "orders-1"',
        '  maintenance windows of cluster "orders-1"',
        '  version deferrals of cluster "orders-1"',
        '  log exports of cluster "orders-1"',
        '  Datadog metric exports of cluster "orders-1"',
        '  CloudWatch metric exports of cluster "orders-1"',
        '  Prometheus metric exports of cluster "orders-1"',
        '  backup configurations of cluster "orders-1"',
        '  blackout windows of cluster "orders-1"',
        '  disruptions of cluster "orders-1"',
        '  private endpoint services of cluster "orders-1"',
        '  private endpoint trusted owners of cluster "orders-1"',
        '  private endpoint connections of cluster "orders-1"',
        '  egress rules of cluster "orders-1"',
        '  egress private endpoints of cluster "orders-1"',
        '  domain names of egress private endpoints of cluster "orders-1"',
        '  client CA certificates of cluster "orders-1"',
        '  SQL users of cluster "web-01"',
        '  databases of cluster "web-01"',
        '  allowlist entries of cluster "web-01"',
      ],
    );
    for (const line of left) assert.match(line, /failed: 403 /);
    assert.deepEqual(
      entries().map(({ name }) => name),
      ["orders-1", "orders-1-app", "web-01"],
    );
  });

  it("leaves out keys that are being rotated or were not enabled, and exports revoked ones", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const made = (name: string) => {
      const { id } = encryptable(emulator, { name, regions: ["us-east-1"] });
      emulator.cmek.enable(id, wire([awsKey("us-east-1")]));
      return id;
    };
    const [failed, rotating, revoked] = ["failed", "rotating", "revoked"].map(made) as string[];
    emulator.cmek.setStatus(`${failed}`, "us-east-1", "ENABLE_FAILED", "no such key");
    emulator.cmek.setStatus(`${rotating}`, "us-east-1", "ROTATING");
    emulator.cmek.revoke(`${revoked}`);
    const { code, error } = await exported(emulator);
    assert.equal(code, 0, error);
    for (const id of [failed, rotating]) {
      assert.match(
        error,
        new RegExp(`CMEK configuration ${id}: an operation on it is running or has failed`),
      );
    }
    const keys = entries().filter(({ type }) => type.endsWith(":CmekConfig"));
    assert.deepEqual(
      keys.map(({ id, inputs }) => [id, inputs["revoked"]]),
      [[revoked, true]],
    );
  });

  it("gives each resource and each variable a unique name", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    for (const [name, user] of [
      ["orders", "b-app"],
      ["orders-b", "app"],
      ["123456", "app"],
      ["delete", "app"],
    ]) {
      emulator.sqlUsers.add(
        emulator.clusters.create(basic(`${name}`)).id,
        `${user}`,
        passwordNobodyKnows,
      );
    }
    const { code, error } = await exported(emulator);
    assert.equal(code, 0, error);
    assert.deepEqual(problemsOf(program()), []);
    assert.match(program(), /new cockroachdb.SqlUser\("orders-b-app", /);
    assert.match(program(), /new cockroachdb.SqlUser\("orders-b-app-2", /);
    assert.match(program(), /const clusterDelete = /);
    assert.match(program(), /const cluster123456 = /);
  }).timeout(60_000);

  describe("when it must not write", () => {
    it("rejects an existing file without --force, before any request", async () => {
      const emulator = await startTestEmulator({ rateLimit: "off" });
      emulator.clusters.create(basic("ready-1"));
      writeFileSync(join(folder, "index.ts"), "// mine\n");
      const { code, error } = await exported(emulator);
      assert.equal(code, 1);
      assert.match(
        error,
        /index\.ts already exists, and nothing was written\. Overwrite it with --force/,
      );
      assert.equal(program(), "// mine\n");
      assert.equal(existsSync(join(folder, "import.json")), false);
      assert.equal(emulator.requests.length, 0);
      assert.equal((await exported(emulator, "--force")).code, 0);
      assert.match(program(), /ready-1/);
    });

    it("reports why writing failed", async () => {
      const emulator = await startTestEmulator({ rateLimit: "off" });
      emulator.clusters.create(basic("ready-1"));
      writeFileSync(join(folder, "file"), "");
      folder = join(folder, "file");
      const { code, error } = await exported(emulator);
      folder = join(folder, "..");
      assert.equal(code, 1);
      assert.match(error, /^Writing the files into .* failed: .*--out <folder>\.$/m);
    });

    it("reports a missing key, an empty organization, and a cluster that does not exist", async () => {
      assert.deepEqual(await run(["--out", folder]), {
        code: 1,
        out: "",
        error:
          "There is no API key for CockroachDB Cloud: set COCKROACH_API_KEY, or COCKROACH_API_JWT with COCKROACH_VANITY_NAME.\n",
      });
      const emulator = await startTestEmulator({ rateLimit: "off" });
      const none = await exported(emulator);
      assert.equal(none.code, 1);
      assert.match(none.error, /There is nothing to export/);
      const other = await exported(emulator, "--cluster", "orders");
      assert.equal(other.code, 1);
      assert.match(other.error, /The organization has no cluster "orders"/);
      assert.equal(existsSync(join(folder, "index.ts")), false);
    });

    it("reports the API's message when a list fails", async () => {
      const emulator = await startTestEmulator({ rateLimit: "off" });
      emulator.clusters.create(basic("ready-1"));
      emulator.faults.add("ListSQLUsers", { status: 400, message: "no such list" });
      const { code, error } = await exported(emulator);
      assert.equal(code, 1);
      assert.match(error, /Listing the SQL users of cluster .* failed: 400 no such list/);
      assert.equal(existsSync(join(folder, "index.ts")), false);
    });

    it("names invalid options", async () => {
      for (const [args, problem] of [
        [
          ["--lang", "python"],
          /--lang python is not possible: export writes TypeScript only\..*`pulumi import`/,
        ],
        [["--organization", "--cluster", "a"], /only one of/],
        [["--cluster", "a", "--from-terraform", "b"], /only one of/],
        [["--out", ""], /--out must not be empty/],
        [["--cluster", ""], /--cluster must not be empty/],
        [["--nonsense"], /nonsense/],
      ] as const) {
        const { code, error } = await run(args);
        assert.equal(code, 2);
        assert.match(error, problem);
        assert.match(error, /Usage: pulumi-cockroachdb-cloud export/);
      }
    });
  });

  it("prints its usage", async () => {
    const { code, out } = await run(["--help"]);
    assert.equal(code, 0);
    assert.match(out, /--out <folder>/);
  });
});

/** What the compiler says of a program that uses the package as its source stands, built or not. */
function problemsOf(text: string): string[] {
  const paths = { "pulumi-cockroachdb-cloud": [join(repository, "index.ts")] };
  const problems = problemsIn(new Map([["index.ts", text]]), { noUnusedLocals: true, paths });
  return [...problems.values()].flat();
}
