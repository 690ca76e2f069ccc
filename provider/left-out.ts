/**
 * What the program leaves out.
 *
 * `undefined` and `null`, as JSON and YAML have it, mean the same at any depth: the property is not
 * managed. Pulumi hands `null` on as a value.
 */
/** Whether the program leaves the value out. */
export function isLeftOut(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** A copy without what is left out, at any depth, items of lists included. */
export function withoutLeftOut<Value>(value: Value): Value {
  return copyOf(value) as Value;
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isLeftOut(item)).map(copyOf);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => !isLeftOut(member))
      .map(([key, member]) => [key, copyOf(member)]),
  );
}

function isPlainObject(value: unknown): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value))
  );
}
