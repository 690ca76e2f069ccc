// What the engine makes of what an operation throws.

import { strict as assert } from "node:assert";
import type { Properties } from "./values";
import { received } from "./values";

/** What the server makes of an error with an id; everything else is text. */
export function partialFailure(
  error: unknown,
  inputs: Properties,
): { id: string; properties: Properties; reasons: string[] } | undefined {
  const { id, properties, reasons } = error as Partial<Record<string, unknown>>;
  if (id === undefined) return undefined;
  assert.ok(typeof id === "string" && id !== "", "a partial failure has an id");
  assert.ok(Array.isArray(reasons) && reasons.length > 0, "a partial failure has reasons");
  const kept = received(properties as Properties);
  assert.equal(kept["__provider"], inputs["__provider"], "a partial failure keeps the source");
  return { id, properties: kept, reasons: reasons as string[] };
}

/** The message of an error, which must be one that the server does not misread. */
export function textOf(error: unknown): string {
  assert.ok(error instanceof Error, "what is thrown is an Error");
  if (error instanceof assert.AssertionError) throw error;
  assert.ok(!("code" in error) && !("metadata" in error), "nothing on the error can be misread");
  assert.ok(!(error instanceof TypeError) && error.message !== "", String(error));
  const reasons = Reflect.get(error, "reasons");
  // The engine drops the message of a partial failure and prints its reasons.
  return Array.isArray(reasons) ? reasons.join("\n") : error.message;
}
