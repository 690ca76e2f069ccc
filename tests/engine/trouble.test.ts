// Bad arguments, keys, networks and services, as the user of the real engine meets them.
import assert from "node:assert/strict";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import type { Clock } from "../../emulator";
import { realClock, scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { Run, StateResource, TestStack } from "../support/engine";
import { startStack } from "../support/engine";
import { writes } from "./requests";

const basic = (changes: object = {}): cockroachdb.BasicClusterArgs => ({
  name: "orders-test",
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"], withEmptyIpAllowlist: true },
  ...changes,
});
const advanced = (changes: object = {}): cockroachdb.AdvancedClusterArgs => ({
  name: "archive-test",
  plan: "ADVANCED",
  cloudProvider: "AWS",
  dedicated: {
    regionNodes: { "us-east-1": 3 },
    hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
  },
  ...changes,
});

describe("Trouble", function () {
  this.timeout(120_000);

  const open: TestStack[] = [];

  async function cloud(clock: Clock = scaledClock(600)): Promise<TestEmulator> {
    return await startTestEmulator({ clock, rateLimit: "off" });
  }

  async function stackOf(
    emulator: TestEmulator,
    program: PulumiFn,
    env: Record<string, string> = {},
  ): Promise<TestStack> {
    const stack = await startStack({
      env: { ...environmentFor(emulator), ...env },
      program,
    });
    open.push(stack);
    return stack;
  }

  async function clusterIn(stack: TestStack): Promise<StateResource | undefined> {
    const { resources = [] } = (await stack.exportState()).deployment;
    return resources.find(({ type }) => type.endsWith(":Cluster"));
  }

  afterEach(async () => {
    for (const stack of open.splice(0)) stack.close();
    await closeTestEmulators();
  });

  /** What the engine prints of check failures: property and reason. */
  function failuresOf(run: Run, name: string): [string, string][] {
    return run.messagesOf(name).flatMap((message) => {
      const found = /: property (.+) value \{.* has a problem: ([\s\S]*)$/.exec(
        message.replace(/\n/g, " "),
      );
      return [[found?.[1] ?? "", found?.[2] ?? message]];
    });
  }

  describe("in the arguments", () => {
    it("is shown in the preview, all at once, each on its property, without a request", async () => {
      const emulator = await cloud();
      const wrong = basic({
        name: "orders-🎈",
        labels: { team: 1, "no caps": "Payments", fine: "fine" },
        deleteProtection: "yes",
        serverles: { regions: ["us-central1"] },
        serverless: {
          regions: ["us-central1", "us-east1"],
          usageLimits: {
            requestUnitLimit: "1000000",
            storageMibLimit: 0,
            provisionedVirtualCpus: Number.NaN,
          },
        },
      });
      const stack = await stackOf(emulator, async () => {
        new cockroachdb.Cluster("orders", wrong);
      });
      const run = await stack.preview({ expect: "failure" });
      const properties = failuresOf(run, "orders").map(([property]) => property);
      for (const property of [
        "name",
        "labels.team",
        'labels["no caps"]',
        "deleteProtection",
        "serverles",
        "serverless.primaryRegion",
        "serverless.usageLimits.requestUnitLimit",
        "serverless.usageLimits.storageMibLimit",
        "serverless.usageLimits.provisionedVirtualCpus",
      ]) {
        assert.ok(properties.includes(property), `${property} is not in ${properties.join(", ")}`);
      }
      assert.match(
        failuresOf(run, "orders").find(([property]) =>
          property.endsWith("requestUnitLimit"),
        )?.[1] ?? "",
        /^must be a number, not the string "1000000"\. If it comes from the configuration, read it with requireNumber\.$/,
      );
      assert.deepEqual(emulator.requests.length, 0);
    });

    it("of ten megabytes is a short failure", async () => {
      const emulator = await cloud();
      const labels = Object.fromEntries(
        Array.from({ length: 10_000 }, (_, index) => [`key-${index}`, "x".repeat(1_000)]),
      );
      const stack = await stackOf(emulator, async () => {
        new cockroachdb.Cluster("orders", basic({ labels }));
      });
      const run = await stack.preview({ expect: "failure" });
      assert.match(
        run.messagesOf("orders").join("\n"),
        /must be at most 50, and there are 10000\./,
      );
      assert.ok(run.stdout.length < 100_000, `${run.stdout.length} characters`);
    });
  });

  describe("with the key", () => {
    it("that nobody knows is one sentence, and is not tried again", async () => {
      const emulator = await cloud();
      const stack = await stackOf(
        emulator,
        async () => {
          new cockroachdb.Cluster("orders", basic());
        },
        { COCKROACH_API_KEY: "CCDB1_canary_is_wrong" },
      );
      const run = await stack.up({ expect: "failure" });
      const messages = run.messagesOf("orders");
      assert.equal(messages.length, 1);
      assert.match(messages[0] ?? "", /^[^\n]*401[^\n]*$/);
      assert.equal(emulator.requests.length, 1);
      assert.ok(!(run.stdout + run.stderr + stack.stateText()).includes("CCDB1_canary_is_wrong"));
    });

    it("that lacks the role is one sentence with the role, and is not tried again", async () => {
      const emulator = await startTestEmulator({
        organizations: [
          { apiKeys: [{ roles: [{ role: "ORG_MEMBER" }, { role: "CLUSTER_OPERATOR_WRITER" }] }] },
        ],
      });
      const stack = await stackOf(emulator, async () => {
        new cockroachdb.Cluster("orders", basic());
      });
      const run = await stack.up({ expect: "failure" });
      const messages = run.messagesOf("orders");
      assert.equal(messages.length, 1);
      assert.match(
        messages[0] ?? "",
        /^Creating cluster "orders-test" failed: 403 [^\n]*Cluster Creator[^\n]*$/,
      );
      assert.deepEqual(writes(emulator), ["POST orders-test"]);
    });
  });

  describe("on the way to the API", () => {
    it("is a sentence with the address and the cause, after tries within the time-out", async () => {
      const emulator = await cloud();
      const stack = await stackOf(
        emulator,
        async () => {
          new cockroachdb.Cluster("orders", basic(), { customTimeouts: { create: "3s" } });
        },
        { COCKROACH_SERVER: "http://127.0.0.1:9" },
      );
      const run = await stack.up({ expect: "failure" });
      const messages = run.messagesOf("orders");
      assert.equal(messages.length, 1);
      assert.match(messages[0] ?? "", /^[^\n]*127\.0\.0\.1:9[^\n]*ECONNREFUSED[^\n]*$/);
      assert.equal(await clusterIn(stack), undefined);
    });
  });

  describe("in the service", () => {
    it("that fails a creation is reported, kept in state, and ended by the next update", async () => {
      const emulator = await cloud();
      const stack = await stackOf(emulator, async () => {
        new cockroachdb.Cluster("orders", basic());
      });
      emulator.faults.failNextCreation();
      const run = await stack.up({ expect: "failure" });
      assert.match(
        run.messagesOf("orders").join("\n"),
        /its state is CREATION_FAILED\. .*the next update replaces it/,
      );
      const failed = await clusterIn(stack);
      assert.ok(failed?.id);
      assert.equal(emulator.clusters.get(failed.id).state, "CREATION_FAILED");
      assert.equal(failed.initErrors?.length, 1);

      const preview = await stack.preview();
      assert.ok(preview.stepsOf("orders").some(({ op }) => op === "replace"));
      assert.match(preview.messagesOf("orders").join("\n"), /the failed cluster is replaced/);

      await stack.up();
      const made = await clusterIn(stack);
      assert.ok(made?.id);
      assert.equal(made.initErrors, undefined);
      assert.deepEqual(
        emulator.clusters.list().map(({ id, state }) => [id, state]),
        [
          [failed.id, "DELETED"],
          [made.id, "CREATED"],
        ],
      );
    });

    it("that takes longer than customTimeouts is reported, and the next update resumes the wait", async () => {
      const emulator = await cloud(realClock());
      const stack = await stackOf(emulator, async () => {
        new cockroachdb.Cluster("archive", advanced(), { customTimeouts: { create: "4s" } });
      });
      const run = await stack.up({ expect: "failure" });
      assert.match(
        run.messagesOf("archive").join("\n"),
        /Timed out waiting for the cluster to be ready: cluster \S+ continues in CockroachDB Cloud\. It was last seen CREATING\./,
      );
      const kept = await clusterIn(stack);
      assert.ok(kept?.id);

      emulator.clusters.finish(kept.id);
      emulator.requests.clear();
      const resumed = await stack.up();
      assert.deepEqual(
        resumed.stepsOf("archive").map(({ op }) => op),
        ["update"],
      );
      assert.deepEqual(writes(emulator), ['PATCH archive-test {"labels":{}}']);
      assert.equal((await clusterIn(stack))?.outputs?.["state"], "CREATED");
      await stack.up({ expectNoChanges: true });
      assert.equal(emulator.clusters.list().length, 1);
    });

    it("that loses the response to the POST does not make a second cluster", async () => {
      const emulator = await cloud();
      const stack = await stackOf(emulator, async () => {
        new cockroachdb.Cluster("orders", basic());
      });
      emulator.faults.add("CreateCluster", { reset: "after-effect" });
      await stack.up();
      assert.deepEqual(
        emulator.clusters.list().map(({ id, labels }) => [id, labels]),
        [[(await clusterIn(stack))?.id, {}]],
      );
      assert.equal(writes(emulator).filter((line) => line.startsWith("POST")).length, 1);
    });
  });
});
