// Retries one request: the loop is p-retry's, the rules and the waiting are ours. Which failure may be retried is
// decided with the error (api-errors.ts, transport-errors.ts); here is how often, how long, and the final error.

import type { Clock } from "./clock";
import type { Effect } from "./errors";
import {
  AbortedError,
  BusyError,
  CloudApiError,
  RateLimitError,
  RequestError,
  withFacts,
} from "./errors";
import type { RequestOptions } from "./request-options";
import { backoffMs } from "./retry-timing";

/** How long a call is retried, in milliseconds. */
export interface RetryBudget {
  /** For connection errors, time-outs, 408, 5xx and a busy cluster. */
  transientRetryMs: number;
  /** For throttling. */
  throttleRetryMs: number;
}

/** What retrying needs. */
export interface RetryContext extends RetryBudget, RequestOptions {
  clock: Clock;
  random: () => number;
}

/** Retry state passed to each attempt. */
export interface Attempt {
  /** 1 for the first. */
  number: number;
  /** `unknown` when an earlier attempt may have had an effect. */
  effectSoFar: Effect;
  /** Call it when the request has its permit: queueing does not use the budget. */
  onStart: () => void;
}

// Loaded with the first request, as node-fetch is.
let loading: Promise<typeof import("p-retry")> | undefined;

/**
 * Runs `attempt` until it succeeds, fails permanently, or the budget for its kind of failure is used up.
 * The error it throws reports the number of attempts and their time, and `effect` covers all of them.
 */
export async function withRetries<T>(
  context: RetryContext,
  attempt: (which: Attempt) => Promise<T>,
): Promise<T> {
  loading ??= import("p-retry");
  const { default: pRetry } = await loading;
  const state = new RetryState(context);
  try {
    return await pRetry((number) => attempt(state.next(number)), {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 0,
      // p-retry retries every error by default.
      shouldRetry: ({ error }) => state.shouldRetry(error),
      onFailedAttempt: ({ error }) => state.failed(error),
    });
  } catch (error) {
    throw state.lastError(error);
  }
}

/** The state of one call over its attempts. */
class RetryState {
  effect: Effect = "none";
  readonly #context: RetryContext;
  readonly #startedAt: number;
  #tries = 0;
  #spentOn = { throttled: 0, transient: 0 };
  #failuresOf = { throttled: 0, transient: 0 };
  #tryStartedAt: number;
  #isOver = false;
  #last: RequestError | undefined;

  constructor(context: RetryContext) {
    this.#context = context;
    this.#startedAt = context.clock.now();
    this.#tryStartedAt = this.#startedAt;
  }

  next(number: number): Attempt {
    return {
      number,
      effectSoFar: this.effect,
      onStart: () => {
        this.#tryStartedAt = this.#context.clock.now();
      },
    };
  }

  shouldRetry(error: Error): boolean {
    return !this.#isOver && RequestError.isInstance(error) && this.#mayRepeat(error);
  }

  async failed(error: Error): Promise<void> {
    if (!RequestError.isInstance(error) || error.tries === 0) return;
    this.#tries += 1;
    this.#last = error;
    if (error.effect === "unknown") this.effect = "unknown";
    if (!this.#mayRepeat(error)) return;
    const { clock, signal, onWait } = this.#context;
    const reason = RateLimitError.isInstance(error) ? "throttled" : "transient";
    this.#spentOn[reason] += clock.now() - this.#tryStartedAt;
    this.#failuresOf[reason] += 1;
    const pause = this.#pauseAfter(error, reason);
    if (pause === undefined) {
      this.#isOver = true;
      return;
    }
    onWait?.({ reason, ms: pause, error });
    const pauseStartedAt = clock.now();
    try {
      await clock.sleep(pause, signal);
    } catch (thrown) {
      // The caller's signal. The next attempt checks it too and ends the call with an error that names it.
      if (!signal?.aborted) throw thrown;
    }
    this.#tryStartedAt = clock.now();
    this.#spentOn[reason] += this.#tryStartedAt - pauseStartedAt;
  }

  #mayRepeat(error: RequestError): boolean {
    const isLeftToCaller = this.#context.whenBusy === "fail" && BusyError.isInstance(error);
    return error.isRetryable && !isLeftToCaller;
  }

  /** The pause before the next attempt, or `undefined` when there is no time for one. */
  #pauseAfter(error: RequestError, reason: "throttled" | "transient"): number | undefined {
    const { clock, random, deadline, transientRetryMs, throttleRetryMs } = this.#context;
    const requestedMs = CloudApiError.isInstance(error) ? error.retryAfterMs : undefined;
    const backoff = backoffMs(this.#failuresOf[reason], random);
    const budget = reason === "throttled" ? throttleRetryMs : transientRetryMs;
    const left = budget - this.#spentOn[reason];
    if (left <= 0) return undefined;
    // A retry before the time that the API requests would be throttled again.
    const pause = requestedMs === undefined ? Math.min(backoff, left) : Math.max(requestedMs, 0);
    if (pause > left) return undefined;
    if (deadline !== undefined && clock.now() + pause >= deadline) return undefined;
    return pause;
  }

  lastError(error: unknown): unknown {
    if (!RequestError.isInstance(error)) return error;
    // A call that timed out while it queued for another attempt failed for the reason of the last one.
    const isOutOfTime = error.tries === 0 && !AbortedError.isInstance(error);
    const shown = isOutOfTime ? (this.#last ?? error) : error;
    if (this.#tries < 2 && shown.effect === this.effect) return shown;
    const elapsedMs = this.#context.clock.now() - this.#startedAt;
    return withFacts(shown, { tries: this.#tries, elapsedMs, effect: this.effect });
  }
}
