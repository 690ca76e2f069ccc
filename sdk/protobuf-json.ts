// The API speaks protobuf's JSON: 64-bit integers are strings, what is not set comes as null, as a zero
// value or not at all, and enumerations grow. These pieces read all of that, and write it back.

import { z } from "zod";

/**
 * Parses JSON with `null` members left out, because the API means the same by both.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => (value === null ? undefined : value));
}

/**
 * Renders a request body.
 *
 * @throws RangeError for NaN, the infinities and bigint, which JSON would change or refuse.
 */
export function renderJson(body: unknown): string {
  return JSON.stringify(body, (name, value: unknown) => {
    if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))) {
      throw new RangeError(`${name} is ${value}, which is no number that the API can take.`);
    }
    return value;
  });
}

/**
 * Renders a 64-bit integer as the API wants it.
 *
 * @throws RangeError when the number is no integer, or too large to be exact.
 */
export function int64(name: string, value: number): string {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`${name} must be a whole number up to 2^53 - 1, not ${value}.`);
  }
  return String(value);
}

/** @internal Text; missing means empty. */
export const textSchema = z.string().default("");

/** @internal A truth value; missing means false. */
export const flagSchema = z.boolean().default(false);

/** @internal A number; missing means zero. */
export const numberSchema = z.number().default(0);

/** @internal A 64-bit integer in either of its spellings. */
export const int64Schema = z
  .union([z.string().regex(/^-?\d+$/, "is no integer"), z.number()])
  .transform(Number)
  .refine(Number.isSafeInteger, "is no integer that a number can hold exactly");

/** @internal An enumeration that may grow: known names for the reader, any name on the wire. */
export function openEnumSchema<Name extends string>(): z.ZodType<Name, string> {
  return z.string() as unknown as z.ZodType<Name, string>;
}

/** @internal The `pagination` member of a list. */
export const paginationSchema = z.object({ next_page: z.string().optional() }).optional();
