// What every failure of a call has in common: which call it was, whether it may have had an effect, and
// whether a repeat is safe.

import type { Effect, ErrorFacts } from "./errors";
import type { Redact } from "./redaction";

/** What an error needs to know about the call that failed. */
export interface FailedCall {
  method: string;
  path: string;
  operation: string;
  object: string;
  /** Who may do it, for 403: `the role Cluster Admin on the cluster`. */
  permission: string;
  redact: Redact;
}

/** The parts of an answer that decide. */
export interface FailedAnswer {
  status: number;
  statusText: string;
  body: string;
  header(name: string): string | null;
}

/** For an answer that something else than the API seems to have given. */
export const wrongServerAdvice =
  "This does not look like the CockroachDB Cloud API: check the server's address (serverUrl, COCKROACH_SERVER, or cockroachdb-cloud:serverUrl in the stack's configuration).";

const readOnly = new Set(["GET", "HEAD"]);
const repeatable = new Set(["GET", "HEAD", "PUT", "DELETE"]);

/** The effect of a request that reached the server, or may have, and whose outcome is not known. */
export function unknownEffect(call: FailedCall): Effect {
  return readOnly.has(call.method) ? "none" : "unknown";
}

/** A failure that may pass is repeated where a second try cannot do harm. */
export function mayRepeat(call: FailedCall, effect: Effect): boolean {
  return effect === "none" || repeatable.has(call.method);
}

/** The facts that every error of a call starts from. */
export function factsFor(
  call: FailedCall,
  effect: Effect,
  reason: string,
  advice: string,
): ErrorFacts {
  return {
    method: call.method,
    path: call.path,
    operation: call.operation,
    object: call.object,
    reason: call.redact(reason),
    ...(advice === "" ? {} : { advice }),
    effect,
    isRetryable: false,
  };
}
