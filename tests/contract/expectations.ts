/** What contract tests say about arguments and failures of a plugin. */
import assert from "node:assert/strict";
import type { Properties } from "./plugin-client";
import { OperationError } from "./plugin-client";
import { unknownValue } from "./plugin-process";

/** The path of every value in it, inner ones too, hidden inputs left out. */
export function pathsIn(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value)
    .filter(([key]) => !key.startsWith("__"))
    .flatMap(([key, member]) =>
      pathsIn(member, [...path, Array.isArray(value) ? Number(key) : key]),
    );
  return path.length === 0 ? inner : [path, ...inner];
}

/** A copy in which the value at the path is one that a preview does not know yet. */
export function withUnknown(root: Properties, path: readonly (string | number)[]): Properties {
  const copy = structuredClone(root);
  const last = path.at(-1) as string | number;
  const parent = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>(
      (value, key) => value[key] as Record<string | number, unknown>,
      copy,
    );
  parent[last] = unknownValue;
  return copy;
}

/** One line that a person can read: no stack, no object, and none of the secrets. */
export function assertReadable(message: string, ...secrets: readonly string[]): void {
  assert.match(message, /^[A-Z][^\n]{20,600}$/);
  assert.doesNotMatch(message, /\bat .*:\d+|\[object|undefined/);
  for (const value of secrets) assert.ok(!message.includes(value), message);
}

/** What the operation fails with. */
export async function failureOf(work: Promise<unknown>): Promise<OperationError> {
  const error = await work.then(
    () => assert.fail("it did not fail"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof OperationError, String(error));
  return error;
}
