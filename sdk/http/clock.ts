// Time, injected. Everything in the client that waits or measures does it through a clock, so that
// tests run hours of waiting in no time.

/** Where the client takes the time from and how it waits. */
export interface Clock {
  /** The time in milliseconds since 1970. It must never run backwards. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds.
   *
   * @param signal ends the wait at once; the promise then rejects with the signal's reason.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

// Node runs a longer timer after one millisecond instead.
const maxTimerMs = 2 ** 31 - 1;

/**
 * The real time. It starts at the computer's clock and then only counts upwards, so a corrected
 * computer clock can neither open nor close the request budget.
 */
export const systemClock: Clock = realClock((timer) => timer);

/** The same time, with waits that do not keep the process alive. */
export const backgroundClock: Clock = realClock((timer) => timer.unref());

function realClock(started: (timer: NodeJS.Timeout) => NodeJS.Timeout): Clock {
  return {
    now: () => performance.timeOrigin + performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const stop = () => {
          clearTimeout(timer);
          reject(signal?.reason);
        };
        const timer = started(
          setTimeout(
            () => {
              signal?.removeEventListener("abort", stop);
              resolve();
            },
            Math.min(Math.max(0, Math.ceil(ms)), maxTimerMs),
          ),
        );
        signal?.addEventListener("abort", stop, { once: true });
      }),
  };
}
