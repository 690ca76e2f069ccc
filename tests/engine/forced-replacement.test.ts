// Options of the program that replace what needs no replacement: the preview refuses it, or reports what goes with it.
import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { Run, TestStack } from "../support/engine";
import { startStack } from "../support/engine";
import { writes } from "./requests";

type Options = pulumi.CustomResourceOptions;
type Changes = Partial<cockroachdb.BasicClusterArgs> | Partial<cockroachdb.StandardClusterArgs>;

describe("An option that replaces", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let cluster: [Changes, Options];
  let database: Options;

  const refusal =
    /An option of the resource \(replaceOnChanges or replacementTrigger\) would destroy cluster "shop-test" and its data, and delete protection is on\. To allow it, first run an update with deleteProtection: false/;
  const reported = (run: Run) =>
    [...run.messagesOf("shop"), ...run.messagesOf("ledger")].join("\n");

  async function settled(changes: Changes, options: Options, ofDatabase: Options = {}) {
    [cluster, database] = [[changes, options], ofDatabase];
    await stack.up();
  }

  async function assertRefused() {
    emulator.requests.clear();
    for (const run of [stack.preview({ expect: "failure" }), stack.up({ expect: "failure" })]) {
      assert.match((await run).stdout + (await run).stderr, refusal);
    }
    assert.deepEqual(writes(emulator), []);
  }

  beforeEach(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
    stack = await startStack({
      env: environmentFor(emulator),
      program: async () => {
        const args = {
          name: "shop-test",
          plan: "BASIC",
          cloudProvider: "GCP",
          serverless: { regions: ["us-central1"] },
          ...cluster[0],
        };
        const shop = new cockroachdb.Cluster("shop", args as cockroachdb.ClusterArgs, cluster[1]);
        new cockroachdb.Database("ledger", { clusterId: shop.id, name: "ledger" }, database);
      },
    });
  });
  afterEach(async () => {
    stack.close();
    await closeTestEmulators();
  });

  it("is refused at preview under delete protection: replacementTrigger", async () => {
    await settled({ deleteProtection: true }, { replacementTrigger: "one" });
    cluster = [{ deleteProtection: true }, { replacementTrigger: "two" }];
    await assertRefused();
    cluster = [{ deleteProtection: false }, { replacementTrigger: "two" }];
    await assertRefused();
  });

  it("is refused at preview under delete protection: replaceOnChanges", async () => {
    const options = { replaceOnChanges: ["labels"] };
    await settled({ deleteProtection: true, labels: { a: "1" } }, options);
    cluster = [{ deleteProtection: true, labels: { a: "2" } }, options];
    await assertRefused();
  });

  it("reports what a forced replacement destroys, on the line of each resource", async () => {
    await settled({ deleteProtection: false }, { replacementTrigger: "a" });
    cluster = [{ deleteProtection: false }, { replacementTrigger: "b" }];
    const run = await stack.preview();
    assert.match(
      reported(run),
      /Cluster "shop-test": An option of the resource \(replaceOnChanges or replacementTrigger\) replaces this cluster: it is deleted with all its data/,
    );
  });

  it("reports what a forced replacement of a part destroys", async () => {
    await settled({}, {}, { replacementTrigger: "a" });
    database = { replacementTrigger: "b" };
    assert.match(
      reported(await stack.preview()),
      /Database "ledger": An option of the resource .* replaces this database: it is deleted with all its data/,
    );
  });

  it("does not call a change that it makes a replacement one in place", async () => {
    const standard: Changes = {
      plan: "STANDARD",
      serverless: { regions: ["us-central1"], usageLimits: { provisionedVirtualCpus: 2 } },
    };
    await settled({}, {});
    cluster = [standard, {}];
    assert.match(reported(await stack.preview()), /in place/);
    for (const path of ["plan", "*"]) {
      cluster = [standard, { replaceOnChanges: [path] }];
      const run = await stack.preview();
      assert.deepEqual(
        run.stepsOf("shop").some(({ op }) => op.includes("replace")),
        true,
      );
      assert.doesNotMatch(reported(run), /in place/);
      assert.match(reported(run), /replaces this cluster: it is deleted with all its data/);
    }
    cluster = [standard, { replaceOnChanges: ["labels"] }];
    assert.match(reported(await stack.preview()), /in place/);
  });

  it("reports a replacement that is needed anyway once, in its own words", async () => {
    await settled({}, { replaceOnChanges: ["name"] });
    cluster = [{ name: "store-test" }, { replaceOnChanges: ["name"] }];
    const text = reported(await stack.preview());
    assert.match(text, /A cluster cannot be renamed/);
    assert.doesNotMatch(text, /An option of the resource/);
  });

  it("reports nothing where nothing is replaced", async () => {
    await settled({}, { replaceOnChanges: ["labels"], replacementTrigger: "same" });
    cluster = [{ deleteProtection: true }, cluster[1]];
    assert.doesNotMatch(reported(await stack.preview()), /An option of the resource/);
  });
});
