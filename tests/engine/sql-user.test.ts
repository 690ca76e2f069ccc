// SQL users on the real engine: what it stores, prints and leaves out.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { TestStack } from "../support/engine";
import { startStack } from "../support/engine";

const canary = "canary-passw0rd-7f3a";

const cluster: cockroachdb.BasicClusterArgs = {
  name: "orders-test",
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"] },
};

describe("SQL users of a stack", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let own: cockroachdb.SqlUserArgs["password"] = canary;
  let keepers: Record<string, pulumi.Input<string>> = { month: "1" };

  const program = async () => {
    const orders = new cockroachdb.Cluster("orders", cluster);
    const app = new cockroachdb.SqlUser("app", { clusterId: orders, keepers });
    const written = new cockroachdb.SqlUser("own", {
      clusterId: orders,
      ...(own === undefined ? {} : { password: own }),
    });
    return {
      password: app.password,
      url: orders.connectionUrl({ user: app }),
      ownUrl: orders.connectionUrl({ user: written, database: "shop" }),
    };
  };

  const clusterId = () => emulator.clusters.find("orders-test")?.id ?? "";
  const operations = () => emulator.requests.map(({ operation }) => operation);

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
    stack = await startStack({
      program,
      env: environmentFor(emulator),
    });
  });
  afterEach(() => emulator.requests.clear());
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  it("are refused in a preview without showing a password that is too short", async () => {
    own = "canary-short".slice(0, 11);
    const run = await stack.preview({ expect: "failure" });
    assert.match(run.stdout, /must have 12 to 500 characters, and has \d+\./);
    assert.doesNotMatch(run.stdout + run.stderr + JSON.stringify(run.events), /canary/);
    own = canary;
  });

  it("are made with one request each, and their passwords stand nowhere in plain", async () => {
    const preview = await stack.preview();
    const run = await stack.up();
    assert.equal(operations().filter((name) => name === "CreateSQLUser").length, 2);
    const { value, secret } = run.outputs["password"] ?? {};
    assert.ok(secret && run.outputs["url"]?.secret && run.outputs["ownUrl"]?.secret);
    assert.ok(emulator.sqlUsers.hasPassword(clusterId(), "app", value));
    assert.ok(emulator.sqlUsers.hasPassword(clusterId(), "own", canary));
    assert.ok(run.outputs["ownUrl"]?.value.includes(canary));
    const shown = [...preview.events, ...run.events].filter(
      ({ diagnosticEvent }) =>
        diagnosticEvent === undefined || String(diagnosticEvent.severity) !== "debug",
    );
    const printed = JSON.stringify([shown, preview.stdout, run.stdout]);
    for (const password of [canary, value]) {
      assert.ok(!stack.stateText().includes(password), "not in state");
      assert.ok(!printed.includes(password), "not on the screen");
    }
  });

  it("stay as they are in the next update and refresh", async () => {
    await stack.up({ expectNoChanges: true });
    assert.deepEqual(operations(), []);
    await stack.refresh({ expectNoChanges: true });
    assert.deepEqual(operations().sort(), ["ListClusters", "ListSQLUsers"]);
    assert.ok(!stack.stateText().includes(canary));
    await stack.up({ expectNoChanges: true });
  });

  it("get another password when a keeper changes, a secret one too", async () => {
    keepers = { month: pulumi.secret("canary-keeper") };
    const run = await stack.up({ diff: true });
    assert.deepEqual(operations(), ["UpdateSQLUserPassword"]);
    assert.ok(emulator.sqlUsers.hasPassword(clusterId(), "app", run.outputs["password"]?.value));
    assert.ok(!run.stdout.includes("canary-keeper"));
    assert.ok(!stack.stateText().includes("canary-keeper"));
    await stack.refresh({ expectNoChanges: true });
    assert.ok(!stack.stateText().includes("canary-keeper"));
  });

  it("keep the password that leaves the program", async () => {
    own = undefined;
    // An update that writes nothing reports that the password stays as it is.
    await stack.up();
    await stack.refresh({ expectNoChanges: true });
    const { outputs } = await stack.up({ expectNoChanges: true });
    assert.ok(outputs["ownUrl"]?.value.includes(canary));
    assert.ok(!stack.stateText().includes(canary));
  });

  it("that somebody removed are made again", async () => {
    emulator.sqlUsers.remove(clusterId(), "app");
    const refresh = await stack.refresh();
    assert.deepEqual(
      refresh.stepsOf("app").map(({ op }) => op),
      ["refresh"],
    );
    const run = await stack.up();
    assert.deepEqual(
      run.stepsOf("app").map(({ op }) => op),
      ["create"],
    );
    assert.ok(emulator.sqlUsers.hasPassword(clusterId(), "app", run.outputs["password"]?.value));
  });

  it("are deleted before their cluster, by a request of their own", async () => {
    await stack.destroy();
    assert.deepEqual(
      operations().filter((name) => name?.startsWith("Delete")),
      ["DeleteSQLUser", "DeleteSQLUser", "DeleteCluster"],
    );
  });

  for (const [what, name] of [
    ["made before the old one goes", undefined],
    ["created after the old one is deleted", "orders-test"],
  ] as const) {
    it(`follow their cluster to one that is ${what}`, async () => {
      let cloudProvider: "AWS" | "GCP" = "GCP";
      stack.program = async () => {
        const regions = [cloudProvider === "GCP" ? "us-central1" : "us-east-1"];
        const orders = new cockroachdb.Cluster("orders", {
          ...(name === undefined ? {} : { name }),
          plan: "BASIC",
          cloudProvider,
          serverless: { regions },
        });
        const app = new cockroachdb.SqlUser("app", { clusterId: orders });
        return { clusterId: orders.id, password: app.password };
      };
      const before = (await stack.up()).outputs["clusterId"]?.value;
      cloudProvider = "AWS";
      emulator.requests.clear();
      const { outputs } = await stack.up();
      const after = outputs["clusterId"]?.value;
      assert.notEqual(after, before);
      assert.equal(emulator.clusters.get(before).state, "DELETED");
      assert.ok(emulator.sqlUsers.hasPassword(after, "app", outputs["password"]?.value));
      assert.equal(operations().filter((one) => one === "CreateSQLUser").length, 1);
      await stack.up({ expectNoChanges: true });
      await stack.destroy();
    });
  }

  it("of clusters that are only looked up, or retained, are deleted, for those clusters stay", async () => {
    const { id } = emulator.clusters.create({
      name: "shared-test",
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    });
    stack.program = async () => {
      const shared = cockroachdb.Cluster.get("shared", id);
      const kept = new cockroachdb.Cluster("orders", cluster, { retainOnDelete: true });
      new cockroachdb.SqlUser("app", { clusterId: shared, name: undefined as never });
      new cockroachdb.SqlUser("own", { clusterId: kept });
    };
    await stack.up();
    assert.deepEqual(emulator.sqlUsers.list(id), ["app"]);
    await stack.destroy();
    assert.equal(emulator.clusters.get(id).state, "CREATED");
    assert.deepEqual(emulator.sqlUsers.list(id), []);
    assert.equal(emulator.clusters.get(clusterId()).state, "CREATED");
    assert.deepEqual(emulator.sqlUsers.list(clusterId()), []);
  });
});
