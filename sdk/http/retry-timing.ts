// How long to wait before the next attempt. Pure functions, so that tests are tables.

/** First pause after a failed attempt, before jitter, in milliseconds. */
export const minBackoffMs = 500;

/** Maximum pause after a failed attempt, in milliseconds. */
export const maxBackoffMs = 10_000;

/**
 * The pause after the `failures`-th failed attempt: doubling, bounded, and anything between the half and
 * the whole of it, so that clients that failed together do not retry together.
 */
export function backoffMs(failures: number, random: () => number): number {
  const full = Math.min(maxBackoffMs, minBackoffMs * 2 ** Math.max(0, failures - 1));
  return Math.round(full * (0.5 + random() / 2));
}

/**
 * Reads `Retry-After`, in its form of seconds and in its form of an HTTP date.
 *
 * @param serverDate the response's `Date` header: a date is relative to the clock of the server.
 * @returns milliseconds to wait, or `undefined` when the header is missing or invalid.
 */
export function parseRetryAfter(
  header: string | null,
  now: number,
  serverDate: string | null = null,
): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  // Date.parse takes almost anything for a date ("-1" too), an HTTP date begins with its weekday.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  const until = parseHttpDate(text);
  if (Number.isNaN(until)) return undefined;
  const from = parseHttpDate(serverDate ?? "");
  return Math.max(0, until - (Number.isNaN(from) ? now : from));
}

/** An HTTP date is always GMT, also in its oldest form, which does not say so. */
function parseHttpDate(text: string): number {
  return Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
}
