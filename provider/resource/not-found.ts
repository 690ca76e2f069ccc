/**
 * When a 404 counts.
 *
 * A replica of the service that has not caught up responds 404 for an object that exists. So neither does
 * one 404 end a wait, nor does an object leave the state because of it.
 */

import type { Clock } from "../../sdk/index";
import { isNotFound } from "../../sdk/index";
import { isInState } from "../values/state-values";

/** For how long a 404 must last for what this run has created or seen. */
export const notFoundWaitMs = 15_000;

/** How long after a first read a refresh reads again, before state forgets an object. */
export const notFoundRefreshMs = 1_000;

/** For how long a 404 must last for an object that has this state, if any: without one, nothing can be lost. */
export function notFoundMsOn(state: object): number {
  return isInState(state) ? notFoundRefreshMs : 0;
}

const firstPauseMs = 1_000;

interface Retry {
  clock: Clock;
  signal: AbortSignal;
  forMs: number;
  /** Clock time at which the last read is made. */
  deadline?: number | undefined;
  /** Whether nothing can be found, as of a deleted cluster. @default never */
  isCertain?(): Promise<boolean>;
}

/** Repeats a read for `forMs` while it finds nothing; then that is the result. */
export async function retryNotFound<Result>(
  read: () => Promise<Result>,
  { clock, signal, forMs, deadline = Number.POSITIVE_INFINITY, isCertain }: Retry,
): Promise<Result> {
  const end = Math.min(clock.now() + forMs, deadline);
  for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
    const isOver = async () =>
      clock.now() >= deadline ||
      (forMs > 0 && (await isCertain?.()) === true) ||
      clock.now() >= end;
    try {
      const found = await read();
      if (found !== undefined || (await isOver())) return found;
    } catch (error) {
      if (!isNotFound(error) || (await isOver())) throw error;
    }
    await clock.sleep(Math.min(pauseMs, end - clock.now()), signal);
  }
}
