// One stack with a cluster of every plan, through its whole life.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import { javascriptProject, remove, temporaryFolder, writeFiles } from "../support/consumer";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, startTestEmulator } from "../support/emulator";
import type { Run, TestStack } from "../support/engine";
import { startProgram, startStack } from "../support/engine";
import { writes, writesOf } from "./requests";

const orders: cockroachdb.BasicClusterArgs = {
  name: "orders-test",
  plan: "BASIC",
  cloudProvider: "GCP",
  labels: { team: "payments" },
  serverless: { regions: ["us-central1"], usageLimits: { requestUnitLimit: 1_000_000 } },
};
const ledger: cockroachdb.StandardClusterArgs = {
  name: "ledger-test",
  plan: "STANDARD",
  cloudProvider: "AWS",
  serverless: { regions: ["us-east-1"], usageLimits: { provisionedVirtualCpus: 4 } },
};
const archive: cockroachdb.AdvancedClusterArgs = {
  name: "archive-test",
  plan: "ADVANCED",
  cloudProvider: "AWS",
  deleteProtection: true,
  dedicated: {
    regionNodes: { "us-east-1": 3 },
    hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
  },
};

/** Writes down which processes start, and where each of them connects to, by whatever means. */
const notingConnections = `const { appendFileSync } = require("node:fs");
const { Socket } = require("node:net");
const { basename, dirname } = require("node:path");
const command = basename(dirname(process.argv[1] ?? ""));
const note = (what) => appendFileSync(process.env.NOTED, command + " " + what + "\\n");
const { connect } = Socket.prototype;
note("starts");
Socket.prototype.connect = function (...args) {
  const [{ host, path }] = args.flat();
  note("connects to " + (host ?? path));
  return connect.apply(this, args);
};
`;

describe("A stack with a cluster of every plan", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let args: Record<"orders" | "ledger" | "archive", cockroachdb.ClusterArgs>;

  const program = async () => {
    const all = Object.entries(args).map(([name, arg]) => new cockroachdb.Cluster(name, arg));
    const [first] = all;
    assert.ok(first);
    return { url: first.connectionUrl({ user: "app", password: "swordfish" }), id: first.id };
  };

  /** Runs and reports what was asked of the API meanwhile. */
  async function watched(run: Promise<Run>): Promise<Run & { requests: number; writes: string[] }> {
    emulator.requests.clear();
    const result = await run;
    return { ...result, requests: emulator.requests.length, writes: writes(emulator) };
  }

  const idOf = (name: string) => {
    const found = emulator.clusters.find(name);
    assert.ok(found);
    return found.id;
  };

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(400) });
    args = { orders, ledger, archive };
    stack = await startStack({ program });
  });
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  describe("before there is a key", () => {
    it("is previewed without a credential and without a connection, as in a fork's pull request", async () => {
      const directory = temporaryFolder();
      writeFiles(directory, {
        ...javascriptProject("fork"),
        "index.js": `const cockroachdb = require("pulumi-cockroachdb-cloud");
for (const [name, args] of Object.entries(${JSON.stringify(args)})) new cockroachdb.Cluster(name, args);
`,
        "connections.cjs": notingConnections,
      });
      const noted = join(directory, "connections.txt");
      const fork = await startProgram({
        directory,
        env: { NODE_OPTIONS: `--require ${join(directory, "connections.cjs")}`, NOTED: noted },
      });
      try {
        assert.deepEqual(
          Object.keys(fork.env).filter((name) => name.startsWith("COCKROACH_")),
          [],
        );
        const { stdout } = await fork.pulumi("preview");
        for (const name of Object.keys(args))
          assert.match(stdout, new RegExp(`Cluster ${name} create`));
        // The stack itself is the fourth.
        assert.match(stdout, /^Resources:\n +\+ 4 to create\n\n/m);
        const lines = readFileSync(noted, "utf8").split("\n");
        for (const name of ["run", "dynamic-provider"]) assert.ok(lines.includes(`${name} starts`));
        // Program and provider talk to the engine, the provider for its notes; neither talks to anything else.
        assert.deepEqual(
          [...new Set(lines.filter((line) => line.includes(" connects to ")))].sort(),
          ["dynamic-provider connects to 127.0.0.1", "run connects to 127.0.0.1"],
        );
      } finally {
        fork.close();
        remove(directory);
      }
    });

    it("fails to come up with one sentence that names the three ways to give a key", async () => {
      const run = await stack.up({ expect: "failure" });
      const messages = Object.keys(args).flatMap((name) => run.messagesOf(name));
      assert.match(
        messages.find((text) => text.includes("API key")) ?? "",
        /There is no API key .*pulumi config set --secret cockroachdb-cloud:apiKey.*COCKROACH_API_KEY.*explicit Provider/,
      );
      assert.equal(
        (await stack.exportState()).deployment.resources?.filter(({ id }) => id).length,
        1,
      );
    });
  });

  describe("coming up", () => {
    let run: Awaited<ReturnType<typeof watched>>;

    before(async () => {
      stack.setVariable("COCKROACH_API_KEY", emulator.apiKey);
      stack.setVariable("COCKROACH_SERVER", emulator.url);
      run = await watched(stack.up());
    });

    it("makes each cluster with one POST and takes its mark off with one PATCH", () => {
      for (const { name } of Object.values(args)) {
        const [post, patch, ...others] = writesOf(emulator, String(name));
        assert.equal(post, `POST ${name}`);
        assert.match(patch ?? "", /^PATCH \S+ \{"labels":\{("team":"payments")?\}\}$/);
        assert.deepEqual(others, []);
      }
      assert.deepEqual(
        emulator.clusters.list().map(({ state }) => state),
        ["CREATED", "CREATED", "CREATED"],
      );
      assert.deepEqual(
        emulator.requests.filter(({ throttled }) => throttled),
        [],
      );
    });

    it("shows on the line of the Advanced cluster how its nodes come up", () => {
      const progress = run.messages.filter(
        ({ urn, ephemeral }) => urn?.endsWith("::archive") && ephemeral,
      );
      assert.match(
        progress[0]?.text ?? "",
        /^CREATING · [0-3] of 3 nodes · \d+ s · usually 20 to 30 min$/,
      );
    });

    it("has a secret connection URL as an output", async () => {
      const { url } = await stack.stack.outputs();
      assert.equal(url?.secret, true);
      assert.match(String(url?.value), /^postgresql:\/\/app:swordfish@.*:26257\/defaultdb\?/);
      assert.doesNotMatch(run.stdout, /swordfish/);
    });

    it("keeps neither the key nor the password in state or output", async () => {
      assert.doesNotMatch(stack.stateText(), /swordfish/);
      assert.ok(!stack.stateText().includes(emulator.apiKey));
      assert.ok(!(run.stdout + run.stderr).includes(emulator.apiKey));
    });

    it("is followed by an update and a preview that do nothing and ask nothing", async () => {
      const up = await watched(stack.up({ expectNoChanges: true }));
      assert.deepEqual([...new Set(up.steps.map(({ op }) => op))], ["same"]);
      const preview = await watched(stack.preview({ expectNoChanges: true }));
      assert.deepEqual([up.requests, preview.requests], [0, 0]);
    });

    it("is followed by a refresh that finds nothing, with one list for all clusters", async () => {
      const run = await watched(stack.refresh({ expectNoChanges: true }));
      assert.equal(run.requests, 1);
    });
  });

  describe("when it drifts", () => {
    let run: Run;
    let nightly: Run;

    before(async () => {
      emulator.clusters.edit(idOf("orders-test"), { labels: { team: "storage" } });
      emulator.clusters.edit(idOf("ledger-test"), {
        usageLimits: { provisioned_virtual_cpus: "8" },
      });
      emulator.clusters.edit(idOf("archive-test"), { deleteProtection: "DISABLED" });
      const before_ = stack.stateText();
      nightly = await stack.preview({ refresh: true, expectNoChanges: true, expect: "failure" });
      assert.equal(stack.stateText(), before_);
      run = await stack.refresh();
    });

    it("fails the nightly job, which reports what would be put back and writes nothing", () => {
      assert.match(nightly.stderr, /no changes were expected/);
      for (const name of ["orders", "ledger", "archive"]) {
        assert.deepEqual(nightly.stepsOf(name).at(-1)?.op, "update");
      }
    });

    const changed: Record<string, Record<string, string>> = {
      orders: { "labels.team": "update" },
      ledger: { "serverless.usageLimits.provisionedVirtualCpus": "update" },
      archive: { deleteProtection: "update" },
    };
    for (const [name, diff] of Object.entries(changed)) {
      it(`reports exactly what has changed on ${name}`, () => {
        const [step] = run.events.flatMap(({ resOutputsEvent }) =>
          resOutputsEvent?.metadata.urn.endsWith(`::${name}`) ? [resOutputsEvent.metadata] : [],
        );
        assert.ok(step);
        const found = Object.entries(step.detailedDiff ?? {}).map(([path, { diffKind }]) => [
          path,
          diffKind,
        ]);
        assert.deepEqual(Object.fromEntries(found), diff);
      });
    }

    it("is repaired by the next update with one PATCH for each", async () => {
      const { writes: sent } = await watched(stack.up());
      assert.deepEqual(sent.sort(), [
        'PATCH archive-test {"delete_protection":"ENABLED"}',
        'PATCH ledger-test {"serverless":{"usage_limits":{"provisioned_virtual_cpus":"4"}}}',
        'PATCH orders-test {"labels":{"team":"payments"}}',
      ]);
      const config = emulator.clusters.get(idOf("ledger-test")).config;
      assert.ok("serverless" in config);
      assert.deepEqual(config.serverless.usage_limits, { provisioned_virtual_cpus: "4" });
      await stack.preview({ refresh: true, expectNoChanges: true });
    });

    it("loses a cluster that is deleted behind our back at refresh, and the next update makes a new one", async () => {
      const id = idOf("orders-test");
      emulator.clusters.delete(id);
      await stack.refresh();
      const { resources = [] } = (await stack.exportState()).deployment;
      assert.deepEqual(
        resources.filter((resource) => resource.id === id),
        [],
      );
      const { writes: sent } = await watched(stack.up());
      assert.deepEqual(
        sent.map((line) => line.split(" ").slice(0, 2).join(" ")),
        ["POST orders-test", "PATCH orders-test"],
      );
    });
  });

  describe("changing plans", () => {
    it("shows BASIC to STANDARD as an update of exactly what changes", async () => {
      const { usageLimits: _, ...serverless } =
        orders.serverless as cockroachdb.BasicServerlessArgs;
      args = {
        ...args,
        orders: {
          ...orders,
          plan: "STANDARD",
          serverless: { ...serverless, usageLimits: { provisionedVirtualCpus: 2 } },
        } as unknown as cockroachdb.StandardClusterArgs,
      };
      const run = await watched(stack.preview());
      const [step] = run.stepsOf("orders");
      assert.equal(step?.op, "update");
      assert.deepEqual(step?.detailedDiff, {
        plan: "update",
        "serverless.usageLimits.provisionedVirtualCpus": "add",
        "serverless.usageLimits.requestUnitLimit": "delete",
      });
      assert.match(run.messagesOf("orders").join(), /The plan changes in place/);
      assert.equal(run.requests, 0);
    });

    it("carries it out with one PATCH on the same cluster", async () => {
      const id = idOf("orders-test");
      const run = await watched(stack.up());
      assert.deepEqual(run.writes, [
        'PATCH orders-test {"plan":"STANDARD","serverless":{"usage_limits":{"provisioned_virtual_cpus":"2"}}}',
      ]);
      assert.deepEqual([idOf("orders-test"), emulator.clusters.get(id).plan], [id, "STANDARD"]);
    });

    it("shows STANDARD to ADVANCED as a replacement, with a warning on the line of the cluster", async () => {
      const { serverless: _, customerCloudAccount: __, ...rest } = ledger;
      const before = args;
      args = {
        ...args,
        ledger: {
          ...rest,
          plan: "ADVANCED",
          dedicated: archive.dedicated,
        },
      };
      const run = await watched(stack.preview());
      args = before;
      assert.deepEqual(
        run.stepsOf("ledger").map(({ op }) => op),
        ["delete-replaced", "replace", "create-replacement"],
      );
      const warnings = run.messages.filter(
        ({ severity, urn }) => severity === "warning" && urn?.endsWith("::ledger"),
      );
      assert.deepEqual(
        warnings.map(({ text }) => text),
        [
          'Cluster "ledger-test": Changing plan destroys this cluster with all its data, databases and SQL users. The API cannot move a cluster between shared and dedicated machines: it is replaced by an empty one.',
        ],
      );
      assert.equal(run.requests, 0);
    });

    it("refuses in the preview to replace a cluster with delete protection", async () => {
      const before = args;
      const { dedicated: _, customerCloudAccount: __, ...rest } = archive;
      args = {
        ...args,
        archive: {
          ...rest,
          cloudProvider: "AWS",
          plan: "STANDARD",
          serverless: ledger.serverless,
        },
      };
      const run = await watched(stack.preview({ expect: "failure" }));
      const up = await watched(stack.up({ expect: "failure" }));
      args = before;
      assert.match(
        run.messagesOf("archive").join("\n"),
        /property plan value \{STANDARD\} has a problem: Changing plan from "ADVANCED" to "STANDARD" would destroy cluster "archive-test" and its data, and delete protection is on\. To allow it, first run an update with deleteProtection: false/,
      );
      assert.deepEqual([run.requests, up.requests], [0, 0]);
    });
  });

  describe("going away", () => {
    it("is refused for a cluster with delete protection, and says how to allow it", async () => {
      const run = await stack.destroy({ expect: "failure" });
      assert.match(
        run.messagesOf("archive").join("\n"),
        /deleteProtection: false|delete protection/,
      );
      assert.equal(emulator.clusters.get(idOf("archive-test")).state, "CREATED");
    });

    it("deletes every cluster once the protection is off, and leaves nothing in state", async () => {
      args = { archive: { ...archive, deleteProtection: false } } as unknown as typeof args;
      await stack.up();
      await stack.destroy();
      assert.deepEqual(
        [...new Set(emulator.clusters.list().map(({ state }) => state))],
        ["DELETED"],
      );
      assert.deepEqual((await stack.exportState()).deployment.resources ?? [], []);
    });
  });
});
