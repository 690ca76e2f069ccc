// Durations as protobuf writes them in JSON: decimal seconds with an `s`, nothing else.

import { withoutStack } from "./without-stack";

// Protobuf's own bound: about ten thousand years.
const maxSeconds = 315_576_000_000;

/**
 * Reads `"172800s"` or `"1.5s"` as seconds.
 *
 * @throws RangeError when the text is no such duration: other units, as in `"48h"`, are not.
 */
export function parseDuration(text: string): number {
  const seconds = /^-?\d+(?:\.\d{1,9})?s$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
  if (!(Math.abs(seconds) <= maxSeconds)) {
    throw withoutStack(new RangeError(`${JSON.stringify(text)} is no duration like "172800s".`));
  }
  return seconds;
}

/**
 * Writes seconds as the API wants them, `172800` as `"172800s"`, with up to nine decimals.
 *
 * @throws RangeError when the number is no number of seconds that the API can take.
 */
export function formatDuration(seconds: number): string {
  if (!(Math.abs(seconds) <= maxSeconds)) {
    throw withoutStack(new RangeError(`${seconds} is no number of seconds that the API can take.`));
  }
  const [whole = "", fraction = ""] = seconds.toFixed(9).split(".");
  const decimals = fraction.replace(/0+$/, "");
  const text = decimals === "" ? whole : `${whole}.${decimals}`;
  return text === "-0" ? "0s" : `${text}s`;
}
