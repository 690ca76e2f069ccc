import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import fc from "fast-check";
import { randomNumbers } from "../../emulator/cluster/random-numbers";
import type { Clock, Permit, RequestQueue } from "../../sdk";
import { RateLimiter, rateLimiterFor } from "../../sdk";
import type { ManualClock } from "../support/clock";
import { manualClock } from "../support/clock";

async function turnOf(limiter: RequestQueue): Promise<Permit> {
  const turn = await limiter.acquire({ ticket: limiter.ticket() });
  assert.ok(typeof turn !== "string");
  return turn;
}

/** The largest number of times within less than a second. */
function maxInOneSecond(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted.reduce((most, from, first) => {
    const after = sorted.findIndex((time) => time - from >= 1_000);
    return Math.max(most, (after === -1 ? sorted.length : after) - first);
  }, 0);
}

interface Arrival {
  after: number;
  connectMs: number;
  jitterMs: number;
  responseMs: number;
}

/** Sends requests through a limiter; returns when the server counted each. */
async function serverTimes(limiter: RateLimiter, clock: ManualClock, arrivals: Arrival[]) {
  const times: number[] = [];
  const requests = arrivals.map(async ({ after, connectMs, jitterMs, responseMs }) => {
    await clock.sleep(after);
    const turn = await turnOf(limiter);
    await clock.sleep(connectMs);
    turn.sent();
    times.push(clock.now() + jitterMs);
    await clock.sleep(jitterMs + responseMs);
    turn.responded();
  });
  await clock.run(Promise.all(requests));
  return times;
}

const arrivals = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 3_000 }),
    connectMs: fc.constantFrom(0, 0, 0, 5, 300),
    // Up to 50 ms around the usual delay, in either direction.
    jitterMs: fc.integer({ min: 0, max: 100 }),
    responseMs: fc.constantFrom(0, 1, 20, 400, 5_000),
  }),
  { maxLength: 60 },
);

describe("The request budget", () => {
  it("never lets the server count more than ten requests in any second", async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer(), async (requests, seed) => {
        const clock = manualClock(0);
        const limiter = new RateLimiter(clock, randomNumbers(Math.abs(seed)));
        const times = await serverTimes(limiter, clock, requests);
        assert.equal(times.length, requests.length);
        assert.ok(maxInOneSecond(times) <= 10, `${maxInOneSecond(times)} in one second`);
      }),
      { numRuns: 40 },
    );
  }).timeout(20_000);

  it("gives a hundred quick requests their turns within ten seconds", async () => {
    const clock = manualClock(0);
    const quick = { after: 0, connectMs: 0, jitterMs: 1, responseMs: 1 };
    const requests = Array.from({ length: 100 }, () => quick);
    await serverTimes(new RateLimiter(clock, randomNumbers(1)), clock, requests);
    assert.ok(clock.now() < 10_000, `${clock.now()} ms`);
  });

  it("lets ten requests go before it makes one wait", async () => {
    const clock = manualClock(0);
    const limiter = new RateLimiter(clock);
    const ten = Array.from({ length: 10 }, () => turnOf(limiter));
    for (const turn of await clock.run(Promise.all(ten))) turn.sent();
    const sentBy = clock.now();
    assert.ok(sentBy <= 200);
    await clock.run(turnOf(limiter));
    assert.ok(clock.now() >= 1_100);
  });

  it("serves in the order of arrival, and a repeated request at its first place", async () => {
    const clock = manualClock(0);
    const limiter = new RateLimiter(clock);
    const repeated = limiter.ticket();
    for (let sent = 0; sent < 10; sent++) (await clock.run(turnOf(limiter))).sent();
    const order: string[] = [];
    const enter = async (name: string, ticket: number) => {
      const turn = await limiter.acquire({ ticket });
      order.push(name);
      if (typeof turn !== "string") turn.sent();
    };
    const queue = ["a", "b", "c"].map((name) => enter(name, limiter.ticket()));
    queue.push(enter("repeated", repeated));
    await clock.run(Promise.all(queue));
    assert.deepEqual(order, ["repeated", "a", "b", "c"]);
  });

  it("gives the place of a request that never left to the next one at once", async () => {
    const clock = manualClock(0);
    const limiter = new RateLimiter(clock);
    for (let tried = 0; tried < 30; tried++) (await clock.run(turnOf(limiter))).unused();
    assert.ok(clock.now() < 1_000);
  });

  it("is not held up by a request that waits for its connection", async () => {
    const clock = manualClock(0);
    const limiter = new RateLimiter(clock);
    const [slow, ...quick] = await clock.run(
      Promise.all(Array.from({ length: 10 }, () => turnOf(limiter))),
    );
    for (const turn of quick.reverse()) {
      await clock.advance(5);
      turn.sent();
    }
    (await clock.run(turnOf(limiter))).unused();
    assert.ok(clock.now() < 1_500, `${clock.now()} ms`);
    slow?.unused();
  });

  it("leaves a moment between its rounds, each time another", async () => {
    for (const random of [0, 0.25, 0.5]) {
      const clock = manualClock(0);
      const limiter = new RateLimiter(clock, () => random);
      const begunAt = clock.now();
      for (let sent = 0; sent < 10; sent++) {
        const turn = await clock.run(turnOf(limiter));
        turn.sent();
        turn.responded();
      }
      await clock.run(turnOf(limiter));
      assert.equal(clock.now() - begunAt, 1_004 + random * 30);
    }
  });

  it("reports no wait where there is none", async () => {
    const limiter = new RateLimiter(manualClock(0));
    const onWait = () => assert.fail("there is no wait");
    await limiter.acquire({ ticket: limiter.ticket(), onWait });
  });

  it("says how long the wait will be, about", async () => {
    const clock = manualClock();
    const limiter = new RateLimiter(clock, () => 0);
    for (let sent = 0; sent < 10; sent++) (await clock.run(turnOf(limiter))).sent();
    const waits: number[] = [];
    const queue = Array.from({ length: 20 }, () =>
      limiter.acquire({ ticket: limiter.ticket(), onWait: (ms) => waits.push(ms) }),
    );
    assert.equal(waits.length, 20);
    assert.ok((waits[0] ?? 0) > 800 && (waits[0] ?? 0) < 1_300);
    assert.ok((waits[19] ?? 0) > 2_500 && (waits[19] ?? 0) < 3_500);
    for (const turn of queue)
      turn.then((t) => typeof t === "string" || t.sent()).catch(() => undefined);
    await clock.run(Promise.all(queue));
  });

  describe("leaving the queue", () => {
    const full = async () => {
      const clock = manualClock(0);
      const limiter = new RateLimiter(clock);
      for (let sent = 0; sent < 10; sent++) (await clock.run(turnOf(limiter))).sent();
      return { clock, limiter };
    };

    it("happens at once when the caller cancels, and holds up nobody", async () => {
      const { clock, limiter } = await full();
      const controller = new AbortController();
      const left = limiter.acquire({ ticket: limiter.ticket(), signal: controller.signal });
      const next = turnOf(limiter);
      controller.abort();
      const before = clock.now();
      assert.equal(await left, "aborted");
      assert.equal(clock.now(), before);
      (await clock.run(next)).sent();
    });

    it("takes no place in the budget", async () => {
      const { clock, limiter } = await full();
      const controller = new AbortController();
      const { signal } = controller;
      const leaving = Array.from({ length: 10 }, () =>
        limiter.acquire({ ticket: limiter.ticket(), signal }),
      );
      const staying = Array.from({ length: 10 }, async () => (await turnOf(limiter)).sent());
      controller.abort();
      assert.deepEqual(new Set(await Promise.all(leaving)), new Set(["aborted"]));
      await clock.run(Promise.all(staying));
      assert.ok(clock.now() < 2_000, `${clock.now()} ms`);
    });

    it("happens at the deadline", async () => {
      const { clock, limiter } = await full();
      const deadline = clock.now() + 300;
      const late = limiter.acquire({ ticket: limiter.ticket(), deadline });
      assert.equal(await clock.run(late), "late");
      assert.equal(clock.now(), deadline);
    });

    it("leaves nothing behind, nor does a turn that comes in time", async () => {
      const { clock, limiter } = await full();
      const controller = new AbortController();
      const { signal } = controller;
      const enter = (patienceMs: number) =>
        limiter.acquire({
          ticket: limiter.ticket(),
          signal,
          deadline: clock.now() + patienceMs,
        });
      const assertNothingLeft = async () => {
        await clock.settle();
        assert.deepEqual(getEventListeners(signal, "abort"), []);
        assert.deepEqual(clock.sleeping, []);
      };
      const turn = await clock.run(enter(60_000));
      assert.ok(typeof turn !== "string");
      await assertNothingLeft();
      turn.throttled(60_000);
      assert.equal(await clock.run(enter(50)), "late");
      await assertNothingLeft();
      const left = enter(50_000);
      controller.abort();
      assert.equal(await left, "aborted");
      await assertNothingLeft();
    });

    it("happens before entering when it is too late or cancelled already", async () => {
      const { clock, limiter } = await full();
      const ticket = limiter.ticket();
      assert.equal(await limiter.acquire({ ticket, deadline: clock.now() }), "late");
      assert.equal(await limiter.acquire({ ticket, signal: AbortSignal.abort() }), "aborted");
    });
  });

  describe("after a 429", () => {
    it("pauses the whole credential for as long as the API asks", async () => {
      const clock = manualClock(0);
      const limiter = new RateLimiter(clock, () => 0.5);
      const refused = await clock.run(turnOf(limiter));
      refused.sent();
      refused.responded();
      refused.throttled(3_000);
      await clock.run(turnOf(limiter));
      assert.ok(clock.now() >= 3_000 && clock.now() < 3_200);
    });

    it("goes slower at once, also where the API asks for no pause", async () => {
      const clock = manualClock(0);
      const limiter = new RateLimiter(clock, () => 0);
      const refused = await clock.run(turnOf(limiter));
      refused.sent();
      refused.throttled(0);
      for (let sent = 1; sent < 5; sent++) (await clock.run(turnOf(limiter))).sent();
      assert.ok(clock.now() < 200, `${clock.now()} ms`);
      await clock.run(turnOf(limiter));
      assert.ok(clock.now() > 1_000, `${clock.now()} ms`);
    });

    it("keeps to the longest pause that it was asked for", async () => {
      const clock = manualClock(0);
      const limiter = new RateLimiter(clock, () => 0);
      const refused = [await clock.run(turnOf(limiter)), await clock.run(turnOf(limiter))];
      const at = clock.now();
      for (const [index, turn] of refused.entries()) {
        turn.sent();
        turn.responded();
        turn.throttled(index === 0 ? 5_000 : 1_000);
      }
      await clock.run(turnOf(limiter));
      assert.equal(clock.now(), at + 5_000);
    });

    it("pauses for up to a tenth of a second more, and four while it gets nothing", async () => {
      const clock = manualClock(0);
      const limiter = new RateLimiter(clock, () => 1);
      const pauseAfter = async (outcome: (turn: Permit) => void) => {
        const turn = await clock.run(turnOf(limiter));
        turn.sent();
        turn.responded();
        outcome(turn);
        turn.throttled(2_000);
        const at = clock.now();
        (await clock.run(turnOf(limiter))).unused();
        return clock.now() - at;
      };
      const unsuccessful = () => undefined;
      assert.equal(await pauseAfter(unsuccessful), 2_100);
      assert.equal(await pauseAfter(unsuccessful), 2_400);
      assert.equal(await pauseAfter((turn) => turn.accepted()), 2_100);
    });

    it("pauses for ten minutes at most, whatever the server asks", async () => {
      const clock = manualClock(0);
      const limiter = new RateLimiter(clock, () => 0);
      const refused = await clock.run(turnOf(limiter));
      refused.sent();
      refused.responded();
      refused.throttled(Number.MAX_SAFE_INTEGER);
      await clock.run(turnOf(limiter));
      assert.equal(clock.now(), 10 * 60_000);
    });

    it("goes slower, and is back at full speed within two minutes when nobody minds", async () => {
      const clock = manualClock(0);
      const limiter = new RateLimiter(clock, randomNumbers(3));
      const sent: number[] = [];
      const refused = await turnOf(limiter);
      refused.sent();
      refused.responded();
      refused.throttled(undefined);
      const until = 130_000;
      const work = async () => {
        while (clock.now() < until) {
          const turn = await turnOf(limiter);
          turn.sent();
          sent.push(clock.now());
          await clock.sleep(5);
          turn.responded();
        }
      };
      await clock.run(Promise.all(Array.from({ length: 12 }, work)));
      const between = (from: number, to: number) =>
        sent.filter((at) => at >= from && at < to).length;
      assert.ok(between(0, 2_000) <= 7, `${between(0, 2_000)} in two seconds`);
      assert.ok(between(110_000, 130_000) >= 190, `${between(110_000, 130_000)} in 20 s`);
    }).timeout(10_000);
  });

  describe("the limiter of a credential", () => {
    const clock: Clock = manualClock();
    const find = (serverUrl: string, secret: string, itsClock = clock) =>
      rateLimiterFor({ serverUrl, secret }, itsClock);

    it("is the same for the same server and secret", () => {
      assert.equal(find("https://a.test", "k"), find("https://a.test/", "k"));
    });

    it("is another for another server, secret or clock", () => {
      const one = find("https://a.test", "k");
      assert.notEqual(one, find("https://b.test", "k"));
      assert.notEqual(one, find("https://a.test", "l"));
      assert.notEqual(one, find("https://a.test", "k", manualClock()));
    });

    it("is another for each user that one token stands for", () => {
      const of = (username?: string) =>
        rateLimiterFor({ serverUrl: "https://a.test", secret: "t", username }, clock);
      assert.notEqual(of("ada@example.com"), of("ci@example.com"));
      assert.notEqual(of("ada@example.com"), of());
      assert.equal(of("ada@example.com"), of("ada@example.com"));
    });

    it("is shared by all copies of the package in the process", () => {
      const limiter = rateLimiterFor({ serverUrl: "https://shared.test", secret: "k" });
      const path = require.resolve("../../sdk/http/rate-limiter-for");
      const cached = require.cache[path];
      delete require.cache[path];
      const copy =
        require("../../sdk/http/rate-limiter-for") as typeof import("../../sdk/http/rate-limiter-for");
      if (cached !== undefined) require.cache[path] = cached;
      assert.equal(copy.rateLimiterFor({ serverUrl: "https://shared.test", secret: "k" }), limiter);
    });
  });
});
