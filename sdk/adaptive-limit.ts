// How many of the service's ten requests a second this process may use. Alone with its key it may use
// all of them. Other processes with the same key cannot be seen; a 429 is the only sign of them. So the
// share follows the rule by which TCP flows share a line: a 429 cuts it by a part, quiet time lets it
// grow by one. Two additions make the shares alike within seconds instead of minutes: while others
// are about, a large share grows more slowly than a small one, and now and then gives one request back.
// The numbers come from simulations of four processes on servers that count in different ways.

/** Requests that the service grants each second. */
export const requestsPerSecond = 10;

const smallestShare = 1 / 2;
const keptAfterThrottling = 0.7;

// Four processes would have this much each; the rules turn around it.
const middleShare = 2.5;

const growthMs = 2_000;
const givingMs = 4_000;
const smallestGivingShare = 3;
const giftsPerCut = 3;

// After this time without a 429 the others are taken to be gone.
const contentionMs = 15_000;

// A 429 this soon after a step up was caused by the step.
const trialMs = 2_500;

/** The share of one process. Times are passed in, and only the randomness comes from outside. */
export class AdaptiveLimit {
  readonly #random: () => number;
  #share = requestsPerSecond;
  #gifts = 0;
  #throttledAt = Number.NEGATIVE_INFINITY;
  #cutAt = Number.NEGATIVE_INFINITY;
  #grewAt = Number.NEGATIVE_INFINITY;
  #growsAt = Number.POSITIVE_INFINITY;
  #givesAt = Number.POSITIVE_INFINITY;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Requests that may count in one second; below 1, one in so much more time. */
  at(now: number): number {
    if (now >= this.#givesAt) this.#give(now);
    while (now >= this.#growsAt) this.#grow(this.#growsAt);
    return this.#share;
  }

  /** Takes note of a 429 for a request sent at `sentAt`. */
  throttled(sentAt: number, now: number): void {
    this.#throttledAt = now;
    // The other requests that were on their way when the share was cut tell nothing new.
    if (sentAt <= this.#cutAt) return;
    const wasTrial = this.#grewAt > this.#cutAt && now - this.#grewAt < trialMs;
    const kept = wasTrial ? this.#share - 1 : Math.floor(this.#share * keptAfterThrottling);
    this.#share = this.#share > 1 ? Math.max(1, kept) : smallestShare;
    this.#cutAt = now;
    this.#gifts = giftsPerCut;
    this.#plan(now);
  }

  #grow(now: number): void {
    this.#share = this.#share < 1 ? 1 : Math.min(this.#share + 1, requestsPerSecond);
    this.#grewAt = now;
    this.#plan(now);
  }

  #give(now: number): void {
    this.#givesAt = Number.POSITIVE_INFINITY;
    if (this.#gifts === 0 || this.#share < smallestGivingShare || !this.#isContended(now)) return;
    this.#gifts -= 1;
    this.#share -= 1;
    this.#plan(now);
  }

  #isContended(now: number): boolean {
    return now - this.#throttledAt < contentionMs;
  }

  #plan(now: number): void {
    if (this.#share >= requestsPerSecond) {
      this.#growsAt = Number.POSITIVE_INFINITY;
      this.#givesAt = Number.POSITIVE_INFINITY;
      return;
    }
    const size = this.#isContended(now) ? Math.max(0.5, (this.#share / middleShare) ** 2) : 0.5;
    this.#growsAt = now + growthMs * size * (0.5 + this.#random());
    const givesAt = now + (givingMs / size) * (0.5 + this.#random());
    this.#givesAt = this.#givesAt > now ? Math.min(this.#givesAt, givesAt) : givesAt;
  }
}
