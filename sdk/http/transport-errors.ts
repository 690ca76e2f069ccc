// What it means when an attempt has no response, or an unreadable one.

import { durationText } from "./duration-text";
import type { FailedCall, RawResponse } from "./error-context";
import { factsFor, mayRepeat, unknownEffect } from "./error-context";
import type { Effect } from "./errors";
import { AbortedError, ConnectionError, TimeoutError, UnexpectedResponseError } from "./errors";
import { redactedCause } from "./redaction";
import { sanitizeUntrusted } from "./sanitize";

/** What is known about an attempt that ended without a complete response. */
export interface FailedAttempt {
  /** Where the request went: the address, and the proxy when there is one. */
  target: string;
  /** Whether the request left for the server. */
  wasSent: boolean;
  /** Whether the address is on this machine and has not responded yet. @default false */
  isUnreachedLoopback?: boolean;
}

// Codes of Node and OpenSSL for a certificate that will not verify the next time either.
const certificateCode =
  /^(?:ERR_TLS_CERT_ALTNAME_INVALID|(?:DEPTH_ZERO_)?SELF_SIGNED_CERT\w*|UNABLE_TO_(?:GET|VERIFY|DECODE|DECRYPT)_\w+|CERT_\w+|INVALID_(?:CA|PURPOSE)|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED)$/;

/** Creates the error for a connection that failed, or broke before the response was complete. */
export function connectionFailure(
  call: FailedCall,
  lost: FailedAttempt,
  thrown: unknown,
): ConnectionError {
  const { code, text } = rootOf(thrown);
  const cause = redactedCause(thrown, call.redact);
  const why = code === undefined || text.includes(code) ? text : `${text} (${code})`;
  const isCertificate = code !== undefined && certificateCode.test(code);
  // A service that is only slow to start elsewhere may be reached later; on this computer, nobody started it.
  const isMissing = code === "ECONNREFUSED" && lost.isUnreachedLoopback === true;
  const effect = lost.wasSent ? unknownEffect(call) : "none";
  const reason = isCertificate
    ? `the certificate of ${lost.target} does not verify: ${why}`
    : lost.wasSent
      ? `the connection to ${lost.target} broke before the response was complete: ${why}`
      : `no connection to ${lost.target}: ${why}`;
  const advice = isCertificate
    ? "Behind a proxy that opens TLS, name its root certificate in NODE_EXTRA_CA_CERTS."
    : isMissing
      ? "Nothing listens at this address: start the server, or correct the address (serverUrl, COCKROACH_SERVER, or cockroachdb-cloud:serverUrl in the stack's configuration)."
      : lost.wasSent
        ? adviceAfter(effect)
        : "Check the network, the server's address, and HTTPS_PROXY and NO_PROXY if you are behind a proxy.";
  return new ConnectionError({
    ...factsFor(call, effect, reason, advice),
    isRetryable: !isCertificate && !isMissing && mayRepeat(call, effect),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The innermost failure: what node-fetch wraps, or the first of several addresses tried. */
function rootOf(thrown: unknown): { code: string | undefined; text: string } {
  const { code, errors, erroredSysCall } = (thrown ?? {}) as {
    code?: unknown;
    errors?: unknown;
    erroredSysCall?: unknown;
  };
  if (Array.isArray(errors) && errors.length > 0) return rootOf(errors[0]);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  // node-fetch: "request to https://… failed, reason: connect ECONNREFUSED …", often with no reason.
  const bare = message.replace(/^request to \S+ failed, reason: */, "");
  const syscall = typeof erroredSysCall === "string" ? erroredSysCall : "the request failed";
  return {
    code: typeof code === "string" ? code : undefined,
    text: bare === "" ? syscall : bare,
  };
}

/** Creates the error for a request that got no response in time. */
export function timeoutFailure(
  call: FailedCall,
  lost: FailedAttempt,
  afterMs: number,
): TimeoutError {
  const effect = lost.wasSent ? unknownEffect(call) : "none";
  const reason = lost.wasSent
    ? `no response from ${lost.target} within ${durationText(afterMs)}`
    : `no connection to ${lost.target} within ${durationText(afterMs)}`;
  return new TimeoutError({
    ...factsFor(call, effect, reason, adviceAfter(effect)),
    isRetryable: mayRepeat(call, effect),
  });
}

/** A request that may have taken effect has its own advice. */
function adviceAfter(effect: Effect): string {
  return effect === "none" ? "Check the network, then try again." : "";
}

/** Creates the error for a call whose deadline passed before its request could be sent. */
export function neverSentFailure(call: FailedCall): TimeoutError {
  const advice = "Allow more time, or run fewer requests at once.";
  return new TimeoutError({
    ...factsFor(call, "none", "its time was up before the request could be sent", advice),
    tries: 0,
  });
}

/** Creates the error for a call that its caller ended, `tries: 0` outside of an attempt. */
export function abortedFailure(
  call: FailedCall,
  reason: unknown,
  tried: { wasSent: boolean } | undefined,
): AbortedError {
  const cause = redactedCause(reason, call.redact);
  return new AbortedError({
    ...factsFor(call, tried?.wasSent ? unknownEffect(call) : "none", "it was cancelled", ""),
    ...(tried === undefined ? { tries: 0 } : {}),
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Creates the error for a success whose body is not what the API documents. `isTransient` is for an accident:
 * a body that is JSON and says something else, or is too large, will be so again.
 */
export function unexpectedFailure(
  call: FailedCall,
  response: Pick<RawResponse, "status" | "header">,
  problem: string,
  {
    isTransient = false,
    advice = "Check the server's address and what lies between here and there.",
  } = {},
): UnexpectedResponseError {
  const requestId = response.header("cc-trace-id");
  const effect = unknownEffect(call);
  return new UnexpectedResponseError({
    ...factsFor(call, effect, `the API responded ${response.status} with ${problem}`, advice),
    status: response.status,
    isRetryable: isTransient && mayRepeat(call, effect),
    ...(requestId === null ? {} : { requestId: call.redact(sanitizeUntrusted(requestId)) }),
  });
}
