/** Values for mocks, in the formats of the service: the same seed always gives the same value. */
import { createHash } from "node:crypto";

function digest(seed: string): string {
  return createHash("sha256").update(seed).digest("hex");
}

/** A UUID. */
export function uuidFrom(seed: string): string {
  const hex = digest(seed);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** A number as text, of this many decimal digits and without leading zeros. */
export function digitsFrom(seed: string, length: number): string {
  const number = BigInt(`0x${digest(seed)}`) % (9n * 10n ** BigInt(length - 1));
  return String(number + 10n ** BigInt(length - 1));
}

/** Six hexadecimal digits. */
export function suffixFrom(seed: string): string {
  return digest(seed).slice(0, 6);
}

/** 32 characters that are safe in a URL. */
export function passwordFrom(seed: string): string {
  return createHash("sha256").update(seed).digest("base64url").slice(0, 32);
}
