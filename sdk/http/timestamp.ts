// Times of the API: RFC 3339 with up to nine decimals, three more than a Date can hold.

const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

/** Nanoseconds since 1970, or `undefined` when the text is no RFC 3339 time. */
export function parseTimestamp(text: string): bigint | undefined {
  const [, day, time, fraction = "", zone] = rfc3339.exec(text) ?? [];
  const ms = Date.parse(`${day}T${time}${zone?.toUpperCase()}`);
  if (Number.isNaN(ms)) return undefined;
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}
