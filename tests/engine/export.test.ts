// What the subcommand `export` writes of thirty clusters: the real engine imports it, and finds nothing to change.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scaledClock } from "../../emulator";
import { runExport } from "../../export/command";
import { encryptable } from "../support/cmek";
import { remove, temporaryFolder, writeFiles } from "../support/consumer";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { TestProgram } from "../support/engine";
import { repository, startProgram } from "../support/engine";
import { saidBy } from "../support/subcommand";
import { passwordNobodyKnows, putThirtyClusters } from "../support/thirty-clusters";
import { writes } from "./requests";

const datadogKey = "0123456789abcdef0123456789abcdef";

describe("An exported organization", function () {
  this.timeout(180_000);

  let emulator: TestEmulator;
  let folder: string;
  let stack: TestProgram;
  let imported: string;

  before(async () => {
    emulator = await startTestEmulator({ rateLimit: "off" });
    putThirtyClusters(emulator);
    folder = temporaryFolder();
    writeFiles(folder, {
      "Pulumi.yaml": "name: taken-over\nruntime: nodejs\n",
      "package.json": { name: "taken-over", private: true, main: "index.ts" },
    });
    const env = environmentFor(emulator);
    const { code, error } = await saidBy((output, clock) =>
      runExport(["--out", folder], output, { environment: env, clock }),
    );
    assert.equal(code, 0, error);
    emulator.requests.clear();
    stack = await startProgram({ directory: folder, env });
    imported = (
      await stack.pulumi(
        ...["import", "--file", "import.json", "--generate-code=false", "--protect=false"],
        ...["--yes", "--skip-preview"],
      )
    ).stdout;
  });
  after(async () => {
    stack?.close();
    remove(folder);
    await closeTestEmulators();
  });

  it("comes from a subcommand of the package's command", () => {
    const command = [join(repository, "dist", "cli.js"), "export", "--out", folder];
    const { status, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /index\.ts already exists, and nothing was written/);
  });

  it("is imported whole, without a request and without a complaint", async () => {
    const { resources = [] } = (await stack.exportState()).deployment;
    const ours = resources.filter(({ type }) => type.includes("cockroachdb-cloud:"));
    const { resources: entries } = JSON.parse(readFileSync(join(folder, "import.json"), "utf8"));
    assert.equal(ours.length, entries.length);
    assert.equal(emulator.requests.length, 0);
    assert.doesNotMatch(imported, /fail|error|invalid/i);
  });

  it("shows no change in the first update, nor in the refresh that follows", async () => {
    await stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    assert.equal(emulator.requests.length, 0);
    await stack.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    assert.notEqual(emulator.requests.length, 0);
    assert.deepEqual(writes(emulator), []);
  });

  it("is in state as if this package had made it", async () => {
    const { resources = [] } = (await stack.exportState()).deployment;
    for (const { type, urn, inputs = {}, outputs = {} } of resources) {
      if (!type.includes("cockroachdb-cloud:")) continue;
      assert.match(outputs["__provider"], /pulumi-cockroachdb-cloud.*\/provider\//);
      assert.equal(outputs["__provider"], inputs["__provider"]);
      assert.ok("ciphertext" in (outputs["__inputs"] ?? { ciphertext: "" }), `__inputs of ${urn}`);
      assert.ok(Array.isArray(outputs["__asked"]), urn);
    }
    assert.equal(stack.stateText().includes(passwordNobodyKnows), false);
  });
});

describe("An exported secret that the API does not return", function () {
  this.timeout(120_000);

  it("comes from the configuration of the stack, and is sent once by the first update", async () => {
    const emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
    const folder = temporaryFolder();
    const env = environmentFor(emulator);
    const { id } = encryptable(emulator, { name: "orders-1", regions: ["us-east-1"] });
    emulator.metricExports.set(id, "datadog", { site: "EU1", api_key: datadogKey });
    writeFiles(folder, {
      "Pulumi.yaml": "name: exported\nruntime: nodejs\n",
      "package.json": { name: "exported", private: true, main: "index.ts" },
    });
    const options = ["--cluster", "orders-1", "--out", folder];
    const { out } = await saidBy((output, clock) =>
      runExport(options, output, { environment: env, clock }),
    );
    const [, key = ""] = /config set --secret (\w+)/.exec(out) ?? [];
    const stack = await startProgram({ directory: folder, env });
    try {
      await stack.pulumi("config", "set", "--secret", key, datadogKey);
      await stack.pulumi(
        ...["import", "--file", "import.json", "--generate-code=false", "--protect=false"],
        ...["--yes", "--skip-preview"],
      );
      await stack.pulumi("up", "--yes", "--skip-preview");
      const sent = emulator.requests.filter(({ method }) => method !== "GET");
      assert.deepEqual(
        sent.map(({ operation }) => operation),
        ["EnableDatadogMetricExport"],
      );
      await stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
      assert.equal(stack.stateText().includes(datadogKey), false);
    } finally {
      stack.close();
      remove(folder);
      await closeTestEmulators();
    }
  });
});
