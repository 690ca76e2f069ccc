// The one clock of a lab. It stands while a request is on its way, and moves to the next sleeper when none is, so that an
// hour of waiting takes milliseconds and nothing ever races.

import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { Sleepers } from "./sleepers";

/** Time for provider, client and emulator: it stands while requests are on their way. */
export interface Time {
  readonly scale: 0;
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets `ms` pass. */
  advance(ms: number): Promise<void>;
}

interface OnItsWay {
  readonly request: ClientRequest;
  readonly host: string;
}

const onTheirWay = new Set<OnItsWay>();

/** How many requests to a host have no response yet. */
export function requestsOnTheirWayTo(host: string): number {
  return [...onTheirWay].filter((request) => request.host === host).length;
}

/** By host, what to do when a request ends without a response. */
export const whenLost = new Map<string, () => void>();

subscribe("http.client.request.start", (message) => {
  const { request } = message as { request: ClientRequest & { res?: unknown } };
  const entry = { request, host: String(request.getHeader("host")) };
  onTheirWay.add(entry);
  request.once("close", () => {
    onTheirWay.delete(entry);
    if (request.res === undefined) whenLost.get(entry.host)?.();
  });
});

/** Rounds of the event loop without a request after which nothing is about to send one. */
const calmRounds = 8;

/** A clock that moves by itself to the next sleeper. `isBusy` reports whether somebody waits for a response. */
export function drivenTime(isBusy: () => boolean): Time {
  let time = Date.UTC(2026, 5, 1);
  let isRunning = false;
  const sleepers = new Sleepers();

  const run = async () => {
    isRunning = true;
    while (sleepers.waiting.length > 0) {
      for (let calm = 0; calm < calmRounds; calm = isBusy() ? 0 : calm + 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const [next] = sleepers.waiting;
      if (next === undefined) break;
      sleepers.remove(next);
      time = Math.max(time, next.dueAt);
      next.wake();
    }
    isRunning = false;
  };

  const sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    const slept = sleepers.sleep(ms, time, signal);
    if (!isRunning) void run();
    return slept;
  };

  return { scale: 0, now: () => time, sleep, advance: (ms) => sleep(ms) };
}
