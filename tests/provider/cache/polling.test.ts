import { strict as assert } from "node:assert";
import { setMaxListeners } from "node:events";
import * as fc from "fast-check";
import { randomNumbers } from "../../../emulator/cluster/random-numbers";
import { pauseMs, waitUntil } from "../../../provider/cache/polling";
import { InterruptedError } from "../../../provider/resource/errors";
import { manualClock } from "../../support/clock";

const second = 1_000;
const minute = 60 * second;

function newWait(
  doneAfterMs: number,
  options: {
    minPauseMs?: number;
    deadlineMs?: number;
    random?: () => number;
    pause?: (ms: number) => Promise<void>;
    isIdle?: (elapsed: number) => boolean;
  } = {},
) {
  const clock = manualClock();
  const start = clock.now();
  const interruption = new AbortController();
  setMaxListeners(0, interruption.signal);
  const polls: { at: number }[] = [];
  const progress: number[] = [];
  const wait = () =>
    waitUntil<number>({
      clock,
      signal: interruption.signal,
      deadline: start + (options.deadlineMs ?? 120 * minute),
      minPauseMs: options.minPauseMs ?? second,
      ...(options.random && { random: options.random }),
      ...(options.pause && { pause: options.pause }),
      observe: async () => {
        polls.push({ at: clock.now() - start });
        return clock.now() - start;
      },
      isDone: (elapsed) => elapsed >= doneAfterMs,
      describe: (last) => `waited, last seen ${last}`,
      ...(options.isIdle && {
        stall: {
          isIdle: options.isIdle,
          describe: (_last: number, idleMs: number) => `idle for ${idleMs}`,
        },
      }),
      onProgress: async (_last, waitedMs) => {
        progress.push(waitedMs);
      },
    });
  return { clock, wait, polls, progress, interruption };
}

describe("Waiting", () => {
  describe("for an idle service", () => {
    it("ends a quarter of an hour after its work has ended without result", async () => {
      const worksUntil = 30 * minute;
      const { clock, wait, polls } = newWait(Number.POSITIVE_INFINITY, {
        isIdle: (elapsed) => elapsed >= worksUntil,
      });
      await assert.rejects(clock.run(wait()), /^Error: idle for 9\d{5}(\.\d+)?$/);
      const end = polls.at(-1)?.at ?? 0;
      assert.ok(end >= 45 * minute && end <= 47 * minute, `${end} ms`);
    });

    it("counts from the last poll that found it at work", async () => {
      const { clock, wait } = newWait(100 * minute, {
        isIdle: (elapsed) => elapsed % (12 * minute) > 2 * minute,
      });
      await clock.run(wait());
    });

    it("still returns what comes at the last moment", async () => {
      const { clock, wait } = newWait(14 * minute, { isIdle: () => true });
      assert.ok((await clock.run(wait())) >= 14 * minute);
    });
  });

  describe("pauses", () => {
    it("polls first after the shortest pause", async () => {
      const { clock, wait, polls } = newWait(0);
      await clock.run(wait());
      assert.equal(polls.length, 1);
      assert.ok((polls[0]?.at ?? 0) <= second);
    });

    it("takes at most 80 searches for half an hour and 30 more for an hour, whatever the jitter", async () => {
      for (const [doneAfterMs, most] of [
        [30 * minute, 80],
        [60 * minute, 114],
      ] as const) {
        const { clock, wait, polls } = newWait(doneAfterMs, { random: () => 1 });
        await clock.run(wait());
        assert.ok(polls.length <= most, `${polls.length} polls`);
      }
    });

    it("notices within 3 s or a tenth of the time, whatever comes first to matter", async () => {
      const times = fc.integer({ min: 0, max: 100 * minute });
      const pauses = fc.constantFrom(second, 3 * second);
      await fc.assert(
        fc.asyncProperty(times, pauses, fc.integer(), async (doneAfterMs, minPauseMs, seed) => {
          const { clock, wait, polls } = newWait(doneAfterMs, {
            minPauseMs,
            random: randomNumbers(seed),
          });
          await clock.run(wait());
          const lag = (polls.at(-1)?.at ?? 0) - doneAfterMs;
          assert.ok(
            lag >= 0 && lag <= Math.max(3 * second, doneAfterMs / 10),
            `${lag} ms after ${doneAfterMs}`,
          );
        }),
        { numRuns: 100 },
      );
    });

    it("are 20 s at most for ten minutes where nothing says when the end comes", async () => {
      for (const doneAfterMs of [5 * minute, 8 * minute, 10 * minute]) {
        const { clock, wait, polls } = newWait(doneAfterMs, { random: () => 0 });
        await clock.run(wait());
        const lag = (polls.at(-1)?.at ?? 0) - doneAfterMs;
        assert.ok(lag <= 20 * second, `${lag} ms after ${doneAfterMs}`);
        assert.ok(polls.length <= 56, `${polls.length} polls`);
      }
    });

    it("grow with the time waited, up to a minute, with a fiftieth of jitter", () => {
      assert.equal(
        pauseMs(0, second, () => 0),
        second,
      );
      assert.equal(
        pauseMs(100 * second, second, () => 0),
        10 * second,
      );
      assert.equal(
        pauseMs(100 * second, second, () => 1),
        9_800,
      );
      assert.equal(
        pauseMs(60 * minute, second, () => 0),
        minute,
      );
    });

    it("are short around the time at which the end is expected, and nowhere longer than a tenth of the time waited", () => {
      const expected = { fromMs: 20 * minute, toMs: 22 * minute };
      const random = () => 0;
      for (let waitedMs = 3 * second; waitedMs <= 30 * minute; waitedMs += second) {
        const pause = pauseMs(waitedMs, 3 * second, random, expected);
        const grown = Math.max(3 * second, Math.min(waitedMs / 10, minute));
        assert.ok(pause <= Math.max(grown, 6 * second), `${pause} after ${waitedMs}`);
        const isPast = waitedMs >= expected.toMs;
        if (isPast) assert.equal(pause, pauseMs(waitedMs, 3 * second, random));
        else
          assert.ok(
            waitedMs + pause <= Math.max(waitedMs, expected.fromMs) + 9 * second || pause === grown,
          );
      }
      assert.equal(pauseMs(21 * minute, 3 * second, random, expected), 9 * second);
    });

    it("share out at most 16 polls over a long time in which the end is expected", () => {
      const expected = { fromMs: 20 * minute, toMs: 30 * minute };
      assert.equal(
        pauseMs(25 * minute, second, () => 0, expected),
        37.5 * second,
      );
    });

    it("end early when somebody else has read", async () => {
      const { clock, wait, polls } = newWait(10 * second, {
        random: () => 0,
        pause: (ms) => clock.sleep(Math.min(ms, 700)),
      });
      await clock.run(wait());
      assert.deepEqual(
        polls.map(({ at }) => at),
        polls.map((_poll, index) => (index + 1) * 700),
      );
    });
  });

  it("reports every poll that does not end it", async () => {
    const { clock, wait, polls, progress } = newWait(minute);
    await clock.run(wait());
    const untilLast = polls.slice(0, -1).map(({ at }) => at);
    assert.ok(untilLast.length > 0);
    assert.deepEqual(progress, untilLast);
  });

  it("fails exactly at the deadline with the last that was seen", async () => {
    const { clock, wait, polls } = newWait(120 * minute, { deadlineMs: 10 * minute });
    await assert.rejects(clock.run(wait()), (error: Error) => {
      assert.equal(error.message, `waited, last seen ${polls.at(-1)?.at}`);
      return true;
    });
    assert.equal(polls.at(-1)?.at, 10 * minute);
  });

  it("fails with what it waited for when the last poll is cut at the deadline", async () => {
    const clock = manualClock();
    const wait = waitUntil<number>({
      clock,
      signal: new AbortController().signal,
      deadline: clock.now() + minute,
      minPauseMs: minute,
      random: () => 0,
      observe: async () => {
        throw new Error("its time was up");
      },
      isDone: () => false,
      describe: (last) => `waited, last seen ${last}`,
    });
    await assert.rejects(clock.run(wait), (error: Error) => {
      assert.equal(error.message, "waited, last seen undefined");
      assert.match(String(error.cause), /its time was up/);
      return true;
    });
  });

  it("needs nobody to report its polls", async () => {
    const clock = manualClock();
    const start = clock.now();
    const wait = waitUntil<number>({
      clock,
      signal: new AbortController().signal,
      deadline: start + minute,
      minPauseMs: second,
      observe: async () => clock.now() - start,
      isDone: (elapsed) => elapsed > 10 * second,
      describe: () => "",
    });
    assert.ok((await clock.run(wait)) > 10 * second);
  });

  it("passes on what a poll throws, and a state from which it cannot come", async () => {
    const clock = manualClock();
    const common = {
      clock,
      signal: new AbortController().signal,
      deadline: clock.now() + minute,
      minPauseMs: second,
      describe: () => "",
    };
    const polling = waitUntil({
      ...common,
      observe: () => Promise.reject(new Error("403")),
      isDone: () => true,
    });
    await assert.rejects(clock.run(polling), { message: "403" });
    const judging = waitUntil({
      ...common,
      observe: async () => "CREATION_FAILED",
      isDone: () => {
        throw new Error("failed for good");
      },
    });
    await assert.rejects(clock.run(judging), { message: "failed for good" });
  });

  it("ends at once when it is interrupted, in a pause and in a poll", async () => {
    const { clock, wait, interruption } = newWait(120 * minute);
    const work = wait();
    const failed = assert.rejects(work, InterruptedError);
    await clock.advance(5 * minute);
    const at = clock.now();
    interruption.abort();
    await failed;
    assert.equal(clock.now(), at);

    const other = new AbortController();
    const polling = waitUntil<number>({
      clock,
      signal: other.signal,
      deadline: clock.now() + minute,
      minPauseMs: 0,
      observe: async () => {
        other.abort();
        throw new Error("cancelled");
      },
      isDone: () => false,
      describe: () => "stopped",
    });
    await assert.rejects(clock.run(polling), (error: Error) => {
      assert.deepEqual([error.name, error.message], ["InterruptedError", "stopped"]);
      assert.match(String(error.cause), /cancelled/);
      return true;
    });
  });
});
