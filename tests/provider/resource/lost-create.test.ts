// How a creation without a response is searched for.
import assert from "node:assert/strict";
import type { WriteCall } from "../../../provider/resource/definition";
import { searchAfterLoss } from "../../../provider/resource/lost-create";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { allResourceTypes } from "../../../provider/resource/resource-types";
import { casesOf } from "../../conformance/resource-cases";
import { startWorld } from "../../conformance/world";
import { manualClock } from "../../support/clock";
import { checkEmulators } from "../../support/emulator";
import { writes } from "../../support/engine-model/requests";
import { failureOf } from "../../support/engine-model/run";

type Read = "found" | "missing" | "failed";

const second = 1_000;

describe("The search for a lost creation", () => {
  /** Searches for 10 seconds; `reads` gives each read's outcome, and its last one goes on. */
  async function search(reads: readonly Read[], deadlineMs = 3_600 * second) {
    const clock = manualClock();
    const start = clock.now();
    const interruption = new AbortController();
    const at: number[] = [];
    const call = {
      context: { clock, signal: interruption.signal },
      deadline: start + deadlineMs,
    } as unknown as WriteCall;
    const { found, isKnown } = await clock.run(
      searchAfterLoss(10 * second, call, async () => {
        at.push((clock.now() - start) / second);
        const read = reads[Math.min(at.length, reads.length) - 1];
        if (read === "failed") throw new Error("The read failed.");
        return read === "found" ? "the object" : undefined;
      }),
    );
    return { found, isKnown, at };
  }

  it("ends with the first read that finds the object", async () => {
    const { found, at } = await search(["missing", "found"]);
    assert.deepEqual([found, at], ["the object", [0, 3]]);
  });

  it("ends after its time, when the last reads have not found it", async () => {
    const { found, isKnown, at } = await search(["missing"]);
    assert.deepEqual([found, isKnown], [undefined, true]);
    assert.deepEqual(at, [0, 3, 6, 9, 12]);
  });

  it("believes no single read after reads that failed, which may come from a stale replica", async () => {
    const failing: Read[] = ["failed", "failed", "failed", "failed"];
    const { found, at } = await search([...failing, "missing", "found"]);
    assert.equal(found, "the object");
    assert.deepEqual(at, [0, 3, 6, 9, 12, 15]);
    assert.deepEqual((await search([...failing, "missing"])).at, [0, 3, 6, 9, 12, 15]);
  });

  it("counts the misses in a row alone", async () => {
    const { at } = await search(["missing", "failed", "failed", "failed", "missing"]);
    assert.deepEqual(at, [0, 3, 6, 9, 12, 15]);
  });

  it("goes on for two minutes more while reads fail, and no longer", async () => {
    const { found, isKnown, at } = await search(["failed"]);
    assert.deepEqual([found, isKnown], [undefined, false]);
    assert.equal(at.at(-1), 132);
  });

  it("ends at the deadline of the operation", async () => {
    assert.deepEqual((await search(["failed"], 6 * second)).at, [0, 3, 6]);
  });
});

/** Whose creation is a request that may be sent again, and leaves nothing that is not found. */
const repeatable: ReadonlySet<ResourceType> = new Set([
  "UserRoleGrant",
  "UserRoleGrants",
  "CmekConfig",
  "MaintenanceWindow",
  "VersionDeferral",
  "LogExportConfig",
  "MetricExportDatadogConfig",
  "MetricExportCloudwatchConfig",
  "MetricExportPrometheusConfig",
  "BackupConfiguration",
  "ClusterDisruption",
  "AwsEndpointConnectionState",
  "EgressTrafficPolicy",
  "EgressRule",
]);

describe("A creation whose response is lost after Ctrl-C", () => {
  checkEmulators();

  for (const type of allResourceTypes.filter((one) => !repeatable.has(one))) {
    it(`is not said to have created nothing, when nobody has searched for the ${type}`, async () => {
      const { full, operations } = casesOf[type];
      const world = await startWorld(type);
      world.emulator.faults.add(operations.create, {
        reset: "before-effect",
        when() {
          world.stack.interrupt();
          return true;
        },
      });
      const run = await world.up({ ...world.place, ...full[0] });
      const failure = failureOf(run);
      assert.match(
        failure,
        /The response was lost, and the run was interrupted before it was known whether the request had created the .*\. Nothing was sent twice\. Run the update again, which finds/,
      );
      assert.doesNotMatch(failure, /appeared|check before you repeat/);
      assert.deepEqual(writes(run.requests), [operations.create]);
    });
  }
});
