// The request budget of one credential: first come, first served, and never more than ten requests in
// any second as the server counts them. The server counts a request somewhere between its sending and
// its response, which decides when its slot is free again.

import { AdaptiveLimit, requestsPerSecond } from "./adaptive-limit";
import type { Clock } from "./clock";
import { systemClock } from "./clock";

const windowMs = 1_000;

// Clocks and timers count in milliseconds, and not all at the same instant.
const margin = 4;

// The network may hold one request up and hurry another, by up to 50 ms each.
const networkJitterMs = 2 * 50;

// No response pauses the process for longer than a call retries throttled requests: one wrong header would
// block every other call.
const maxPauseMs = 10 * 60_000;

// With other processes on the key a 429 cannot be ruled out, so waiting for the worst case would be a waste.
const sharedJitterMs = 25;

// Requests leave in bursts: as many as the share allows, close together, and then none until their slots are
// free again. So a 429 costs little: the last requests of a burst get it, and the pause that it requests is the
// time until the next burst. A process that believes to be alone leaves gaps between its requests, in which
// another one finds its first slot.
const spacingMs = 5;
const spacingAloneMs = 20;

// Maximum of a random rest between two bursts: processes that always came in the same order would always be
// served in that order, and one that filled every second without a gap would never detect another.
const restMs = 50;
const restAloneMs = 30;

// Maximum random extension of the pause that the API requests after a 429. A starved process gets a longer one,
// so that it drifts away from the others.
const jitterAfter429Ms = 100;
const starvedJitterMs = 400;

/** The permit of one request under the limit. */
export interface Permit {
  /** The request leaves now: its connection is ready. */
  sent(): void;
  /** The response is here: the server has counted the request. */
  responded(): void;
  /** It failed after it was sent: no response, or none that can be read. */
  failed(): void;
  /** The request never left: its slot is free at once. */
  unused(): void;
  /** The server accepted it, whatever its response. */
  accepted(): void;
  /** The server throttled it: the whole credential pauses, then slows down. */
  throttled(retryAfterMs: number | undefined): void;
}

/** How to queue for a permit. */
export interface PermitOptions {
  /** Position in the order of arrival, from `ticket()`: a retry keeps its first one. */
  ticket: number;
  signal?: AbortSignal | undefined;
  /** Time on the clock after which the permit is useless. */
  deadline?: number | undefined;
  /** Called when the permit is not granted at once; `ms` is an estimate. */
  onWait?: ((ms: number) => void) | undefined;
}

/** The result of queueing. */
export type PermitResult = Permit | "late" | "aborted";

/** Where requests queue for a permit. */
export interface RequestQueue {
  /** The next number in the order of arrival. */
  ticket(): number;
  /** Waits for a permit. */
  acquire(options: PermitOptions): Promise<PermitResult>;
}

interface Waiter {
  ticket: number;
  process: object;
  settle: (outcome: PermitResult) => void;
}

interface Slot {
  freeAt: number;
}

/** Requests that leave close together. */
interface Burst {
  startedAt: number;
  size: number;
  sent: number;
  isRefused: boolean;
  /** Two random numbers for the next burst. */
  jitter: { size: number; rest: number };
}

/**
 * Calls `leave` when the signal or the deadline of a request that waits is over, until `end`.
 *
 * @internal
 */
export function whenOver(
  { signal, deadline }: Pick<PermitOptions, "signal" | "deadline">,
  clock: Clock,
  leave: (outcome: "late" | "aborted") => void,
): { end(): void } {
  const ended = new AbortController();
  const onAbort = () => leave("aborted");
  signal?.addEventListener("abort", onAbort, { once: true });
  if (deadline !== undefined) {
    clock.sleep(deadline - clock.now(), ended.signal).then(
      () => leave("late"),
      () => undefined,
    );
  }
  return {
    // A reason of its own would be an error with a stack, for each request.
    end() {
      signal?.removeEventListener("abort", onAbort);
      ended.abort(ended);
    },
  };
}

/** The limiter of one credential. Clients that share the credential must share the limiter. */
export class RateLimiter implements RequestQueue {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #share: AdaptiveLimit;
  readonly #queue: Waiter[] = [];
  #slots: Slot[] = [];
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #lastGrantAt = Number.NEGATIVE_INFINITY;
  #tickets = 0;
  /** Whether no request was accepted since the last 429. */
  #isStarved = false;
  #burst: Burst;
  #isServing = false;
  #wake = new AbortController();
  /** How many permits had been granted when a process got its last one. */
  readonly #servedAt = new WeakMap<object, number>();
  #granted = 0;

  constructor(clock: Clock = systemClock, random: () => number = Math.random) {
    this.#clock = clock;
    this.#random = random;
    this.#share = new AdaptiveLimit();
    this.#burst = this.#newBurst(Number.NEGATIVE_INFINITY, 0);
  }

  /** The next number in the order of arrival. */
  ticket(): number {
    this.#tickets += 1;
    return this.#tickets;
  }

  /** Waits for a permit. */
  acquire(
    options: PermitOptions,
    /** @internal On whose behalf: processes take turns, each with its requests in the order of their tickets. */
    process: object = this,
  ): Promise<PermitResult> {
    const { signal, deadline } = options;
    if (signal?.aborted) return Promise.resolve("aborted");
    const now = this.#clock.now();
    if (deadline !== undefined && now >= deadline) return Promise.resolve("late");
    if (this.#queue.length === 0 && this.#nextAt(now) <= now)
      return Promise.resolve(this.#grant(now, process));
    return new Promise((resolve, reject) => {
      const leave = (outcome: "late" | "aborted") => {
        const index = this.#queue.indexOf(waiter);
        if (index >= 0) this.#queue.splice(index, 1);
        waiter.settle(outcome);
        this.#wakeUp();
      };
      const patience = whenOver(options, this.#clock, leave);
      const waiter: Waiter = {
        ticket: options.ticket,
        process,
        settle: (outcome) => {
          patience.end();
          resolve(outcome);
        },
      };
      const ahead = this.#enqueue(waiter);
      try {
        options.onWait?.(this.#estimate(now, ahead));
      } catch (error) {
        reject(error);
        leave("aborted");
      }
      void this.#serve();
    });
  }

  /**
   * Grants nothing before the end of this time.
   *
   * @internal
   */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + ms);
    this.#wakeUp();
  }

  /**
   * Sends everybody who waits away, as aborted.
   *
   * @internal
   */
  dismiss(): void {
    for (const waiter of this.#queue.splice(0)) waiter.settle("aborted");
    this.#wakeUp();
  }

  /** Queues a waiter by its ticket; returns how many are ahead of it. */
  #enqueue(waiter: Waiter): number {
    const index = this.#queue.findLastIndex((other) => other.ticket <= waiter.ticket) + 1;
    this.#queue.splice(index, 0, waiter);
    return this.#aheadOf(waiter);
  }

  #aheadOf(waiter: Waiter): number {
    const waiting = new Map<object, number>();
    for (const { process } of this.#queue) waiting.set(process, (waiting.get(process) ?? 0) + 1);
    const own = this.#queue.filter(({ process }) => process === waiter.process).indexOf(waiter);
    waiting.set(waiter.process, own);
    return [...waiting.values()].reduce((sum, count) => sum + Math.min(count, own + 1), 0);
  }

  /** The first in the queue of the process whose last permit is the longest ago. */
  #next(): Waiter | undefined {
    const servedAt = ({ process }: Waiter) => this.#servedAt.get(process) ?? 0;
    const oldest = Math.min(...this.#queue.map(servedAt));
    const index = this.#queue.findIndex((waiter) => servedAt(waiter) === oldest);
    return this.#queue.splice(index, 1)[0];
  }

  #estimate(now: number, ahead: number): number {
    const share = this.#share.limitAt(now);
    const at = this.#nextAt(now);
    // Nobody knows when a request leaves that holds its permit: a second is for one that leaves now.
    const startsAt =
      at === Number.POSITIVE_INFINITY ? Math.max(this.#pausedUntil, now + windowMs) : at;
    return Math.max(0, startsAt - now) + Math.floor((ahead * windowMs) / share);
  }

  async #serve(): Promise<void> {
    if (this.#isServing) return;
    this.#isServing = true;
    while (this.#queue.length > 0) {
      const now = this.#clock.now();
      const at = this.#nextAt(now);
      if (at <= now) {
        const next = this.#next();
        next?.settle(this.#grant(now, next.process));
        continue;
      }
      this.#wake = new AbortController();
      await this.#clock.sleep(at - now, this.#wake.signal).catch(() => undefined);
    }
    this.#isServing = false;
  }

  /** Lets whoever serves the queue see what has changed. A reason of its own would be an error with a stack, for each request. */
  #wakeUp(): void {
    if (this.#isServing) this.#wake.abort(this);
  }

  /** Earliest time at which the next request may leave. */
  #nextAt(now: number): number {
    const at = Math.max(
      this.#pausedUntil,
      this.#lastGrantAt + (this.#isAlone(now) ? spacingAloneMs : spacingMs),
    );
    if (!this.#isOver(now)) return Math.max(at, this.#freeAt(this.#burst.size, now));
    const freeAt = this.#freeAt(this.#nextSize(now), now);
    const { startedAt, jitter } = this.#burst;
    return this.#isAlone(now)
      ? Math.max(at, freeAt, startedAt + windowMs + margin + jitter.rest * restAloneMs)
      : Math.max(at, freeAt + jitter.rest * restMs);
  }

  /** The share with its fraction rounded at random, so that the average is exact. */
  #nextSize(now: number): number {
    return Math.floor(this.#share.limitAt(now) + this.#burst.jitter.size);
  }

  #isAlone(now: number): boolean {
    return this.#share.limitAt(now) === requestsPerSecond;
  }

  /** When fewer than this many slots are taken. */
  #freeAt(slots: number, now: number): number {
    this.#slots = this.#slots.filter((slot) => slot.freeAt > now);
    const excess = this.#slots.length - slots;
    if (excess < 0) return Number.NEGATIVE_INFINITY;
    const frees = this.#slots.map((slot) => slot.freeAt).sort((one, other) => one - other);
    return frees[excess] as number;
  }

  #isOver(now: number): boolean {
    const { startedAt, sent, isRefused, size } = this.#burst;
    return isRefused || sent >= size || now - startedAt >= windowMs;
  }

  #newBurst(startedAt: number, size: number): Burst {
    const jitter = { size: this.#random(), rest: this.#random() };
    return { startedAt, size, sent: 0, isRefused: false, jitter };
  }

  #grant(now: number, process: object): Permit {
    this.#granted += 1;
    this.#servedAt.set(process, this.#granted);
    // The slot stays taken until the request has left.
    const slot: Slot = { freeAt: Number.POSITIVE_INFINITY };
    this.#slots.push(slot);
    if (this.#isOver(now)) this.#burst = this.#newBurst(now, this.#nextSize(now));
    const burst = this.#burst;
    burst.sent += 1;
    this.#lastGrantAt = now;
    const free = (at: number) => {
      slot.freeAt = Math.min(slot.freeAt, at);
      this.#wakeUp();
    };
    const responded = () => free(this.#clock.now() + windowMs + margin);
    return {
      sent: () => {
        const sentAt = this.#clock.now();
        const jitterMs = this.#isAlone(sentAt) ? networkJitterMs : sharedJitterMs;
        free(sentAt + windowMs + jitterMs + margin);
      },
      responded,
      failed: responded,
      unused: () => {
        burst.sent -= 1;
        free(Number.NEGATIVE_INFINITY);
      },
      accepted: () => {
        this.#isStarved = false;
      },
      throttled: (retryAfterMs) => {
        const at = this.#clock.now();
        // Other throttled requests of the same burst add no information.
        const spread = burst.isRefused ? 0 : this.#recordThrottling(burst, at);
        const requestedMs = Math.min(retryAfterMs ?? windowMs, maxPauseMs);
        const pause = requestedMs + this.#random() * spread;
        this.#pausedUntil = Math.max(this.#pausedUntil, at + pause);
        this.#wakeUp();
      },
    };
  }

  /** Ends the burst and cuts the share; returns the maximum extension of the pause. */
  #recordThrottling(burst: Burst, now: number): number {
    burst.isRefused = true;
    this.#share.onThrottled(now);
    const spread = this.#isStarved ? starvedJitterMs : jitterAfter429Ms;
    this.#isStarved = true;
    return spread;
  }
}
