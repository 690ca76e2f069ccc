// Query parameters, read as the service's gateway reads them: in both spellings of a name, at most once, and empty only
// where a text is expected.

import { invalidArgument } from "./errors";
import { outOfRange, timestampOf } from "./protobuf-values";

/** Refuses a query that is no list of pairs. @param text without its question mark. */
export function checkQuery(text: string): void {
  if (text.includes(";")) {
    throw invalidArgument("invalid semicolon separator in query");
  }
  const [malformed] = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(text) ?? [];
  if (malformed !== undefined) {
    throw invalidArgument(`invalid URL escape "${malformed}"`);
  }
}

function value(query: URLSearchParams, name: string): string | undefined {
  const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const spellings = [name, camel].filter((spelling) => query.has(spelling));
  const values = query.getAll(spellings[0] ?? name);
  if (values.length > 1) {
    throw invalidArgument(`too many values for field "${fieldOf(name)}": ${values.join(", ")}`);
  }
  if (name !== camel && spellings.length > 1) {
    throw invalidArgument(`duplicate field "${fieldOf(name)}"`);
  }
  return values[0];
}

function fieldOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function refusal(name: string, problem: string): Error {
  return invalidArgument(`parsing field "${fieldOf(name)}": ${problem}`);
}

/** A text parameter; undefined when absent. */
export function textParameter(query: URLSearchParams, name: string): string | undefined {
  return value(query, name);
}

/** A yes-or-no parameter; false when absent. */
export function boolParameter(query: URLSearchParams, name: string): boolean {
  const text = value(query, name);
  if (text === undefined || ["false", "0", "f", "F", "FALSE", "False"].includes(text)) {
    return false;
  }
  if (["true", "1", "t", "T", "TRUE", "True"].includes(text)) {
    return true;
  }
  throw refusal(name, `strconv.ParseBool: parsing "${text}": invalid syntax`);
}

/** A whole number; 0 when absent. */
export function intParameter(query: URLSearchParams, name: string): number {
  const text = value(query, name) ?? "0";
  if (!/^[-+]?\d+$/.test(text)) {
    throw refusal(name, `strconv.ParseInt: parsing "${text}": invalid syntax`);
  }
  const number = Number(text);
  if (number < -(2 ** 31) || number >= 2 ** 31) {
    throw refusal(name, `strconv.ParseInt: parsing "${text}": value out of range`);
  }
  return number;
}

/** One of some words, by name or by number; undefined when absent. @param words in the order of their numbers, from 1. */
export function enumParameter<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const text = value(query, name);
  const number = /^[-+]?\d+$/.test(text ?? "") ? Number(text) : undefined;
  // Zero is "unspecified", by protobuf's convention for its name too.
  if (text === undefined || number === 0 || text.endsWith("_UNSPECIFIED")) {
    return undefined;
  }
  const word = words.find((candidate, index) => candidate === text || index + 1 === number);
  if (word === undefined) {
    throw refusal(name, `"${text}" is not a valid value`);
  }
  return word;
}

/** An RFC 3339 moment in milliseconds since 1970; undefined when absent. */
export function timeParameter(query: URLSearchParams, name: string): number | undefined {
  const text = value(query, name);
  if (text === undefined) {
    return undefined;
  }
  const moment = timestampOf(text);
  if (moment === outOfRange) {
    // The gateway's words, also for a moment after the year 9999.
    throw refusal(name, `${text} before 0001-01-01`);
  }
  if (moment === undefined) {
    throw refusal(name, `parsing time "${text}" as "2006-01-02T15:04:05.999999999Z07:00" failed`);
  }
  return Date.parse(moment);
}
