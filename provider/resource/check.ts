/**
 * Turns what zod says of the arguments into check failures, one for every problem, each on its
 * property. Whatever is not known yet in a preview is taken as valid.
 */
import type { z } from "zod";
import { valueAt } from "../values/property-value";
import { leadsToUnknown } from "../values/unknown";
import { likelyArgument } from "./misspelt-argument";

/** One problem of one argument; Pulumi prints it beside the property, in previews too. */
export interface CheckFailure {
  /** Empty when it is about the resource as a whole. */
  property: string;
  reason: string;
  /** The resource has no such argument, so that nobody knows whether the value is a secret. */
  isUnknownArgument?: true;
}

/** `serverless.regions[1]`, as Pulumi writes a property path. */
export function propertyPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    if (!/^[\w-]+$/.test(name)) return `${text}["${shorten(name)}"]`;
    return text === "" ? name : `${text}.${shorten(name)}`;
  }, "");
}

/** A problem of the value at a path, or of the key that the path ends with. */
export interface Problem {
  path: readonly PropertyKey[];
  reason: string;
  isAboutKey?: true;
}

/**
 * The problem as Pulumi prints it. Pulumi shows the value of a top-level argument only, so the reason itself names
 * one that is deeper down.
 */
export function failureOf({ path, reason, isAboutKey }: Problem, news: unknown): CheckFailure {
  const property = propertyPath(path);
  const value = valueAt(news, path);
  const isNamed =
    path.length < 2 || isAboutKey === true || !isScalar(value) || names(reason, value);
  return { property, reason: isNamed ? reason : `${reason} It is ${describeValue(value)}.` };
}

type Scalar = string | number | boolean;

function isScalar(value: unknown): value is Scalar {
  return ["string", "number", "boolean"].includes(typeof value);
}

function names(reason: string, value: Scalar): boolean {
  return typeof value === "string"
    ? reason.includes(describeValue(value))
    : reason.split(/[^\w.-]+|\.(?:\s|$)/).includes(String(value));
}

/** Problems of the shape of the arguments: missing, misspelt, of the wrong type or out of bounds. */
export function shapeFailures(schema: z.ZodType, news: Record<string, unknown>): CheckFailure[] {
  const parsed = schema.safeParse(news);
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) => failuresOf(issue, schema, news));
}

function failuresOf(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  news: Record<string, unknown>,
): CheckFailure[] {
  if (leadsToUnknown(news, issue.path)) return [];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      property: propertyPath([...issue.path, key]),
      reason: `is not an argument here. ${adviceOn(key, issue.path, schema)}`,
      isUnknownArgument: true,
    }));
  }
  const reason = reasonOf(issue, valueAt(news, issue.path));
  const isAboutKey = issue.code === "invalid_key" ? { isAboutKey: true as const } : {};
  return [failureOf({ path: issue.path, reason, ...isAboutKey }, news)];
}

function adviceOn(key: string, path: readonly PropertyKey[], schema: z.ZodType): string {
  const likely = likelyArgument(schema, path, key);
  if (likely !== undefined) return `Did you mean ${propertyPath(likely)}?`;
  const place = path.length > 0 ? ` and where it belongs; it stands in ${propertyPath(path)}` : "";
  return `Check its spelling${place}.`;
}

function reasonOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === "invalid_type" || issue.code === "invalid_value") {
    const expected =
      issue.code === "invalid_type"
        ? nameOfType(issue.expected)
        : `one of ${issue.values.map((allowed) => JSON.stringify(allowed)).join(", ")}`;
    if (value === undefined) return `is required: give ${expected}.`;
    return `must be ${expected}, not ${describeValue(value)}.${adviceOnText(expected, value)}`;
  }
  // The message of the key itself says what is wrong with it.
  return (issue.code === "invalid_key" && issue.issues[0]?.message) || issue.message;
}

/** Pulumi's configuration holds texts, and has a reader for each other type. */
const readers: Readonly<Record<string, readonly [form: RegExp, reader: string]>> = {
  "a number": [/^-?\d+(\.\d+)?$/, "requireNumber"],
  "a whole number": [/^-?\d+$/, "requireNumber"],
  "true or false": [/^(true|false)$/, "requireBoolean"],
  "a list": [/^\s*\[/, "requireObject"],
  "an object": [/^\s*\{/, "requireObject"],
};

/** The advice for a text that spells a value of the type that is needed. */
function adviceOnText(expected: string, value: unknown): string {
  const [form, reader] = readers[expected] ?? [];
  return typeof value === "string" && form?.test(value) === true
    ? ` If it comes from the configuration, read it with ${reader}.`
    : "";
}

function nameOfType(expected: string): string {
  switch (expected) {
    case "int":
      return "a whole number";
    case "number":
      return "a number";
    case "string":
      return "a string";
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "object":
    case "record":
      return "an object";
    default:
      return expected;
  }
}

/** The value as an error message can show it: never long, and with its type where that is the problem. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return `the string ${JSON.stringify(shorten(value))}`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return nameOfValue(value);
}

/** What kind of value it is, for one that no message may show. */
export function nameOfValue(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return "true or false";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A text of a user as a message can show it. */
export function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
