// Programs in YAML that are stopped and killed, and that import what exists.
import assert from "node:assert/strict";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, startTestEmulator } from "../support/emulator";
import type { State } from "../support/engine";
import { processesOf, untilEnded } from "../support/processes";
import type { YamlProgram, YamlStack } from "../support/yaml-program";
import { startYaml } from "../support/yaml-program";

const advanced = {
  type: "cockroachdb-cloud:index:Cluster",
  properties: {
    plan: "ADVANCED",
    cloudProvider: "AWS",
    dedicated: {
      regionNodes: { "us-east-1": 3 },
      hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
    },
  },
};

const program: YamlProgram = { resources: { archive: advanced } };

describe("A program in YAML", function () {
  this.timeout(180_000);

  let emulator: TestEmulator;
  let stack: YamlStack;

  beforeEach(async () => {
    emulator = await startTestEmulator({
      clock: scaledClock(60),
      durations: { createAdvancedMs: 900_000 },
    });
    stack = await startYaml(program, emulator);
  });

  afterEach(async () => {
    stack?.close();
    await closeTestEmulators();
  });

  const clusterInState = async () => {
    const { deployment } = await stack.exportState();
    return deployment.resources?.find(({ type }) => type.endsWith(":Cluster"));
  };

  it("that is stopped by Ctrl-C ends at once, keeps the unfinished cluster, and finishes it next time", async () => {
    const run = stack.start("up", "--yes", "--skip-preview");
    await run.printed(/CREATING · /);
    run.child.kill("SIGINT");
    const { code, signal } = await run.ended;
    assert.equal(signal, null);
    assert.notEqual(code, 0);
    assert.match(run.output(), /Nothing is lost: the next update resumes the wait\./);
    const [cluster] = emulator.clusters.list();
    assert.equal(cluster?.state, "CREATING", "nobody waited for the cluster");
    const left = await clusterInState();
    assert.equal(left?.id, cluster?.id);
    assert.equal(left?.outputs?.["stateEntry"].creationMark, cluster?.labels["pulumi-creating"]);
    await stack.pulumi("up", "--yes", "--skip-preview");
    const [finished, ...others] = emulator.clusters.list();
    assert.deepEqual(others, []);
    assert.deepEqual([finished?.id, finished?.state], [cluster?.id, "CREATED"]);
    assert.deepEqual(finished?.labels, {});
    assert.equal((await clusterInState())?.outputs?.["stateEntry"].creationMark, undefined);
  });

  it("that is killed takes the plugin with it, and adopts the cluster in its next run", async () => {
    const run = stack.start("up", "--yes", "--skip-preview");
    await run.printed(/CREATING · /);
    const plugins = processesOf(run, /pulumi-resource-cockroachdb-cloud/);
    const hosts = processesOf(run, /pulumi-language-yaml/);
    run.child.kill("SIGKILL");
    // The host of YAML goes on without its engine, and keeps the output open.
    for (const host of hosts) process.kill(host);
    await run.ended;
    for (const plugin of plugins) await untilEnded(plugin);
    assert.equal((await clusterInState())?.id, undefined);
    await stack.pulumi("cancel", "--yes");
    const { stdout } = await stack.pulumi("up", "--yes", "--skip-preview");
    assert.match(stdout, /it is adopted and finished/);
    const [finished, ...others] = emulator.clusters.list();
    assert.deepEqual(others, []);
    assert.equal((await clusterInState())?.id, finished?.id);
  });

  it("whose plugin is killed fails, and adopts the cluster in its next run", async () => {
    const run = stack.start("up", "--yes", "--skip-preview");
    await run.printed(/CREATING · /);
    for (const plugin of processesOf(run, /pulumi-resource-cockroachdb-cloud/)) {
      process.kill(plugin, "SIGKILL");
    }
    assert.notEqual((await run.ended).code, 0);
    const [cluster] = emulator.clusters.list();
    assert.equal(cluster?.state, "CREATING", "nobody waited for the cluster");
    await stack.pulumi("up", "--yes", "--skip-preview");
    const [finished, ...others] = emulator.clusters.list();
    assert.deepEqual(others, []);
    assert.deepEqual([finished?.state, finished?.labels], ["CREATED", {}]);
    assert.equal((await clusterInState())?.id, finished?.id);
  });

  it("that is stopped by Ctrl-C keeps what the request in flight creates, sends no other, and goes on next time", async () => {
    const { id } = emulator.clusters.create({
      name: "orders",
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    });
    stack.write({
      resources: {
        app: { type: "cockroachdb-cloud:index:SqlUser", properties: { clusterId: id } },
        shop: {
          type: "cockroachdb-cloud:index:Database",
          // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of YAML
          properties: { clusterId: id, name: "${app.name}" },
        },
      },
    });
    const run = stack.start("up", "--yes", "--skip-preview");
    emulator.faults.add("CreateSQLUser", { delayMs: 500, when: () => run.child.kill("SIGINT") });
    assert.notEqual((await run.ended).code, 0);
    assert.equal(emulator.requests.at(-1)?.operation, "CreateSQLUser");
    await stack.pulumi("up", "--yes", "--skip-preview");
    assert.deepEqual(emulator.sqlUsers.list(id), ["app"]);
    const databases = emulator.databases.list(id).map(({ name }) => name);
    assert.ok(databases.includes("app"));
    const creations = emulator.requests.filter(({ operation }) => operation === "CreateSQLUser");
    assert.equal(creations.length, 1);
    const shown = await stack.pulumi("stack", "export", "--show-secrets");
    const { deployment } = JSON.parse(shown.stdout) as State;
    const user = deployment.resources?.find(({ type }) => type.endsWith(":SqlUser"));
    const password = JSON.parse(user?.outputs?.["password"].plaintext);
    assert.ok(emulator.sqlUsers.hasPassword(id, "app", password));
  });

  it("imports a cluster by its option, and by the command with the code for it", async () => {
    const { id } = emulator.clusters.create({
      name: "orders",
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    });
    const orders = {
      type: "cockroachdb-cloud:index:Cluster",
      properties: {
        name: "orders",
        plan: "BASIC",
        cloudProvider: "GCP",
        serverless: { regions: ["us-central1"] },
      },
    };
    stack.write({ resources: { orders: { ...orders, options: { import: id } } } });
    await stack.pulumi("up", "--yes", "--skip-preview");
    assert.equal((await clusterInState())?.id, id);
    stack.write({ resources: { orders } });
    const before = emulator.requests.length;
    await stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    assert.equal(emulator.requests.length, before);

    emulator.sqlUsers.add(id, "app");
    const imported = await stack.pulumi(
      ...["import", "cockroachdb-cloud:index:SqlUser", "app", `${id}:app`],
      ...["--yes", "--generate-code=true", "--protect=false"],
    );
    assert.match(imported.stdout, /type: cockroachdb-cloud:SqlUser/);
    assert.match(imported.stdout, /name: app/);
  });

  it("refuses a name in the place of an id with the id, by its option and by the command", async () => {
    const { id } = emulator.clusters.create({
      name: "orders",
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    });
    const folder = emulator.folders.add("payments");
    const account = emulator.serviceAccounts.add("ci");
    for (const [type, noun, name, expected] of [
      ["Folder", "folder", "payments", folder],
      ["ServiceAccount", "service account", "ci", account],
      ["Cluster", "cluster", "orders", id],
    ]) {
      const run = stack.start(
        "import",
        `cockroachdb-cloud:index:${type}`,
        "it",
        `${name}`,
        "--yes",
      );
      assert.notEqual((await run.ended).code, 0);
      const sentence = `That of the ${noun} of this name is ${expected}.`;
      assert.ok(run.output().includes(sentence), run.output());
    }
    const team = { type: "cockroachdb-cloud:index:Folder", properties: { name: "payments" } };
    stack.write({ resources: { team: { ...team, options: { import: "payments" } } } });
    const refused = stack.start("up", "--yes", "--skip-preview");
    assert.notEqual((await refused.ended).code, 0);
    assert.ok(refused.output().includes(`of this name is ${folder}.`), refused.output());
    stack.write({ resources: { team: { ...team, options: { import: folder } } } });
    await stack.pulumi("up", "--yes", "--skip-preview");
    const writes = emulator.requests.filter(({ method }) => method !== "GET");
    assert.deepEqual(writes, []);
  });
});
