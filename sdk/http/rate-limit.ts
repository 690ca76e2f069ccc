// The request budget of one credential: first come, first served, and never more than ten requests in
// any second as the server counts them. The server counts a request somewhere between its sending and
// its answer, so that is what decides when its place is free again.

import { createHash } from "node:crypto";
import { AdaptiveLimit, requestsPerSecond } from "./adaptive-limit";
import type { Clock } from "./clock";
import { systemClock } from "./clock";

const windowMs = 1_000;

// Clocks and timers count in milliseconds, and not all at the same instant.
const margin = 4;

// The network may hold one request up and hurry another, by up to 50 ms each.
const networkJitterMs = 2 * 50;

// No answer stops the process for longer than a call repeats throttled requests: one wrong header would
// make everybody else wait for ever.
const longestPauseMs = 10 * 60_000;

// Where others take part nothing rules a 429 out, so waiting for the worst case would be a waste.
const sharedJitterMs = 25;

// Requests leave in rounds: as many as the share allows, close together, and then none until their places
// are free again. So a 429 costs next to nothing: it comes to the last requests of a round, and the
// pause that it asks for is the time until the next round. A process that believes to be alone leaves
// gaps between its requests, in which another one finds its first place.
const spacingMs = 5;
const spacingAloneMs = 20;

// A random moment of rest between two rounds, at most so long: processes that always came in the same
// order would always be served in that order, and one that filled every second without a gap would
// never learn that it is not alone.
const restMs = 50;
const restAloneMs = 60;

// After a 429, the pause that the API asks for is stretched at random by up to so much. Who got nothing
// at all looks for another moment: it must drift faster than the others do.
const spreadMs = 100;
const spreadInVainMs = 400;

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
  freeAt: number;
}

/** Requests that leave close together. */
interface Round {
  startedAt: number;
  size: number;
  sent: number;
  isRefused: boolean;
  /** Two random numbers of the round that comes after it. */
  luck: { size: number; rest: number };
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
  /** Whether nothing was accepted since the last 429. */
  #isInVain = false;
  #round: Round;
  #isServing = false;
  #wake = new AbortController();

  constructor(clock: Clock = systemClock, random: () => number = Math.random) {
    this.#clock = clock;
    this.#random = random;
    this.#share = new AdaptiveLimit();
    this.#round = this.#newRound(Number.NEGATIVE_INFINITY, 0);
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
    const at = Math.max(
      this.#pausedUntil,
      this.#lastGrantAt + (this.#isAlone(now) ? spacingAloneMs : spacingMs),
    );
    if (!this.#isOver(now)) return Math.max(at, this.#freeAt(this.#round.size, now));
    const freeAt = this.#freeAt(this.#nextSize(now), now);
    const { startedAt, luck } = this.#round;
    return this.#isAlone(now)
      ? Math.max(at, freeAt, startedAt + windowMs + margin + luck.rest * restAloneMs)
      : Math.max(at, freeAt + luck.rest * restMs);
  }

  /** The share with its fraction rounded at random, so that it is kept to on average. */
  #nextSize(now: number): number {
    return Math.floor(this.#share.at(now) + this.#round.luck.size);
  }

  #isAlone(now: number): boolean {
    return this.#share.at(now) === requestsPerSecond;
  }

  /** When fewer than so many places are taken. */
  #freeAt(places: number, now: number): number {
    this.#places = this.#places.filter((place) => place.freeAt > now);
    const excess = this.#places.length - places;
    if (excess < 0) return Number.NEGATIVE_INFINITY;
    const frees = this.#places.map((place) => place.freeAt).sort((one, other) => one - other);
    return frees[excess] as number;
  }

  #isOver(now: number): boolean {
    const { startedAt, sent, isRefused, size } = this.#round;
    return isRefused || sent >= size || now - startedAt >= windowMs;
  }

  #newRound(startedAt: number, size: number): Round {
    const luck = { size: this.#random(), rest: this.#random() };
    return { startedAt, size, sent: 0, isRefused: false, luck };
  }

  #grant(now: number): Turn {
    // Until it is known that the request has left, its place stays taken.
    const place: Place = { freeAt: Number.POSITIVE_INFINITY };
    this.#places.push(place);
    if (this.#isOver(now)) this.#round = this.#newRound(now, this.#nextSize(now));
    const round = this.#round;
    round.sent += 1;
    this.#lastGrantAt = now;
    const free = (at: number) => {
      place.freeAt = Math.min(place.freeAt, at);
      this.#wake.abort();
    };
    return {
      sent: () => {
        const sentAt = this.#clock.now();
        const jitterMs = this.#isAlone(sentAt) ? networkJitterMs : sharedJitterMs;
        free(sentAt + windowMs + jitterMs + margin);
      },
      answered: () => free(this.#clock.now() + windowMs + margin),
      unused: () => {
        round.sent -= 1;
        free(Number.NEGATIVE_INFINITY);
      },
      accepted: () => {
        this.#isInVain = false;
      },
      throttled: (retryAfterMs) => {
        const at = this.#clock.now();
        // The other requests that were on their way with it tell nothing new.
        const spread = round.isRefused ? 0 : this.#note429(round, at);
        const asked = Math.min(retryAfterMs ?? windowMs, longestPauseMs);
        const pause = asked + this.#random() * spread;
        this.#pausedUntil = Math.max(this.#pausedUntil, at + pause);
        this.#wake.abort();
      },
    };
  }

  /** Ends the round and cuts the share; answers by how much to stretch the pause at most. */
  #note429(round: Round, now: number): number {
    round.isRefused = true;
    this.#share.throttled(now);
    const spread = this.#isInVain ? spreadInVainMs : spreadMs;
    this.#isInVain = true;
    return spread;
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
