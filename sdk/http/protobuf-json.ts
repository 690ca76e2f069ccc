// The API speaks protobuf's JSON: 64-bit integers are strings, what is not set comes as null, as a zero
// value or not at all, and enumerations grow. These pieces read all of that, and write it back.

import { z } from "zod";
import { withoutStack } from "./without-stack";

// The bound of protobuf's own parsers.
const deepestNesting = 100;

/**
 * Parses JSON with `null` members left out, because the API means the same by both.
 *
 * @throws SyntaxError also for what protobuf never writes: half a surrogate pair, endless nesting.
 */
export function parseJson(text: string): unknown {
  return withoutNulls(JSON.parse(text), 0);
}

function withoutNulls(value: unknown, depth: number): unknown {
  if (typeof value === "string") return wellFormed(value);
  if (typeof value !== "object" || value === null) return value ?? undefined;
  if (depth === deepestNesting) throw new SyntaxError("The JSON is nested too deeply.");
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depth + 1));
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(
    members.map(([name, member]) => [wellFormed(name), withoutNulls(member, depth + 1)]),
  );
}

function wellFormed(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new SyntaxError("The JSON has half a surrogate pair.");
  return text;
}

/**
 * Renders a request body.
 *
 * @throws RangeError for NaN, the infinities and bigint, which JSON would change or refuse.
 */
export function renderJson(body: unknown): string {
  return JSON.stringify(body, (name, value: unknown) => {
    if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))) {
      throw withoutStack(
        new RangeError(`${name} is ${value}, which is no number that the API can take.`),
      );
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
    throw withoutStack(
      new RangeError(`${name} must be a whole number up to 2^53 - 1, not ${value}.`),
    );
  }
  return String(value);
}

/** @internal Text; missing means empty. */
export const textSchema = z.string().default("");

/** @internal A truth value; missing means false. */
export const flagSchema = z.boolean().default(false);

/** @internal A number; missing means zero. */
export const numberSchema = z.number().default(0);

/**
 * @internal A 64-bit integer in either of its spellings. Beyond 2^53 it is the nearest number: one huge
 * limit must not make its whole cluster unreadable. `int64` never sends such a number back.
 */
export const int64Schema = z
  .union([z.string().regex(/^-?\d+$/, "is no integer"), z.number()])
  .transform(Number)
  .refine((value) => Number.isInteger(value) && Math.abs(value) <= 2 ** 63, "is no 64-bit integer");

/** @internal An enumeration that may grow: known names for the reader, any name on the wire. */
export function openEnumSchema<Name extends string>(): z.ZodType<Name, string> {
  return z.string() as unknown as z.ZodType<Name, string>;
}

// It travels in the address of the next request, for which servers have less room.
const maxPageTokenLength = 8_192;

/** @internal What a list gives for its next page. */
export const pageTokenSchema = z.string().max(maxPageTokenLength);

/** @internal The `pagination` member of a list. */
export const paginationSchema = z.object({ next_page: pageTokenSchema.optional() }).optional();
