/**
 * The one polling loop: repeats an observation until it is what was waited for.
 *
 * The first poll comes soon and the pauses grow in proportion to the time already waited, so that a
 * short wait ends at once and a long one costs few requests. On time-out it fails, and earlier when
 * nothing is at work that could bring what is waited for; it never returns "probably ready".
 */
import type { Clock } from "../../sdk/index";
import { InterruptedError } from "../resource/errors";
import type { TimeSpan } from "./creation-forecast";

/** The service is at work on nothing, and what was waited for has not come. */
export interface Stall<Observation> {
  isIdle(observation: Observation): boolean;
  /** The message when it was idle for too long. */
  describe(observation: Observation, idleMs: number): string;
}

export interface Wait<Observation> {
  /** Reads the object, as it was at some time since the last poll: others may have read it too. */
  observe(): Promise<Observation>;
  /** The first poll comes without a pause: what is done already is not waited for. */
  readonly startsAtOnce?: true;
  /** Pauses for so long at most; others who read may end it. @default the whole time */
  pause?(ms: number, signal: AbortSignal): Promise<void>;
  /** Whether this is what was waited for. Throws on a state from which it can no longer come. */
  isDone(observation: Observation): boolean;
  /** Called after each poll that does not end the wait. */
  onProgress?(observation: Observation, waitedMs: number): Promise<void>;
  /** The message when the time is up: what was waited for, and the last that was seen. */
  describe(observation: Observation | undefined): string;
  /** Where the service may accept a request and drop it: how long it may be idle before that is so. */
  stall?: Stall<Observation>;
  clock: Clock;
  signal: AbortSignal;
  /** Clock time since when it is waited. @default now */
  start?: number;
  /** Clock time at which the wait fails. */
  deadline: number;
  /** The shortest pause between two polls. */
  minPauseMs: number;
  /** When the end is expected, in milliseconds since `start`: polls are closest then. @default nothing is known */
  expected?(): TimeSpan;
  random?: () => number;
}

const maxPauseMs = 60_000;
/** What comes within ten minutes, as most does of which nothing is known, is noticed no later than this. */
const maxPauseWhileUsualMs = 20_000;
const usualMs = 10.5 * 60_000;
/** What came within the first half minute is noticed no later than this. */
const maxEarlyPauseMs = 3_000;
/** The same, where the end is expected much later. */
const maxPauseBeforeExpectedMs = 6_000;
/** What comes when it is expected is noticed no later than this, unless that takes too many polls. */
const expectedPauseMs = 9_000;
const maxPollsOfExpected = 16;
/** Longer than any change takes to begin or to show that does not show while it runs. */
const stallTimeoutMs = 15 * 60_000;
const earlyPausePerWaited = 1 / 3;
const pausePerWaited = 0.1;
/** Enough to part the polls of runs that began together. */
const jitter = 0.02;

/** The pause before the next poll, after having waited for so long. */
export function pauseMs(
  waitedMs: number,
  minMs: number,
  random: () => number,
  expected?: TimeSpan,
): number {
  const isLater = expected !== undefined && waitedMs < expected.fromMs;
  const maxEarlyMs = isLater ? maxPauseBeforeExpectedMs : maxEarlyPauseMs;
  const early = Math.min(waitedMs * earlyPausePerWaited, maxEarlyMs);
  const isUsual = expected === undefined && waitedMs < usualMs;
  const maxLateMs = isUsual ? maxPauseWhileUsualMs : maxPauseMs;
  const late = Math.min(waitedMs * pausePerWaited, maxLateMs);
  const pause = Math.max(minMs, early, late) * (1 - jitter * random());
  if (expected === undefined || waitedMs >= expected.toMs) return pause;
  const evenly = (expected.toMs - expected.fromMs) / maxPollsOfExpected;
  const close = Math.max(minMs, expectedPauseMs, evenly);
  return Math.min(pause, Math.max(0, expected.fromMs - waitedMs) + close);
}

/** Waits until the observation is done, and returns it. */
export async function waitUntil<Observation>(wait: Wait<Observation>): Promise<Observation> {
  const { clock, signal, start = clock.now(), random = Math.random } = wait;
  let last: Observation | undefined;
  let idleSince: number | undefined;
  let isAtOnce = wait.startsAtOnce === true;
  while (true) {
    const pause = pauseMs(clock.now() - start, wait.minPauseMs, random, wait.expected?.());
    try {
      const most = Math.min(pause, Math.max(wait.deadline - clock.now(), 0));
      if (!isAtOnce) await (wait.pause?.(most, signal) ?? clock.sleep(most, signal));
      isAtOnce = false;
      last = await wait.observe();
    } catch (error) {
      if (signal.aborted) throw new InterruptedError(wait.describe(last), { cause: error });
      // The poll was cut at the deadline: what counts is what was waited for.
      if (clock.now() >= wait.deadline) throw new Error(wait.describe(last), { cause: error });
      throw error;
    }
    if (wait.isDone(last)) return last;
    if (clock.now() >= wait.deadline) throw new Error(wait.describe(last));
    if (wait.stall?.isIdle(last)) {
      idleSince ??= clock.now();
      const idleMs = clock.now() - idleSince;
      if (idleMs >= stallTimeoutMs) throw new Error(wait.stall.describe(last, idleMs));
    } else {
      idleSince = undefined;
    }
    await wait.onProgress?.(last, clock.now() - start);
  }
}
