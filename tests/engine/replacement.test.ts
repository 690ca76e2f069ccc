// What Pulumi can be asked to do to a live cluster without asking diff, and every option that has a say in it.
import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { Run, State, TestStack } from "../support/engine";
import { nameOf, startStack } from "../support/engine";
import { writesOf } from "./requests";

type Args = cockroachdb.BasicClusterArgs;
const basic = (changes: Partial<Args> = {}): Args => ({
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"] },
  ...changes,
});
const onAws: Partial<Args> = { cloudProvider: "AWS", serverless: { regions: ["us-east-1"] } };

describe("Replacing a cluster", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let clusters: Record<string, [Args, pulumi.CustomResourceOptions?]>;

  const idsIn = ({ deployment }: State) =>
    Object.fromEntries(
      (deployment.resources ?? [])
        .filter(({ type }) => type.endsWith(":Cluster"))
        .map(({ urn, id }) => [nameOf(urn), id]),
    );
  const living = (name: RegExp) =>
    emulator.clusters
      .list()
      .filter((cluster) => name.test(cluster.name) && cluster.state !== "DELETED")
      .map(({ id }) => id);
  const urnOf = (name: string) =>
    `urn:pulumi:test::test-project::pulumi-nodejs:dynamic/cockroachdb-cloud:Cluster::${name}`;

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
    clusters = {
      named: [basic({ name: "named-test", labels: { a: "b" } })],
      unnamed: [basic({ labels: { a: "b" } })],
      kept: [basic(), { retainOnDelete: true }],
      guarded: [basic({ name: "guarded-test" }), { protect: true }],
      ignoring: [
        basic({ name: "ignoring-test" }),
        { ignoreChanges: ["labels", "cloudProvider", "serverless"] },
      ],
      strict: [
        basic({ name: "strict-test", labels: { a: "b" } }),
        { replaceOnChanges: ["labels"] },
      ],
      swapped: [basic({ name: "swapped-old" }), { deleteBeforeReplace: false }],
      renamed: [basic({ name: "renamed-old" })],
    };
    stack = await startStack({
      env: environmentFor(emulator),
      program: async () => {
        for (const [name, [args, options]] of Object.entries(clusters)) {
          new cockroachdb.Cluster(name, args, options);
        }
      },
    });
    await stack.up();
  });
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  for (const [how, replace] of [
    ["--replace", (names: string[]) => stack.up({ replace: names.map(urnOf) })],
    [
      "pulumi state taint",
      async (names: string[]) => {
        for (const name of names) await stack.pulumi("state", "taint", urnOf(name), "--yes");
        return await stack.up();
      },
    ],
  ] as const) {
    describe(`by ${how}`, () => {
      let before_: Record<string, string | undefined>;
      let after_: Record<string, string | undefined>;

      before(async () => {
        before_ = idsIn(await stack.exportState());
        emulator.requests.clear();
        await replace(["named", "unnamed"]);
        after_ = idsIn(await stack.exportState());
      });

      it("deletes a cluster with a name before it makes the new one", () => {
        const sent = writesOf(emulator, "named-test").map((line) => line.split(" ")[0]);
        assert.deepEqual(sent, ["DELETE", "POST", "PATCH"]);
      });

      it("makes the new cluster before it deletes one without a name", () => {
        const sent = writesOf(emulator, /^unnamed-/).map((line) => line.split(" ")[0]);
        assert.deepEqual(sent, ["POST", "PATCH", "DELETE"]);
      });

      for (const name of ["named", "unnamed"]) {
        it(`ends with exactly one other cluster, which is the one in state: ${name}`, () => {
          assert.notEqual(after_[name], before_[name]);
          assert.deepEqual(living(new RegExp(`^${name}-`)), [after_[name]]);
          assert.equal(emulator.clusters.get(before_[name] ?? "").state, "DELETED");
          assert.deepEqual(emulator.clusters.get(after_[name] ?? "").labels, { a: "b" });
        });
      }

      it("leaves the others alone", () => {
        const { named: _, unnamed: __, ...others } = before_;
        const { named: ___, unnamed: ____, ...same } = after_;
        assert.deepEqual(same, others);
      });
    });
  }

  describe("by a change", () => {
    let run: Run;
    let before_: Record<string, string | undefined>;
    let after_: Record<string, string | undefined>;

    const change = (name: string, args: Partial<Args>) => {
      const [was, options] = clusters[name] ?? [];
      assert.ok(was);
      clusters[name] = options ? [{ ...was, ...args }, options] : [{ ...was, ...args }];
    };

    before(async () => {
      before_ = idsIn(await stack.exportState());
      change("kept", onAws);
      change("ignoring", { ...onAws, labels: { c: "d" } });
      change("strict", { labels: { c: "d" } });
      change("swapped", { name: "swapped-new" });
      change("renamed", { name: "renamed-new" });
      emulator.requests.clear();
      run = await stack.up();
      after_ = idsIn(await stack.exportState());
    });

    it("deletes first when the program gives the name, and warns that this destroys data", () => {
      const sent = emulator.requests
        .filter(({ method }) => method === "POST" || method === "DELETE")
        .map(({ method, path, body }) => [
          method,
          path.split("/")[4] ?? (body as { name: string }).name,
        ]);
      const order = sent.filter(
        ([, which]) => which === before_["renamed"] || which === "renamed-new",
      );
      assert.deepEqual(
        order.map(([method]) => method),
        ["DELETE", "POST"],
      );
      assert.match(
        run.messagesOf("renamed").join(),
        /^Cluster ".*": Changing name destroys this cluster with all its data, databases and SQL users\./,
      );
    });

    it("makes the new cluster first under deleteBeforeReplace: false", () => {
      const sent = emulator.requests
        .filter(({ method }) => method === "POST" || method === "DELETE")
        .map(({ method, path, body }) => [
          method,
          path.split("/")[4] ?? (body as { name: string }).name,
        ]);
      const order = sent.filter(
        ([, which]) => which === before_["swapped"] || which === "swapped-new",
      );
      assert.deepEqual(
        order.map(([method]) => method),
        ["POST", "DELETE"],
      );
    });

    it("keeps the old cluster under retainOnDelete", () => {
      assert.notEqual(after_["kept"], before_["kept"]);
      assert.deepEqual(living(/^kept-/).sort(), [before_["kept"], after_["kept"]].sort());
    });

    it("does nothing to properties under ignoreChanges", () => {
      assert.deepEqual(
        run.stepsOf("ignoring").map(({ op }) => op),
        ["same"],
      );
      assert.equal(after_["ignoring"], before_["ignoring"]);
    });

    it("replaces for a property under replaceOnChanges that is otherwise updated", () => {
      assert.notEqual(after_["strict"], before_["strict"]);
      assert.deepEqual(living(/^strict-/), [after_["strict"]]);
      assert.deepEqual(emulator.clusters.get(after_["strict"] ?? "").labels, { c: "d" });
    });

    it("is refused under protect, and nothing is sent", async () => {
      change("guarded", onAws);
      emulator.requests.clear();
      const refused = await stack.up({ expect: "failure" });
      assert.match(refused.messagesOf("guarded").join("\n"), /unable to replace resource/);
      assert.deepEqual(emulator.requests.length, 0);
      assert.deepEqual(living(/^guarded-/), [before_["guarded"]]);
    });
  });

  describe("of the same name by --replace", () => {
    it("fails under deleteBeforeReplace: false, because its name is in use, and keeps the live one", async () => {
      clusters = { swapped: clusters["swapped"] as (typeof clusters)[string] };
      const before_ = idsIn(await stack.exportState());
      const run = await stack.up({
        expect: "failure",
        replace: [urnOf("swapped")],
        target: [urnOf("swapped")],
      });
      assert.match(
        run.messagesOf("swapped").join("\n"),
        new RegExp(`A cluster named "swapped-new" already exists \\(${before_["swapped"]}`),
      );
      assert.deepEqual(living(/^swapped-/), [before_["swapped"]]);
      assert.equal(idsIn(await stack.exportState())["swapped"], before_["swapped"]);
    });
  });
});
