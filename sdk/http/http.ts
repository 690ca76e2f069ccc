// The only fetch: one attempt of one request. It handles addresses, headers and sockets, and knows nothing of
// retries, limits, or what a response means.

import type { Agent } from "node:http";
import type { RequestInit } from "node-fetch";
import { agentFor, watch } from "./agent";
import type { Clock } from "./clock";
import type { RawResponse } from "./error-context";
import type { ProxyEnvironment } from "./proxy";
import { proxyFor } from "./proxy";
import type { FailedAttempt } from "./transport-errors";

/**
 * Maximum body size, in bytes after decompression: ten times the largest known page of the API. A longer body
 * is cut, so that no response can fill the memory.
 */
export const maxBodyBytes = 32 * 2 ** 20;

/** The API version that this client uses; without the header the API uses its newest. */
export const apiVersion = "2024-09-16";

/** One request. */
export interface HttpRequest {
  method: string;
  /** Path and query. */
  target: string;
  body?: string;
}

/** A complete response. */
export interface HttpResponse extends RawResponse {
  /** What ended the body too early; absent when it is complete. */
  bodyError?: unknown;
  /** Why a complete body is not text of the API: `a body of more than 32 MiB`. */
  decodeError?: string;
}

/** Limits and callbacks of one attempt. */
export interface AttemptOptions {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Called when the request leaves on a connection that is ready. */
  onSent: () => void;
  /** Called when the head of the response has arrived. */
  onResponse: () => void;
}

/** Why an attempt has no response. */
export type AttemptFailure =
  | { why: "timeout"; lost: FailedAttempt; afterMs: number }
  | { why: "aborted"; lost: FailedAttempt; error: unknown }
  | { why: "connection"; lost: FailedAttempt; error: unknown };

/** The result of an attempt. */
export type AttemptResult = { response: HttpResponse } | { failure: AttemptFailure };

// Loaded with the first request: a program that makes none should not pay for it.
let loading: Promise<typeof import("node-fetch")> | undefined;

/** Sends requests to one server with one set of headers. */
export class HttpConnection {
  /** Where requests go, for messages: the address, and the proxy when there is one. */
  readonly target: string;
  /** Secrets of the connection: the proxy's user and password, as they are sent to it. */
  readonly secrets: readonly string[];
  readonly #server: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: Agent;
  readonly #clock: Clock;
  readonly #isOnLoopback: boolean;
  #hasResponded = false;

  constructor(
    server: URL,
    headers: Readonly<Record<string, string>>,
    clock: Clock,
    environment: ProxyEnvironment,
  ) {
    const proxy = proxyFor(server, environment);
    this.#server = server;
    this.#headers = headers;
    this.#agent = agentFor(server, proxy);
    this.#clock = clock;
    this.#isOnLoopback = proxy === undefined && loopbackHost.test(server.hostname);
    this.target = proxy === undefined ? server.origin : `${server.origin} through ${proxy.origin}`;
    this.secrets = proxy === undefined ? [] : credentialsIn(proxy);
  }

  /** Makes one attempt. A transport failure is a result, not an exception. */
  async send(request: HttpRequest, limits: AttemptOptions): Promise<AttemptResult> {
    const cut = new AbortController();
    const finished = new AbortController();
    const lost = {
      target: this.target,
      wasSent: false,
      isUnreachedLoopback: this.#isOnLoopback && !this.#hasResponded,
    };
    let isLate = false;
    const onAbort = () => cut.abort();
    limits.signal?.addEventListener("abort", onAbort, { once: true });
    if (limits.signal?.aborted) cut.abort();
    const timer = this.#clock.sleep(limits.timeoutMs, finished.signal).then(
      () => {
        isLate = !cut.signal.aborted;
        cut.abort();
      },
      () => undefined,
    );
    const onSent = () => {
      lost.wasSent = true;
      limits.onSent();
    };
    try {
      return { response: await this.#exchange(request, cut.signal, onSent, limits.onResponse) };
    } catch (error) {
      if (isLate) return { failure: { why: "timeout", lost, afterMs: limits.timeoutMs } };
      if (limits.signal?.aborted) {
        return { failure: { why: "aborted", lost, error: limits.signal.reason } };
      }
      return { failure: { why: "connection", lost, error } };
    } finally {
      limits.signal?.removeEventListener("abort", onAbort);
      // Without a reason, it would be an error with a stack.
      finished.abort(finished);
      await timer;
    }
  }

  async #exchange(
    request: HttpRequest,
    signal: AbortSignal,
    onSent: () => void,
    onResponse: () => void,
  ): Promise<HttpResponse> {
    loading ??= import("node-fetch");
    const { default: fetch } = await loading;
    const init: RequestInit = {
      method: request.method,
      headers: {
        ...this.#headers,
        ...(request.body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      agent: watch(this.#agent, onSent),
      // Following one would turn a POST into a GET, or take the key somewhere else.
      redirect: "manual",
      size: maxBodyBytes,
      signal: signal as NonNullable<RequestInit["signal"]>,
      ...(request.body === undefined ? {} : { body: request.body }),
    };
    const response = await fetch(new URL(request.target, this.#server).href, init);
    this.#hasResponded = true;
    onResponse();
    const head = {
      status: response.status,
      statusText: response.statusText,
      header: (name: string) => response.headers.get(name),
    };
    try {
      const bytes = await response.arrayBuffer();
      // Node ends a body that garbage follows as if it were whole.
      const isCut = bytes.byteLength < declaredLength(head);
      if (isCut) return { ...head, body: "", bodyError: new Error("the body is incomplete") };
      return { ...head, ...decode(bytes) };
    } catch (error) {
      if (signal.aborted) throw error;
      if (isTooLong(error)) return { ...head, body: "", decodeError: tooLong };
      return { ...head, body: "", bodyError: error };
    }
  }
}

const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function credentialsIn({ username, password }: URL): string[] {
  if (password === "") return [];
  const [user, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
  return [secret, `${user}:${secret}`];
}

const tooLong = `a body of more than ${maxBodyBytes / 2 ** 20} MiB, which was cut`;

function isTooLong(error: unknown): boolean {
  return error instanceof Error && "type" in error && error.type === "max-size";
}

/** The declared size of the body in bytes; unknown when it is compressed. */
function declaredLength({ header }: Pick<HttpResponse, "header">): number {
  return header("content-encoding") === null ? Number(header("content-length") ?? 0) : 0;
}

/** JSON is UTF-8; anything else would be decoded with replacement characters, and end up in state. */
function decode(bytes: ArrayBuffer): { body: string; decodeError?: string } {
  try {
    return { body: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { body: "", decodeError: "a body that is not UTF-8" };
  }
}
