// How many of the service's ten requests a second this process may use. Alone with its key it may use
// all of them. Other processes with the same key cannot be seen; a 429 is the only sign of them. So the
// share follows AIMD (additive increase, multiplicative decrease), as TCP does: a 429 cuts it by a factor, and
// time without one lets it grow. A small share grows faster than a large one, so the shares converge. Growth
// accelerates with the time since the last 429, so that the share of a process that has ended is in use again
// within seconds.
//
// The numbers come from simulations of two to eight processes (tests/sdk/shared-budget.test.ts).

/** Requests that the service grants each second. */
export const requestsPerSecond = 10;

const minShare = 1;

// The first 429 shows that other processes use the key, the next ones only that the limit is reached.
const firstCut = 0.5;
const laterCut = 0.2;

// What a share of a quarter gains in a second, right after a 429.
const growthPerSecond = 0.1;
const quarter = requestsPerSecond / 4;
const growthDoublesMs = 2_000;

// After this time without a 429 the other processes have presumably ended.
const contentionMs = 20_000;

/** The share of one process. Times are passed in. */
export class AdaptiveLimit {
  #share = requestsPerSecond;
  #grownAt = Number.NEGATIVE_INFINITY;
  #throttledAt = Number.NEGATIVE_INFINITY;

  /** Requests that may count in one second, with a fraction. */
  limitAt(now: number): number {
    if (this.#share < requestsPerSecond) {
      const elapsed = (now - this.#grownAt) / 1_000;
      const size = (this.#share / quarter) ** 1.5;
      const recoveryFactor = 2 ** ((now - this.#throttledAt) / growthDoublesMs);
      const growth = (growthPerSecond * recoveryFactor * elapsed) / size;
      this.#share = Math.min(requestsPerSecond, this.#share + growth);
    }
    this.#grownAt = now;
    return this.#share;
  }

  /** Records a 429. */
  onThrottled(now: number): void {
    const isFirst = now - this.#throttledAt > contentionMs;
    const kept = this.limitAt(now) * (1 - (isFirst ? firstCut : laterCut));
    this.#share = Math.max(minShare, kept);
    this.#throttledAt = now;
  }
}
