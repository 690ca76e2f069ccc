// What a failed call throws. The API explains itself in prose and under varying statuses, so the
// class is picked once, in api-errors.ts; callers check classes and properties, never messages.

import { durationText } from "./duration-text";
import { withoutStack } from "./without-stack";

/** Whether a failed call may have changed something on the server. */
export type Effect = "none" | "unknown";

/** Everything an error is created from, already free of secrets. */
export interface ErrorFacts {
  /** HTTP method. */
  method: string;
  /** Path without host and query. */
  path: string;
  /** What was being done: `Creating cluster "orders"`. */
  operation: string;
  /** What it was done to: `cluster "orders"`. */
  object: string;
  /** What went wrong, for the reader: `409 cluster name is taken`. */
  reason: string;
  /** What to do about it, as a sentence. */
  advice?: string;
  /** Whether `advice` already covers a request that may have been carried out. */
  isAdviceComplete?: boolean;
  effect: Effect;
  isRetryable: boolean;
  /** Wait that the API requested, in milliseconds. */
  retryAfterMs?: number;
  /** HTTP status, when there was a response. */
  status?: number;
  /** The API's own message, when there was one. */
  apiMessage?: string;
  /** The API's request id, when there was one. */
  requestId?: string;
  /** Number of attempts; 0 when the request was never sent. */
  tries?: number;
  /** Time over all attempts, in milliseconds. */
  elapsedMs?: number;
  cause?: Error;
}

const markerPrefix = "pulumi-cockroachdb-cloud/";

function marker(name: string): symbol {
  return Symbol.for(markerPrefix + name);
}

const factsOf = new WeakMap<RequestError, ErrorFacts>();

/** The root of everything a call can throw once it was started with valid arguments. */
export class RequestError extends Error {
  /** @internal */
  static readonly marker: symbol = marker("RequestError");

  override readonly name: string = "RequestError";
  /** HTTP method of the request. */
  readonly method: string;
  /** Path of the request, without host and query. */
  readonly path: string;
  /** What was being done: `Creating cluster "orders"`. */
  readonly operation: string;
  /** What it was done to: `cluster "orders"`. */
  readonly object: string;
  /** `none`: certainly nothing changed on the server. `unknown`: check before you repeat the call. */
  readonly effect: Effect;
  /** Whether repeating the same request is safe and may help. */
  readonly isRetryable: boolean;
  /** Number of attempts; 0 when the request was never sent. */
  readonly tries: number;

  constructor(facts: ErrorFacts) {
    super(messageOf(facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    withoutStack(this);
    factsOf.set(this, facts);
    this.method = facts.method;
    this.path = facts.path;
    this.operation = facts.operation;
    this.object = facts.object;
    this.effect = facts.effect;
    this.isRetryable = facts.isRetryable;
    this.tries = facts.tries ?? 1;
    for (const kind of kindsOf(new.target)) Object.defineProperty(this, kind, { value: true });
  }

  /**
   * Whether `value` is an error of this class, also when it comes from another copy of this package,
   * where `instanceof` is false.
   */
  static isInstance<T>(this: { readonly prototype: T }, value: unknown): value is T {
    // biome-ignore lint/complexity/noThisInStatic: each subclass asks for its own marker.
    const kind = (this as unknown as typeof RequestError).marker;
    return typeof value === "object" && value !== null && kind in value;
  }
}

function kindsOf(errorClass: typeof RequestError): symbol[] {
  const parent: unknown = Object.getPrototypeOf(errorClass);
  const inherited = parent === Error ? [] : kindsOf(parent as typeof RequestError);
  return [errorClass.marker, ...inherited];
}

/** The API responded with a failure status. */
export class CloudApiError extends RequestError {
  /** @internal */
  static override readonly marker: symbol = marker("CloudApiError");

  override readonly name: string = "CloudApiError";
  /** HTTP status. */
  readonly status: number;
  /** The API's own message; empty when the response had none. */
  readonly apiMessage: string;
  /** The id to quote to Cockroach Labs' support, from the `Cc-Trace-Id` header. */
  readonly requestId: string | undefined;
  /** Wait that the API requested, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(facts: ErrorFacts & { status: number }) {
    super(facts);
    this.status = facts.status;
    this.apiMessage = facts.apiMessage ?? "";
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** 400: the API rejects a value, a combination, or the operation in the current state. */
export class BadRequestError extends CloudApiError {
  /** @internal */
  static override readonly marker: symbol = marker("BadRequestError");
  override readonly name: string = "BadRequestError";
}

/** 401: the key or token is missing, unknown or revoked. */
export class AuthenticationError extends CloudApiError {
  /** @internal */
  static override readonly marker: symbol = marker("AuthenticationError");
  override readonly name: string = "AuthenticationError";
}

/** 403: the key is valid and lacks the role; the message names the required roles. */
export class PermissionDeniedError extends CloudApiError {
  /** @internal */
  static override readonly marker: symbol = marker("PermissionDeniedError");
  override readonly name: string = "PermissionDeniedError";
}

/**
 * 400, 401 or 403 about a key in the customer's cloud: the service may not use it, or not yet, because
 * a new permission takes minutes to take effect. Nothing was changed. The client does not retry it.
 */
export class KmsPermissionError extends CloudApiError {
  /** @internal */
  static override readonly marker: symbol = marker("KmsPermissionError");
  override readonly name: string = "KmsPermissionError";
}

/** 404: the object does not exist, or not in the organization of the key. */
export class NotFoundError extends CloudApiError {
  /** @internal */
  static override readonly marker: symbol = marker("NotFoundError");
  override readonly name: string = "NotFoundError";
}

/** 409: it exists already, or a concurrent change conflicts. */
export class ConflictError extends CloudApiError {
  /** @internal */
  static override readonly marker: symbol = marker("ConflictError");
  override readonly name: string = "ConflictError";
}

/** The key makes too many requests, whatever status the API reports it with. Nothing was changed. */
export class RateLimitError extends CloudApiError {
  /** @internal */
  static override readonly marker: symbol = marker("RateLimitError");
  override readonly name: string = "RateLimitError";
}

/** The cluster is busy or locked, whatever status the API reports it with. Nothing was changed. */
export class BusyError extends CloudApiError {
  /** @internal */
  static override readonly marker: symbol = marker("BusyError");
  override readonly name: string = "BusyError";
}

/** 5xx: the service, or something between it and us, failed. */
export class ServerError extends CloudApiError {
  /** @internal */
  static override readonly marker: symbol = marker("ServerError");
  override readonly name: string = "ServerError";
}

/** No connection, or one that broke before the response was complete. */
export class ConnectionError extends RequestError {
  /** @internal */
  static override readonly marker: symbol = marker("ConnectionError");
  override readonly name: string = "ConnectionError";
}

/** No response in time: to one request, or of the whole call when the caller set a deadline. */
export class TimeoutError extends RequestError {
  /** @internal */
  static override readonly marker: symbol = marker("TimeoutError");
  override readonly name: string = "TimeoutError";
}

/** The caller's signal ended the call. */
export class AbortedError extends RequestError {
  /** @internal */
  static override readonly marker: symbol = marker("AbortedError");
  override readonly name: string = "AbortedError";
}

/**
 * The response is a success, but its body is not what the API documents. It is not a `CloudApiError`,
 * because the API reported no failure: something else may be responding in its place.
 */
export class UnexpectedResponseError extends RequestError {
  /** @internal */
  static override readonly marker: symbol = marker("UnexpectedResponseError");
  override readonly name: string = "UnexpectedResponseError";
}

/** Whether the error means that the object does not exist. */
export function isNotFound(error: unknown): error is NotFoundError {
  return NotFoundError.isInstance(error);
}

/** Resolves to `undefined` where the object does not exist; other errors pass. */
export async function undefinedIfNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Copies an error of this package with another last sentence: what the reader should do. */
export function withAdvice<T extends RequestError>(error: T, advice: string): T {
  return withFacts(error, { advice, isAdviceComplete: true });
}

/** @internal Copies an error with other facts, also in its message. */
export function withFacts<T extends RequestError>(error: T, facts: Partial<ErrorFacts>): T {
  const before = factsOf.get(error);
  if (before === undefined) return error;
  return new (error.constructor as new (all: ErrorFacts) => T)({ ...before, ...facts });
}

const effectAdvice = "It may have taken effect: check before you repeat it.";

function messageOf(facts: ErrorFacts): string {
  const id = facts.requestId === undefined ? "" : ` (request id ${facts.requestId})`;
  const tries =
    facts.tries === undefined || facts.tries < 2
      ? ""
      : `; gave up after ${facts.tries} attempts in ${durationText(facts.elapsedMs ?? 0)}`;
  const isOpen = facts.effect === "unknown" && facts.isAdviceComplete !== true;
  const advice = [facts.advice ?? "", isOpen ? effectAdvice : ""].filter((text) => text !== "");
  const failure = `${facts.operation} failed: ${facts.reason.replace(/[.\s]+$/, "")}${id}${tries}.`;
  return [failure, ...advice].join(" ");
}
