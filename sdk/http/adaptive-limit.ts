// How many of the service's ten requests a second this process may use. Alone with its key it may use
// all of them. Other processes with the same key cannot be seen; a 429 is the only sign of them. So the
// share follows the rule by which TCP flows share a line: a 429 cuts it by a part, quiet time lets it
// grow. Both are the same for everybody, but a small share grows faster than a large one, so the shares
// become alike. The longer nothing is refused the faster they grow: what a process leaves behind that
// has ended is in use again within seconds.
//
// The numbers come from simulations of two to eight processes (tests/sdk/shared-budget.test.ts).

/** Requests that the service grants each second. */
export const requestsPerSecond = 10;

const smallestShare = 1;

// The first 429 says that somebody else is there, the next ones only that the line is full.
const firstCut = 0.5;
const laterCut = 0.2;

// What a share of a quarter gains in a second, right after a 429.
const growthPerSecond = 0.1;
const quarter = requestsPerSecond / 4;
const growthDoublesMs = 2_000;

// After this time without a 429 the others are taken to be gone.
const contentionMs = 20_000;

/** The share of one process. Times are passed in. */
export class AdaptiveLimit {
  #share = requestsPerSecond;
  #grownAt = Number.NEGATIVE_INFINITY;
  #throttledAt = Number.NEGATIVE_INFINITY;

  /** Requests that may count in one second, with a fraction. */
  at(now: number): number {
    if (this.#share < requestsPerSecond) {
      const elapsed = (now - this.#grownAt) / 1_000;
      const size = (this.#share / quarter) ** 1.5;
      const impatience = 2 ** ((now - this.#throttledAt) / growthDoublesMs);
      const growth = (growthPerSecond * impatience * elapsed) / size;
      this.#share = Math.min(requestsPerSecond, this.#share + growth);
    }
    this.#grownAt = now;
    return this.#share;
  }

  /** Takes note of a 429. */
  throttled(now: number): void {
    const isNews = now - this.#throttledAt > contentionMs;
    const kept = this.at(now) * (1 - (isNews ? firstCut : laterCut));
    this.#share = Math.max(smallestShare, kept);
    this.#throttledAt = now;
  }
}
