// Deletions that cannot happen, on the real engine: what is in state and on the service must be as before, passwords
// included, and what was really deleted must be all that is missing.
import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import type { Assumptions } from "../../emulator";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { Run, TestStack } from "../support/engine";
import { nameOf, startStack } from "../support/engine";

type Args = cockroachdb.BasicClusterArgs;

const unnamed: Args = {
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"] },
  labels: { a: "b" },
};
const named: Args = { ...unnamed, name: "orders-test" };

const longSentence =
  /Nothing of the cluster is deleted: delete protection of cluster "[\w-]+" \(\S+\) is on/;

describe("A deletion that cannot happen", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let args: Args;
  let options: pulumi.CustomResourceOptions;
  /** What of the stack the program has. */
  let parts: "all" | "cluster" | "none";

  const program = async () => {
    if (parts === "none") return;
    const orders = new cockroachdb.Cluster("orders", args, options);
    if (parts === "cluster") return;
    const { customTimeouts } = options;
    const its = customTimeouts === undefined ? {} : { customTimeouts };
    new cockroachdb.SqlUser("app", { clusterId: orders }, its);
    // The cluster is found behind its id, too.
    new cockroachdb.SqlUser("report", { clusterId: orders.id }, its);
    new cockroachdb.Database("ledger", { clusterId: orders, name: "ledger" }, its);
    new cockroachdb.AllowlistEntry(
      "office",
      { clusterId: orders, cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false },
      its,
    );
  };

  async function open(
    of: Args,
    change: Partial<Args> = {},
    its: pulumi.CustomResourceOptions = {},
    assumptions: Partial<Assumptions> = {},
  ): Promise<void> {
    emulator = await startTestEmulator({ clock: scaledClock(600), assumptions, rateLimit: "off" });
    parts = "all";
    args = { ...of, ...change };
    options = its;
    stack = await startStack({
      program,
      env: environmentFor(emulator),
    });
    await stack.up();
  }

  async function close(): Promise<void> {
    stack.close();
    await closeTestEmulators();
  }

  const urnOf = (type: string, name: string) =>
    `urn:pulumi:test::test-project::pulumi-nodejs:dynamic/cockroachdb-cloud:${type}::${name}`;
  const clusterId = () => {
    const clusters = emulator.clusters.list();
    const cluster = clusters.find(({ name }) => name.startsWith("orders-"));
    return cluster?.id ?? assert.fail("there is a cluster");
  };

  /** What state holds, by logical name, with the passwords. */
  async function inState(): Promise<Record<string, { id: string; password: unknown }>> {
    const { resources = [] } = (await stack.exportState()).deployment;
    const own = resources.filter(({ type }) => type.includes("cockroachdb-cloud:"));
    return Object.fromEntries(
      own.map(({ urn, id = "", outputs }) => [
        nameOf(urn),
        { id, password: outputs?.["password"]?.plaintext ?? "none" },
      ]),
    );
  }

  /** Makes state as a program has left it that gave ids as text, or, without a value, an older version. */
  async function record(of: TestStack, cluster: "" | undefined): Promise<void> {
    const state = await of.exportState();
    for (const { inputs = {}, outputs = {} } of state.deployment.resources ?? []) {
      for (const kept of [inputs, outputs]) {
        if ("clusterId" in kept) kept["__cluster"] = cluster;
      }
    }
    await of.importState(state);
  }

  /** What the service holds. */
  function onService() {
    const id = clusterId();
    return {
      state: emulator.clusters.get(id).state,
      users: emulator.sqlUsers.list(id),
      databases: emulator.databases.list(id).map(({ name }) => name),
      allowlist: emulator.allowlist.list(id).map(({ cidr_ip }) => cidr_ip),
    };
  }

  const deletions = () =>
    emulator.requests
      .filter(({ method, status }) => method === "DELETE" && status === 200)
      .map(({ operation }) => operation);

  /** Runs what must be refused, and asserts that nothing has changed anywhere. */
  async function losesNothing(work: () => Promise<Run>): Promise<Run> {
    const before = await inState();
    const there = onService();
    assert.ok(Object.keys(before).length >= 5);
    emulator.requests.clear();
    const run = await work();
    assert.equal(run.failed, true);
    assert.deepEqual(await inState(), before);
    assert.deepEqual(onService(), there);
    assert.deepEqual(deletions(), []);
    const password = JSON.parse(String(before["app"]?.password));
    assert.ok(emulator.sqlUsers.hasPassword(clusterId(), "app", password));
    return run;
  }

  const refusals = (run: Run) =>
    new Set(
      run.messages
        .filter(({ severity, text }) => severity === "error" && longSentence.test(text))
        .map(({ urn }) => urn),
    );

  describe("because of delete protection", () => {
    before(() => open(named, { deleteProtection: true }));
    after(close);

    it("loses nothing by destroy, and is refused in one clear sentence", async () => {
      const run = await losesNothing(() => stack.destroy({ expect: "failure" }));
      assert.equal(refusals(run).size, 1);
      assert.match(run.stdout, /first run `pulumi up` with deleteProtection: false/);
      // One list for all.
      assert.deepEqual(
        emulator.requests.map(({ operation }) => operation),
        ["ListClusters"],
      );
    });

    it("loses nothing by a destroy that continues on errors", async () => {
      await losesNothing(() => stack.destroy({ expect: "failure", continueOnError: true }));
    });

    it("loses nothing by a destroy with the program", async () => {
      await losesNothing(() => stack.destroy({ expect: "failure", runProgram: true }));
    });

    it("loses nothing by a destroy with a refresh", async () => {
      await losesNothing(() => stack.destroy({ expect: "failure", refresh: true }));
    });

    it("loses nothing by a destroy of one database, which does not show that its cluster stays", async () => {
      const target = [urnOf("Database", "ledger")];
      const run = await losesNothing(() => stack.destroy({ expect: "failure", target }));
      assert.match(run.stdout, /To delete only this resource, take it out of the program/);
    });

    it("loses nothing when everything is taken out of the program, also with a refresh", async () => {
      parts = "none";
      const run = await losesNothing(() => stack.up({ expect: "failure" }));
      assert.equal(refusals(run).size, 1);
      await losesNothing(() => stack.up({ expect: "failure", refresh: true }));
      parts = "all";
    });

    it("loses nothing when the option protect keeps the cluster, too", async () => {
      options = { protect: true };
      await stack.up();
      await losesNothing(() => stack.destroy({ expect: "failure" }));
      options = {};
      await stack.up();
    });

    it("is no reason to keep the parts of a cluster that stays", async () => {
      parts = "cluster";
      const run = await stack.up();
      assert.match(
        run.messagesOf("ledger").join(),
        /Database "ledger" of cluster "\S+" \(\S+\) was deleted with all its data/,
      );
      assert.deepEqual(Object.keys(await inState()), ["orders"]);
      assert.equal(onService().state, "CREATED");
    });

    it("is done after the protection is switched off", async () => {
      parts = "all";
      args = { ...args, deleteProtection: false };
      await stack.up();
      await stack.destroy();
      assert.deepEqual(await inState(), {});
      assert.equal(onService().state, "DELETED");
    });
  });

  describe("because the engine is to delete the cluster alone", () => {
    before(() => open(named));
    after(close);

    it("loses nothing, and speaks of no replacement", async () => {
      const target = [urnOf("Cluster", "orders")];
      const run = await losesNothing(() => stack.destroy({ expect: "failure", target }));
      assert.match(run.stdout, /was not specified in --target list/);
      assert.doesNotMatch(
        run.stdout,
        /Another cluster means another database|another one is created/,
      );
    });
  });

  describe("because of delete protection, when the cluster has another provider than a part", () => {
    after(close);

    it("loses nothing by destroy, nor by an up without both, and the part goes by its own way", async () => {
      emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
      const { apiKey, url } = emulator;
      let has: readonly ("cluster" | "part" | "same provider")[] = ["cluster", "part"];
      stack = await startStack({
        env: { COCKROACH_API_KEY: apiKey, COCKROACH_SERVER: url },
        program: async () => {
          // Stays, so that the process of the part is shown something in every up.
          new cockroachdb.Folder("own", { name: "own" });
          const provider = new cockroachdb.Provider("own", { apiKey, serverUrl: url });
          if (!has.includes("cluster")) return;
          const its = { ...named, deleteProtection: true };
          const clusterId = new cockroachdb.Cluster("orders", its, { provider });
          if (!has.includes("part")) return;
          const options = has.includes("same provider") ? { provider } : {};
          new cockroachdb.Database("ledger", { clusterId, name: "ledger" }, options);
        },
      });
      await stack.up();
      const before = await inState();
      const isRefused = async (run: Run) => {
        assert.deepEqual(await inState(), before);
        assert.ok(onService().databases.includes("ledger"));
        assert.equal(refusals(run).size, 1);
        assert.match(run.stdout, /first run `pulumi up` with the provider of the cluster on both/);
      };
      await isRefused(await stack.destroy({ expect: "failure" }));
      has = [];
      await isRefused(await stack.up({ expect: "failure" }));
      has = ["cluster"];
      await isRefused(await stack.up({ expect: "failure" }));
      has = ["cluster", "part", "same provider"];
      const moved = await stack.up();
      assert.deepEqual(
        moved.stepsOf("ledger").map(({ op }) => op),
        ["same"],
      );
      has = ["cluster"];
      await stack.up();
      assert.ok(!onService().databases.includes("ledger"));
      assert.ok(!("ledger" in (await inState())));
    });
  });

  describe("because of delete protection, when parts name the cluster by way of something else", () => {
    const databases = ["id", "output", "text"].map((way) => `by-${way}`);

    async function make(retainOnDelete: boolean): Promise<void> {
      emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
      const { id } = emulator.clusters.create({
        name: "orders-test",
        provider: "GCP",
        spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
      });
      emulator.clusters.finish(id);
      emulator.clusters.edit(id, { labels: { a: "b" }, deleteProtection: "ENABLED" });
      stack = await startStack({
        env: environmentFor(emulator),
        program: async () => {
          const its = { ...named, deleteProtection: true };
          const clusterId = new cockroachdb.Cluster("orders", its, { import: id, retainOnDelete });
          const app = new cockroachdb.SqlUser("app", { clusterId });
          const given: Record<string, pulumi.Input<string>> = {
            "by-id": app.id.apply((text) => text.slice(0, text.indexOf(":"))),
            "by-output": app.clusterId,
            "by-text": id,
          };
          for (const [name, clusterId] of Object.entries(given)) {
            new cockroachdb.Database(name, { clusterId, name });
          }
        },
      });
      await stack.up();
    }
    afterEach(close);

    it("loses nothing by destroy", async () => {
      await make(false);
      await losesNothing(() => stack.destroy({ expect: "failure" }));
      assert.ok(databases.every((name) => onService().databases.includes(name)));
    });

    it("is none when the cluster is retained", async () => {
      await make(true);
      await stack.destroy();
      assert.deepEqual(await inState(), {});
      assert.equal(onService().state, "CREATED");
      assert.ok(!databases.some((name) => onService().databases.includes(name)));
    });
  });

  describe("because of delete protection, when the cluster depends on what is destroyed", () => {
    after(close);

    it("loses nothing by a destroy of its folder with all that depends on it", async () => {
      emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
      stack = await startStack({
        env: environmentFor(emulator),
        program: async () => {
          const parentId = new cockroachdb.Folder("team", { name: "team" });
          const its = { ...named, parentId, deleteProtection: true };
          const clusterId = new cockroachdb.Cluster("orders", its);
          new cockroachdb.SqlUser("app", { clusterId });
          new cockroachdb.SqlUser("report", { clusterId });
          new cockroachdb.Database("ledger", { clusterId, name: "ledger" });
        },
      });
      await stack.up();
      const target = [urnOf("Folder", "team")];
      await losesNothing(() =>
        stack.destroy({ expect: "failure", target, targetDependents: true }),
      );
    });
  });

  describe("because of delete protection, when state does not name the cluster of its parts", () => {
    before(() => open(named, { deleteProtection: true }));
    after(close);

    const stepsOf = (run: Run) => new Set(run.steps.map(({ op }) => op));

    it("loses nothing by destroy, at once and after a refresh", async () => {
      await record(stack, undefined);
      const run = await losesNothing(() => stack.destroy({ expect: "failure" }));
      assert.match(run.stdout, /State does not say yet whether this stack manages the cluster/);
      await losesNothing(() => stack.destroy({ expect: "failure", refresh: true }));
    });

    it("loses nothing after an up that changes nothing, also with a refresh", async () => {
      await record(stack, undefined);
      assert.deepEqual(stepsOf(await stack.up()), new Set(["same"]));
      const run = await losesNothing(() => stack.destroy({ expect: "failure" }));
      assert.doesNotMatch(run.stdout, /State does not say/);
      await stack.refresh();
      await losesNothing(() => stack.destroy({ expect: "failure", refresh: true }));
    });

    it("loses nothing after an up in which the program gives the cluster in place of its id", async () => {
      await record(stack, "");
      assert.deepEqual(stepsOf(await stack.up()), new Set(["same"]));
      await losesNothing(() => stack.destroy({ expect: "failure" }));
      // The first request of the process is to read a part.
      await stack.refresh({ target: [urnOf("Database", "ledger")] });
      await losesNothing(() => stack.destroy({ expect: "failure" }));
      await losesNothing(() => stack.destroy({ expect: "failure", refresh: true }));
    });
  });

  describe("is none for the parts of a protected cluster of another stack", () => {
    let parted: TestStack;
    before(async () => {
      await open(named, { deleteProtection: true });
      parts = "cluster";
      await stack.up();
      const id = clusterId();
      parted = await startStack({
        program: async () => {
          new cockroachdb.SqlUser("app", { clusterId: id });
          new cockroachdb.Database("ledger", { clusterId: id, name: "ledger" });
        },
        env: environmentFor(emulator),
      });
    });
    after(async () => {
      parted.close();
      await close();
    });

    it("so that destroy deletes them", async () => {
      await parted.up();
      await parted.destroy({ refresh: true });
      assert.deepEqual(onService().users, []);
      assert.ok(!onService().databases.includes("ledger"));
    });

    it("so that destroy deletes them after an up, when an older version made them", async () => {
      await parted.up();
      await record(parted, undefined);
      const refused = await parted.destroy({ expect: "failure" });
      assert.match(refused.stdout, /first run `pulumi up` with the program as it is/);
      assert.ok(onService().databases.includes("ledger"));
      await parted.up();
      await parted.destroy();
      assert.ok(!onService().databases.includes("ledger"));
    });
  });

  describe("because of delete protection, by the replacement of another cluster", () => {
    after(close);

    it("loses nothing by the option replaceWith", async () => {
      emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
      let first = "first-test";
      stack = await startStack({
        env: environmentFor(emulator),
        program: async () => {
          const other = new cockroachdb.Cluster("first", { ...named, name: first });
          const its = { ...named, deleteProtection: true };
          const clusterId = new cockroachdb.Cluster("orders", its, { replaceWith: [other] });
          new cockroachdb.SqlUser("app", { clusterId });
          new cockroachdb.SqlUser("report", { clusterId });
          new cockroachdb.Database("ledger", { clusterId, name: "ledger" });
        },
      });
      await stack.up();
      first = "other-test";
      await losesNothing(() => stack.up({ expect: "failure" }));
    });
  });

  for (const [which, of] of [
    ["with a name", named],
    ["without a name", unnamed],
  ] as const) {
    describe(`because of delete protection, by a forced replacement of a cluster ${which}`, () => {
      before(() => open(of, { deleteProtection: true }));
      after(close);

      it("loses nothing by --replace", async () => {
        const replace = [urnOf("Cluster", "orders")];
        await losesNothing(() => stack.up({ expect: "failure", replace }));
      });

      it("loses nothing by replaceOnChanges", async () => {
        options = { replaceOnChanges: ["labels"] };
        args = { ...args, labels: { a: "c" } };
        await losesNothing(() => stack.up({ expect: "failure" }));
        args = { ...args, labels: { a: "b" } };
      });

      it("loses nothing by taint", async () => {
        await stack.pulumi("state", "taint", urnOf("Cluster", "orders"), "--yes");
        await losesNothing(() => stack.up({ expect: "failure" }));
      });
    });
  }

  describe("because of what only the service knows", () => {
    before(() => open(named));
    after(close);

    it("loses nothing when the key is revoked", async () => {
      const times = Number.POSITIVE_INFINITY;
      emulator.faults.add("*", { status: 401, message: "invalid API key", times });
      await losesNothing(() => stack.destroy({ expect: "failure" }));
      emulator.faults.clear();
    });

    it("loses nothing when somebody else has switched delete protection on", async () => {
      emulator.clusters.edit(clusterId(), { deleteProtection: "ENABLED" });
      await losesNothing(() => stack.destroy({ expect: "failure" }));
    });
  });

  describe("keeps in state what is there, and forgets what is deleted", () => {
    afterEach(close);

    it("when the key may not delete clusters", async () => {
      await open(named);
      const before = await inState();
      const times = Number.POSITIVE_INFINITY;
      emulator.faults.add("DeleteCluster", { status: 403, message: "forbidden", times });
      await stack.destroy({ expect: "failure" });
      assert.deepEqual(await inState(), { orders: before["orders"] });
      const { state, users, databases, allowlist } = onService();
      assert.deepEqual([state, users, databases.includes("ledger")], ["CREATED", [], false]);
      assert.ok(!allowlist.includes("203.0.113.0"));
      emulator.faults.clear();
      await stack.destroy();
      assert.equal(onService().state, "DELETED");
    });

    it("when the cluster stays locked, and its parts with it", async () => {
      const customTimeouts = { delete: "2s" };
      await open(named, {}, { customTimeouts }, { lockCoversSubresources: true });
      emulator.clusters.lock(clusterId());
      await losesNothing(() => stack.destroy({ expect: "failure" }));
    });

    it("when the cluster stays locked while it is being deleted", async () => {
      await open(named, {}, { customTimeouts: { delete: "2s" } });
      const before = await inState();
      emulator.faults.holdNextDelete();
      await stack.destroy({ expect: "failure" });
      assert.deepEqual(await inState(), { orders: before["orders"] });
      assert.equal(onService().state, "LOCKED");
      emulator.clusters.finish(clusterId());
      await stack.destroy();
      assert.deepEqual(await inState(), {});
    });

    it("when Ctrl-C comes in between", async () => {
      await open(named);
      const before = await inState();
      const interruption = new AbortController();
      emulator.faults.add("DeleteDatabase", {
        delayMs: 500,
        when: () => {
          interruption.abort();
          return true;
        },
      });
      await stack.destroy({ expect: "failure", signal: interruption.signal });
      const after = await inState();
      const { users, databases, allowlist, state } = onService();
      assert.equal(state, "CREATED");
      assert.deepEqual(after["orders"], before["orders"]);
      assert.equal("ledger" in after, databases.includes("ledger"));
      // Its delete ends when the removal is in force: interrupted before that, it stays in state to be waited for.
      assert.ok("office" in after || !allowlist.includes("203.0.113.0"));
      for (const name of ["app", "report"]) {
        assert.equal(name in after, users.includes(name), name);
        if (name in after) assert.deepEqual(after[name], before[name]);
      }
    });

    it("when the option protect, which the engine heeds last, keeps the cluster", async () => {
      await open(named, {}, { protect: true });
      const before = await inState();
      const run = await stack.destroy({ expect: "failure" });
      assert.match(run.stdout, /cannot be deleted/);
      assert.deepEqual(await inState(), { orders: before["orders"] });
      const { users, databases } = onService();
      assert.deepEqual([users, databases.includes("ledger")], [[], false]);
    });
  });
});
