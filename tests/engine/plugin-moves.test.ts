// Stacks on the real engine whose program moves from the classes to the provider plugin and back.
import assert from "node:assert/strict";
import { manualClock, scaledClock } from "../../emulator";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes, pluginToken } from "../../provider/resource/resource-types";
import { casesOf } from "../conformance/resource-cases";
import { startImmediateEmulator } from "../contract/plugins";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { Run, State, StateResource, TestStack } from "../support/engine";
import { nameOf, startStack } from "../support/engine";
import type { YamlStack } from "../support/yaml-program";
import { startYaml } from "../support/yaml-program";
import { passwordOfProgram, passwordOnlyInState, program, put } from "./bridged-stack";
import type { Declared } from "./declared-program";
import { everyType, inTypeScript, inYaml } from "./declared-program";

const providerType = "pulumi:providers:cockroachdb-cloud";
const token = "canary-7f3a9c51d2e84b60";
const key = "canary-1c0e5b7d9f284a63";
const withProvider: readonly ResourceType[] = ["Folder", "Database"];

/** A program with a resource of each type, secrets and an explicit provider. */
function programOn(emulator: TestEmulator): Declared[] {
  return everyType(emulator).map((declared) => ({
    ...declared,
    ...(declared.type === "Cluster" && { args: { ...declared.args, labels: { token } } }),
    ...(withProvider.includes(declared.type) && { provider: "second" }),
  }));
}

const isOurs = ({ type }: { type: string }) =>
  allResourceTypes.some((one) => type.endsWith(`:${one}`));

const writesOf = (emulator: TestEmulator) =>
  emulator.requests.filter(({ method }) => method !== "GET");

describe("A stack on the real engine that moves from the classes to the provider plugin", function () {
  this.timeout(180_000);

  let emulator: TestEmulator;
  let declarations: Declared[];
  let classes: TestStack;
  let plugin: YamlStack;
  let ids: Readonly<Record<string, string | undefined>>;

  before(async () => {
    emulator = await startImmediateEmulator({
      organizations: [{ apiKeys: [{ name: "first" }, { name: "second", secret: key }] }],
    });
    declarations = programOn(emulator);
    classes = await startStack({
      env: environmentFor(emulator),
      program: inTypeScript(declarations, { second: key }),
    });
    await classes.up();
    plugin = await startYaml(inYaml(declarations, { second: key }), emulator);
    const state = await classes.exportState();
    ids = idsIn(state.deployment.resources);
    await plugin.importState(state);
    emulator.requests.clear();
  });
  after(async () => {
    classes?.close();
    plugin?.close();
    await closeTestEmulators();
  });

  function idsIn(resources: readonly StateResource[] = []) {
    const own = resources.filter(isOurs);
    return Object.fromEntries(own.map(({ urn, id }) => [urn.split("::").at(-1), id]));
  }

  const stored = async () => (await plugin.exportState()).deployment.resources ?? [];

  it("changes nothing but the explicit provider, and sends no request", async () => {
    const unchanged = new RegExp(
      `\\+ 1 created\\s+- 1 deleted\\s+2 changes\\. ${allResourceTypes.length + 1} unchanged`,
    );
    const { stdout } = await plugin.pulumi("up", "--yes", "--skip-preview");
    assert.match(stdout, unchanged);
    assert.equal(emulator.requests.length, 0);
  });

  it("has the same objects with the types of the plugin, and its own providers", async () => {
    const resources = await stored();
    assert.deepEqual(idsIn(resources), ids);
    const tokens = resources.filter(isOurs).map(({ type }) => type);
    assert.deepEqual(tokens.sort(), allResourceTypes.map(pluginToken).sort());
    const providers = resources.filter(({ type }) => type.startsWith("pulumi:providers:"));
    assert.deepEqual(
      providers.map(({ type }) => type),
      [providerType, providerType],
    );
  });

  it("finds no drift in a refresh, which drops the hidden properties", async () => {
    await plugin.pulumi("refresh", "--yes", "--expect-no-changes");
    const hidden = (await stored())
      .filter(isOurs)
      .flatMap(({ inputs = {}, outputs = {} }) => [...Object.keys(inputs), ...Object.keys(outputs)])
      .filter((name) => name.startsWith("__"));
    assert.deepEqual(hidden, []);
    await plugin.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    assert.deepEqual(writesOf(emulator), []);
    const keys = new Set(emulator.requests.map((request) => request.key));
    assert.deepEqual([...keys].sort(), ["first", "second"]);
  });

  it("keeps every secret encrypted", () => {
    const secrets = [token, key, casesOf.SqlUser.full[0]["password"]];
    for (const secret of secrets) assert.equal(plugin.stateText().includes(String(secret)), false);
  });

  it("moves back with an update of each entry and no write, and is settled then", async () => {
    await classes.importState(await plugin.exportState());
    emulator.requests.clear();
    const opsOf = (run: Run) =>
      Object.fromEntries(run.steps.filter(isOurs).map(({ name, op }) => [name, op]));
    assert.deepEqual(
      opsOf(await classes.up()),
      Object.fromEntries(declarations.map(({ name }) => [name, "update"])),
    );
    await classes.refresh({ expectNoChanges: true });
    await classes.up({ expectNoChanges: true });
    assert.deepEqual(writesOf(emulator), []);
    const { resources } = (await classes.exportState()).deployment;
    assert.deepEqual(idsIn(resources), ids);
    const entries = resources?.filter(({ outputs = {} }) => "stateEntry" in outputs);
    assert.deepEqual(entries, []);
    for (const secret of [token, key]) assert.equal(classes.stateText().includes(secret), false);
  });
});

describe("A cluster that is unfinished when its stack moves on the real engine", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let classes: TestStack;
  let plugin: YamlStack;

  const program: Declared[] = [
    {
      name: "archive",
      type: "Cluster",
      args: {
        plan: "ADVANCED",
        cloudProvider: "AWS",
        dedicated: {
          regionNodes: { "us-east-1": 3 },
          hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
        },
      },
    },
  ];

  beforeEach(async () => {
    // No time passes, so that the cluster is created when the test says so.
    emulator = await startTestEmulator({ clock: manualClock() });
    classes = await startStack({
      env: environmentFor(emulator),
      program: inTypeScript(program),
    });
    plugin = await startYaml(inYaml(program), emulator);
  });
  afterEach(async () => {
    classes?.close();
    plugin?.close();
    await closeTestEmulators();
  });

  /** Presses Ctrl-C as soon as the cluster exists. */
  function atCreation(interrupt: () => void): void {
    const when = () => {
      const isThere = emulator.clusters.list().length > 0;
      if (isThere) interrupt();
      return isThere;
    };
    emulator.faults.add("*", { delayMs: 0, when });
  }

  const clusterIn = (state: State) => state.deployment.resources?.find(isOurs);

  /** Finishes the cluster, and asserts that the run of the other kind has adopted that one. */
  async function assertFinished(run: () => Promise<unknown>, state: () => Promise<State>) {
    const before = clusterIn(await state());
    const [cluster] = emulator.clusters.list();
    assert.ok(cluster);
    assert.equal(before?.id, cluster.id);
    assert.equal(before.initErrors?.length, 1);
    emulator.clusters.finish(cluster.id);
    await run();
    const after = clusterIn(await state());
    assert.deepEqual([after?.id, after?.initErrors], [cluster.id, undefined]);
    assert.equal(after?.outputs?.["state"], "CREATED");
    const [finished, ...others] = emulator.clusters.list();
    assert.deepEqual([finished?.labels, others], [{}, []]);
  }

  it("is finished by the plugin where the classes have begun it", async () => {
    const interruption = new AbortController();
    atCreation(() => interruption.abort());
    await classes.up({ expect: "failure", signal: interruption.signal });
    await plugin.importState(await classes.exportState());
    await assertFinished(() => plugin.pulumi("up", "--yes", "--skip-preview"), plugin.exportState);
  });

  it("is finished by the classes where the plugin has begun it", async () => {
    const run = plugin.start("up", "--yes", "--skip-preview");
    atCreation(() => run.child.kill("SIGINT"));
    assert.notEqual((await run.ended).code, 0);
    await classes.importState(await plugin.exportState());
    await assertFinished(() => classes.up(), classes.exportState);
  });
});

describe("A stack of the bridged provider that moves to the provider plugin", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: YamlStack;
  let old: readonly StateResource[];

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
    stack = await startYaml(inYaml(program), emulator);
    const { deployment, ...rest } = await stack.exportState();
    old = put(emulator);
    await stack.importState({ ...rest, deployment: { ...deployment, resources: [...old] } });
    emulator.requests.clear();
  });
  after(async () => {
    stack?.close();
    await closeTestEmulators();
  });

  const ours = async () => ((await stack.exportState()).deployment.resources ?? []).filter(isOurs);

  it("adopts every object with an update that writes nothing", async () => {
    const { stdout } = await stack.pulumi("up", "--yes", "--skip-preview");
    assert.match(stdout, new RegExp(`~ ${program.length} updated`));
    assert.doesNotMatch(stdout, /(replaced|created|deleted)$/m);
    assert.deepEqual(writesOf(emulator), []);
    const before = old.filter(({ type }) => type.startsWith("cockroach:"));
    const idsOf = (resources: readonly StateResource[]) =>
      resources.map(({ urn, id }) => `${nameOf(urn)} ${id}`).sort();
    assert.deepEqual(idsOf(await ours()), idsOf(before));
  });

  it("has nothing of the old provider in its entries then, and every password encrypted", async () => {
    for (const { inputs = {}, outputs = {}, type } of await ours()) {
      assert.match(type, /^cockroachdb-cloud:index:/);
      assert.ok("stateEntry" in outputs);
      const names = [...Object.keys(inputs), ...Object.keys(outputs)];
      const foreign = ["id", "operationStatus", "backupConfig"];
      assert.deepEqual(
        names.filter((name) => name.startsWith("__") || foreign.includes(name)),
        [],
      );
    }
    for (const password of [passwordOfProgram, passwordOnlyInState]) {
      assert.equal(stack.stateText().includes(password), false);
    }
  });

  it("stays as it is in the next update and refresh, and goes as a whole", async () => {
    await stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    await stack.pulumi("refresh", "--yes", "--expect-no-changes");
    assert.deepEqual(writesOf(emulator), []);
    await stack.pulumi("destroy", "--yes", "--skip-preview");
    for (const { state } of emulator.clusters.list()) assert.equal(state, "DELETED");
  });
});
