// What a program leaves out, for every kind of resource and every argument of it.
import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { Host } from "../../provider/dynamic/dynamic-provider";
import { unpacked } from "../../provider/dynamic/hidden-inputs";
import { RunRecord } from "../../provider/engine/run-record";
import { registered } from "../../provider/program/registration";
import { resources } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes } from "../../provider/resource/resource-types";
import { isLeftOut, withoutLeftOut } from "../../provider/values/left-out";
import { weekly } from "../../provider/values/weekly";
import { systemClock } from "../../sdk";
import { basic, stateOf } from "../support/builders";
import {
  argumentsWith,
  clusterId,
  fullArguments,
  optionalPaths,
  withValueAt,
} from "../support/full-arguments";
import { kinds } from "../support/kinds";

const hidden = { __urn: "urn:pulumi:dev::shop::it::it", __provider: "text" };

function idOf(type: ResourceType): string {
  const [args = {}] = fullArguments[type];
  return resources[type].mock?.idOf(args) ?? clusterId;
}

/** What is managed when it is absent, or as a whole with others, so that leaving it out is a change. */
function isChange(type: ResourceType, path: readonly string[]): boolean {
  const property = `${type} ${path.join(".")}`;
  return /^(SqlUser keepers|CmekConfig revokeOnDelete|.*usageLimits\..*)$/.test(property);
}

/** Notes that were reported. */
let told: string[] = [];

const run = new RunRecord();

/** A host that nobody can ask anything. */
const host = (): Host => ({
  environment: {},
  connect: () => assert.fail("check and diff ask nobody"),
  reporter: { report: async (_urn, _severity, text) => void told.push(text) },
  clock: systemClock,
  signal: new AbortController().signal,
  run,
});

describe("What a program leaves out", () => {
  it("is undefined or null, and nothing else", () => {
    for (const value of [undefined, null]) assert.equal(isLeftOut(value), true);
    for (const value of [0, "", false, [], {}, Number.NaN]) assert.equal(isLeftOut(value), false);
  });

  it("is taken away at any depth, and all else is kept as it is", () => {
    const date = new Date(0);
    const map = Object.assign(Object.create(null), { a: null, b: 1 });
    assert.deepEqual(
      withoutLeftOut({ a: null, b: undefined, c: { d: null, e: [1, null, [null]] }, date, map }),
      { c: { e: [1, []] }, date, map: { b: 1 } },
    );
  });

  for (const type of allResourceTypes) {
    for (const path of optionalPaths(resources[type].inputs)) {
      it(`may be null: ${path.join(".")} of ${type}`, async () => {
        const all = argumentsWith(type, path);
        assert.ok(all.length > 0, "there are arguments that have it");
        const provider = kinds[type].serve(host);
        for (const args of all) {
          const answers = [null, undefined].map((value) =>
            provider.check({}, withValueAt(args, path, value)),
          );
          const [withNull, without] = await Promise.all(answers);
          assert.deepEqual(withNull, without);
        }
      });
    }

    it(`has none in arguments of ${type} that have everything`, async () => {
      for (const args of fullArguments[type]) {
        assert.deepEqual((await kinds[type].serve(host).check({}, args)).failures, []);
      }
    });
  }

  describe("and was managed before", () => {
    for (const type of allResourceTypes) {
      for (const path of optionalPaths(resources[type].inputs)) {
        const property = path.join(".");
        it(`is refused, a change, or reported once: ${property} of ${type}`, async () => {
          for (const args of argumentsWith(type, path)) {
            told = [];
            const provider = kinds[type].serve(host);
            const without = withValueAt(args, path, undefined);
            const { failures, inputs } = await provider.check(
              { ...hidden, ...args },
              { ...hidden, ...without },
            );
            if (failures.length > 0) continue;
            const state =
              type === "Cluster" ? stateOf(args) : { regions: [], revoked: false, ...args };
            const olds = { ...hidden, ...state, __inputs: args };
            const { changes, replaces } = await provider.diff(idOf(type), olds, inputs);
            assert.notEqual(changes, false);
            assert.deepEqual(replaces, []);
            const reports = told.filter((text) => text.includes(`${property} is no longer in the`));
            if (!isChange(type, path)) assert.equal(reports.length, 1, told.join("\n"));
          }
        });
      }
    }

    it("is not reported of what is replaced, and of what a refresh has read", async () => {
      const provider = kinds.Cluster.serve(host);
      const args = basic({}, { name: "orders-test", labels: { a: "b" } });
      const olds = { ...hidden, ...stateOf(args), __inputs: args };
      told = [];
      await provider.diff("id", olds, { ...hidden, ...basic({}, { name: "billing-test" }) });
      assert.doesNotMatch(told.join(), /no longer/);
      await provider.read("id", olds).catch(() => {});
      assert.deepEqual(await provider.diff("id", olds, { ...hidden, ...basic() }), {
        changes: false,
      });
      assert.doesNotMatch(told.join(), /no longer/);
    });
  });

  it("may be null in lists and maps", async () => {
    const [args = {}] = fullArguments.Cluster;
    const provider = kinds.Cluster.serve(host);
    const { inputs, failures } = await provider.check(
      {},
      {
        ...args,
        labels: { team: "payments", env: null },
        serverless: { regions: ["us-central1", null] },
      },
    );
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs["labels"], { team: "payments" });
    assert.deepEqual(inputs["serverless"], { regions: ["us-central1"] });
  });

  it("is required all the same where it is required", async () => {
    const [args = {}] = fullArguments.Database;
    const { failures } = await kinds.Database.serve(host).check({}, { ...args, name: null });
    assert.deepEqual(failures, [{ property: "name", reason: "is required: give a string." }]);
  });

  it("counts for no place in a list where a secret stands", async () => {
    const { output, secret } = pulumi;
    const list = [null, output(null), undefined, Promise.resolve(null), output("a"), secret("b")];
    const [, , properties] = registered({ type: "SqlUser", outputs: [] }, "it", { list }, {});
    assert.deepEqual(await unpacked(properties)["__secrets"], [["list", "1"]]);
  });

  it("may be null in a helper's arguments", () => {
    assert.equal(weekly({ day: "MONDAY", hourUtc: 1, minuteUtc: null as never }), "3600s");
  });
});
