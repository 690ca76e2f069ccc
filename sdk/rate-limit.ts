// The request budget of one credential: first come, first served, and never more than ten requests in
// any second as the server counts them. The server counts a request somewhere between its sending and
// its answer, so that is what decides when its place is free again.

import { createHash } from "node:crypto";
import { AdaptiveLimit, requestsPerSecond } from "./adaptive-limit";
import type { Clock } from "./clock";
import { systemClock } from "./clock";

const windowMs = 1_000;

// Clocks and timers count in milliseconds, and not all at the same instant.
const margin = 6;

// The network may hold one request up and hurry another, by up to 50 ms each.
const networkJitterMs = 2 * 50;

// No answer stops the process for longer than a call repeats throttled requests: one wrong header would
// make everybody else wait for ever.
const longestPauseMs = 10 * 60_000;

// Requests leave at least this far apart, and a full second's worth of them is followed by a random
// moment of rest, the longer the larger the share: a process that filled every second without a gap
// would never let another one with the same key in, nor learn of it.
const spacingMs = 20;
const shortestRestMs = 20;
const restPerShareMs = 20;

// After a 429, the pause that the API asks for is stretched at random by up to this much, and by up to
// a whole second after more of them in a row.
const shortestSpreadMs = 50;

/** The place of one request in the budget. */
export interface Turn {
  /** The request leaves now: its connection is ready. */
  sent(): void;
  /** The answer, or what stands for it, is here: the server has counted the request by now. */
  answered(): void;
  /** The request never left: its place is free at once. */
  unused(): void;
  /** The server took it, whatever it answered. */
  accepted(): void;
  /** The server refused it for the limit: the whole credential pauses, and then goes slower. */
  throttled(retryAfterMs: number | undefined): void;
}

/** How to queue for a turn. */
export interface TurnOptions {
  /** Place in the order of arrival, from `ticket()`: a repeated request keeps its first one. */
  ticket: number;
  signal?: AbortSignal | undefined;
  /** Time on the clock after which the turn is of no use. */
  deadline?: number | undefined;
  /** Is told when the turn does not come at once; `ms` is an estimate. */
  onWait?: ((ms: number) => void) | undefined;
}

/** What became of the queueing. */
export type TurnOutcome = Turn | "late" | "aborted";

interface Waiter {
  ticket: number;
  settle: (outcome: TurnOutcome) => void;
}

interface Place {
  sentAt: number;
  freeAt: number;
}

/** The limiter of one credential. Clients that share the credential must share the limiter. */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #share: AdaptiveLimit;
  readonly #queue: Waiter[] = [];
  #places: Place[] = [];
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #lastGrantAt = Number.NEGATIVE_INFINITY;
  #tickets = 0;
  #refusals = 0;
  #sentInRound = 0;
  #roundAt = Number.NEGATIVE_INFINITY;
  #isServing = false;
  #wake = new AbortController();

  constructor(clock: Clock = systemClock, random: () => number = Math.random) {
    this.#clock = clock;
    this.#random = random;
    this.#share = new AdaptiveLimit(random);
  }

  /** The next number in the order of arrival. */
  ticket(): number {
    this.#tickets += 1;
    return this.#tickets;
  }

  /** Waits for a turn. */
  acquire(options: TurnOptions): Promise<TurnOutcome> {
    const { signal, deadline } = options;
    if (signal?.aborted) return Promise.resolve("aborted");
    const now = this.#clock.now();
    if (deadline !== undefined && now >= deadline) return Promise.resolve("late");
    if (this.#queue.length === 0 && this.#nextAt(now) <= now)
      return Promise.resolve(this.#grant(now));
    return new Promise((resolve) => {
      const over = new AbortController();
      const leave = (outcome: "late" | "aborted") => {
        const index = this.#queue.indexOf(waiter);
        if (index >= 0) this.#queue.splice(index, 1);
        waiter.settle(outcome);
        this.#wake.abort();
      };
      const onAbort = () => leave("aborted");
      const waiter: Waiter = {
        ticket: options.ticket,
        settle: (outcome) => {
          signal?.removeEventListener("abort", onAbort);
          over.abort();
          resolve(outcome);
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      const ahead = this.#enqueue(waiter);
      options.onWait?.(this.#estimate(now, ahead));
      if (deadline !== undefined) {
        this.#clock.sleep(deadline - now, over.signal).then(
          () => leave("late"),
          () => undefined,
        );
      }
      void this.#serve();
    });
  }

  /** Puts a waiter in its place by ticket; answers how many are ahead of it. */
  #enqueue(waiter: Waiter): number {
    const index = this.#queue.findLastIndex((other) => other.ticket <= waiter.ticket) + 1;
    this.#queue.splice(index, 0, waiter);
    return index;
  }

  #estimate(now: number, ahead: number): number {
    const share = this.#share.at(now);
    return Math.max(0, this.#nextAt(now) - now) + Math.floor((ahead * windowMs) / share);
  }

  async #serve(): Promise<void> {
    if (this.#isServing) return;
    this.#isServing = true;
    while (this.#queue.length > 0) {
      const now = this.#clock.now();
      const at = this.#nextAt(now);
      if (at <= now) {
        this.#queue.shift()?.settle(this.#grant(now));
        continue;
      }
      this.#wake = new AbortController();
      await this.#clock.sleep(at - now, this.#wake.signal).catch(() => undefined);
    }
    this.#isServing = false;
  }

  /** When the next request may leave, as far as is known now. */
  #nextAt(now: number): number {
    const share = this.#share.at(now);
    this.#places = this.#places.filter((place) => place.freeAt > now);
    const slots = Math.max(1, Math.floor(share));
    const spacing = this.#lastGrantAt + (share < 1 ? windowMs / share : spacingMs);
    const excess = this.#places.length - slots;
    const frees = this.#places.map((place) => place.freeAt).sort((one, other) => one - other);
    const free =
      excess < 0 ? Number.NEGATIVE_INFINITY : (frees[excess] ?? Number.NEGATIVE_INFINITY);
    if (this.#sentInRound >= slots && this.#roundAt <= this.#lastGrantAt) {
      if (free === Number.POSITIVE_INFINITY) return free;
      this.#roundAt = Math.max(now, free) + this.#rest(share);
    }
    return Math.max(this.#pausedUntil, spacing, free, this.#roundAt);
  }

  #rest(share: number): number {
    const isShared = share < requestsPerSecond;
    return this.#random() * (shortestRestMs + (isShared ? restPerShareMs * share : 0));
  }

  #grant(now: number): Turn {
    // Until it is known that the request has left, its place stays taken.
    const place: Place = { sentAt: now, freeAt: Number.POSITIVE_INFINITY };
    this.#places.push(place);
    this.#sentInRound = this.#roundAt > this.#lastGrantAt ? 1 : this.#sentInRound + 1;
    this.#lastGrantAt = now;
    const free = (at: number) => {
      place.freeAt = Math.min(place.freeAt, at);
      this.#wake.abort();
    };
    return {
      sent: () => {
        place.sentAt = this.#clock.now();
        free(place.sentAt + windowMs + networkJitterMs + margin);
      },
      answered: () => free(this.#clock.now() + windowMs + margin),
      unused: () => free(Number.NEGATIVE_INFINITY),
      accepted: () => {
        this.#refusals = 0;
      },
      throttled: (retryAfterMs) => {
        const at = this.#clock.now();
        this.#share.throttled(place.sentAt, at);
        // One that is refused time after time always comes at the same bad moment: it looks for another.
        const spread = Math.min(windowMs, shortestSpreadMs * 2 ** this.#refusals);
        this.#refusals += 1;
        const asked = Math.min(retryAfterMs ?? windowMs, longestPauseMs);
        const pause = asked + this.#random() * spread;
        this.#pausedUntil = Math.max(this.#pausedUntil, at + pause);
        this.#wake.abort();
      },
    };
  }
}

// One table for all copies of this package in the process, since they share the service's limit.
const registryKey = Symbol.for("pulumi-cockroachdb-cloud/rate-limiters/1");
const limitersOfOtherClocks = new WeakMap<Clock, Map<string, RateLimiter>>();

function limitersOf(clock: Clock): Map<string, RateLimiter> {
  if (clock === systemClock) {
    const shared = globalThis as { [registryKey]?: Map<string, RateLimiter> };
    shared[registryKey] ??= new Map();
    return shared[registryKey];
  }
  const own = limitersOfOtherClocks.get(clock) ?? new Map<string, RateLimiter>();
  limitersOfOtherClocks.set(clock, own);
  return own;
}

/**
 * The limiter that every client with this server and credential shares in this process. Clients find
 * it by themselves; code that calls the API without a client can queue here too.
 */
export function rateLimiterFor(
  credential: { serverUrl: string; secret: string },
  clock: Clock = systemClock,
  random: () => number = Math.random,
): RateLimiter {
  const key = createHash("sha256")
    .update(JSON.stringify([new URL(credential.serverUrl).origin, credential.secret]))
    .digest("hex");
  const limiters = limitersOf(clock);
  const limiter = limiters.get(key) ?? new RateLimiter(clock, random);
  limiters.set(key, limiter);
  return limiter;
}
