// Values as protobuf-go reads and writes them: moments and durations in whole seconds or with three, six or nine digits,
// and numbers of 32 bits.

/** What a moment or duration is that is well-formed but too far away. */
export const outOfRange = Symbol("out of range");

const maxDurationSeconds = 315_576_000_000n;
const maxInt64 = 2n ** 63n - 1n;

/** A moment in UTC. @param ms Milliseconds since 1970. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

/**
 * A moment in the form of responses, from any form that Go's RFC 3339 takes: also with a one-digit hour, a comma
 * before the fraction, more digits than nine, or an offset of up to 24:60. Undefined when it is no moment.
 */
export function timestampOf(text: string): string | typeof outOfRange | undefined {
  const [
    matched,
    date = "",
    hour = "",
    time,
    fraction = "",
    sign,
    offsetHours = 0,
    offsetMinutes = 0,
  ] =
    /^(\d{4}-\d\d-\d\d)T(\d{1,2}):(\d\d:\d\d)(?:[.,](\d+))?(?:Z|([-+])(\d\d):(\d\d))$/.exec(text) ??
    [];
  const written = `${date}T${hour.padStart(2, "0")}:${time}.000Z`;
  const ms = Date.parse(written);
  if (matched === undefined || Number.isNaN(ms) || new Date(ms).toISOString() !== written) {
    return undefined;
  }
  if (Number(offsetHours) > 24 || Number(offsetMinutes) > 60) {
    return undefined;
  }
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  const utc = new Date(sign === "-" ? ms + offset : ms - offset).toISOString();
  // Years of another length are written with a sign.
  return !/^\d{4}-/.test(utc) || utc.startsWith("0000")
    ? outOfRange
    : utc.replace(".000Z", `${fractionOf(fraction.slice(0, 9))}Z`);
}

/** A duration in the form of responses ("1.500s"); undefined when it is none. */
export function durationOf(text: string): string | typeof outOfRange | undefined {
  const [, sign = "", whole, point, fraction = ""] =
    /^([-+]?)(0|[1-9]\d*)?(?:(\.)(\d{0,9}))?s$/.exec(text) ?? [];
  if (whole === undefined && point === undefined) {
    return undefined;
  }
  const seconds = BigInt(whole ?? "0");
  if (seconds > maxDurationSeconds) {
    return seconds > maxInt64 ? undefined : outOfRange;
  }
  const amount = `${seconds}${fractionOf(fraction)}`;
  return `${sign === "-" && amount !== "0" ? "-" : ""}${amount}s`;
}

/** A number of the API's type `float`, with no more digits than its 32 bits need. */
export function float32(value: number): number {
  const single = Math.fround(value);
  const precisions = [1, 2, 3, 4, 5, 6, 7, 8];
  const written = precisions.map((digits) => Number(single.toPrecision(digits)));
  return (
    written.find((shorter) => Math.fround(shorter) === single) ?? Number(single.toPrecision(9))
  );
}

function fractionOf(digits: string): string {
  const needed = digits.replace(/0+$/, "");
  return needed === "" ? "" : `.${needed.padEnd(Math.ceil(needed.length / 3) * 3, "0")}`;
}
