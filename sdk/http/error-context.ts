// What every failure of a call has in common: which call it was, whether it may have had an effect, and
// whether a retry is safe.

import type { Effect, ErrorFacts } from "./errors";
import type { Redact } from "./redaction";

/** What the requests of a client authenticate with. */
export type CredentialKind = "API key" | "JWT";

/** What an error needs to know about the call that failed. */
export interface FailedCall {
  method: string;
  path: string;
  operation: string;
  object: string;
  /** Who may do it, for 403: `the role Cluster Admin on the cluster`. */
  permission: string;
  credential: CredentialKind;
  redact: Redact;
}

/** A response before its meaning is known. */
export interface RawResponse {
  status: number;
  statusText: string;
  body: string;
  header(name: string): string | null;
}

/** For a response that does not seem to come from the API. */
export const wrongServerAdvice =
  "This does not look like the CockroachDB Cloud API: check the server's address (serverUrl, COCKROACH_SERVER, or cockroachdb-cloud:serverUrl in the stack's configuration).";

const readOnly = new Set(["GET", "HEAD"]);
const repeatable = new Set(["GET", "HEAD", "PUT", "DELETE"]);

/** The effect of a request that reached the server, or may have, and whose outcome is not known. */
export function unknownEffect(call: FailedCall): Effect {
  return readOnly.has(call.method) ? "none" : "unknown";
}

/** A transient failure is retried where a second attempt is harmless. */
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
