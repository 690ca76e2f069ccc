// What every call of the client takes besides its own arguments.

/** A pause the client is about to make inside a call. */
export interface RequestWait {
  /**
   * `throttled`: the API reported too many requests. `transient`: the last attempt failed and will be
   * retried. `budget`: the request queues under the rate limit of the key.
   */
  reason: "throttled" | "transient" | "budget";
  /** How long the pause will be, in milliseconds; an estimate for `budget`. */
  ms: number;
  /** The failure that led to the pause; none for `budget`. */
  error?: Error;
}

/** Options of one call. */
export interface RequestOptions {
  /**
   * Ends the call; it then fails with an `AbortedError`. Pauses, queueing and reads end at once. A
   * write that is in flight may finish, because aborting it would only lose its response: when it
   * succeeds, so does the call.
   */
  signal?: AbortSignal;
  /**
   * Time on the client's clock, in milliseconds, after which no further attempt is started and a request
   * in flight is aborted. It bounds the call with its retries and pauses.
   *
   * @default none
   */
  deadline?: number;
  /**
   * What to do when the cluster is busy or locked: `retry` retries as long as for other transient
   * failures, `fail` throws the `BusyError` at once, for callers that poll the cluster themselves.
   *
   * @default "retry"
   */
  whenBusy?: "fail" | "retry";
  /** Called before each pause. */
  onWait?: (wait: RequestWait) => void;
}
