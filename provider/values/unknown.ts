/**
 * Values that a preview does not know yet.
 *
 * Pulumi hands them to `check` and `diff` as fixed UUID strings in place of the value, whatever
 * its type is: a string that looks valid, a number that looks wrong. This is the one place that
 * knows them.
 */

/** A value that is not known yet, whatever its type will be. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const sentinels: ReadonlySet<unknown> = new Set([
  unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether the value itself is not known yet. */
export function isUnknown(value: unknown): boolean {
  return sentinels.has(value);
}

/** Whether the value itself is set and known. */
export function isKnown(value: unknown): boolean {
  return value !== undefined && value !== null && !isUnknown(value);
}

/** Whether the value or anything inside it is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (value !== null && typeof value === "object") return Object.values(value).some(hasUnknown);
  return false;
}

/** Whether walking `path` from `root` meets a value that is not known yet. */
export function leadsToUnknown(root: unknown, path: readonly PropertyKey[]): boolean {
  let value: unknown = root;
  for (const key of path) {
    if (isUnknown(value)) return true;
    if (value === null || typeof value !== "object") return false;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return isUnknown(value);
}
