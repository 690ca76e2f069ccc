// Folders on the real engine, with a cluster in them.
import assert from "node:assert/strict";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { TestStack } from "../support/engine";
import { startStack } from "../support/engine";
import { writes as writesAmong } from "../support/engine-model/requests";

describe("Folders of a stack", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let parent: "inside" | "root" = "inside";

  const program = async () => {
    const team = new cockroachdb.Folder("team", { name: "payments" });
    const eu = new cockroachdb.Folder("eu", {
      name: "eu west",
      parentId: parent === "inside" ? team : "root",
    });
    new cockroachdb.Cluster("orders", {
      name: "orders-test",
      plan: "BASIC",
      cloudProvider: "GCP",
      serverless: { regions: ["us-central1"] },
      parentId: eu,
    });
    return { place: eu.fullPath };
  };
  const writes = () => writesAmong(emulator.requests);

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

  it("are created from the top, with the cluster in them, and stay as they are", async () => {
    await stack.preview();
    const run = await stack.up();
    assert.equal(run.outputs["place"]?.value, "/payments/eu west");
    assert.deepEqual(
      writes().filter((name) => name !== "UpdateCluster"),
      ["CreateFolder", "CreateFolder", "CreateCluster"],
    );
    const [eu] = emulator.folders.list();
    assert.equal(emulator.clusters.find("orders-test")?.parent_id, eu?.resource_id);
    await stack.up({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
  });

  it("move with one request", async () => {
    parent = "root";
    const run = await stack.up();
    assert.deepEqual(writes(), ["UpdateFolder"]);
    assert.equal(run.outputs["place"]?.value, "/eu west");
  });

  it("are kept in state when the API refuses to delete them", async () => {
    const { resource_id: id } =
      emulator.folders.list().find(({ name }) => name === "payments") ?? {};
    assert.ok(id);
    const stranger = emulator.folders.add("strangers", { parentId: id });
    const run = await stack.destroy({ expect: "failure" });
    assert.match(run.stdout, /The folder holds folder "strangers"/);
    assert.ok(stack.stateText().includes(id));
    assert.ok(emulator.folders.list().some(({ resource_id }) => resource_id === id));
    emulator.folders.remove(stranger);
  });

  it("are deleted after what is in them", async () => {
    await stack.destroy();
    assert.deepEqual(writes().at(-1), "DeleteFolder");
    assert.deepEqual(emulator.folders.list(), []);
  });
});
