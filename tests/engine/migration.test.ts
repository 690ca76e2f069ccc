// A stack of the bridged provider, @pulumiverse/cockroach 0.9.4, whose program now uses this package.
import assert from "node:assert/strict";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import { urnIn } from "../../provider/dynamic/hidden-inputs";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { Run, State, StateResource, TestStack } from "../support/engine";
import { nameOf, startStack } from "../support/engine";
import { clusters, passwordOfProgram, passwordOnlyInState, program, put } from "./bridged-stack";
import { inTypeScript } from "./declared-program";
import { writes } from "./requests";

describe("A stack of the bridged provider", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let old: readonly StateResource[];

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
    stack = await startStack({
      env: environmentFor(emulator),
      program: inTypeScript(program),
    });
    old = put(emulator);
    const { deployment, ...rest } = await stack.exportState();
    await stack.importState({
      ...rest,
      deployment: { ...deployment, resources: [...old] },
    });
    emulator.requests.clear();
  });
  after(async () => {
    stack?.close();
    await closeTestEmulators();
  });

  const bridged = () => old.filter(({ type }) => type.startsWith("cockroach:"));

  /** What a run does to each resource of the old state. */
  function opsOf(run: Run): Record<string, string[]> {
    return Object.fromEntries(
      bridged().map(({ urn }) => {
        const name = nameOf(urn);
        return [name, run.stepsOf(name).map(({ op }) => op)];
      }),
    );
  }

  const updateOfEach = () =>
    Object.fromEntries(bridged().map(({ urn }) => [nameOf(urn), ["update"]]));

  it("has each of the seven kinds, and clusters of each plan", () => {
    assert.equal(new Set(bridged().map(({ type }) => type)).size, 7);
    assert.equal(bridged().length, 10);
  });

  it("previews an update of each resource and no replacement, without a request", async () => {
    assert.deepEqual(opsOf(await stack.preview()), updateOfEach());
    assert.equal(emulator.requests.length, 0);
  });

  it("fails the preview with the property where the program would replace something", async () => {
    stack.program = async () => {
      new cockroachdb.Cluster("web", {
        name: "web-test",
        plan: "BASIC",
        cloudProvider: "GCP",
        serverless: { regions: ["us-east1"] },
      });
    };
    const run = await stack.preview({ expect: "failure" });
    stack.program = inTypeScript(program);
    assert.match(
      run.messagesOf("web").join(),
      /serverless\.regions is \["us-central1"\] but the program has \["us-east1"\]\. Moving to this provider replaces nothing/,
    );
  });

  it("moves over without a write", async () => {
    assert.deepEqual(opsOf(await stack.up()), updateOfEach());
    assert.deepEqual(writes(emulator), []);
  });

  it("has then the types, ids and text of this package and nothing of the old one", async () => {
    const { resources = [] } = (await stack.exportState()).deployment;
    for (const { id, urn: oldUrn } of bridged()) {
      const name = nameOf(oldUrn);
      const found = resources.filter(({ urn }) => nameOf(urn) === name);
      assert.equal(found.length, 1, name);
      const [resource] = found;
      assert.match(resource?.type ?? "", /^pulumi-nodejs:dynamic\/cockroachdb-cloud:/);
      assert.equal(resource?.id, id);
      const { outputs = {}, inputs = {} } = resource ?? {};
      assert.match(outputs["__provider"], /pulumi-cockroachdb-cloud.*\/provider\//);
      assert.equal(outputs["__provider"], inputs["__provider"]);
      assert.equal(urnIn(outputs), resource?.urn);
      const foreign = ["__meta", "__defaults", "id", "operationStatus", "backupConfig"];
      assert.deepEqual(
        foreign.filter((key) => key in outputs || key in inputs),
        [],
      );
    }
    const outputsOf = (name: string) =>
      resources.find(({ urn }) => nameOf(urn) === name)?.outputs ?? {};
    assert.equal(outputsOf("ledger")["name"], "ledger-80b3c4f");
    assert.equal(outputsOf("ledger")["serverless"].primaryRegion, "us-east1");
    assert.equal(outputsOf("vault")["dedicated"].networkVisibility, "PRIVATE");
    assert.equal(outputsOf("keys")["status"], "ENABLED");
    assert.equal(outputsOf("window")["offsetDuration"], "172800s");
    assert.equal(outputsOf("deferral")["deferralPolicy"], "DEFERRAL_60_DAYS");
    assert.equal(outputsOf("office")["name"], "office-3f1c0de");
    assert.equal(outputsOf("shop")["name"], "shop");
  });

  it("keeps each password as a secret, also one that the program no longer says", async () => {
    const text = stack.stateText();
    for (const password of [passwordOfProgram, passwordOnlyInState]) {
      assert.equal(text.includes(password), false);
    }
    const shown = JSON.parse(await stack.pulumi("stack", "export", "--show-secrets")) as State;
    const passwordOf = (name: string) =>
      shown.deployment.resources?.find(({ urn }) => nameOf(urn) === name)?.outputs?.["password"];
    const secret = (password: string) => ({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: JSON.stringify(password),
    });
    assert.deepEqual(passwordOf("app"), secret(passwordOfProgram));
    assert.deepEqual(passwordOf("worker"), secret(passwordOnlyInState));
  });

  it("stays as it is in the next update and refresh, and goes as a whole", async () => {
    await stack.up({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
    assert.deepEqual(writes(emulator), []);
    await stack.destroy();
    const names = Object.values(clusters).map(({ name }) => name);
    const deletions = emulator.requests.filter(({ operation }) => operation === "DeleteCluster");
    assert.equal(deletions.length, names.length);
    for (const name of names) assert.equal(emulator.clusters.find(name)?.state, "DELETED");
  });
});
