// What a preview says of values, held against what they turn out to be.

import { strict as assert } from "node:assert";
import { hasUnknown, isUnknown } from "../../provider/values/unknown";

/** Fails unless every value that a preview shows is as it turns out; an unknown one may be anything. */
export function assertForeseen(previewed: unknown, actual: unknown, path: string): void {
  if (isUnknown(previewed)) return;
  if (!hasUnknown(previewed) || !isContainer(previewed) || !isContainer(actual)) {
    assert.deepEqual(previewed, actual, path);
    return;
  }
  for (const name of new Set([...Object.keys(previewed), ...Object.keys(actual)])) {
    const [shown, is] = [previewed, actual].map((values) => Reflect.get(values, name));
    assertForeseen(shown, is, `${path}.${name}`);
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
