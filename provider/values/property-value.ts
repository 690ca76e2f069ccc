/** The value at a path: `serverless.regions`, or the names and indices that lead to it. */
export function valueAt(root: unknown, path: string | readonly PropertyKey[]): unknown {
  const keys = typeof path === "string" ? path.split(".") : path;
  return keys.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    root,
  );
}

/** A copy with another value at a path through objects; `undefined` takes it away. */
export function withValueAt<Root extends object>(root: Root, path: string, value: unknown): Root {
  const [key = "", ...rest] = path.split(".");
  const { [key]: member = {}, ...others } = root as Record<string, unknown>;
  const changed = rest.length === 0 ? value : withValueAt(member as object, rest.join("."), value);
  return (changed === undefined ? others : { ...others, [key]: changed }) as Root;
}

/** Whether one of two property paths leads to the other, or to a part of it. */
export function overlap(one: string, other: string): boolean {
  const [shorter = [], longer = []] = [one, other]
    .map((path) => path.split(/[.[]/))
    .sort((a, b) => a.length - b.length);
  return shorter.every((step, index) => step === "*" || step === longer[index]);
}
