// Canaries in every secret place of a stack on the real engine: whatever its runs print and leave on disk reports none.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { scaledClock } from "../../emulator";
import { encryptable } from "../support/cmek";
import { javascriptProject, remove, temporaryFolder, writeFiles } from "../support/consumer";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, startTestEmulator } from "../support/emulator";
import type { Ended, State, TestProgram } from "../support/engine";
import { nameOf, startProgram } from "../support/engine";

/** All share a word, so that a part of one is found too, and whatever else is made of it. */
const word = "canarysings";

const key = (name: string) => `CCDB1_${word}${name}`.padEnd(28, "0") + `_${word}`.padEnd(41, "k");
const environmentKey = key("Environment");
const configurationKey = key("Configuration");
const providerKey = key("Provider");
const rotatedProviderKey = key("RotatedProvider");
const password = `${word}-"passw0rd" <of&the> program`;

/** The secrets of the program, in two editions: every one of them is another in the second. */
const secretsOf = (edition: number) => ({
  password: `${password} ${edition}`,
  label: `${word}-of-the-owner-${edition}`,
  keeper: `${word}-keeper-${edition}`,
  kmsKey: `arn:aws:kms:us-east-1:111122223333:key/${word}-${edition}`,
  office: `${word} office ${edition}`,
});

const program = {
  ...javascriptProject("canaries"),
  "index.js": `
    const pulumi = require("@pulumi/pulumi");
    const cockroachdb = require("pulumi-cockroachdb-cloud");
    const { secret } = pulumi;
    const { CLUSTER_ID: clusterId, EDITION, MORE, OTHER_KEY } = process.env;
    const secrets = ${JSON.stringify([secretsOf(0), secretsOf(1)])}[EDITION];
    const basic = { plan: "BASIC", cloudProvider: "GCP", serverless: { regions: ["us-central1"] } };

    const other = new cockroachdb.Provider("other", { apiKey: OTHER_KEY });
    const reports = new cockroachdb.Cluster("reports", basic, { provider: other });
    const reader = new cockroachdb.SqlUser("reader", { clusterId: reports }, { provider: other });

    const labels = { owner: secret(secrets.label) };
    const orders = new cockroachdb.Cluster("orders", { ...basic, name: "orders-test", labels });
    const app = new cockroachdb.SqlUser("app", { clusterId: orders, keepers: { of: secret(secrets.keeper) } });
    const own = new cockroachdb.SqlUser("own", { clusterId: orders, password: secrets.password });
    const given = new cockroachdb.SqlUser("given", { clusterId, password: secret(secrets.password) });
    if (MORE) new cockroachdb.SqlUser("more", { clusterId, password: secrets.password });
    new cockroachdb.CmekConfig("keys", {
      clusterId,
      regionSpecs: [{
        region: "us-east-1",
        keySpec: {
          type: "AWS_KMS",
          uri: secret(secrets.kmsKey),
          authPrincipal: "arn:aws:iam::111122223333:role/cmek",
        },
      }],
    });
    new cockroachdb.MaintenanceWindow("window", { clusterId, offsetDuration: 0, windowDuration: secret("21600s") });
    new cockroachdb.VersionDeferral("deferral", { clusterId, deferralPolicy: "DEFERRAL_60_DAYS" });
    new cockroachdb.Database("shop", { clusterId: orders, name: "shop" });
    new cockroachdb.AllowlistEntry("office", {
      clusterId, cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false, name: secret(secrets.office),
    });

    exports.url = orders.connectionUrl({ user: app });
    exports.ownUrl = orders.connectionUrl({ user: own, database: "shop" });
    exports.readerUrl = reports.connectionUrl({ user: reader });
    exports.password = given.password;
    exports.labels = orders.labels;
  `,
};

const everything = Number.POSITIVE_INFINITY;

describe("Secrets of a stack", function () {
  this.timeout(300_000);

  let emulator: TestEmulator;
  let stack: TestProgram;
  let source: string;

  before(async () => {
    emulator = await startTestEmulator({
      clock: scaledClock(600),
      organizations: [
        {
          apiKeys: [
            { name: "environment", secret: environmentKey },
            { name: "configuration", secret: configurationKey },
          ],
        },
        {
          apiKeys: [
            { name: "provider", secret: providerKey },
            { name: "rotated provider", secret: rotatedProviderKey },
          ],
        },
      ],
    });
    source = temporaryFolder();
    writeFiles(source, program);
    stack = await startProgram({
      directory: source,
      checkpoints: true,
      env: {
        CLUSTER_ID: encryptable(emulator, { regions: ["us-east-1"] }).id,
        COCKROACH_API_KEY: environmentKey,
        COCKROACH_SERVER: emulator.url,
        EDITION: "0",
        OTHER_KEY: providerKey,
        PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "false",
      },
    });
    await stack.pulumi(
      ...["config", "set", "--secret", "cockroachdb-cloud:apiKey", configurationKey],
    );
  });
  after(async () => {
    stack.close();
    remove(source);
    await closeTestEmulators();
  });

  /** Passwords that the provider has made. */
  const generated = new Set<string>();

  /** What Pulumi reports when it is asked for secrets: each is JSON in a text of its own. */
  async function shownState(): Promise<State> {
    const { stdout } = await stack.pulumi("stack", "export", "--show-secrets");
    return JSON.parse(stdout, (_name, value) => value?.plaintext ?? value) as State;
  }

  async function noteGenerated(): Promise<void> {
    for (const { urn, outputs } of (await shownState()).deployment.resources ?? []) {
      if (["app", "reader"].includes(nameOf(urn))) generated.add(JSON.parse(outputs?.["password"]));
    }
  }

  /** What of a text must not be anywhere, in the spellings in which it could be. */
  function needles(): string[] {
    const texts = [word, ...generated];
    const bare = (text: string) => JSON.stringify(text).slice(1, -1);
    const base64 = (text: string) =>
      [0, 1, 2].map((offset) => {
        const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
        return bytes.toString("base64").slice(offset === 0 ? 0 : 4, -4);
      });
    return texts.flatMap((text) => [text, bare(text), encodeURIComponent(text), ...base64(text)]);
  }

  /**
   * Fails when a secret stands in what was printed, or in a file of the state, of the Pulumi home or of the project.
   * The engine's automatic logs report everything, and are encrypted: they are searched as they stand there.
   */
  function assertSilent({ stdout, stderr }: Pick<Ended, "stdout" | "stderr">): void {
    const folder = dirname(stack.directory);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((file) => file !== join(stack.directory, "index.js"));
    assert.ok(files.some((file) => file.includes("stacks")));
    const found: [string, string][] = files.map((file) => [file, readFileSync(file, "latin1")]);
    for (const [place, text] of [["stdout", stdout], ["stderr", stderr], ...found] as const) {
      for (const needle of needles()) {
        const index = text.indexOf(needle);
        const around = text.slice(Math.max(0, index - 300), index + 100);
        assert.equal(index, -1, `${needle} stands in ${place}:\n${around}`);
      }
    }
  }

  async function silently(...args: string[]): Promise<Ended> {
    const ended = await stack.pulumi(...args);
    assertSilent(ended);
    return ended;
  }

  it("are reported by no preview, not even as JSON", async () => {
    const { stdout } = await silently("preview", "--json");
    assert.match(stdout, /"op": "create"/);
  });

  it("are reported by no creation", async () => {
    const run = await stack.pulumi("up", "--yes", "--diff", "--skip-preview");
    await noteGenerated();
    assert.equal(generated.size, 2);
    assertSilent(run);
    assert.match(run.stdout, /password *: \[secret\]/);
    assert.match(run.stdout, /ownUrl *: \[secret\]/);
    assert.deepEqual([...new Set(emulator.requests.map(({ key: name }) => name))].sort(), [
      "environment",
      "provider",
    ]);
  });

  it("are reported by no failure whose response repeats them, with preview and differences", async () => {
    stack.setVariable("EDITION", "1");
    const { password: sent, label, kmsKey, office } = secretsOf(1);
    for (const [operation, status, text] of [
      ["UpdateCluster", 403, label],
      ["UpdateSQLUserPassword", 400, sent],
      ["UpdateCMEKSpec", 401, kmsKey],
      ["UpdateAllowlistEntry", 409, office],
    ] as const) {
      const message = `Bearer ${environmentKey} may not ${JSON.stringify({ text })} (${text})`;
      emulator.faults.add(operation, { status, message, times: everything });
    }
    const run = stack.start("up", "--yes", "--diff", "--continue-on-error");
    const ended = await run.ended;
    assert.notEqual(ended.code, 0);
    assertSilent(ended);
    for (const status of [400, 401, 403, 409]) {
      const response = `${status} Bearer [redacted] may not {"text":"[redacted]"} ([redacted])`;
      assert.ok((ended.stdout + ended.stderr).includes(response), ended.stderr);
    }
    emulator.faults.clear();
  });

  it("are reported by no update with other keys, nor by one without changes", async () => {
    stack.setVariable("COCKROACH_API_KEY", "");
    stack.setVariable("OTHER_KEY", rotatedProviderKey);
    emulator.requests.clear();
    const run = await stack.pulumi("up", "--yes", "--skip-preview");
    await noteGenerated();
    assert.equal(generated.size, 3);
    assertSilent(run);
    assert.ok(emulator.requests.some(({ key: name }) => name === "configuration"));
    assert.match(run.stdout, /providers:pulumi-nodejs other updated/);
    assert.doesNotMatch(run.stdout, /reports updat/);
    await silently("up", "--yes", "--skip-preview", "--expect-no-changes");
  });

  it("are reported by no refresh, with or without the program", async () => {
    emulator.requests.clear();
    await silently("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    const keys = new Set(emulator.requests.map(({ key: name }) => name));
    assert.deepEqual([...keys].sort(), ["configuration", "rotated provider"]);
    await silently("refresh", "--yes", "--skip-preview", "--run-program", "--expect-no-changes");
  });

  it("are reported by export and outputs only when they are asked for", async () => {
    for (const args of [
      ["export"],
      ["output"],
      ["output", "--json"],
      ["history", "--full-dates"],
    ]) {
      await silently("stack", ...args);
    }
    const { stdout: outputs } = await stack.pulumi("stack", "output", "--json", "--show-secrets");
    const shown = JSON.stringify(await shownState());
    const { label, keeper, kmsKey, office } = secretsOf(1);
    assert.ok(JSON.parse(outputs).ownUrl.includes(encodeURIComponent(secretsOf(1).password)));
    for (const text of [rotatedProviderKey, label, keeper, kmsKey, office]) {
      assert.ok(shown.includes(text), `${text} is in state`);
    }
  });

  it("are reported by nothing that kill -9 leaves", async () => {
    stack.setVariable("MORE", "true");
    const arrived = new Promise<void>((resolve) => {
      const when = () => {
        resolve();
        return true;
      };
      emulator.faults.add("CreateSQLUser", { hang: "before-effect", when });
    });
    const run = stack.start("up", "--yes", "--skip-preview");
    await Promise.race([arrived, run.ended]);
    run.child.kill("SIGKILL");
    const ended = await run.ended;
    assert.equal(ended.signal, "SIGKILL");
    assertSilent(ended);
    const { pending_operations: pending } = (await stack.exportState()).deployment;
    assert.deepEqual(
      pending?.map(({ resource, type }) => [nameOf(resource.urn), type]),
      [["more", "creating"]],
    );
    await silently("cancel", "--yes");
  });

  it("are reported by no destruction", async () => {
    emulator.faults.clear();
    stack.setVariable("MORE", "");
    const { stdout } = await silently("destroy", "--yes", "--skip-preview");
    assert.match(stdout, /SqlUser app deleted.*Cluster orders deleted/s);
  });
});
