// One request with its response, as the request log keeps it, without credentials.

import type { HttpMethod } from "./operation";

/** One request and its response. */
export interface LoggedRequest {
  /** The emulator's time of arrival, in milliseconds since 1970. */
  at: number;
  /** Real time of arrival, in milliseconds since the emulator started. */
  elapsedMs: number;
  method: HttpMethod | string;
  /** Path without the query. */
  path: string;
  /** Query without the question mark, "" when there is none. */
  query: string;
  /** The operation's id without `CockroachCloud_`; undefined for an unknown path. */
  operation: string | undefined;
  /** The request's headers in lower case, without those that carry credentials. */
  headers: Record<string, string>;
  /** The request's body, parsed where it is JSON; passwords are replaced by "[redacted]". */
  body: unknown;
  /** Status of the response; 0 while there is none, and permanently when the connection was broken. */
  status: number;
  /** The response's body, parsed where it is JSON; secrets are replaced by "[redacted]". */
  response: unknown;
  /** Name of the API key, never its secret, or whose JWT it was; undefined when the caller was not authenticated. */
  key: string | undefined;
  /** The `Cc-Trace-Id` of the response. */
  traceId: string;
  /** Whether the rate limit refused it. */
  throttled: boolean;
  /** The fault that was injected, for example "status 503" or "reset after the effect". */
  fault: string | undefined;
}

/** A finished response, for observers. */
export interface Exchange {
  readonly request: LoggedRequest;
  /** Headers of the response, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The response's body as it was sent. */
  readonly text: string;
  /** Whether the response comes from an injected fault instead of the operation. */
  readonly isScripted: boolean;
}
