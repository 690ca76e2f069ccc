// What every call of the client takes besides its own arguments.

/** A pause the client is about to make inside a call. */
export interface RequestWait {
  /**
   * `throttled`: the API said that the key makes too many requests. `transient`: the last try failed
   * and will be repeated. `budget`: the request queues for its turn under the limit of the key.
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
   * write that is in flight is let finish, because cutting it would only lose its answer: when it
   * succeeds, so does the call.
   */
  signal?: AbortSignal;
  /**
   * Time on the client's clock, in milliseconds, after which no further try is started and a request
   * in flight is cut. It bounds the call with its retries and pauses.
   *
   * @default none
   */
  deadline?: number;
  /**
   * What to do when the cluster is busy or locked: `repeat` tries again for as long as other transient
   * failures, `fail` throws the `BusyError` at once, for callers who watch the cluster themselves.
   *
   * @default "repeat"
   */
  whenBusy?: "fail" | "repeat";
  /** Is told about each pause before it is made. */
  onWait?: (wait: RequestWait) => void;
}
