/** Who sleeps at a clock of the tests. */

export interface Sleeper {
  readonly ms: number;
  readonly dueAt: number;
  wake(): void;
}

/** Sleepers in the order of waking. */
export class Sleepers {
  #waiting: Sleeper[] = [];

  get waiting(): readonly Sleeper[] {
    return this.#waiting;
  }

  /** Sleeps until a test wakes the sleeper that this adds, or the signal is aborted. */
  sleep(ms: number, now: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const stop = () => {
        this.remove(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        ms,
        dueAt: now + Math.max(0, ms),
        wake: () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        },
      };
      const index = this.#waiting.findLastIndex((other) => other.dueAt <= sleeper.dueAt) + 1;
      this.#waiting.splice(index, 0, sleeper);
      signal?.addEventListener("abort", stop, { once: true });
    });
  }

  remove(sleeper: Sleeper): void {
    this.#waiting = this.#waiting.filter((other) => other !== sleeper);
  }
}
