// A clock that tests drive: time moves only when a test says so, and never while promises are settling.

import type { Clock } from "../../sdk/http/clock";
import { Sleepers } from "./sleepers";

/** A clock whose time a test moves. */
export interface ManualClock extends Clock {
  /** Moves the time, waking sleepers in order and letting everything they set off settle in between. */
  advance(ms: number): Promise<void>;
  /**
   * Moves the time from sleeper to sleeper until `work` settles.
   *
   * @param maxMs sleepers that asked for more than this stay asleep: time-outs, when real sockets
   * are at work.
   */
  run<T>(work: Promise<T>, maxMs?: number): Promise<T>;
  /** Lets promises and finished input and output settle, without moving the time. */
  settle(): Promise<void>;
  /** How long the present sleepers asked to sleep, in milliseconds, in the order of waking. */
  readonly sleeping: readonly number[];
  /** How long all sleepers so far asked to sleep, in milliseconds, in the order of asking. */
  readonly slept: readonly number[];
}

/**
 * Makes a clock that starts at `startAt`, in milliseconds since 1970. Where only promises are at work and no
 * input or output, one round of the event loop is enough for everything to settle.
 */
export function manualClock(startAt = Date.UTC(2026, 0, 1), rounds = 3): ManualClock {
  let time = startAt;
  const sleepers = new Sleepers();
  const slept: number[] = [];

  const settle = async () => {
    for (let round = 0; round < rounds; round++)
      await new Promise((resolve) => setImmediate(resolve));
  };

  const wakeNext = (until: number, maxMs: number): boolean => {
    const next = sleepers.waiting.find((sleeper) => sleeper.ms <= maxMs);
    if (next === undefined || next.dueAt > until) return false;
    sleepers.remove(next);
    time = Math.max(time, next.dueAt);
    next.wake();
    return true;
  };

  return {
    now: () => time,
    sleep: (ms, signal) => {
      if (Number.isNaN(ms)) throw new RangeError("A real timer takes NaN for no time at all.");
      if (!signal?.aborted) slept.push(ms);
      return sleepers.sleep(ms, time, signal);
    },
    async advance(ms) {
      const until = time + ms;
      await settle();
      while (wakeNext(until, Number.POSITIVE_INFINITY)) await settle();
      time = until;
    },
    async run(work, maxMs = Number.POSITIVE_INFINITY) {
      let isSettled = false;
      const settled = () => {
        isSettled = true;
      };
      work.then(settled, settled);
      await settle();
      while (!isSettled) {
        wakeNext(Number.POSITIVE_INFINITY, maxMs);
        await settle();
      }
      return await work;
    },
    settle,
    get sleeping() {
      return sleepers.waiting.map((sleeper) => sleeper.ms);
    },
    get slept() {
      return slept;
    },
  };
}
