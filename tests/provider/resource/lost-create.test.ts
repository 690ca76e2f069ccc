// How a creation without a response is searched for.
import assert from "node:assert/strict";
import type { WriteCall } from "../../../provider/resource/definition";
import { searchAfterLoss } from "../../../provider/resource/lost-create";
import { manualClock } from "../../support/clock";

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
    const found = await clock.run(
      searchAfterLoss(10 * second, call, async () => {
        at.push((clock.now() - start) / second);
        const read = reads[Math.min(at.length, reads.length) - 1];
        if (read === "failed") throw new Error("The read failed.");
        return read === "found" ? "the object" : undefined;
      }),
    );
    return { found, at };
  }

  it("ends with the first read that finds the object", async () => {
    assert.deepEqual(await search(["missing", "found"]), { found: "the object", at: [0, 3] });
  });

  it("ends after its time, when the last reads have not found it", async () => {
    const { found, at } = await search(["missing"]);
    assert.equal(found, undefined);
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
    const { found, at } = await search(["failed"]);
    assert.equal(found, undefined);
    assert.equal(at.at(-1), 132);
  });

  it("ends at the deadline of the operation", async () => {
    assert.deepEqual((await search(["failed"], 6 * second)).at, [0, 3, 6]);
  });
});
