// Values as they travel between the program, the engine and a provider.

import { strict as assert } from "node:assert";
import { isDeepStrictEqual } from "node:util";

export type Properties = Record<string, unknown>;

const secretKey = "4dabf18193072939515e22adb298388d";

/** What a preview has in place of a value that it does not know. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The outputs of a resource that a preview would create. */
export const nothingKnown: Properties = new Proxy({}, { get: () => unknown });

/** What arrives on the other side of gRPC: only what JSON can say, and secrets unwrapped. */
export function received<Value>(value: Value): Value {
  return unwrapped(value, "value") as Value;
}

function unwrapped(value: unknown, path: string): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item, index) => unwrapped(item, `${path}[${index}]`));
  assert.ok(typeof value === "object", `${path} can travel: it is ${String(value)}`);
  assert.equal(Object.getPrototypeOf(value), Object.prototype, `${path} is a plain object`);
  if (secretKey in value) return unwrapped(Reflect.get(value, "value"), path);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, unwrapped(member, `${path}.${key}`)]),
  );
}

/** The Node SDK drops undefined members before anything is sent. */
export function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : [[key, withoutUndefined(member)]],
    ),
  );
}

/** Without the members that the CLI hides. */
export function visible(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
}

/** Paths of the leaves that differ, hidden members included: the engine compares them too. */
export function pathsBetween(before: unknown, after: unknown, path = ""): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const isMap = (value: unknown): value is Properties =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isMap(before) || !isMap(after)) return [path];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    pathsBetween(before[key], after[key], path === "" ? key : `${path}.${key}`),
  );
}
