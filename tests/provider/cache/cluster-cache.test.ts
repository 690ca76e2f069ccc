import { strict as assert } from "node:assert";
import { readableForMs } from "../../../provider/cache/cached-list";
import { ClusterCache } from "../../../provider/cache/cluster-cache";
import { waitUntil } from "../../../provider/cache/polling";
import { notFoundWaitMs } from "../../../provider/resource/not-found";
import type { CockroachCloudClient } from "../../../sdk";
import { NotFoundError, ServerError } from "../../../sdk";
import { manualClock } from "../../support/clock";

const facts = {
  method: "GET",
  path: "/",
  operation: "Reading",
  object: "cluster",
  reason: "no",
  effect: "none",
  isRetryable: false,
} as const;

/** A cache over clusters that a test changes by hand, and what it asked for. */
function lab(listed: string[] = ["a"]) {
  const clock = manualClock();
  const asked: string[] = [];
  const states = new Map([["deleted", "DELETED"]]);
  const known = new Set([...listed, "deleted", "failed"]);
  const clusters = {
    async *list() {
      asked.push("list");
      for (const id of listed) yield { id };
    },
    async get(id: string) {
      asked.push(`get ${id}`);
      if (id === "broken") throw new ServerError({ ...facts, status: 500 });
      if (!known.has(id)) throw new NotFoundError({ ...facts, status: 404 });
      return { id, state: states.get(id) ?? "CREATED" };
    },
  };
  const cloud = { clusters } as unknown as CockroachCloudClient;
  const cache = new ClusterCache(cloud, clock, new AbortController().signal);
  return { cache, clock, asked, listed };
}

const ids = (clusters: readonly { id: string }[]) => clusters.map(({ id }) => id);

describe("The cache of clusters", () => {
  it("serves a refresh from one list, and what is missing there by a GET", async () => {
    const { cache, clock, asked } = lab();
    assert.equal((await cache.getCached("a"))?.id, "a");
    await clock.advance(readableForMs);
    assert.equal((await cache.getCached("a"))?.id, "a");
    assert.equal((await cache.getCached("failed"))?.id, "failed");
    assert.deepEqual(asked, ["list", "get failed"]);
    await clock.advance(1);
    await cache.getCached("a");
    assert.deepEqual(asked, ["list", "get failed", "list"]);
  });

  it("shares a read what the list leaves out while it is fresh and nothing was written", async () => {
    const { cache, clock, asked } = lab();
    await Promise.all([
      cache.getCached("failed"),
      cache.getCached("failed"),
      cache.getCached("deleted"),
    ]);
    assert.deepEqual(asked.splice(0), ["list", "get failed", "get deleted"]);
    await clock.advance(readableForMs - 1);
    assert.equal((await cache.getCached("failed"))?.id, "failed");
    assert.deepEqual(asked.splice(0), []);
    await clock.advance(1);
    await cache.getCached("failed");
    assert.deepEqual(asked.splice(0), ["get failed"]);
    cache.invalidate();
    await cache.getCached("failed");
    assert.deepEqual(asked.splice(0), ["list", "get failed"]);
  });

  it("reads again where a read has failed", async () => {
    const { cache, asked } = lab();
    await assert.rejects(cache.getCached("broken"), ServerError);
    await assert.rejects(cache.getCached("broken"), ServerError);
    assert.deepEqual(asked, ["list", "get broken", "get broken"]);
  });

  it("treats a deleted cluster as deleted, and no other failure", async () => {
    const { cache } = lab();
    assert.equal(await cache.get("deleted"), undefined);
    assert.equal(await cache.getCached("deleted"), undefined);
    assert.equal(await cache.get("unheard-of"), undefined);
    await assert.rejects(cache.get("broken"), ServerError);
  });

  it("has heard of a cluster that a list has, and of one that the run has seen", async () => {
    const { cache, clock, listed } = lab();
    assert.equal(await cache.getCached("b"), undefined);
    assert.ok(cache.isUnheardOf("b"));
    listed.push("b");
    cache.invalidate();
    assert.equal((await cache.getCached("b"))?.id, "b");
    assert.ok(!cache.isUnheardOf("b"));
    const seen = cache.getSeen("c");
    await clock.advance(notFoundWaitMs);
    assert.equal(await seen, undefined);
    assert.ok(!cache.isUnheardOf("c"));
  });

  it("lists once for all creates of a run, until one has an unknown end", async () => {
    const { cache, clock, asked, listed } = lab();
    assert.deepEqual(ids(await cache.preCreateSnapshot()), ["a"]);
    await clock.advance(60_000);
    cache.invalidate();
    listed.push("b");
    assert.deepEqual(ids(await cache.preCreateSnapshot()), ["a"]);
    assert.equal(asked.length, 1);
    cache.invalidatePreCreateSnapshot();
    assert.deepEqual(ids(await cache.preCreateSnapshot()), ["a", "b"]);
    assert.equal(asked.length, 2);
  });

  it("lists again what is there now", async () => {
    const { cache, clock, asked, listed } = lab();
    await cache.now();
    await clock.advance(1);
    listed.push("b");
    assert.deepEqual(ids(await cache.now()), ["a", "b"]);
    cache.invalidate();
    listed.push("c");
    assert.deepEqual(ids(await cache.now()), ["a", "b", "c"]);
    assert.deepEqual(asked, ["list", "list", "list"]);
  });

  it("waits alone by GET, and together by a list that ends the pauses of all", async () => {
    const { cache, clock, asked } = lab(["a", "b"]);
    const { signal } = new AbortController();
    await cache.whileWaiting("a", async ({ observe, pause }) => {
      assert.equal((await observe())?.id, "a");
      assert.deepEqual(asked.splice(0), ["get a"]);
      const other = cache.whileWaiting("failed", async (poll) => {
        const start = clock.now();
        await clock.advance(1_000);
        const paused = pause(60_000, signal);
        assert.equal((await poll.observe())?.id, "failed");
        await paused;
        assert.equal(clock.now(), start + 1_000);
        cache.invalidate();
        assert.equal((await observe())?.id, "a");
        assert.deepEqual(asked.splice(0), ["list", "get failed"]);
        await clock.advance(1);
        await observe();
        assert.deepEqual(asked.splice(0), ["list"]);
        throw new Error("given up");
      });
      await assert.rejects(other, /given up/);
      await observe();
      assert.deepEqual(asked.splice(0), ["get a"]);
    });
  });

  it("waits by no list from before the wait began", async () => {
    const { cache, clock, asked } = lab();
    await cache.now();
    await clock.advance(1);
    await cache.whileWaiting("b", () =>
      cache.whileWaiting("a", async ({ observe }) => (await observe())?.id),
    );
    assert.deepEqual(asked, ["list", "list"]);
  });

  it("lists nodes every minute at most, and more seldom the longer it has waited", async () => {
    const { cache, clock } = lab();
    const mayList = async (afterMs: number, waitedMs: number) => {
      await clock.advance(afterMs);
      return cache.mayListNodes(waitedMs);
    };
    assert.equal(await mayList(0, 0), true);
    assert.equal(await mayList(59_999, 0), false);
    assert.equal(await mayList(1, 60_000), true);
    assert.equal(await mayList(99_999, 200_000), false);
    assert.equal(await mayList(1, 200_000), true);
  });

  it("lists nodes every 45 s at most when they would show when the wait ends", async () => {
    const { cache, clock } = lab();
    assert.equal(cache.mayListNodes(600_000, true), true);
    await clock.advance(44_999);
    assert.equal(cache.mayListNodes(600_000, true), false);
    await clock.advance(1);
    assert.equal(cache.mayListNodes(600_000, true), true);
  });

  it("of a wait takes its own list for no news at its next poll", async () => {
    const { cache, clock, asked } = lab();
    await cache.whileWaiting("b", () =>
      clock.run(
        cache.whileWaiting("a", ({ observe, pause }) => {
          let polls = 0;
          return waitUntil({
            ...{ clock, observe, pause, signal: new AbortController().signal },
            deadline: clock.now() + 60_000,
            minPauseMs: 1_000,
            isDone: () => ++polls === 3,
            describe: () => "",
          });
        }),
      ),
    );
    assert.deepEqual(asked, ["list", "list", "list"]);
  });
});
