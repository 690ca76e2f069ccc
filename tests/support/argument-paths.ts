// Where arguments have values, and copies of them with another value there.

import type { z } from "zod";
import { unknown } from "./engine-model/values";

type Properties = Record<string, unknown>;

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
  return withLeaf(root, path, unknown);
}

/** A copy with another value at the path, which may lead into lists. */
export function withLeaf(
  root: Properties,
  path: readonly (string | number)[],
  value: unknown,
): Properties {
  const copy = structuredClone(root);
  const last = path.at(-1) as string | number;
  const parent = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>(
      (inner, key) => inner[key] as Record<string | number, unknown>,
      copy,
    );
  parent[last] = value;
  return copy;
}

/** The paths of what a schema lets be left out. */
export function optionalPaths(schema: z.ZodType, path: readonly string[] = []): string[][] {
  const { def } = schema as unknown as { def: Definition };
  switch (def.type) {
    case "optional":
      return [[...path], ...optionalPaths(def.innerType as z.ZodType, path)];
    case "object":
      return Object.entries(def.shape as Record<string, z.ZodType>).flatMap(([key, member]) =>
        optionalPaths(member, [...path, key]),
      );
    default:
      return [];
  }
}

interface Definition {
  type: string;
  innerType?: z.ZodType;
  shape?: Record<string, z.ZodType>;
}

/** A copy with another value at the path; `undefined` takes it away. */
export function withValueAt(root: Properties, path: readonly string[], value: unknown): Properties {
  const [key = "", ...rest] = path;
  const { [key]: member, ...others } = root;
  const changed = rest.length === 0 ? value : withValueAt(member as Properties, rest, value);
  return changed === undefined ? others : { ...others, [key]: changed };
}
