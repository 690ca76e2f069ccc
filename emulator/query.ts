// Query parameters, read as the service's gateway reads them. Both spellings of a name are accepted.

import { invalidArgument } from "./errors";

function value(query: URLSearchParams, name: string): string | undefined {
  const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return query.get(name) ?? query.get(camel) ?? undefined;
}

function refusal(name: string, problem: string): Error {
  return invalidArgument(`parsing field "${name.split(".").at(-1)}": ${problem}`);
}

/** A text parameter; undefined when absent. */
export function textParameter(query: URLSearchParams, name: string): string | undefined {
  return value(query, name);
}

/** A yes-or-no parameter; false when absent. */
export function boolParameter(query: URLSearchParams, name: string): boolean {
  const text = value(query, name) ?? "";
  if (["true", "1", "t", "T", "TRUE", "True"].includes(text)) {
    return true;
  }
  if (["", "false", "0", "f", "F", "FALSE", "False"].includes(text)) {
    return false;
  }
  throw refusal(name, `strconv.ParseBool: parsing "${text}": invalid syntax`);
}

/** A whole number; 0 when absent. */
export function intParameter(query: URLSearchParams, name: string): number {
  const text = value(query, name) ?? "";
  if (text === "") {
    return 0;
  }
  const number = Number(text);
  if (!/^-?\d+$/.test(text)) {
    throw refusal(name, `strconv.ParseInt: parsing "${text}": invalid syntax`);
  }
  if (Math.abs(number) > 2 ** 31 - 1) {
    throw refusal(name, `strconv.ParseInt: parsing "${text}": value out of range`);
  }
  return number;
}

/** One of some words; undefined when absent. */
export function enumParameter<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const text = value(query, name);
  if (text === undefined || text === "") {
    return undefined;
  }
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) {
    throw refusal(name, `"${text}" is not a valid value`);
  }
  return word;
}

/** An RFC 3339 moment in milliseconds since 1970; undefined when absent. */
export function timeParameter(query: URLSearchParams, name: string): number | undefined {
  const text = value(query, name);
  if (text === undefined || text === "") {
    return undefined;
  }
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(ms)) {
    throw refusal(name, `parsing time "${text}" as RFC 3339 failed`);
  }
  return ms;
}
