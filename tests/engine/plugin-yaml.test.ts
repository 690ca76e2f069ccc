// Programs in YAML on the real engine: the provider plugin as users of other languages meet it.
import assert from "node:assert/strict";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, startTestEmulator } from "../support/emulator";
import type { StateResource } from "../support/engine";
import type { YamlProgram, YamlStack } from "../support/yaml-program";
import { startYaml } from "../support/yaml-program";
import { writes } from "./requests";

const cluster = (properties: object = {}) => ({
  type: "cockroachdb-cloud:index:Cluster",
  properties: {
    plan: "STANDARD",
    cloudProvider: "GCP",
    serverless: { regions: ["us-central1"], usageLimits: { provisionedVirtualCpus: 2 } },
    ...properties,
  },
});

const user = (properties: object = {}) => ({
  type: "cockroachdb-cloud:index:SqlUser",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of YAML
  properties: { clusterId: "${orders.id}", ...properties },
});

const canary = "canary-7f3a9c51d2e84b60";

const program: YamlProgram = {
  config: { token: { type: "string", secret: true } },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of YAML
  resources: { orders: cluster({ labels: { token: "${token}" } }), app: user() },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of YAML
  outputs: { password: "${app.password}" },
};

describe("A program in YAML", function () {
  this.timeout(180_000);

  let emulator: TestEmulator;
  let stack: YamlStack;

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(600) });
    stack = await startYaml(program, emulator);
    await stack.pulumi("config", "set", "--secret", "token", canary);
  });

  after(async () => {
    stack?.close();
    await closeTestEmulators();
  });

  const stateOf = async (name: string): Promise<StateResource> => {
    const { deployment } = await stack.exportState();
    const found = deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`));
    assert.ok(found, `${name} is in state`);
    return found;
  };

  it("previews what it would create without a request", async () => {
    const { stdout } = await stack.pulumi("preview", "--diff");
    assert.match(stdout, /\+ cockroachdb-cloud:index:Cluster: \(create\)/);
    assert.match(stdout, /clusterId: \[unknown\]/);
    assert.doesNotMatch(stdout, new RegExp(canary));
    assert.equal(emulator.requests.length, 0);
  });

  it("creates a cluster and its user, and encrypts nothing but the secrets", async () => {
    await stack.pulumi("up", "--yes", "--skip-preview");
    assert.equal(emulator.clusters.list().length, 1);
    assert.doesNotMatch(stack.stateText(), new RegExp(canary));
    const { inputs, outputs } = await stateOf("orders");
    assert.deepEqual(Object.keys(inputs?.["labels"].token), [
      "4dabf18193072939515e22adb298388d",
      "ciphertext",
    ]);
    assert.equal(outputs?.["plan"], "STANDARD");
    const app = await stateOf("app");
    assert.equal(app.inputs?.["name"], "app", "the name is that of the resource");
    const names = [outputs, app.inputs, app.outputs].flatMap((one) => Object.keys(one ?? {}));
    assert.deepEqual(
      names.filter((name) => name.startsWith("__")),
      [],
    );
  });

  it("has nothing to do afterwards, and sends nothing", async () => {
    const before = emulator.requests.length;
    const { stdout } = await stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    assert.match(stdout, /3 unchanged/);
    assert.equal(emulator.requests.length, before);
  });

  it("marks in the preview which property replaces the cluster", async () => {
    const serverless = { regions: ["us-east1"], usageLimits: { provisionedVirtualCpus: 4 } };
    stack.write({ ...program, resources: { orders: cluster({ serverless }), app: user() } });
    const { stdout } = await stack.pulumi("preview", "--json", "--diff");
    const { steps } = JSON.parse(stdout) as {
      steps: { op: string; urn: string; detailedDiff: Record<string, { kind: string }> | null }[];
    };
    const replaced = steps.find(({ op, urn }) => op === "replace" && urn.endsWith("::orders"));
    const kinds = Object.entries(replaced?.detailedDiff ?? {}).map(([path, { kind }]) => [
      path,
      kind,
    ]);
    assert.deepEqual(Object.fromEntries(kinds), {
      "serverless.regions": "update-replace",
      "serverless.usageLimits": "update",
    });
  });

  it("changes a cluster in place", async () => {
    const serverless = { regions: ["us-central1"], usageLimits: { provisionedVirtualCpus: 4 } };
    stack.write({ ...program, resources: { orders: cluster({ serverless }), app: user() } });
    const before = writes(emulator).length;
    await stack.pulumi("up", "--yes", "--skip-preview");
    const name = (await stateOf("orders")).outputs?.["name"];
    assert.deepEqual(writes(emulator).slice(before), [
      `PATCH ${name} {"serverless":{"usage_limits":{"provisioned_virtual_cpus":"4"}}}`,
    ]);
  });

  it("reads everything in a refresh, finds no drift, and then deletes it", async () => {
    const { stdout } = await stack.pulumi("refresh", "--yes");
    assert.match(stdout, /3 unchanged/);
    await stack.pulumi("destroy", "--yes");
    assert.deepEqual(
      emulator.clusters.list().map(({ state }) => state),
      ["DELETED"],
    );
  });
});
