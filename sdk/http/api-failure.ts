// What a failure status means: the class of the error, whether to repeat the call, what to tell the
// reader. The API says "locked" and "rate limit exceeded" only in prose and under varying statuses; this
// is the one place that reads its texts.

import type { Effect, ErrorFacts } from "./errors";
import {
  AuthenticationError,
  BadRequestError,
  BusyError,
  CloudApiError,
  ConflictError,
  KmsPermissionError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  ServerError,
} from "./errors";
import type { FailedAnswer, FailedCall } from "./failed-call";
import { factsFor, mayRepeat, unknownEffect, wrongServerAdvice } from "./failed-call";
import { foreignText } from "./foreign-text";
import { parseRetryAfter } from "./retry-timing";

/** Makes the error for an answer with a failure status. */
export function apiFailure(call: FailedCall, answer: FailedAnswer, now: number): CloudApiError {
  const said = apiBodyOf(answer.body);
  const message = said?.message;
  const isApi = message !== undefined;
  const retryAfterMs = parseRetryAfter(answer.header("retry-after"), now, answer.header("date"));
  // A page of something in between must not read as "the object is gone".
  const isStray = answer.status === 404 && said?.code === undefined;
  const kind = isStray ? stray : kindOf(call, answer.status, message, retryAfterMs);
  const effect = kind.effect === "unknown" ? unknownEffect(call) : "none";
  const text =
    isApi && message !== "" ? message : foreignText(answer.statusText) || "no explanation";
  const foreign = isApi ? "" : " (the answer is not the API's own)";
  const requestId = answer.header("cc-trace-id");
  const isForeign = !isApi && !isStray;
  const advice = `${kind.advice(call)} ${isForeign ? foreignAdvice : ""}`.trim();
  return new kind.errorClass({
    ...factsFor(call, effect, `${answer.status} ${text}${foreign}`, advice),
    status: answer.status,
    apiMessage: call.redact(message ?? ""),
    isRetryable: kind.passes && mayRepeat(call, effect),
    ...(requestId === null ? {} : { requestId: call.redact(foreignText(requestId)) }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const foreignAdvice = "Something between here and the API seems to answer in its place.";

/** What the API's own failure body says, `undefined` when the body is not the API's. */
function apiBodyOf(body: string): { message: string; code?: number } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const { message, code } = parsed as { message?: unknown; code?: unknown };
  if (typeof message !== "string" && typeof code !== "number") return undefined;
  return {
    message: typeof message === "string" ? foreignText(message) : "",
    ...(typeof code === "number" ? { code } : {}),
  };
}

interface Kind {
  errorClass: new (facts: ErrorFacts & { status: number }) => CloudApiError;
  /** What happened to a write. */
  effect: Effect;
  /** Whether the failure passes by itself. */
  passes: boolean;
  advice: (call: FailedCall) => string;
}

const throttled: Kind = {
  errorClass: RateLimitError,
  effect: "none",
  passes: true,
  advice: () =>
    "The limit is 10 requests a second for each service account: give programs that run side by side a key each.",
};

const busy: Kind = {
  errorClass: BusyError,
  effect: "none",
  passes: true,
  advice: () => "Another operation holds the cluster: wait until it ends, then try again.",
};

const keyRefused: Kind = {
  errorClass: KmsPermissionError,
  effect: "none",
  passes: false,
  advice: () =>
    "Let the principal of the key's specification use the key; a new permission takes some minutes to take effect.",
};

const stray: Kind = {
  errorClass: CloudApiError,
  effect: "none",
  passes: false,
  advice: () => wrongServerAdvice,
};

const byStatus: Readonly<Record<number, Omit<Kind, "effect" | "passes">>> = {
  400: { errorClass: BadRequestError, advice: () => "" },
  401: {
    errorClass: AuthenticationError,
    advice: () =>
      "Give the secret of a service account's API key as apiKey, in COCKROACH_API_KEY, or as cockroachdb-cloud:apiKey in the stack's configuration; it may have been mistyped or revoked.",
  },
  403: {
    errorClass: PermissionDeniedError,
    advice: (call) =>
      `It takes ${call.permission}; a role that was granted just now needs some minutes to take effect.`,
  },
  404: {
    errorClass: NotFoundError,
    advice: () => "Check the id, and that the key belongs to the organization that has it.",
  },
  407: {
    errorClass: CloudApiError,
    advice: () => "Put the proxy's user and password into HTTPS_PROXY.",
  },
  409: {
    errorClass: ConflictError,
    advice: ({ method }) =>
      method === "POST" ? "" : "Something else may have changed it at the same time: try again.",
  },
};

function kindOf(
  call: FailedCall,
  status: number,
  message: string | undefined,
  retryAfterMs: number | undefined,
): Kind {
  const isApi = message !== undefined;
  if (isApi && saysBusy(status, message, call)) return busy;
  if (saysThrottled(status, message, retryAfterMs)) return throttled;
  if (isApi && saysKeyRefused(status, message, call)) return keyRefused;
  if (status === 408 || status === 499) {
    return {
      errorClass: CloudApiError,
      effect: "unknown",
      passes: status === 408,
      advice: (failed) => (unknownEffect(failed) === "none" ? "Try again later." : ""),
    };
  }
  if (status >= 500) {
    return {
      errorClass: ServerError,
      effect: status === 501 && isApi ? "none" : "unknown",
      passes: status !== 501,
      advice: () =>
        status === 501
          ? ""
          : "Try again later; https://status.cockroachlabs.cloud tells of outages.",
    };
  }
  const known = byStatus[status] ?? { errorClass: CloudApiError, advice: () => "" };
  return { ...known, effect: "none", passes: false };
}

function saysThrottled(
  status: number,
  message: string | undefined,
  after: number | undefined,
): boolean {
  if (status === 429) return true;
  if (status !== 503 && (status < 400 || status > 499)) return false;
  if (message !== undefined && /rate limit exceeded/i.test(message)) return true;
  // A gateway's own maintenance page may carry the header too; it says nothing about our writes.
  return after !== undefined && (status !== 503 || message !== undefined);
}

const busyStatuses = new Set([400, 409, 423, 503]);

// "lock" as a word of its own: not "block", not the cluster "lock-service".
const lockWord = /(?<![\w-])lock(?:ed)?(?![\w-])/i;

function saysBusy(status: number, message: string, call: FailedCall): boolean {
  if (!busyStatuses.has(status)) return false;
  const prose = withoutNames(message, call);
  if (lockWord.test(prose)) return true;
  return status === 503 && /\bbusy\b|\bin progress\b/i.test(prose);
}

const keyRefusedStatuses = new Set([400, 401, 403]);

// "kms" also in AWS_KMS and cloudkms, but neither in "cmek" nor in the middle of a word.
const keyService =
  /(?<![a-z])(?:(?:cloud)?kms|key ?vault|crypto ?keys?|encryption key|assume ?role)(?![a-z])/i;

const permissionWord =
  /permission|access(?: is)? ?denied|authoriz|unauthorized|forbidden|assume|impersonat/i;

function saysKeyRefused(status: number, message: string, call: FailedCall): boolean {
  if (!keyRefusedStatuses.has(status)) return false;
  // Only here are quoted texts no names of the user's choice, but resources and permissions of clouds.
  const prose = call.path.endsWith("/cmek") ? message : withoutNames(message, call);
  return keyService.test(prose) && permissionWord.test(prose);
}

/** Leaves out what users name: quoted text, and the object of the call. */
function withoutNames(message: string, call: FailedCall): string {
  const quoted = /(?<=^|[\s(:])(["'`])(?:(?!\1).)*\1(?=$|[\s,.:;)])/g;
  const named = call.object.match(/"(.*)"/)?.[1];
  const prose = message.replace(quoted, " ");
  return named === undefined || named === "" ? prose : prose.replaceAll(named, " ");
}
