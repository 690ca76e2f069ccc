/** What contract tests say about arguments and failures of a plugin. */
import assert from "node:assert/strict";
import { OperationError } from "./plugin-client";

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
