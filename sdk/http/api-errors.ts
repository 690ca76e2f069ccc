// What a failure status means: the class of the error, whether to retry the call, and the advice to the
// reader. The API reports "locked" and "rate limit exceeded" only in prose and under varying statuses; this
// is the one place that reads its texts.

import type { CredentialKind, FailedCall, RawResponse } from "./error-context";
import { factsFor, mayRepeat, unknownEffect, wrongServerAdvice } from "./error-context";
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
import { parseRetryAfter } from "./retry-timing";
import { sanitizeUntrusted } from "./sanitize";

/** Creates the error for a response with a failure status. */
export function apiFailure(call: FailedCall, response: RawResponse, now: number): CloudApiError {
  const apiBody = apiBodyOf(response.body);
  const message = apiBody?.message;
  const isApi = message !== undefined;
  const retryAfterMs = parseRetryAfter(
    response.header("retry-after"),
    now,
    response.header("date"),
  );
  // A 404 page of a proxy must not mean that the object does not exist.
  const isUnexpectedOrigin = response.status === 404 && apiBody?.code === undefined;
  const kind = isUnexpectedOrigin
    ? unexpectedOrigin
    : kindOf(call, response.status, message, retryAfterMs);
  const effect = kind.effect === "unknown" ? unknownEffect(call) : "none";
  const text =
    isApi && message !== "" ? message : sanitizeUntrusted(response.statusText) || "no explanation";
  const foreign = isApi ? "" : " (not a response of the API)";
  const requestId = response.header("cc-trace-id");
  const isForeign = !isApi && !isUnexpectedOrigin;
  const advice = `${kind.advice(call)} ${isForeign ? foreignAdvice : ""}`.trim();
  return new kind.errorClass({
    ...factsFor(call, effect, `${response.status} ${text}${foreign}`, advice),
    status: response.status,
    apiMessage: call.redact(message ?? ""),
    isRetryable: kind.isTransient && mayRepeat(call, effect),
    ...(requestId === null ? {} : { requestId: call.redact(sanitizeUntrusted(requestId)) }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const foreignAdvice = "A proxy or gateway seems to respond in place of the API.";

/** Parses the API's own failure body, `undefined` when the body is not the API's. */
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
    message: typeof message === "string" ? sanitizeUntrusted(message) : "",
    ...(typeof code === "number" ? { code } : {}),
  };
}

interface Kind {
  errorClass: new (facts: ErrorFacts & { status: number }) => CloudApiError;
  /** What happened to a write. */
  effect: Effect;
  /** Whether the failure passes without intervention. */
  isTransient: boolean;
  advice: (call: FailedCall) => string;
}

const throttledAdvice: Readonly<Record<CredentialKind, string>> = {
  "API key":
    "The limit is 10 requests a second for each service account: give concurrent programs a key each.",
  JWT: "The limit is 10 requests a second for each user: let concurrent programs stand for different users.",
};

const throttled: Kind = {
  errorClass: RateLimitError,
  effect: "none",
  isTransient: true,
  advice: ({ credential }) => throttledAdvice[credential],
};

const busy: Kind = {
  errorClass: BusyError,
  effect: "none",
  isTransient: true,
  advice: () => "Another operation is running on the cluster: wait until it ends, then try again.",
};

const keyRejected: Kind = {
  errorClass: KmsPermissionError,
  effect: "none",
  isTransient: false,
  advice: () =>
    "Let the principal of the key's specification use the key; a new permission takes some minutes to take effect.",
};

const unexpectedOrigin: Kind = {
  errorClass: CloudApiError,
  effect: "none",
  isTransient: false,
  advice: () => wrongServerAdvice,
};

const credentialAdvice: Readonly<Record<CredentialKind, string>> = {
  "API key":
    "Pass the secret of a service account's API key as apiKey, in COCKROACH_API_KEY, or as cockroachdb-cloud:apiKey in the stack's configuration; it may have been mistyped or revoked.",
  JWT: "The JWT may have expired, or its issuer and audience may not be registered with the organization of the vanity name. Where it stands for several identities, name one by its e-mail address or service account id: username, COCKROACH_USERNAME, or cockroachdb-cloud:username in the stack's configuration.",
};

const notFoundAdvice: Readonly<Record<CredentialKind, string>> = {
  "API key": "Check the id, and that the key belongs to the organization that has it.",
  JWT: "Check the id, and that the vanity name is that of the organization that has it.",
};

const byStatus: Readonly<Record<number, Omit<Kind, "effect" | "isTransient">>> = {
  400: { errorClass: BadRequestError, advice: () => "" },
  401: {
    errorClass: AuthenticationError,
    advice: ({ credential }) => credentialAdvice[credential],
  },
  403: {
    errorClass: PermissionDeniedError,
    advice: (call) =>
      `It requires ${call.permission}; a newly granted role takes some minutes to take effect.`,
  },
  404: {
    errorClass: NotFoundError,
    advice: ({ credential }) => notFoundAdvice[credential],
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
  if (isApi && isBusy(status, message, call)) return busy;
  if (isThrottled(status, message, retryAfterMs)) return throttled;
  if (isApi && isKeyRejected(status, message, call)) return keyRejected;
  if (status === 408 || status === 499) {
    return {
      errorClass: CloudApiError,
      effect: "unknown",
      isTransient: status === 408,
      advice: (failed) => (unknownEffect(failed) === "none" ? "Try again later." : ""),
    };
  }
  if (status >= 500) {
    return {
      errorClass: ServerError,
      effect: status === 501 && isApi ? "none" : "unknown",
      isTransient: status !== 501,
      advice: () =>
        status === 501
          ? ""
          : "Try again later; check https://status.cockroachlabs.cloud for outages.",
    };
  }
  const known = byStatus[status] ?? { errorClass: CloudApiError, advice: () => "" };
  return { ...known, effect: "none", isTransient: false };
}

function isThrottled(
  status: number,
  message: string | undefined,
  after: number | undefined,
): boolean {
  if (status === 429) return true;
  if (status !== 503 && (status < 400 || status > 499)) return false;
  if (message !== undefined && /rate limit exceeded/i.test(message)) return true;
  // A gateway's own maintenance page may have the header too; whether a write took effect is then unknown.
  return after !== undefined && (status !== 503 || message !== undefined);
}

const busyStatuses = new Set([400, 409, 423, 503]);

// "lock" as a word of its own: not "block", not the cluster "lock-service".
const lockWord = /(?<![\w-])lock(?:ed)?(?![\w-])/i;

function isBusy(status: number, message: string, call: FailedCall): boolean {
  if (!busyStatuses.has(status)) return false;
  const prose = withoutNames(message, call);
  if (lockWord.test(prose)) return true;
  // While the egress traffic policy changes, nothing about egress can be written.
  if (status === 409 && /^POLICY_UPDATING\b/.test(message)) return true;
  return status === 503 && /\bbusy\b|\bin progress\b/i.test(prose);
}

const keyRejectedStatuses = new Set([400, 401, 403]);

// "kms" also in AWS_KMS and cloudkms, but neither in "cmek" nor in the middle of a word.
const keyService =
  /(?<![a-z])(?:(?:cloud)?kms|key ?vault|crypto ?keys?|encryption key|assume ?role)(?![a-z])/i;

const permissionWord =
  /permission|access(?: is)? ?denied|authoriz|unauthorized|forbidden|assume|impersonat/i;

function isKeyRejected(status: number, message: string, call: FailedCall): boolean {
  if (!keyRejectedStatuses.has(status)) return false;
  // Only here are quoted strings not names that users chose, but resources and permissions of clouds.
  const prose = call.path.endsWith("/cmek") ? message : withoutNames(message, call);
  return keyService.test(prose) && permissionWord.test(prose);
}

/** Removes what users name: quoted strings, and the object of the call. */
function withoutNames(message: string, call: FailedCall): string {
  const quoted = /(?<=^|[\s(:])(["'`])(?:(?!\1).)*\1(?=$|[\s,.:;)])/g;
  const named = call.object.match(/"(.*)"/)?.[1];
  const prose = message.replace(quoted, " ");
  return named === undefined || named === "" ? prose : prose.replaceAll(named, " ");
}
