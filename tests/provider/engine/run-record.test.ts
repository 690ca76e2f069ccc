import { strict as assert } from "node:assert";
import { RunRecord } from "../../../provider/engine/run-record";

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/cockroachdb-cloud:Cluster::orders";
const entry = { object: "the-cluster", madeAt: "2026-06-01T00:00:00.000Z" };

function clusters() {
  return new RunRecord().of("cluster");
}

describe("RunRecord", () => {
  it("keeps what was checked with its old inputs and needs no replacement", () => {
    const seen = clusters();
    seen.recordCheckOfExisting(urn);
    assert.equal(seen.keeps(entry.object), false, "the diff decides");
    seen.recordKept(urn, entry);
    assert.equal(seen.keeps(entry.object), true);
    assert.equal(seen.isReplaced(urn), false);
  });

  it("knows a replacement by the second check, which has no old inputs", () => {
    const seen = clusters();
    seen.recordCheckOfExisting(urn);
    seen.recordKept(urn, entry);
    seen.recordCheckOfNew(urn, undefined);
    assert.equal(seen.isReplaced(urn), true);
    assert.equal(seen.keeps(entry.object), false);
  });

  it("takes a forced replacement for a creation, and keeps nothing of it", () => {
    const seen = clusters();
    seen.recordCheckOfNew(urn, undefined);
    assert.equal(seen.isReplaced(urn), false);
    assert.equal(seen.keeps(entry.object), false);
  });

  it("keeps what it has adopted", () => {
    const seen = clusters();
    seen.recordCheckOfNew(urn, entry.object);
    assert.equal(seen.isToBeAdopted(entry.object), true);
    assert.equal(seen.isAdopted(urn, entry.object), true);
    assert.equal(seen.keeps(entry.object), false, "it has not been adopted yet");
    seen.recordAdopted(entry.object);
    assert.equal(seen.keeps(entry.object), true);
    assert.equal(seen.isAdopted(undefined, entry.object), true);
  });

  it("is refreshing a resource from its read to its check", () => {
    const seen = clusters();
    seen.recordRead(urn);
    assert.equal(seen.isRefreshing(urn), true);
    seen.recordCheckOfExisting(urn);
    assert.equal(seen.isRefreshing(urn), false);
    seen.recordRead(urn);
    seen.recordCheckOfNew(urn, undefined);
    assert.equal(seen.isRefreshing(urn), false);
  });

  it("reports an outdated entry of a kept object by when it was made", () => {
    const seen = clusters();
    seen.recordKept(urn, entry);
    assert.equal(seen.isOutdated(entry), false);
    assert.equal(seen.isOutdated({ ...entry, madeAt: "2026-05-01T00:00:00.000Z" }), true);
    assert.equal(seen.isOutdated({ ...entry, object: "another" }), false);
  });

  it("has no part that is retained among those that a destroy would delete", () => {
    const run = new RunRecord();
    const inputs = { clusterId: entry.object };
    const part = { kind: "database", clusterUrns: [""], inputs, identifying: inputs };
    run.recordDeclared(urn.replace("orders", "goes"), { ...part, outlivesStack: false });
    run.recordDeclared(urn.replace("orders", "stays"), { ...part, outlivesStack: true });
    assert.deepEqual(run.partsByText(entry.object), ["goes"]);
  });

  it("is one record of each kind, because ids of different kinds may be equal", () => {
    const run = new RunRecord();
    run.of("cluster").recordKept(urn, entry);
    assert.equal(run.of("cluster").keeps(entry.object), true);
    assert.equal(run.of("maintenance window").keeps(entry.object), false);
  });
});
