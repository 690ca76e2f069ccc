// The service's limit of requests per second and service account. Refused requests do not count.

/** How requests are limited. */
export interface RateLimit {
  /**
   * Requests that one key may make in a second.
   * @default 10
   */
  perSecond?: number;
  /**
   * `sliding-window`: never more than `perSecond` requests in any one second.
   * `token-bucket`: a bucket of `perSecond` tokens that refills evenly, so a burst may be followed at once
   * by single requests.
   * @default "sliding-window"
   */
  algorithm?: "sliding-window" | "token-bucket";
  /**
   * Value of the `Retry-After` header, in seconds.
   * @default 1
   */
  retryAfterSeconds?: number;
  /**
   * The time that counts: `real` (clients pace themselves by the wall clock, whatever the emulator's clock
   * does) or `emulator` (for tests that drive the clock).
   * @default "real"
   */
  time?: "real" | "emulator";
}

/** Counts the requests of one key. */
export interface Limiter {
  /** Whether a request at this moment passes, and counts it if so. @param nowMs in milliseconds. */
  admit(nowMs: number): boolean;
}

/** Creates the counter of one key. */
export function limiter(limit: Required<RateLimit>): Limiter {
  return limit.algorithm === "token-bucket"
    ? tokenBucket(limit.perSecond)
    : slidingWindow(limit.perSecond);
}

function slidingWindow(perSecond: number): Limiter {
  const admitted: number[] = [];
  return {
    admit(nowMs) {
      while (admitted[0] !== undefined && admitted[0] <= nowMs - 1000) {
        admitted.shift();
      }
      if (admitted.length >= perSecond) {
        return false;
      }
      admitted.push(nowMs);
      return true;
    },
  };
}

function tokenBucket(perSecond: number): Limiter {
  let tokens = perSecond;
  let filledAt: number | undefined;
  return {
    admit(nowMs) {
      const elapsedMs = nowMs - (filledAt ?? nowMs);
      tokens = Math.min(perSecond, tokens + (elapsedMs / 1000) * perSecond);
      filledAt = nowMs;
      if (tokens < 1) {
        return false;
      }
      tokens -= 1;
      return true;
    },
  };
}
