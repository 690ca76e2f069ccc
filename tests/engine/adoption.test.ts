// Clusters that exist already: adopted by import, looked up by get.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import type { WireCreateCluster } from "../../emulator";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { StateResource, TestStack } from "../support/engine";
import { startStack } from "../support/engine";
import { writes } from "./requests";

const nowhere = "00000000-0000-4000-8000-000000000000";

const wire = (name: string): WireCreateCluster => ({
  name,
  provider: "GCP",
  spec: {
    plan: "BASIC",
    labels: { team: "payments" },
    serverless: { regions: ["us-central1"], usage_limits: { request_unit_limit: "1000000" } },
  },
});
const args = (name: string): cockroachdb.BasicClusterArgs => ({
  name,
  plan: "BASIC",
  cloudProvider: "GCP",
  labels: { team: "payments" },
  serverless: { regions: ["us-central1"], usageLimits: { requestUnitLimit: 1_000_000 } },
});

describe("A cluster that exists already", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let ids: Record<"orders" | "looked-up", string>;

  async function open(program: PulumiFn): Promise<TestStack> {
    return await startStack({
      env: environmentFor(emulator),
      program,
    });
  }

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
    ids = {
      orders: emulator.clusters.create(wire("orders-test")).id,
      "looked-up": emulator.clusters.create(wire("looked-up-test")).id,
    };
    stack = await open(async () => {});
  });
  afterEach(() => emulator.requests.clear());
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  describe("with the option import", () => {
    it("is refused with all differences when the arguments describe another, and nothing is written", async () => {
      const { labels: _, ...rest } = args("orders-test");
      stack.program = async () => {
        new cockroachdb.Cluster(
          "orders",
          {
            ...rest,
            labels: { team: "storage" },
            deleteProtection: true,
            serverless: { regions: ["us-central1"], usageLimits: {} },
          },
          { import: ids.orders },
        );
      };
      const run = await stack.up({ expect: "failure" });
      const [adopts, message] = run.messagesOf("orders");
      assert.match(
        adopts ?? "",
        /: Adopts the existing cluster .*; nothing is created\. `pulumi up` compares/,
      );
      assert.ok(message);
      assert.ok(
        message.includes(`Importing cluster "orders-test" (${ids.orders}) failed`),
        message,
      );
      for (const difference of [
        'labels is {"team":"payments"} but the program has {"team":"storage"}',
        "deleteProtection is false but the program has true",
        'serverless.usageLimits is {"requestUnitLimit":1000000} but the program has {}',
      ]) {
        assert.ok(message.includes(difference), `${difference} is not in: ${message}`);
      }
      assert.deepEqual(writes(emulator), []);
    });

    it("is refused when there is none with the id", async () => {
      stack.program = async () => {
        new cockroachdb.Cluster("orders", args("orders-test"), { import: nowhere });
      };
      const run = await stack.up({ expect: "failure" });
      assert.match(
        run.messagesOf("orders").join(),
        new RegExp(`Importing cluster ${nowhere} failed: there is no such cluster`),
      );
    });

    it("is refused by the preview when the option has its name", async () => {
      stack.program = async () => {
        new cockroachdb.Cluster("orders", args("orders-test"), { import: "orders-test" });
      };
      const run = await stack.preview({ expect: "failure" });
      assert.ok(
        run
          .messagesOf("orders")
          .join()
          .includes(
            '"orders-test" is no id of a cluster, which is <cluster id>, a UUID. The option import takes the id:',
          ),
      );
    });

    it("is named with the line to add when the option is missing", async () => {
      stack.program = async () => {
        new cockroachdb.Cluster("orders", args("orders-test"));
      };
      const run = await stack.up({ expect: "failure" });
      assert.ok(
        run
          .messagesOf("orders")
          .join()
          .includes(
            `A cluster named "orders-test" already exists (${ids.orders}, plan BASIC, on GCP), and this resource did not create it. To manage it here, add the option {import: "${ids.orders}"} to the resource`,
          ),
      );
      assert.deepEqual(writes(emulator), []);
    });

    it("is adopted without a write when the arguments describe it", async () => {
      stack.program = async () => {
        new cockroachdb.Cluster("orders", args("orders-test"), { import: ids.orders });
      };
      const run = await stack.up();
      assert.deepEqual(
        run.stepsOf("orders").map(({ op }) => op),
        ["create"],
      );
      assert.deepEqual(writes(emulator), []);
      const { resources = [] } = (await stack.exportState()).deployment;
      assert.equal(resources.find(({ type }) => type.endsWith(":Cluster"))?.id, ids.orders);
    });

    it("is no change while the option stays, nor when it goes", async () => {
      await stack.up({ expectNoChanges: true });
      stack.program = async () => {
        new cockroachdb.Cluster("orders", args("orders-test"));
      };
      await stack.up({ expectNoChanges: true });
      await stack.refresh({ expectNoChanges: true });
    });
  });

  describe("of which a replacement that was killed has left an outdated entry in state", () => {
    let torn: TestStack;

    const isCluster = ({ type }: StateResource) => type.endsWith(":Cluster");

    before(async () => {
      const { id } = emulator.clusters.create(wire("torn-test"));
      emulator.clusters.finish(id);
      torn = await open(async () => {
        new cockroachdb.Cluster("torn", args("torn-test"), { import: id });
      });
      await torn.up();
      const state = await torn.exportState();
      const { resources = [] } = state.deployment;
      const former = { __madeAt: "2026-01-01T00:00:00.000Z" };
      const outdated = resources
        .filter(isCluster)
        .map((entry) => ({ ...entry, outputs: { ...entry.outputs, ...former }, delete: true }));
      await torn.importState({
        ...state,
        deployment: { ...state.deployment, resources: [...resources, ...outdated] },
      });
    });
    after(() => torn.close());

    it("stays, also with the option import left in the program, and the entry goes", async () => {
      const run = await torn.up();
      assert.match(
        run.messages.map(({ text }) => text).join(),
        /still belongs to this stack: an outdated entry of it is dropped, and nothing is deleted/,
      );
      assert.deepEqual(writes(emulator), []);
      const { resources = [] } = (await torn.exportState()).deployment;
      assert.deepEqual(
        resources.filter(isCluster).map((entry) => entry["delete"]),
        [undefined],
      );
    });

    it("goes with the stack, also where destroy runs the program", async () => {
      await torn.destroy({ runProgram: true });
      assert.equal(emulator.clusters.find("torn-test")?.state, "DELETED");
    });
  });

  describe("looked up by get", () => {
    const readExisting = (id: string) => async () => {
      new cockroachdb.Cluster("orders", args("orders-test"));
      const found = cockroachdb.Cluster.get("found", id);
      return { found: pulumi.all([found.name, found.plan, found.sqlDns]) };
    };

    it("is known in the update, belongs to nobody and is not deleted with the stack", async () => {
      stack.program = readExisting(ids["looked-up"]);
      const { outputs } = await stack.up();
      const { sql_dns: sqlDns } = emulator.clusters.get(ids["looked-up"]);
      assert.deepEqual(outputs["found"]?.value, ["looked-up-test", "BASIC", sqlDns]);
      assert.deepEqual(writes(emulator), []);
    });

    it("is known in a preview too", async () => {
      const run = await stack.preview({ expectNoChanges: true });
      assert.doesNotMatch(run.stdout, /unknown/);
      assert.ok(emulator.requests.length > 0);
    });

    it("fails the preview with one sentence when there is none with the id", async () => {
      stack.program = readExisting(nowhere);
      const run = await stack.preview({ expect: "failure" });
      const sentence = `There is no cluster with the id ${nowhere} in this organization, or this credential may not see it.`;
      assert.ok((run.stdout + run.stderr).includes(sentence));
    });

    it("survives the stack, the imported one does not", async () => {
      stack.program = readExisting(ids["looked-up"]);
      await stack.destroy();
      assert.equal(emulator.clusters.get(ids["looked-up"]).state, "CREATED");
      assert.equal(emulator.clusters.get(ids.orders).state, "DELETED");
    });
  });
});
