import { strict as assert } from "node:assert";
import { setImmediate } from "node:timers/promises";
import { CachedList, readableForMs } from "../../../provider/cache/cached-list";
import type { RequestOptions } from "../../../sdk";

interface Item {
  id: string;
}

/** A list whose requests are counted and responded by hand, on a clock that is moved by hand. */
function lab() {
  const open: {
    response(ids: string[]): void;
    fail(error: Error): void;
    options: RequestOptions;
  }[] = [];
  let time = 1_000;
  const clock = { now: () => time, sleep: async () => {} };
  async function* list(options: RequestOptions): AsyncGenerator<Item> {
    const ids = await new Promise<string[]>((response, fail) =>
      open.push({ response, fail, options }),
    );
    for (const id of ids) yield { id };
  }
  const shared = new CachedList<Item>(
    { operation: "Listing things", list, keyOf: ({ id }) => id },
    clock,
    new AbortController().signal,
  );
  return { shared, open, clock, later: (ms: number) => (time += ms) };
}

const keys = (items: ReadonlyMap<string, Item>) => [...items.keys()];

describe("CachedList", () => {
  it("asks once for all who want to know at the same time, and for a while after", async () => {
    const { shared, open, later } = lab();
    const both = Promise.all([shared.recentItems(), shared.recentItems()]);
    open[0]?.response(["a"]);
    assert.deepEqual((await both).map(keys), [["a"], ["a"]]);
    later(readableForMs);
    assert.deepEqual(keys(await shared.recentItems()), ["a"]);
    assert.equal(open.length, 1);
    later(1);
    void shared.recentItems();
    assert.equal(open.length, 2);
  });

  it("asks again after a write of our own, also one that came while it was on its way", async () => {
    const { shared, open } = lab();
    const before = shared.recentItems();
    shared.invalidate();
    const after = shared.recentItems();
    assert.equal(open.length, 2);
    open[0]?.response(["old"]);
    open[1]?.response(["new"]);
    assert.deepEqual([keys(await before), keys(await after)], [["old"], ["new"]]);
  });

  it("asks once for all who read in the moment of a write, after it", async () => {
    const { shared, open } = lab();
    shared.invalidate();
    const both = Promise.all([shared.recentItems(), shared.recentItems()]);
    assert.equal(open.length, 1, "the clock does not show which came first");
    open[0]?.response(["new"]);
    assert.deepEqual((await both).map(keys), [["new"], ["new"]]);
  });

  it("returns what was there before a write to those who ignore writes", async () => {
    const { shared, open, later } = lab();
    const first = shared.items({ since: 0 });
    open[0]?.response(["a"]);
    await first;
    later(1);
    shared.invalidate();
    assert.deepEqual(keys(await shared.items({ since: 0, ignoresWrites: true })), ["a"]);
    assert.equal(open.length, 1);
  });

  it("asks once more for all who miss something, also for those who come later", async () => {
    const { shared, open, later } = lab();
    const { signal } = new AbortController();
    const isMissing = (key: string) => shared.isMissingTwice(key, 1_000, signal);
    const first = shared.recentItems();
    open[0]?.response(["a"]);
    await first;
    const missed = Promise.all([isMissing("b"), isMissing("c")]);
    await setImmediate();
    assert.equal(open.length, 2);
    open[1]?.response(["a", "c"]);
    assert.deepEqual(await missed, [true, false]);
    later(readableForMs);
    assert.equal(await isMissing("d"), true);
    assert.equal(open.length, 2);
    later(1);
    void isMissing("d");
    await setImmediate();
    assert.equal(open.length, 3, "what one list lacked half a minute ago says nothing of now");
  });

  it("keeps no failure", async () => {
    const { shared, open } = lab();
    const first = shared.recentItems();
    open[0]?.fail(new Error("down"));
    await assert.rejects(first, /down/);
    const second = shared.recentItems();
    open[1]?.response(["a"]);
    assert.deepEqual(keys(await second), ["a"]);
  });

  it("keeps a newer list when an older one fails", async () => {
    const { shared, open } = lab();
    const older = shared.recentItems();
    shared.invalidate();
    const newer = shared.items({ since: 0, ignoresWrites: true });
    assert.equal(open.length, 1);
    const newest = shared.items({ since: Number.POSITIVE_INFINITY });
    open[0]?.fail(new Error("down"));
    await Promise.all([assert.rejects(older, /down/), assert.rejects(newer, /down/)]);
    open[1]?.response(["a"]);
    assert.deepEqual(keys(await newest), ["a"]);
    assert.deepEqual(keys(await shared.items({ since: 0, ignoresWrites: true })), ["a"]);
    assert.equal(open.length, 2);
  });

  it("is given up by the caller whose time is up, with the trouble, and goes on for the others", async () => {
    const { shared, open } = lab();
    const patient = shared.recentItems();
    const hasty = shared.recentItems({ deadline: 1_500 });
    open[0]?.options.onWait?.({ reason: "transient", ms: 400, error: new Error("refused") });
    open[0]?.options.onWait?.({ reason: "transient", ms: 500, error: new Error("refused again") });
    await assert.rejects(hasty, /refused again/);
    open[0]?.response(["a"]);
    assert.deepEqual(keys(await patient), ["a"]);
  });

  describe("that is watched", () => {
    it("is read again each time, though nobody else has read it and no time has passed", async () => {
      const { shared, open } = lab();
      const watch = shared.watch();
      for (const index of [0, 1, 2]) {
        const next = watch.next();
        open[index]?.response([`list ${index}`]);
        assert.deepEqual(keys((await next).items), [`list ${index}`]);
      }
    });

    it("is taken from whoever has begun to read it since, on its way or here", async () => {
      const { shared, open } = lab();
      const watch = shared.watch();
      const other = shared.recentItems();
      const next = watch.next();
      open[0]?.response(["a"]);
      await Promise.all([other, next]);
      const another = shared.watch().next();
      open[1]?.response(["b"]);
      await another;
      assert.deepEqual(keys((await watch.next()).items), ["b"]);
      assert.equal(open.length, 2);
    });

    it("is not taken from whoever has begun to read it in the moment before", async () => {
      const { shared, open } = lab();
      const before = shared.recentItems();
      const next = shared.watch().next();
      open[0]?.response(["old"]);
      open[1]?.response(["new"]);
      await before;
      assert.deepEqual(keys((await next).items), ["new"]);
    });

    it("passes on what it says of itself at its end", async () => {
      const { clock } = lab();
      const shared = new CachedList<Item>(
        {
          operation: "Listing things",
          async *list() {
            yield { id: "a" };
            return { pending: "propagating" };
          },
          keyOf: ({ id }) => id,
        },
        clock,
        new AbortController().signal,
      );
      const { items, pending } = await shared.watch().next();
      assert.deepEqual([keys(items), pending], [["a"], "propagating"]);
    });
  });
});
