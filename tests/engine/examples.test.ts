import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmulatorOptions } from "../../emulator";
import { scaledClock } from "../../emulator";
import { engineEnvironment, withoutUserSettings } from "../../scripts/environment.mjs";
import { CockroachCloudClient } from "../../sdk";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import type { ProgramOptions, TestProgram } from "../support/engine";
import { copyOf, engine, quickStart, repository, startProgram } from "../support/engine";

const examples = join(repository, "examples");
const quickly = 300;
const veryQuickly = 3_000;
const password = "a-long-enough-password";
const key = "arn:aws:kms:us-east-1:123456789012:key/0f8fad5b-d9cb-469f-a165-70867728950e";
const role = "arn:aws:iam::123456789012:role/ledger-cmek";

/** What an example asks its user for, as arguments of `pulumi config set-all`. */
const settings: Record<string, string[]> = {
  "advanced-cluster": ["--secret", `password=${password}`],
  "advanced-with-cmek": ["--plaintext", `keyArn=${key}`, "--plaintext", `roleArn=${role}`],
  "private-cluster-on-aws": ["--plaintext", "endpointId=vpce-0123456789abcdef0"],
  "plan-changes": [
    ...["--plaintext", "plan=BASIC"],
    ...["--plaintext", `keyArn=${key}`, "--plaintext", `roleArn=${role}`],
  ],
};

/** These need more than settings, and have a test of their own: below, in policy-pack.test.ts, or by their language. */
const apart = new Set([
  "adopt-existing",
  "automation-preview-database",
  "chaos-test",
  "environments",
  "go",
  "logs-and-metrics",
  "plan-by-stack-config",
  "policy-pack",
  "python",
  "replication-with-failover",
  "restore-into-new-cluster",
  "stack-reference-consumer",
  "two-organizations",
  "yaml",
]);

/** Runs the example's program without an engine, and prints the arguments of each resource by type. */
const mocksOfAws = `
const pulumi = require("@pulumi/pulumi");
const arns = { "aws:iam/role:Role": "${role}", "aws:kms/key:Key": "${key}" };
const seen = {};
pulumi.runtime.setMocks({
  newResource({ type, name, inputs }) {
    seen[type] = inputs;
    const outputs = { ...inputs, accountId: "111122223333" };
    if (arns[type]) outputs.arn = arns[type];
    return { id: name, state: outputs };
  },
  call: ({ inputs }) => inputs,
}, "advanced-with-cmek", "dev", false);
require("./index.ts");
process.once("beforeExit", () => console.log(JSON.stringify(seen)));
`;

describe("Examples", function () {
  this.timeout(180_000);

  const open: { close(): unknown }[] = [];

  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
  checkEmulators();

  async function emulated(options: EmulatorOptions = {}): Promise<TestEmulator> {
    return await startTestEmulator({ clock: scaledClock(quickly), ...options });
  }

  const keyFor = ({ apiKey, url }: TestEmulator) => ({
    COCKROACH_API_KEY: apiKey,
    COCKROACH_SERVER: url,
  });

  async function start(
    directory: string,
    env: Record<string, string>,
    how: ProgramOptions["start"] = "quickly",
  ): Promise<TestProgram> {
    const program = await startProgram({ directory, start: how, env });
    open.push(program);
    return program;
  }

  /** Takes a program that is configured through its life, and returns its state before the end. */
  async function throughItsLife({ pulumi, exportState, directory }: TestProgram, stack?: string) {
    // Previewed, then carried out.
    await pulumi("up", "--yes");
    const state = await exportState(stack);
    await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    if (allowDeletion(join(directory, "index.ts"))) await pulumi("up", "--yes", "--skip-preview");
    await pulumi("destroy", "--yes", "--skip-preview");
    assert.deepEqual((await exportState(stack)).deployment.resources ?? [], []);
    return state.deployment.resources ?? [];
  }

  function temporaryFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-examples-"));
    open.push({ close: () => rmSync(folder, { recursive: true, force: true }) });
    return folder;
  }

  const copyOfExample = (name: string) =>
    copyOf(join(examples, name), join(temporaryFolder(), name));

  for (const name of readdirSync(examples)) {
    if (apart.has(name)) continue;
    it(`${name} comes up, stays as it is and goes away`, async () => {
      const program = await start(join(examples, name), keyFor(await emulated()));
      const given = settings[name];
      if (given !== undefined) await program.pulumi("config", "set-all", ...given);
      await throughItsLife(program);
    });
  }

  it("standard-with-sql-user writes its secret URL into a manifest for its owner alone", async () => {
    const emulator = await emulated();
    const { pulumi, directory } = await start(
      join(examples, "standard-with-sql-user"),
      keyFor(emulator),
    );
    const file = join(directory, "orders-database.secret.json");
    await pulumi("preview");
    assert.ok(!existsSync(file), "a preview writes no file");
    const { stdout } = await pulumi("up", "--yes", "--skip-preview");
    assert.match(stdout, /databaseUrl: \[secret\]/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const before = urlIn(file);
    const [cluster] = emulator.clusters.list();
    assert.ok(cluster);
    assert.ok(emulator.sqlUsers.hasPassword(cluster.id, "app", before.password));
    assert.equal(before.pathname, "/orders");
    await pulumi("config", "set", "rotated", "2026-07");
    await pulumi("up", "--yes", "--skip-preview");
    const after = urlIn(file);
    assert.notEqual(after.password, before.password);
    assert.ok(emulator.sqlUsers.hasPassword(cluster.id, "app", after.password));
  });

  it("two-organizations makes a cluster in each", async () => {
    const emulator = await emulated({
      organizations: [
        { name: "retail", apiKeys: [{ name: "retail", secret: "CCDB1_retail_secret" }] },
        { name: "bank", apiKeys: [{ name: "bank", secret: "CCDB1_bank_secret" }] },
      ],
    });
    const program = await start(join(examples, "two-organizations"), {
      COCKROACH_SERVER: emulator.url,
    });
    await program.pulumi("config", "set", "--secret", "retailKey", "CCDB1_retail_secret");
    await program.pulumi("config", "set", "--secret", "bankKey", "CCDB1_bank_secret");
    await throughItsLife(program);
    const created = emulator.requests
      .filter(({ operation }) => operation === "CreateCluster")
      .map(({ key: whose, body }) => [whose, (body as { name: string }).name.slice(0, 6)]);
    assert.deepEqual(created.sort(), [
      ["bank", "ledger"],
      ["retail", "orders"],
    ]);
    assert.ok(!program.stateText().includes("_secret"));
  });

  it("environments gives CI a key to each folder alone, and rotates the keys without a gap", async () => {
    const emulator = await emulated();
    const program = await start(join(examples, "environments"), keyFor(emulator));
    const { pulumi, directory } = program;
    const keys = async () => {
      const { stdout } = await pulumi("stack", "output", "--show-secrets", "--json");
      const { developmentKey, productionKey } = JSON.parse(stdout);
      return { developmentKey, productionKey } as Record<string, string>;
    };
    const namesSeenBy = async (apiKey = "") => {
      const cloud = new CockroachCloudClient({ apiKey, serverUrl: emulator.url });
      const names: string[] = [];
      for await (const { name } of cloud.clusters.list()) names.push(name.replace(/-\w+$/, ""));
      return names;
    };
    const { stdout } = await pulumi("up", "--yes");
    assert.match(stdout, /developmentKey: \[secret\]\s+productionKey *: \[secret\]/);
    await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    const before = await keys();
    assert.deepEqual(await namesSeenBy(before["developmentKey"]), ["development"]);
    assert.deepEqual(await namesSeenBy(before["productionKey"]), ["production"]);

    await pulumi("config", "set", "rotated", "2026-07");
    emulator.requests.clear();
    await pulumi("up", "--yes", "--skip-preview");
    const sent = emulator.requests.map(({ operation }) => operation);
    assert.ok(sent.lastIndexOf("CreateApiKey") < sent.indexOf("DeleteApiKey"));
    const after = await keys();
    assert.deepEqual(await namesSeenBy(after["developmentKey"]), ["development"]);
    await assert.rejects(namesSeenBy(before["developmentKey"]), /401/);
    assert.ok(!program.stateText().includes(after["productionKey"] ?? ""));

    assert.ok(allowDeletion(join(directory, "index.ts")));
    await pulumi("up", "--yes", "--skip-preview");
    await pulumi("destroy", "--yes", "--skip-preview");
    assert.deepEqual(emulator.folders.list(), []);
    assert.equal(emulator.apiKeys.list().length, 1);
  });

  it("logs-and-metrics exports both, and creates a key that reads metrics and nothing else", async () => {
    const emulator = await emulated({ clock: scaledClock(veryQuickly) });
    const program = await start(join(examples, "logs-and-metrics"), keyFor(emulator));
    const { pulumi } = program;
    await pulumi("config", "set", "logRole", role);
    await pulumi("config", "set", "--secret", "datadogKey", "0123456789abcdef0123456789abcdef");
    await pulumi("up", "--yes", "--skip-preview");
    const { stdout } = await pulumi("stack", "output", "--show-secrets", "--json");
    const { logStatus, scrape } = JSON.parse(stdout);
    assert.equal(logStatus, "ENABLED");
    const { pathname } = new URL(scrape.targets["us-east-1"]);
    const metrics = await fetch(new URL(pathname, emulator.url), {
      headers: { authorization: `Bearer ${scrape.token}` },
    });
    assert.match(await metrics.text(), /crdb_cloud_/);
    const cloud = new CockroachCloudClient({ apiKey: scrape.token, serverUrl: emulator.url });
    const id = emulator.clusters.find("orders")?.id ?? emulator.clusters.list()[0]?.id ?? "";
    await assert.rejects(cloud.clusters.delete(id), /403/);
    assert.ok(!program.stateText().includes("0123456789abcdef"));
    await pulumi("destroy", "--yes", "--skip-preview");
  });

  it("restore-into-new-cluster restores the newest backup of a moment into a cluster like the source", async () => {
    const emulator = await emulated({ clock: scaledClock(veryQuickly) });
    const { id } = emulator.clusters.create({
      name: "orders",
      provider: "AWS",
      spec: {
        dedicated: {
          region_nodes: { "us-west-2": 3 },
          hardware: { machine_spec: { num_virtual_cpus: 8 }, storage_gib: 35 },
        },
      },
    });
    emulator.databases.add(id, "shop");
    const backupId = emulator.backups.take(id);
    const before = new Date(emulator.clock.now()).toISOString();
    const { pulumi } = await start(join(examples, "restore-into-new-cluster"), keyFor(emulator));
    await pulumi("config", "set", "sourceClusterId", id);
    await pulumi("config", "set", "before", before);
    await pulumi("up", "--yes", "--skip-preview");
    const copy = emulator.clusters.list().find((cluster) => cluster.id !== id);
    assert.equal(copy?.regions[0]?.machine_type, "m6i.2xlarge");
    const { body } = emulator.requests.find(({ operation }) => operation === "CreateRestore") ?? {};
    assert.equal((body as { backup_id: string }).backup_id, backupId);
    await pulumi("destroy", "--yes", "--skip-preview");
    assert.equal(emulator.clusters.get(id).state, "CREATED");
  });

  it("replication-with-failover replicates, and fails over when it is configured to", async () => {
    const emulator = await emulated({ clock: scaledClock(veryQuickly) });
    const { pulumi } = await start(join(examples, "replication-with-failover"), keyFor(emulator));
    await pulumi("up", "--yes", "--skip-preview");
    await pulumi("config", "set", "failover", "true");
    const { stdout } = await pulumi("up", "--yes", "--skip-preview");
    assert.match(stdout, /status *: "REPLICATING" => "COMPLETED"/);
    await pulumi("destroy", "--yes", "--skip-preview");
  });

  it("chaos-test takes a region down, and lets it recover before the cluster goes", async () => {
    const emulator = await emulated({ clock: scaledClock(veryQuickly) });
    const { pulumi } = await start(join(examples, "chaos-test"), keyFor(emulator));
    await pulumi("config", "set", "lost", "us-east1");
    await pulumi("up", "--yes", "--skip-preview");
    const disruptions = () =>
      emulator.requests
        .filter(({ operation }) => operation === "UpdateClusterDisruption")
        .map(
          ({ body }) =>
            (body as { regional_disruptor_specifications: object[] })
              .regional_disruptor_specifications.length,
        );
    assert.deepEqual(disruptions(), [1]);
    await pulumi("destroy", "--yes", "--skip-preview");
    assert.deepEqual(disruptions(), [1, 0]);
  });

  it("plan-by-stack-config is BASIC in dev and STANDARD in prod", async () => {
    const program = await start(join(examples, "plan-by-stack-config"), keyFor(await emulated()));
    const plans: Record<string, unknown> = {};
    for (const stack of ["dev", "prod"]) {
      await program.pulumi("stack", "init", stack);
      const resources = await throughItsLife(program, stack);
      const cluster = resources.find(({ type }) => type.endsWith(":Cluster"));
      const { plan, serverless } = cluster?.outputs ?? {};
      plans[stack] = [plan, serverless.usageLimits];
    }
    assert.deepEqual(plans, {
      dev: ["BASIC", { requestUnitLimit: 10_000_000, storageMibLimit: 5_120 }],
      prod: ["STANDARD", { provisionedVirtualCpus: 4 }],
    });
  });

  it("adopt-existing adopts without a write, rotates, and leaves both where they are", async () => {
    const emulator = await emulated();
    const { id } = emulator.clusters.create({
      name: "legacy-orders",
      provider: "GCP",
      spec: {
        plan: "BASIC",
        labels: { team: "payments" },
        serverless: { regions: ["us-central1"] },
      },
    });
    emulator.sqlUsers.add(id, "app", password);
    const { pulumi, exportState } = await start(join(examples, "adopt-existing"), keyFor(emulator));
    const writes = () => emulator.requests.filter(({ method }) => method !== "GET").length;
    await pulumi("config", "set", "clusterId", id);
    await pulumi("up", "--yes");
    await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    assert.equal(writes(), 0);
    await pulumi("config", "set", "rotated", "2026-07");
    await pulumi("up", "--yes", "--skip-preview");
    assert.ok(!emulator.sqlUsers.hasPassword(id, "app", password));
    await pulumi("destroy", "--yes", "--skip-preview");
    assert.equal(writes(), 1);
    assert.deepEqual((await exportState()).deployment.resources ?? [], []);
    assert.equal(emulator.clusters.get(id).state, "CREATED");
  });

  it("stack-reference-consumer makes a user on the cluster of standard-with-sql-user", async () => {
    const emulator = await emulated();
    const env = { ...keyFor(emulator), PULUMI_BACKEND_URL: `file://${temporaryFolder()}` };
    const producer = await start(join(examples, "standard-with-sql-user"), env);
    await producer.pulumi("up", "--yes", "--skip-preview");
    const consumer = await start(join(examples, "stack-reference-consumer"), env);
    const name = "organization/standard-with-sql-user/test";
    await consumer.pulumi("config", "set", "producer", name);
    const { stdout } = await consumer.pulumi("up", "--yes");
    assert.match(stdout, /ownersUrl +: \[secret\]\s+reportsUrl *: \[secret\]/);
    await consumer.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    const [cluster] = emulator.clusters.list();
    assert.ok(cluster);
    assert.deepEqual(emulator.sqlUsers.list(cluster.id), ["app", "reports"]);
    await consumer.pulumi("destroy", "--yes", "--skip-preview");
    assert.deepEqual(emulator.sqlUsers.list(cluster.id), ["app"]);
    await producer.pulumi("destroy", "--yes", "--skip-preview");
    assert.equal(emulator.clusters.get(cluster.id).state, "DELETED");
  });

  it("automation-preview-database makes a cluster for a pull request and cleans up", async () => {
    const emulator = await emulated();
    const folder = temporaryFolder();
    const directory = copyOfExample("automation-preview-database");
    mkdirSync(join(folder, "state"));
    const env = engineEnvironment({
      home: folder,
      state: join(folder, "state"),
      binDir: (await engine()).binDir,
      extra: keyFor(emulator),
    });
    // Started from a folder that has no packages.
    const run = (...args: string[]) => runNode(folder, [join(directory, "index.ts"), ...args], env);
    const up = await run("up", "42");
    assert.equal(up.code, 0, up.stderr);
    const url = new URL(up.stdout.trim());
    const [cluster, ...others] = emulator.clusters.list();
    assert.ok(cluster && others.length === 0);
    assert.ok(emulator.sqlUsers.hasPassword(cluster.id, "app", url.password));
    assert.equal((await run("up", "42")).stdout, up.stdout);
    assert.equal(emulator.clusters.list().length, 1);
    const down = await run("down", "42");
    assert.equal(down.code, 0, down.stderr);
    assert.equal(emulator.clusters.get(cluster.id).state, "DELETED");
    for (const place of [directory, folder]) {
      const left = readdirSync(place).filter((name) => /pr-42|Pulumi.yaml/.test(name));
      assert.deepEqual(left, place === directory ? ["Pulumi.yaml"] : []);
    }
    assert.equal((await run("sideways")).code, 1);
  });

  it("advanced-with-cmek makes an AWS key that the cluster's account may use, on mocks of AWS", async () => {
    const emulator = await emulated();
    const directory = copyOfExample("advanced-with-cmek");
    writeFileSync(join(directory, "mocks.cjs"), mocksOfAws);
    const { stdout, stderr } = await runNode(directory, ["mocks.cjs"], {
      ...withoutUserSettings(),
      ...keyFor(emulator),
    });
    assert.notEqual(stdout, "", stderr);
    // biome-ignore lint/suspicious/noExplicitAny: arguments of any resource
    const inputs: Record<string, any> = JSON.parse(stdout);
    const [trust] = JSON.parse(inputs["aws:iam/role:Role"].assumeRolePolicy).Statement;
    assert.deepEqual(trust.Principal, { AWS: "arn:aws:iam::111122223333:root" });
    assert.deepEqual(trust.Condition, {
      StringEquals: { "sts:ExternalId": emulator.organization.id },
    });
    const [owner, user] = JSON.parse(inputs["aws:kms/key:Key"].policy).Statement;
    assert.deepEqual(owner.Principal, { AWS: "arn:aws:iam::123456789012:root" });
    assert.deepEqual(user.Principal, { AWS: role });
    const { regionSpecs } = inputs["pulumi-nodejs:dynamic/cockroachdb-cloud:CmekConfig"];
    assert.deepEqual(regionSpecs, [
      { region: "us-east-1", keySpec: { type: "AWS_KMS", uri: key, authPrincipal: role } },
    ]);
  });

  it("private-cluster-on-aws leads its own endpoint to the cluster, on mocks of AWS", async () => {
    const { code, stdout, stderr } = await runNode(
      copyOfExample("private-cluster-on-aws"),
      ["index.test.ts"],
      withoutUserSettings(),
    );
    assert.equal(code, 0, `${stdout}${stderr}`);
    assert.match(stdout, /pass 3/);
  });

  it("include the one that `pulumi up` runs in the folder of the repository", async () => {
    const root = temporaryFolder();
    cpSync(join(repository, "Pulumi.yaml"), join(root, "Pulumi.yaml"));
    cpSync(examples, join(root, "examples"), {
      recursive: true,
      filter: (path) => !path.slice(examples.length).includes("node_modules"),
    });
    const { pulumi, exportState } = await start(root, keyFor(await emulated()), "checked");
    assert.match((await pulumi("up", "--yes")).stdout, /Cluster \S+ created/);
    const { resources = [] } = (await exportState()).deployment;
    const cluster = resources.find(({ type }) => type.endsWith(":Cluster"));
    assert.equal(cluster?.outputs?.["name"], "basic-test");
  });
});

/** What a user does before destroying a protected cluster. Responses whether the program had one. */
function allowDeletion(file: string): boolean {
  const text = readFileSync(file, "utf8");
  const allowed = text.replaceAll("deleteProtection: true", "deleteProtection: false");
  writeFileSync(file, allowed);
  return allowed !== text;
}

/** The connection URL in a manifest for Kubernetes. */
function urlIn(file: string): URL {
  const { kind, stringData } = JSON.parse(readFileSync(file, "utf8"));
  assert.equal(kind, "Secret");
  return new URL(stringData.DATABASE_URL);
}

/** Runs a TypeScript or JavaScript program to its end. */
async function runNode(directory: string, args: string[], env: Record<string, string | undefined>) {
  const child = spawn(process.execPath, args, { cwd: directory, env: { ...env, ...quickStart } });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, stdout, stderr };
}
