// One call of the API from its description to its value: the permit of the rate limiter, the attempts, and the
// meaning of the response.

import type { z } from "zod";
import { apiFailure } from "./api-errors";
import type { Clock } from "./clock";
import type { CredentialKind, FailedCall } from "./error-context";
import { wrongServerAdvice } from "./error-context";
import type { RequestError } from "./errors";
import { NotFoundError, RateLimitError } from "./errors";
import type {
  AttemptFailure,
  AttemptResult,
  HttpConnection,
  HttpRequest,
  HttpResponse,
} from "./http";
import { paginate } from "./pagination";
import type { Query } from "./path";
import { queryString } from "./path";
import { parseJson, renderJson } from "./protobuf-json";
import type { Permit, RequestQueue } from "./rate-limit";
import { redactor } from "./redaction";
import type { RequestOptions, RequestWait } from "./request-options";
import type { RetryBudget } from "./retry";
import { withRetries } from "./retry";
import { sanitizeUntrusted } from "./sanitize";
import {
  abortedFailure,
  connectionFailure,
  neverSentFailure,
  timeoutFailure,
  unexpectedFailure,
} from "./transport-errors";

/** One operation of the API with its arguments. */
export interface ApiCall<T> {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Query;
  body?: unknown;
  /** Secrets of the body, which must appear in no message. */
  secrets?: readonly string[];
  /** What is being done, for messages: `Creating cluster "orders"`. */
  operation: string;
  /** What it is done to: `cluster "orders"`. */
  object: string;
  /** Who may do it: `the role Cluster Admin on the cluster`. */
  permission: string;
  /** What the API returns. */
  schema: z.ZodType<T>;
}

/** What calls are made with. */
export interface CallerParts extends RetryBudget {
  connection: HttpConnection;
  limiter: RequestQueue;
  clock: Clock;
  random: () => number;
  requestTimeoutMs: number;
  /** Called before each pause of every call. */
  onWait?: ((wait: RequestWait) => void) | undefined;
  credential: CredentialKind;
  /** Secrets that must appear in no error of any call. */
  secrets: readonly string[];
}

/** Makes calls for one client. */
export class Caller {
  readonly #parts: CallerParts;
  /** Whether the server has responded as the API does: before that, a web page means a wrong address. */
  #isApiKnown = false;

  constructor(parts: CallerParts) {
    this.#parts = parts;
  }

  /** Makes a call and returns what its schema reads. */
  run<T>(call: ApiCall<T>, options: RequestOptions = {}): Promise<T> {
    const failed = this.#failedCall(call);
    return this.#perform(call, failed, options, (response) => this.#read(call, failed, response));
  }

  /** Makes a call whose response is text, and returns what its schema makes of it. */
  text<T>(call: ApiCall<T>, options: RequestOptions = {}): Promise<T> {
    const failed = this.#failedCall(call);
    return this.#perform(call, failed, options, (response) =>
      this.#checked(call, failed, response, this.#whole(failed, response).body),
    );
  }

  /**
   * Makes a DELETE. Returns `undefined` where the response does not have the object, or where a retry of a request
   * that may have deleted it does not find it. A page of a proxy that responds in place of the API is not a
   * deletion.
   */
  delete<T>(call: ApiCall<T>, options: RequestOptions = {}): Promise<T | undefined> {
    const failed = this.#failedCall(call);
    return this.#perform<T | undefined>(
      call,
      failed,
      options,
      (response) => this.#readTolerantly(call, failed, response),
      () => undefined,
    );
  }

  /** Makes a call for each page of a list; no page size leaves it to the API. */
  list<Page extends { pagination?: { next_page?: string | undefined } | undefined }, T>(
    call: ApiCall<Page>,
    itemsOf: (response: Page) => readonly T[],
    pageSize: number | undefined,
    options: RequestOptions = {},
  ): AsyncIterable<T> {
    const limit = { "pagination.limit": pageSize };
    return paginate(
      async (page) => {
        const query = { ...call.query, ...limit, "pagination.page": page };
        const response = await this.run({ ...call, query }, options);
        return { items: itemsOf(response), nextPage: response.pagination?.next_page };
      },
      (sign) => this.endless(call, sign),
    );
  }

  /** The error for a list that has no end, from what shows it. */
  endless(call: ApiCall<unknown>, sign: string): RequestError {
    const response = { status: 200, header: () => null };
    return unexpectedFailure(this.#failedCall(call), response, `${sign}, so the list has no end`);
  }

  #failedCall(call: ApiCall<unknown>): FailedCall {
    const { method, path, operation, object, permission, secrets = [] } = call;
    const redact = redactor([...this.#parts.secrets, ...secrets]);
    const { credential } = this.#parts;
    return { method, path, operation, object, permission, credential, redact };
  }

  async #perform<T>(
    call: ApiCall<unknown>,
    failed: FailedCall,
    options: RequestOptions,
    read: (response: HttpResponse) => T,
    whenNotFoundAfterRetry?: () => T,
  ): Promise<T> {
    const { limiter, clock, random, transientRetryMs, throttleRetryMs } = this.#parts;
    const request: HttpRequest = {
      method: call.method,
      target: call.path + queryString(call.query ?? {}),
      ...(call.body === undefined ? {} : { body: renderJson(call.body) }),
    };
    const ticket = limiter.ticket();
    const onWait = (wait: RequestWait) => {
      options.onWait?.(wait);
      this.#parts.onWait?.(wait);
    };
    const context = { ...options, onWait, clock, random, transientRetryMs, throttleRetryMs };
    return await withRetries(context, async ({ effectSoFar, onStart }) => {
      const permit = await this.#permit(failed, ticket, context);
      onStart();
      const outcome = await this.#attempt(request, permit, options);
      if ("failure" in outcome) throw this.#attemptError(failed, outcome.failure);
      const { response } = outcome;
      const error = response.status < 400 ? undefined : apiFailure(failed, response, clock.now());
      if (RateLimitError.isInstance(error)) permit.throttled(error.retryAfterMs);
      else permit.accepted();
      if (error !== undefined && error.apiMessage !== "") this.#isApiKnown = true;
      if (error === undefined && response.status >= 300) throw redirectError(failed, response);
      if (error === undefined) return read(response);
      const isNotFoundAfterRetry = NotFoundError.isInstance(error) && effectSoFar === "unknown";
      if (isNotFoundAfterRetry && whenNotFoundAfterRetry !== undefined)
        return whenNotFoundAfterRetry();
      throw error;
    });
  }

  async #permit(failed: FailedCall, ticket: number, options: RequestOptions): Promise<Permit> {
    const permit = await this.#parts.limiter.acquire({
      ticket,
      signal: options.signal,
      deadline: options.deadline,
      onWait: (ms) => options.onWait?.({ reason: "budget", ms }),
    });
    if (permit === "aborted") throw abortedFailure(failed, options.signal?.reason, undefined);
    if (permit === "late") throw neverSentFailure(failed);
    return permit;
  }

  async #attempt(
    request: HttpRequest,
    permit: Permit,
    options: RequestOptions,
  ): Promise<AttemptResult> {
    const outcome = await this.#parts.connection.send(request, {
      timeoutMs: this.#timeoutMs(options),
      // Aborting a write would not undo it, only lose its response.
      signal: request.method === "GET" ? options.signal : undefined,
      onSent: () => permit.sent(),
      onResponse: () => permit.responded(),
    });
    if ("failure" in outcome) {
      if (outcome.failure.lost.wasSent) permit.failed();
      else permit.unused();
    }
    return outcome;
  }

  #timeoutMs(options: RequestOptions): number {
    const { clock, requestTimeoutMs } = this.#parts;
    if (options.deadline === undefined) return requestTimeoutMs;
    return Math.max(0, Math.min(requestTimeoutMs, options.deadline - clock.now()));
  }

  #attemptError(failed: FailedCall, failure: AttemptFailure): RequestError {
    switch (failure.why) {
      case "timeout":
        return timeoutFailure(failed, failure.lost, failure.afterMs);
      case "aborted":
        return abortedFailure(failed, failure.error, failure.lost);
      case "connection":
        return connectionFailure(failed, failure.lost, failure.error);
    }
  }

  #read<T>(call: ApiCall<T>, failed: FailedCall, response: HttpResponse): T {
    const value = this.#checked(call, failed, response, this.#json(failed, response));
    this.#isApiKnown = true;
    return value;
  }

  #checked<T>(call: ApiCall<T>, failed: FailedCall, response: HttpResponse, value: unknown): T {
    const result = call.schema.safeParse(value);
    if (!result.success) throw unexpectedFailure(failed, response, describeIssues(result.error));
    return result.data;
  }

  #readTolerantly<T>(call: ApiCall<T>, failed: FailedCall, response: HttpResponse): T | undefined {
    const isEmpty = response.bodyError === undefined && response.decodeError === undefined;
    if (isEmpty && response.body.trim() === "") return undefined;
    const value = this.#json(failed, response);
    if (typeof value !== "object" || Array.isArray(value)) {
      throw unexpectedFailure(failed, response, "JSON that is not an object");
    }
    const result = call.schema.safeParse(value);
    return result.success ? result.data : undefined;
  }

  /** A success whose body is complete and text. */
  #whole(failed: FailedCall, response: HttpResponse): HttpResponse {
    if (response.bodyError !== undefined) {
      const lost = { target: this.#parts.connection.target, wasSent: true };
      throw connectionFailure(failed, lost, response.bodyError);
    }
    if (response.decodeError !== undefined)
      throw unexpectedFailure(failed, response, response.decodeError);
    return response;
  }

  /** The JSON of a success. A body that is not JSON may be transient, and is retried. */
  #json(failed: FailedCall, response: HttpResponse): unknown {
    const json = jsonOf(this.#whole(failed, response).body);
    if (json !== undefined) return json.value;
    const problem = describeText(response);
    if (isWebPage(response) && !this.#isApiKnown) {
      // With a wrong address a read comes first; a write is worth the retries.
      const isTransient = failed.method !== "GET";
      throw unexpectedFailure(failed, response, problem, {
        isTransient,
        advice: wrongServerAdvice,
      });
    }
    throw unexpectedFailure(failed, response, problem, { isTransient: true });
  }
}

function isWebPage({ body, header }: HttpResponse): boolean {
  const isHtml = /^text\/html\b/i.test(header("content-type") ?? "") && body.trim() !== "";
  return isHtml || /^\s*</.test(body);
}

function jsonOf(body: string): { value: unknown } | undefined {
  try {
    return { value: parseJson(body) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function describeText(response: HttpResponse): string {
  if (response.body.trim() === "") return "an empty body";
  const type = response.header("content-type")?.split(";")[0] ?? "no content type";
  return `a body that is not JSON (${sanitizeUntrusted(type)}, ${response.body.length} characters)`;
}

// Only paths and expectations: the values of the response may be secret.
function describeIssues(error: z.ZodError): string {
  const issues = error.issues.slice(0, 3).map((issue) => {
    const place = sanitizeUntrusted(issue.path.map(String).join("."));
    return place === "" ? issue.message : `${place}: ${issue.message}`;
  });
  return `a body that is not what it promises (${issues.join("; ")})`;
}

function redirectError(failed: FailedCall, response: HttpResponse): RequestError {
  const location = response.header("location");
  const problem = location === null ? "no content" : `a redirect to ${originOf(location)}`;
  return unexpectedFailure(failed, response, problem);
}

function originOf(location: string): string {
  return URL.canParse(location) ? new URL(location).origin : "another path";
}
