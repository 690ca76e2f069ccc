// One call of the API from its description to its value: the turn in the budget, the try, the meaning
// of the answer, the repeats.

import type { z } from "zod";
import { apiFailure } from "./api-failure";
import type { Clock } from "./clock";
import type { RequestError } from "./errors";
import { NotFoundError, RateLimitError } from "./errors";
import type { FailedCall } from "./failed-call";
import { wrongServerAdvice } from "./failed-call";
import { foreignText } from "./foreign-text";
import type { HttpAnswer, HttpConnection, HttpRequest, TryFailure, TryOutcome } from "./http";
import {
  abortedFailure,
  connectionFailure,
  neverSentFailure,
  timeoutFailure,
  unexpectedFailure,
} from "./lost-try";
import { paginate } from "./pagination";
import type { Query } from "./path";
import { queryString } from "./path";
import { parseJson, renderJson } from "./protobuf-json";
import type { RateLimiter, Turn } from "./rate-limit";
import { redactor } from "./redaction";
import type { RequestOptions, RequestWait } from "./request-options";
import type { Patience } from "./retry";
import { withRetries } from "./retry";

/** One operation of the API with its arguments. */
export interface ApiCall<T> {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Query;
  body?: unknown;
  /** What of the body must never be seen again. */
  secrets?: readonly string[];
  /** What is being done, for messages: `Creating cluster "orders"`. */
  operation: string;
  /** What it is done to: `cluster "orders"`. */
  object: string;
  /** Who may do it: `the role Cluster Admin on the cluster`. */
  permission: string;
  /** What the API promises to answer. */
  schema: z.ZodType<T>;
}

/** What calls are made with. */
export interface CallerParts extends Patience {
  connection: HttpConnection;
  limiter: RateLimiter;
  clock: Clock;
  random: () => number;
  requestTimeoutMs: number;
  /** Is told about the pauses of every call. */
  onWait?: ((wait: RequestWait) => void) | undefined;
  /** What must never be seen in an error of any call. */
  secrets: readonly string[];
}

/** Makes calls for one client. */
export class Caller {
  readonly #parts: CallerParts;
  /** Whether something has answered as the API does: before that, a web page is a wrong address. */
  #isApiKnown = false;

  constructor(parts: CallerParts) {
    this.#parts = parts;
  }

  /** Makes a call and answers what its schema reads. */
  run<T>(call: ApiCall<T>, options: RequestOptions = {}): Promise<T> {
    const failed = this.#failedCall(call);
    return this.#perform(call, failed, options, (answer) => this.#read(call, failed, answer));
  }

  /** Makes a call whose response is text, and returns what its schema makes of it. */
  text<T>(call: ApiCall<T>, options: RequestOptions = {}): Promise<T> {
    const failed = this.#failedCall(call);
    return this.#perform(call, failed, options, (answer) =>
      this.#checked(call, failed, answer, this.#whole(failed, answer).body),
    );
  }

  /**
   * Makes a DELETE. The object in the answer is a courtesy: where the API does not show it, or it was
   * found gone by a repeat of a request that may have deleted it, the answer is `undefined`. A page of
   * something else that answers in place of the API is no deletion.
   */
  delete<T>(call: ApiCall<T>, options: RequestOptions = {}): Promise<T | undefined> {
    const failed = this.#failedCall(call);
    return this.#perform<T | undefined>(
      call,
      failed,
      options,
      (answer) => this.#readTolerantly(call, failed, answer),
      () => undefined,
    );
  }

  /** Makes a call for each page of a list; no page size leaves it to the API. */
  list<Answer extends { pagination?: { next_page?: string | undefined } | undefined }, T>(
    call: ApiCall<Answer>,
    itemsOf: (answer: Answer) => readonly T[],
    pageSize: number | undefined,
    options: RequestOptions = {},
  ): AsyncIterable<T> {
    const limit = { "pagination.limit": pageSize };
    return paginate(
      async (page) => {
        const query = { ...call.query, ...limit, "pagination.page": page };
        const answer = await this.run({ ...call, query }, options);
        return { items: itemsOf(answer), nextPage: answer.pagination?.next_page };
      },
      (sign) => this.endless(call, sign),
    );
  }

  /** The error for a list that has no end, from what shows it. */
  endless(call: ApiCall<unknown>, sign: string): RequestError {
    const answer = { status: 200, header: () => null };
    return unexpectedFailure(this.#failedCall(call), answer, `${sign}, so the list has no end`);
  }

  #failedCall(call: ApiCall<unknown>): FailedCall {
    const { method, path, operation, object, permission, secrets = [] } = call;
    const redact = redactor([...this.#parts.secrets, ...secrets]);
    return { method, path, operation, object, permission, redact };
  }

  async #perform<T>(
    call: ApiCall<unknown>,
    failed: FailedCall,
    options: RequestOptions,
    read: (answer: HttpAnswer) => T,
    whenGoneAfterRepeat?: () => T,
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
    return await withRetries(context, async ({ effectSoFar, begins }) => {
      const turn = await this.#turn(failed, ticket, context);
      begins();
      const outcome = await this.#try(request, turn, options);
      if ("failure" in outcome) throw this.#lostTryError(failed, outcome.failure);
      const { answer } = outcome;
      const error = answer.status < 400 ? undefined : apiFailure(failed, answer, clock.now());
      if (RateLimitError.isInstance(error)) turn.throttled(error.retryAfterMs);
      else turn.accepted();
      if (error !== undefined && error.apiMessage !== "") this.#isApiKnown = true;
      if (error === undefined && answer.status >= 300) throw redirected(failed, answer);
      if (error === undefined) return read(answer);
      const isGone = NotFoundError.isInstance(error) && effectSoFar === "unknown";
      if (isGone && whenGoneAfterRepeat !== undefined) return whenGoneAfterRepeat();
      throw error;
    });
  }

  async #turn(failed: FailedCall, ticket: number, options: RequestOptions): Promise<Turn> {
    const turn = await this.#parts.limiter.acquire({
      ticket,
      signal: options.signal,
      deadline: options.deadline,
      onWait: (ms) => options.onWait?.({ reason: "budget", ms }),
    });
    if (turn === "aborted") throw abortedFailure(failed, options.signal?.reason, undefined);
    if (turn === "late") throw neverSentFailure(failed);
    return turn;
  }

  async #try(request: HttpRequest, turn: Turn, options: RequestOptions): Promise<TryOutcome> {
    const outcome = await this.#parts.connection.send(request, {
      timeoutMs: this.#timeoutMs(options),
      // Cutting a write would not undo it, only lose its answer.
      signal: request.method === "GET" ? options.signal : undefined,
      onSent: () => turn.sent(),
      onAnswer: () => turn.answered(),
    });
    if ("failure" in outcome) {
      if (outcome.failure.lost.wasSent) turn.answered();
      else turn.unused();
    }
    return outcome;
  }

  #timeoutMs(options: RequestOptions): number {
    const { clock, requestTimeoutMs } = this.#parts;
    if (options.deadline === undefined) return requestTimeoutMs;
    return Math.max(0, Math.min(requestTimeoutMs, options.deadline - clock.now()));
  }

  #lostTryError(failed: FailedCall, failure: TryFailure): RequestError {
    switch (failure.why) {
      case "timeout":
        return timeoutFailure(failed, failure.lost, failure.afterMs);
      case "aborted":
        return abortedFailure(failed, failure.error, failure.lost);
      case "connection":
        return connectionFailure(failed, failure.lost, failure.error);
    }
  }

  #read<T>(call: ApiCall<T>, failed: FailedCall, answer: HttpAnswer): T {
    const value = this.#checked(call, failed, answer, this.#json(failed, answer));
    this.#isApiKnown = true;
    return value;
  }

  #checked<T>(call: ApiCall<T>, failed: FailedCall, answer: HttpAnswer, value: unknown): T {
    const result = call.schema.safeParse(value);
    if (!result.success) throw unexpectedFailure(failed, answer, describeIssues(result.error));
    return result.data;
  }

  #readTolerantly<T>(call: ApiCall<T>, failed: FailedCall, answer: HttpAnswer): T | undefined {
    const isEmpty = answer.brokenBy === undefined && answer.unreadable === undefined;
    if (isEmpty && answer.body.trim() === "") return undefined;
    const value = this.#json(failed, answer);
    if (typeof value !== "object" || Array.isArray(value)) {
      throw unexpectedFailure(failed, answer, "JSON that is no object");
    }
    const result = call.schema.safeParse(value);
    return result.success ? result.data : undefined;
  }

  /** A success whose body is complete and text. */
  #whole(failed: FailedCall, answer: HttpAnswer): HttpAnswer {
    if (answer.brokenBy !== undefined) {
      const lost = { target: this.#parts.connection.target, wasSent: true };
      throw connectionFailure(failed, lost, answer.brokenBy);
    }
    if (answer.unreadable !== undefined) throw unexpectedFailure(failed, answer, answer.unreadable);
    return answer;
  }

  /** The JSON of a success. What is no JSON may be an accident, and is repeated. */
  #json(failed: FailedCall, answer: HttpAnswer): unknown {
    const json = jsonOf(this.#whole(failed, answer).body);
    if (json !== undefined) return json.value;
    const problem = describeText(answer);
    if (isWebPage(answer) && !this.#isApiKnown) {
      // A read comes first where the address is wrong; a write is worth the patience.
      const mayPass = failed.method !== "GET";
      throw unexpectedFailure(failed, answer, problem, { mayPass, advice: wrongServerAdvice });
    }
    throw unexpectedFailure(failed, answer, problem, { mayPass: true });
  }
}

function isWebPage({ body, header }: HttpAnswer): boolean {
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

function describeText(answer: HttpAnswer): string {
  if (answer.body.trim() === "") return "an empty body";
  const type = answer.header("content-type")?.split(";")[0] ?? "no content type";
  return `a body that is not JSON (${foreignText(type)}, ${answer.body.length} characters)`;
}

// Only places and expectations: the values of the answer may be secret.
function describeIssues(error: z.ZodError): string {
  const issues = error.issues.slice(0, 3).map((issue) => {
    const place = foreignText(issue.path.map(String).join("."));
    return place === "" ? issue.message : `${place}: ${issue.message}`;
  });
  return `a body that is not what it promises (${issues.join("; ")})`;
}

function redirected(failed: FailedCall, answer: HttpAnswer): RequestError {
  const location = answer.header("location");
  const problem = location === null ? "no content" : `a redirect to ${originOf(location)}`;
  return unexpectedFailure(failed, answer, problem);
}

function originOf(location: string): string {
  return URL.canParse(location) ? new URL(location).origin : "another path";
}
