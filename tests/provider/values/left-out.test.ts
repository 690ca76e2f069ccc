// What a program leaves out, for every kind of resource and every argument of it.
import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { unpack } from "../../../provider/dynamic/hidden-inputs";
import type { Host } from "../../../provider/engine/host";
import { RunRecord } from "../../../provider/engine/run-record";
import { registration } from "../../../provider/program/registration";
import { isLeftOut, withoutLeftOut } from "../../../provider/values/left-out";
import { weekly } from "../../../provider/values/weekly";
import { systemClock } from "../../../sdk";
import { basic, stateOf } from "../../support/builders";
import { kinds } from "../../support/kinds";

const clusterId = "5ba5ed00-0000-4000-8000-000000000001";
const hidden = { __urn: "urn:pulumi:dev::shop::it::it", __provider: "text" };

/** Notes that were reported. */
let reported: string[] = [];

const run = new RunRecord();

/** A host that nobody can ask anything. */
const host = (): Host => ({
  environment: {},
  connect: () => assert.fail("check and diff ask nobody"),
  reporter: { report: async (_urn, _severity, text) => void reported.push(text) },
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

  it("and was managed before is not reported of what is replaced, and of what a refresh has read", async () => {
    const provider = kinds.Cluster.serve(host);
    const args = basic({}, { name: "orders-test", labels: { a: "b" } });
    const olds = { ...hidden, ...stateOf(args), __inputs: args };
    reported = [];
    await provider.diff("id", olds, { ...hidden, ...basic({}, { name: "billing-test" }) });
    assert.doesNotMatch(reported.join(), /no longer/);
    await provider.read("id", olds).catch(() => {});
    assert.deepEqual(await provider.diff("id", olds, { ...hidden, ...basic() }), {
      changes: false,
    });
    assert.doesNotMatch(reported.join(), /no longer/);
  });

  it("may be null in lists and maps", async () => {
    const provider = kinds.Cluster.serve(host);
    const { inputs, failures } = await provider.check(
      {},
      {
        ...basic(),
        labels: { team: "payments", env: null },
        serverless: { regions: ["us-central1", null] },
      },
    );
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs["labels"], { team: "payments" });
    assert.deepEqual(inputs["serverless"], { regions: ["us-central1"] });
  });

  it("is required all the same where it is required", async () => {
    const { failures } = await kinds.Database.serve(host).check({}, { clusterId, name: null });
    assert.deepEqual(failures, [{ property: "name", reason: "is required: give a string." }]);
  });

  it("counts for no place in a list where a secret stands", async () => {
    const { output, secret } = pulumi;
    const list = [null, output(null), undefined, Promise.resolve(null), output("a"), secret("b")];
    const [, , properties] = registration({ type: "SqlUser", outputs: [] }, "it", { list }, {});
    assert.deepEqual(await unpack(properties)["__secrets"], [["list", "1"]]);
  });

  it("may be null in a helper's arguments", () => {
    assert.equal(weekly({ day: "MONDAY", hourUtc: 1, minuteUtc: null as never }), "3600s");
  });
});
