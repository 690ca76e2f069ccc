// Repeats one request: the loop is p-retry's, the rules and the waiting are ours. Which failure may be
// repeated is decided with the error (api-failure.ts, lost-try.ts); here is how often, how long, and what the last error
// says.

import type { Clock } from "./clock";
import type { Effect } from "./errors";
import {
  AbortedError,
  BusyError,
  CloudApiError,
  changed,
  RateLimitError,
  RequestError,
} from "./errors";
import type { RequestOptions } from "./request-options";
import { backoffMs } from "./retry-timing";

/** How patient a call is, in milliseconds. */
export interface Patience {
  /** For connection errors, time-outs, 408, 5xx and a busy cluster. */
  transientRetryMs: number;
  /** For throttling. */
  throttleRetryMs: number;
}

/** What the repeating needs. */
export interface RetryContext extends Patience, RequestOptions {
  clock: Clock;
  random: () => number;
}

/** What a try learns about the tries before it. */
export interface TryNumber {
  /** 1 for the first. */
  number: number;
  /** `unknown` when an earlier try may have had an effect. */
  effectSoFar: Effect;
  /** To be called when the request has its turn: queueing for it costs no patience. */
  begins: () => void;
}

// Loaded with the first request, as node-fetch is.
let loading: Promise<typeof import("p-retry")> | undefined;

/**
 * Runs `attempt` until it succeeds, fails for good, or the patience for its kind of failure is used up.
 * The error it throws says how often and how long it was tried, and `effect` covers all tries.
 */
export async function withRetries<T>(
  context: RetryContext,
  attempt: (which: TryNumber) => Promise<T>,
): Promise<T> {
  loading ??= import("p-retry");
  const { default: pRetry } = await loading;
  const course = new Course(context);
  try {
    return await pRetry((number) => attempt(course.next(number)), {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 0,
      // p-retry repeats every error unless told otherwise.
      shouldRetry: ({ error }) => course.mayGoOn(error),
      onFailedAttempt: ({ error }) => course.failed(error),
    });
  } catch (error) {
    throw course.lastError(error);
  }
}

/** The course of one call over its tries. */
class Course {
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

  next(number: number): TryNumber {
    return {
      number,
      effectSoFar: this.effect,
      begins: () => {
        this.#tryStartedAt = this.#context.clock.now();
      },
    };
  }

  mayGoOn(error: Error): boolean {
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
      // The caller's signal. The next try sees it too and ends the call with an error that names it.
      if (!signal?.aborted) throw thrown;
    }
    this.#tryStartedAt = clock.now();
    this.#spentOn[reason] += this.#tryStartedAt - pauseStartedAt;
  }

  #mayRepeat(error: RequestError): boolean {
    const isLeftToCaller = this.#context.whenBusy === "fail" && BusyError.isInstance(error);
    return error.isRetryable && !isLeftToCaller;
  }

  /** The pause before the next try, or `undefined` when there is no time for one. */
  #pauseAfter(error: RequestError, reason: "throttled" | "transient"): number | undefined {
    const { clock, random, deadline, transientRetryMs, throttleRetryMs } = this.#context;
    const asked = CloudApiError.isInstance(error) ? error.retryAfterMs : undefined;
    const backoff = backoffMs(this.#failuresOf[reason], random);
    const patience = reason === "throttled" ? throttleRetryMs : transientRetryMs;
    const left = patience - this.#spentOn[reason];
    if (left <= 0) return undefined;
    // What the API asks for is kept to: coming back earlier would be refused again.
    const pause = asked === undefined ? Math.min(backoff, left) : Math.max(asked, 0);
    if (pause > left) return undefined;
    if (deadline !== undefined && clock.now() + pause >= deadline) return undefined;
    return pause;
  }

  lastError(error: unknown): unknown {
    if (!RequestError.isInstance(error)) return error;
    // A call whose time was up while it queued for another try failed for the reason of the last try.
    const isOutOfTime = error.tries === 0 && !AbortedError.isInstance(error);
    const shown = isOutOfTime ? (this.#last ?? error) : error;
    if (this.#tries < 2 && shown.effect === this.effect) return shown;
    const elapsedMs = this.#context.clock.now() - this.#startedAt;
    return changed(shown, { tries: this.#tries, elapsedMs, effect: this.effect });
  }
}
