/** The value of a property that is named by its path: `serverless.regions`. */
export function valueAt(root: object, property: string): unknown {
  return property
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined,
      root,
    );
}
