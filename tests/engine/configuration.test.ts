// Where keys come from and where they must not go, and what a resource knows of its place in the program.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import { urnIn } from "../../provider/dynamic/hidden-inputs";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, startTestEmulator } from "../support/emulator";
import type { Run, State, TestStack } from "../support/engine";
import { startStack } from "../support/engine";

const firstKey = "CCDB1_canaryFirst0000000000_f1rstf1rstf1rstf1rstf1rstf1rstf1rstf1rst";
const secondKey = "CCDB1_canarySecond000000000_s3conds3conds3conds3conds3conds3cond";

const basic = (name: string, changes: object = {}): cockroachdb.BasicClusterArgs => ({
  name,
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"] },
  ...changes,
});

class Platform extends pulumi.ComponentResource {
  readonly cluster: cockroachdb.Cluster;

  constructor(name: string, options?: pulumi.ComponentResourceOptions) {
    super("test:index:Platform", name, {}, options);
    this.cluster = new cockroachdb.Cluster(`${name}-cluster`, basic(`${name}-test`), {
      parent: this,
    });
    new cockroachdb.SqlUser(`${name}-app`, { clusterId: this.cluster }, { parent: this });
  }
}

describe("Configuration", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let run: Run;
  let state: State;
  let labels = {};

  before(async () => {
    emulator = await startTestEmulator({
      clock: scaledClock(600),
      organizations: [
        { name: "first", apiKeys: [{ name: "first", secret: firstKey }] },
        { name: "second", apiKeys: [{ name: "second", secret: secondKey }] },
      ],
    });
    stack = await startStack({
      // No variable of the environment: the stack's configuration is the only place of a key.
      config: {
        "cockroachdb-cloud:apiKey": { value: firstKey, secret: true },
        "cockroachdb-cloud:serverUrl": { value: emulator.url },
      },
      program: async () => {
        const second = new cockroachdb.Provider("second", {
          apiKey: secondKey,
          serverUrl: emulator.url,
        });
        new cockroachdb.Cluster("ours", basic("ours-test", { labels }));
        new cockroachdb.Cluster("theirs", basic("theirs-test"), { provider: second });
        new Platform("platform");
        new Platform("abroad", { providers: [second] });
      },
    });
    run = await stack.up();
    state = await stack.exportState();
  });
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  const inOrganization = (index: number) =>
    (emulator.organizations[index]?.clustersIn("root") ?? []).map(({ name }) => name).sort();

  it("of the stack is enough as the only place of a key", () => {
    assert.deepEqual(inOrganization(0), ["ours-test", "platform-test"]);
  });

  it("of an explicit provider reaches another organization, also through a component", () => {
    assert.deepEqual(inOrganization(1), ["abroad-test", "theirs-test"]);
  });

  it("serves the parts of a cluster beside it in a component too", () => {
    for (const name of ["platform", "abroad"]) {
      const { id = "" } = emulator.clusters.find(`${name}-test`) ?? {};
      assert.deepEqual(emulator.sqlUsers.list(id), [`${name}-app`]);
    }
  });

  it("is not mixed up between the two", () => {
    for (const { key, body, method } of emulator.requests) {
      const name = method === "POST" ? (body as { name: string }).name : undefined;
      if (name === "ours-test") assert.equal(key, "first");
      if (name === "theirs-test") assert.equal(key, "second");
    }
    assert.deepEqual([...new Set(emulator.requests.map(({ key }) => key))].sort(), [
      "first",
      "second",
    ]);
  });

  it("names the explicit provider whose key is refused, inside components too", async () => {
    const times = Number.POSITIVE_INFINITY;
    emulator.faults.add("*", { status: 401, message: "invalid API key", times });
    const refused = await stack.refresh({ expect: "failure" });
    emulator.faults.clear();
    const reported = (name: string) => refused.messagesOf(name).join();
    for (const name of ["theirs", "abroad-cluster", "abroad-app"]) {
      assert.match(
        reported(name),
        /the apiKey that the explicit Provider "second" of this resource/,
      );
    }
    assert.doesNotMatch(reported("ours"), /explicit/);
  });

  it("gives every cluster the URN that the engine gives it, inside components too", () => {
    const clusters = (state.deployment.resources ?? []).filter(({ type }) =>
      type.endsWith(":Cluster"),
    );
    assert.equal(clusters.length, 4);
    for (const { urn, inputs } of clusters) assert.equal(urnIn(inputs ?? {}), urn);
    assert.deepEqual(
      clusters.filter(({ urn }) => urn.includes("Platform$")).map(({ urn }) => urn.split("::")[2]),
      Array(2).fill("test:index:Platform$pulumi-nodejs:dynamic/cockroachdb-cloud:Cluster"),
    );
  });

  it("shows progress on the line of a cluster inside a component", () => {
    const lines = run.messages.filter(
      ({ urn, ephemeral }) => ephemeral && urn?.includes("Platform$"),
    );
    assert.ok(lines.length > 0);
  });

  it("keeps keys out of the state, the export and everything that is printed", async () => {
    labels = { team: "payments" };
    const preview = await stack.preview({ diff: true });
    const shown = await stack.pulumi("stack", "export");
    const everything = [
      stack.stateText(),
      shown,
      ...[run, preview].flatMap(({ stdout, stderr, events }) => [
        stdout,
        stderr,
        // What Pulumi's own SDK says for debugging holds every property in plain text.
        JSON.stringify(
          events.filter(({ diagnosticEvent }) => String(diagnosticEvent?.severity) !== "debug"),
        ),
      ]),
    ].join("\n");
    for (const key of [firstKey, secondKey]) {
      assert.ok(!everything.includes(key));
      assert.ok(!everything.includes(key.slice(-30)));
    }
    assert.match(preview.stdout, /labels: \{\n *\+ team: "payments"/);
  });

  it("is remembered by the stack, so that destroy needs no program", async () => {
    await stack.destroy();
    assert.deepEqual([...inOrganization(0), ...inOrganization(1)], []);
  });
});
