// Keys and addresses of programs in YAML on the real engine: in the configuration of the stack, and of explicit providers.
import assert from "node:assert/strict";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, startTestEmulator } from "../support/emulator";
import type { StateResource } from "../support/engine";
import type { YamlProgram, YamlStack } from "../support/yaml-program";
import { startYaml } from "../support/yaml-program";
import { writes } from "./requests";

/** An API key in the form of the service. */
const secretOf = (letter: string) => `CCDB1_${letter.repeat(22)}_${letter.repeat(40)}`;
const keys = {
  first: secretOf("a"),
  "first, rotated": secretOf("b"),
  second: secretOf("c"),
  "second, rotated": secretOf("d"),
  refused: secretOf("e"),
};

const cluster = (name: string, options: object = {}) => ({
  type: "cockroachdb-cloud:index:Cluster",
  properties: {
    name,
    plan: "BASIC",
    cloudProvider: "GCP",
    serverless: { regions: ["us-central1"] },
  },
  ...options,
});

function programOn({ url }: TestEmulator): YamlProgram {
  return {
    config: { secondKey: { type: "string", secret: true } },
    resources: {
      second: {
        type: "pulumi:providers:cockroachdb-cloud",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of YAML
        properties: { apiKey: "${secondKey}", serverUrl: url },
      },
      ours: cluster("ours-test"),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of YAML
      theirs: cluster("theirs-test", { options: { provider: "${second}" } }),
    },
  };
}

describe("The key of a program in YAML", function () {
  this.timeout(180_000);

  let emulator: TestEmulator;
  let stack: YamlStack;

  before(async () => {
    const organization = (name: "first" | "second") => ({
      name,
      apiKeys: [name, `${name}, rotated` as const].map((key) => ({ name: key, secret: keys[key] })),
    });
    emulator = await startTestEmulator({
      clock: scaledClock(600),
      organizations: [organization("first"), organization("second")],
    });
    // No variable of the environment: the stack's configuration is the only place of a key.
    stack = await startYaml(programOn(emulator), emulator, {
      COCKROACH_SERVER: "",
      COCKROACH_API_KEY: "",
    });
    await stack.pulumi("config", "set", "cockroachdb-cloud:serverUrl", emulator.url);
    await setKeys("first", "second");
  });
  after(async () => {
    stack?.close();
    await closeTestEmulators();
  });

  async function setKeys(first: keyof typeof keys, second: keyof typeof keys): Promise<void> {
    await stack.pulumi("config", "set", "--secret", "cockroachdb-cloud:apiKey", keys[first]);
    await stack.pulumi("config", "set", "--secret", "secondKey", keys[second]);
  }

  /** By name: the state lists independent resources as they were written last. */
  const clusters = async (): Promise<StateResource[]> =>
    ((await stack.exportState()).deployment.resources ?? [])
      .filter(({ type }) => type.endsWith(":Cluster"))
      .sort((a, b) => a.urn.localeCompare(b.urn));
  const usedKeys = () => [...new Set(emulator.requests.map(({ key }) => key))].sort();

  it("comes from the configuration of the stack, and from an explicit provider for another organization", async () => {
    await stack.pulumi("up", "--yes", "--skip-preview");
    const namesIn = (index: number) =>
      emulator.organizations[index]?.clustersIn("root").map(({ name }) => name);
    assert.deepEqual([namesIn(0), namesIn(1)], [["ours-test"], ["theirs-test"]]);
    assert.deepEqual(usedKeys(), ["first", "second"]);
  });

  it("replaces and writes nothing when it is another one, which the next refresh uses", async () => {
    const before = (await clusters()).map(({ id }) => id);
    await setKeys("first, rotated", "second, rotated");
    emulator.requests.clear();
    const { stdout } = await stack.pulumi("preview", "--diff");
    assert.doesNotMatch(stdout, /replace|delete|create/);
    await stack.pulumi("up", "--yes", "--skip-preview");
    assert.deepEqual(
      (await clusters()).map(({ id }) => id),
      before,
    );
    await stack.pulumi("refresh", "--yes", "--expect-no-changes");
    assert.deepEqual(usedKeys(), ["first, rotated", "second, rotated"]);
    assert.deepEqual(writes(emulator), []);
  });

  it("is named with its provider when it is refused", async () => {
    await setKeys("refused", "refused");
    await stack.pulumi("up", "--yes", "--skip-preview");
    const { code, stdout } = await stack.start("refresh", "--yes").ended;
    assert.notEqual(code, 0);
    const reported = (name: string) =>
      stdout.slice(stdout.indexOf(`cockroachdb-cloud:index:Cluster (${name}):`)).split("\n\n")[0];
    assert.match(reported("ours") ?? "", /401 .* cockroachdb-cloud:apiKey/);
    assert.match(reported("theirs") ?? "", /the apiKey that the explicit Provider "second"/);
    assert.doesNotMatch(reported("ours") ?? "", /explicit/);
    await setKeys("first", "second");
  });

  it("is in no state and in nothing that is printed", async () => {
    const shown = await stack.pulumi("preview", "--diff");
    const exported = await stack.pulumi("stack", "export");
    const everything = [stack.stateText(), shown.stdout, shown.stderr, exported.stdout].join();
    for (const key of Object.values(keys)) assert.equal(everything.includes(key), false);
  });

  it("is refused with the spelling of its name in the configuration of the stack", async () => {
    await stack.pulumi("config", "set", "--secret", "cockroachdb-cloud:apikey", keys.first);
    const { code, stdout } = await stack.start("preview").ended;
    assert.notEqual(code, 0);
    assert.match(stdout, /apikey.* is not an argument here\. Did you mean apiKey\?/);
    assert.equal(stdout.includes(keys.first), false);
  });
});
