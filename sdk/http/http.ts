// The only fetch: one try of one request. It knows addresses, headers and sockets, and nothing of
// retries, limits, or what an answer means.

import type { Agent } from "node:http";
import type { RequestInit } from "node-fetch";
import { agentFor, watched } from "./agent";
import type { Clock } from "./clock";
import type { FailedAnswer } from "./failed-call";
import type { LostTry } from "./lost-try";
import type { ProxyEnvironment } from "./proxy";
import { proxyFor } from "./proxy";

/**
 * The longest body that is read, in bytes and after decompression: ten times the largest page that the
 * API is known to give. A longer one is cut, so that no answer can fill the memory.
 */
export const longestBodyBytes = 32 * 2 ** 20;

/** The dialect of the API that this client speaks; without the header the API answers in its newest. */
export const apiVersion = "2024-09-16";

/** One request. */
export interface HttpRequest {
  method: string;
  /** Path and query. */
  target: string;
  body?: string;
}

/** A whole answer. */
export interface HttpAnswer extends FailedAnswer {
  /** What ended the body too early; absent when it is complete. */
  brokenBy?: unknown;
  /** Why a complete body is not text of the API: `a body of more than 32 MiB`. */
  unreadable?: string;
}

/** How one try may end early, and who watches it. */
export interface TryLimits {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Called when the request leaves on a connection that is ready. */
  onSent: () => void;
  /** Called when the head of the answer is here. */
  onAnswer: () => void;
}

/** Why a try has no answer. */
export type TryFailure =
  | { why: "timeout"; lost: LostTry; afterMs: number }
  | { why: "aborted"; lost: LostTry; error: unknown }
  | { why: "connection"; lost: LostTry; error: unknown };

/** What a try comes to. */
export type TryOutcome = { answer: HttpAnswer } | { failure: TryFailure };

// Loaded with the first request: a program that makes none should not pay for it.
let loading: Promise<typeof import("node-fetch")> | undefined;

/** Sends requests to one server with one set of headers. */
export class HttpConnection {
  /** Where requests go, for messages: the address, and the proxy when there is one. */
  readonly target: string;
  /** What must never be seen of the way there: the proxy's user and password, as it is told them. */
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

  /** Tries once. It does not throw for anything that happens on the way. */
  async send(request: HttpRequest, limits: TryLimits): Promise<TryOutcome> {
    const cut = new AbortController();
    const finished = new AbortController();
    const lost = {
      target: this.target,
      wasSent: false,
      isUnseenOnLoopback: this.#isOnLoopback && !this.#hasResponded,
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
      return { answer: await this.#exchange(request, cut.signal, onSent, limits.onAnswer) };
    } catch (error) {
      if (isLate) return { failure: { why: "timeout", lost, afterMs: limits.timeoutMs } };
      if (limits.signal?.aborted) {
        return { failure: { why: "aborted", lost, error: limits.signal.reason } };
      }
      return { failure: { why: "connection", lost, error } };
    } finally {
      limits.signal?.removeEventListener("abort", onAbort);
      finished.abort();
      await timer;
    }
  }

  async #exchange(
    request: HttpRequest,
    signal: AbortSignal,
    onSent: () => void,
    onAnswer: () => void,
  ): Promise<HttpAnswer> {
    loading ??= import("node-fetch");
    const { default: fetch } = await loading;
    const init: RequestInit = {
      method: request.method,
      headers: {
        ...this.#headers,
        ...(request.body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      agent: watched(this.#agent, onSent),
      // Following one would turn a POST into a GET, or take the key somewhere else.
      redirect: "manual",
      size: longestBodyBytes,
      signal: signal as NonNullable<RequestInit["signal"]>,
      ...(request.body === undefined ? {} : { body: request.body }),
    };
    const response = await fetch(new URL(request.target, this.#server).href, init);
    this.#hasResponded = true;
    onAnswer();
    const head = {
      status: response.status,
      statusText: response.statusText,
      header: (name: string) => response.headers.get(name),
    };
    try {
      const bytes = await response.arrayBuffer();
      // Node ends a body that garbage follows as if it were whole.
      const isCut = bytes.byteLength < promisedLength(head);
      if (isCut) return { ...head, body: "", brokenBy: new Error("the body is incomplete") };
      return { ...head, ...textOf(bytes) };
    } catch (error) {
      if (signal.aborted) throw error;
      if (isTooLong(error)) return { ...head, body: "", unreadable: tooLong };
      return { ...head, body: "", brokenBy: error };
    }
  }
}

const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function credentialsIn({ username, password }: URL): string[] {
  if (password === "") return [];
  const [user, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
  return [secret, `${user}:${secret}`];
}

const tooLong = `a body of more than ${longestBodyBytes / 2 ** 20} MiB, which was cut`;

function isTooLong(error: unknown): boolean {
  return error instanceof Error && "type" in error && error.type === "max-size";
}

/** How many bytes the body must have; nothing is known of one that was compressed. */
function promisedLength({ header }: Pick<HttpAnswer, "header">): number {
  return header("content-encoding") === null ? Number(header("content-length") ?? 0) : 0;
}

/** JSON is UTF-8; anything else would be read as text with holes, and end up in somebody's state. */
function textOf(bytes: ArrayBuffer): { body: string; unreadable?: string } {
  try {
    return { body: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { body: "", unreadable: "a body that is not UTF-8" };
  }
}
