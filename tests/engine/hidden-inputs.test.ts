// What the resources carry beside their arguments changes without them, and no diff that a user sees shows it.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import { urnIn } from "../../provider/dynamic/hidden-inputs";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { Run, TestStack } from "../support/engine";
import { startStack } from "../support/engine";

describe("Hidden inputs", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let make: () => void;

  const cluster = (
    name: string,
    labels: Record<string, pulumi.Input<string>>,
    options: pulumi.CustomResourceOptions = {},
  ) =>
    new cockroachdb.Cluster(
      name,
      {
        name: "shop-test",
        plan: "BASIC",
        cloudProvider: "GCP",
        serverless: { regions: ["us-central1"] },
        labels,
      },
      options,
    );

  const resource = async (name: string) => {
    const { deployment } = await stack.exportState();
    return (
      (deployment.resources ?? []).find(({ urn }) => urn.endsWith(`:Cluster::${name}`)) ??
      assert.fail(name)
    );
  };

  /** Whatever a run reports a change, for people and for tools. */
  function assertNoneShown(run: Run) {
    assert.doesNotMatch(run.stdout, /__(urn|mark|cluster|timeouts|adopt|secrets|hidden|provider)/);
    for (const { diffs, detailedDiff, replaceKeys } of run.steps) {
      const reported = [...diffs, ...Object.keys(detailedDiff), ...replaceKeys];
      assert.deepEqual(
        reported.filter((path) => path.startsWith("__")),
        [],
      );
    }
  }

  /** Previews and makes one change, which must be all that is reported. */
  async function change(name: string, paths: string[]) {
    for (const run of [await stack.preview({ diff: true }), await stack.up({ diff: true })]) {
      assertNoneShown(run);
      assert.deepEqual(
        run.stepsOf(name).map(({ op, detailedDiff }) => [op, Object.keys(detailedDiff)]),
        [["update", paths]],
      );
    }
  }

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
    stack = await startStack({
      env: environmentFor(emulator),
      program: async () => make(),
    });
    make = () => cluster("shop", { team: "a" });
    await stack.up();
  });
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  it("leave the place in the program beside the resource", async () => {
    make = () => {
      const { id: clusterId } = cluster("shop", { team: "a" });
      new cockroachdb.SqlUser("app", { clusterId });
    };
    await stack.up();
    const { resources = [] } = (await stack.exportState()).deployment;
    const ours = resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
    assert.equal(ours.length, 2);
    for (const { sourcePosition } of ours) {
      assert.match(String(sourcePosition), /tests\/engine\/hidden-inputs\.test/);
    }
    make = () => cluster("shop", { team: "a" });
    await stack.up();
  });

  it("are kept under their names, and not as the program passes them", async () => {
    const { inputs = {}, urn } = await resource("shop");
    assert.equal(urnIn(inputs), urn);
    assert.match(inputs["__mark"], /^[0-9a-f]{16}-[0-9a-f]{16}$/);
    assert.ok(!("__hidden" in inputs));
  });

  it("show in no diff when the resource has another name", async () => {
    const { inputs: before = {} } = await resource("shop");
    make = () => cluster("store", { team: "b" }, { aliases: [{ name: "shop" }] });
    await change("store", ["labels.team"]);
    const { inputs = {}, outputs = {}, urn } = await resource("store");
    for (const kept of [inputs, outputs]) {
      assert.equal(urnIn(kept), urn);
      assert.notEqual(kept["__mark"], before["__mark"]);
    }
  });

  it("show in no diff when the time-outs are others", async () => {
    const options = { customTimeouts: { update: "20m" } };
    make = () => cluster("store", { team: "c" }, options);
    await change("store", ["labels.team"]);
    assert.deepEqual((await resource("store")).inputs?.["__timeouts"], { update: "20m" });
    make = () => cluster("store", { team: "d" });
    await change("store", ["labels.team"]);
    assert.ok(!("__timeouts" in ((await resource("store")).inputs ?? {})));
  });

  it("show in no diff when a value becomes a secret", async () => {
    make = () => cluster("store", { team: "e", owner: pulumi.secret("somebody-s3cret") });
    await change("store", ["labels.owner", "labels.team"]);
    assert.deepEqual((await resource("store")).inputs?.["__secrets"], [["labels", "owner"]]);
    assert.ok(!stack.stateText().includes("somebody-s3cret"));
  });

  it("show in no diff beside the option import", async () => {
    const { id = "" } = await resource("store");
    make = () => cluster("store", { team: "f" }, { import: id, ignoreChanges: ["labels.owner"] });
    await change("store", ["labels.team"]);
    assert.equal((await resource("store")).inputs?.["__adopt"], id);
  });

  it("show in no replacement, and are those of now in what replaces", async () => {
    make = () => {
      new cockroachdb.Cluster(
        "store",
        {
          name: "store-test",
          plan: "BASIC",
          cloudProvider: "GCP",
          serverless: { regions: ["us-central1"] },
        },
        { customTimeouts: { create: "50m" } },
      );
    };
    assertNoneShown(await stack.preview({ diff: true }));
    assertNoneShown(await stack.up({ diff: true }));
    const { inputs = {}, urn } = await resource("store");
    assert.deepEqual(inputs["__timeouts"], { create: "50m" });
    assert.equal(urnIn(inputs), urn);
  });

  it("change nothing by themselves", async () => {
    make = () => cluster("store", {}, { customTimeouts: { update: "1h" } });
    await stack.up();
    make = () => cluster("market", {}, { aliases: [{ name: "store" }] });
    emulator.requests.clear();
    const run = await stack.up({ expectNoChanges: true });
    assertNoneShown(run);
    assert.equal([...emulator.requests].length, 0);
    const { inputs = {}, urn } = await resource("market");
    assert.equal(urnIn(inputs), urn);
  });

  it("show in no refresh", async () => {
    const { id = "" } = await resource("market");
    emulator.clusters.edit(id, { labels: { team: "drifted" } });
    const run = await stack.refresh({ diff: true });
    assertNoneShown(run);
    const found = run.events.flatMap(({ resOutputsEvent }) =>
      Object.keys(resOutputsEvent?.metadata.detailedDiff ?? {}),
    );
    assert.deepEqual(found, ["labels.team"]);
  });

  it("show in no refresh of a part, also when the first request of the process finds drift", async () => {
    const { id: clusterId = "" } = await resource("market");
    make = () => {
      const { id } = cluster("market", {}, { ignoreChanges: ["*"] });
      const entry = { cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false };
      new cockroachdb.AllowlistEntry("office", { clusterId: id, ...entry });
    };
    await stack.up();
    const state = await stack.exportState();
    const { urn = "", outputs = {} } =
      state.deployment.resources?.find((one) => one.urn.endsWith("::office")) ?? {};
    // As a run has left them before which the program gave the id as text.
    outputs["__cluster"] = "";
    await stack.importState(state);
    const ofEntry = async () =>
      (await stack.exportState()).deployment.resources?.find((one) => one.urn === urn);
    for (const ui of [true, false]) {
      emulator.allowlist.remove(clusterId, "203.0.113.0/24");
      emulator.allowlist.add(clusterId, "203.0.113.0/24", { sql: true, ui });
      const run = await stack.refresh({ diff: true, target: [urn] });
      assertNoneShown(run);
      const found = run.events.flatMap(({ resOutputsEvent }) =>
        Object.keys(resOutputsEvent?.metadata.detailedDiff ?? {}),
      );
      assert.deepEqual(found, ["ui"]);
      // A destroy would take the cluster for one of another stack.
      assert.notEqual((await ofEntry())?.inputs?.["__cluster"], "");
    }
    assertNoneShown(await stack.up({ diff: true, expectNoChanges: true }));
    assert.equal((await ofEntry())?.inputs?.["__cluster"], "::::market");
  });

  for (const way of ["up", "destroy"] as const) {
    it(`do not send a note to a URN of before in ${way}`, async () => {
      const names = ["one", "two"];
      const urns = names.map(
        (name) =>
          `urn:pulumi:test::test-project::pulumi-nodejs:dynamic/cockroachdb-cloud:Database::${name}`,
      );
      let databases = names;
      make = () => {
        const { id } = cluster("market", {}, { ignoreChanges: ["*"] });
        for (const name of databases) new cockroachdb.Database(name, { clusterId: id, name });
      };
      await stack.up();
      const state = await stack.exportState();
      for (const { type, outputs = {} } of state.deployment.resources ?? []) {
        if (type.endsWith(":Database")) {
          outputs["__urn"] = String(outputs["__urn"]).replace(
            "::test-project::",
            "::former-project::",
          );
        }
      }
      await stack.importState(state);
      databases = [];
      const run = way === "up" ? await stack.up() : await stack.destroy({ target: urns });
      const notes = run.messages.filter(({ text }) => text.includes("was deleted with all its"));
      assert.deepEqual(notes.map(({ urn }) => urn).sort(), urns);
    });
  }

  it("in the form of older versions show in no diff, whatever the next run is", async () => {
    const state = await stack.exportState();
    const {
      urn,
      inputs = {},
      outputs = {},
    } = (state.deployment.resources ?? []).find(({ type }) => type.endsWith(":Cluster")) ??
    assert.fail();
    for (const kept of [inputs, outputs]) {
      const text = `exports.handler=()=>require("pulumi-cockroachdb-cloud/provider/cluster").provider`;
      Object.assign(kept, { __urn: urn, __provider: text });
    }
    await stack.importState(state);
    make = () => cluster("market", { team: "g" }, { customTimeouts: { update: "1h" } });
    await change("market", ["labels.team"]);
    await stack.importState(state);
    await stack.refresh();
    make = () => cluster("market", {}, { customTimeouts: { update: "1h" } });
    emulator.requests.clear();
    assertNoneShown(await stack.up({ diff: true }));
    const run = await stack.refresh({ diff: true });
    assertNoneShown(run);
    assert.ok(run.steps.every(({ op }) => op === "refresh"));
  });

  it("are left as they are by a user who ignores all changes", async () => {
    make = () => cluster("market", { team: "z" }, { ignoreChanges: ["*"] });
    await stack.up({ expectNoChanges: true });
    const { inputs = {} } = await resource("market");
    assert.ok(!("__hidden" in inputs));
    assert.ok("__urn" in inputs);
  });
});
