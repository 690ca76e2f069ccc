// Keeps secrets out of everything that can be read later: messages, causes, debug output.

const mask = "[redacted]";

// The shape of a Cloud API key, so that somebody else's key in a message is masked as well.
const anyApiKey = /CCDB1_[A-Za-z0-9]+(?:_[A-Za-z0-9]+)?/g;

/** Masks the secrets it was made with, in any text. */
export type Redact = (text: string) => string;

/** Makes a function that masks `secrets` (also URL-encoded, base64 and JSON forms) and any API key. */
export function redactor(secrets: readonly string[]): Redact {
  const spellings = secrets.filter((secret) => secret !== "").flatMap(spellingsOf);
  const known = [...new Set(spellings)].sort((one, other) => other.length - one.length);
  return (text) =>
    known
      .reduce((masked, secret) => masked.replaceAll(secret, mask), text)
      .replace(anyApiKey, mask);
}

function spellingsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    encodeURIComponent(secret),
    json,
    // The spelling of Go, in which the API is written.
    json.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`),
    Buffer.from(secret).toString("base64"),
    Buffer.from(secret).toString("base64url"),
  ];
}

const longestChain = 5;

/**
 * Copies an error without its secrets: name, message, code, stack and its own causes stay, anything
 * else that hangs on it (sockets, requests, headers) is dropped.
 */
export function redactedCause(cause: unknown, redact: Redact, depth = 0): Error | undefined {
  if (cause === undefined || cause === null || depth > longestChain) return undefined;
  if (!(cause instanceof Error)) return new Error(redact(String(cause)));
  const inner = redactedCause(cause.cause, redact, depth + 1);
  const copy = new Error(redact(cause.message), inner === undefined ? undefined : { cause: inner });
  copy.name = redact(cause.name);
  if (cause.stack !== undefined) copy.stack = redact(cause.stack);
  const code = (cause as NodeJS.ErrnoException).code;
  if (typeof code === "string") Object.assign(copy, { code: redact(code) });
  return copy;
}
