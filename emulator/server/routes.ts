// Finds the operation that a method and a path mean. Paths with fixed words win over paths with parameters:
// /clusters/available-regions is no cluster id.

import type { Operation } from "./operation";
import { operations, undocumentedOperations } from "./operations";

/** What a path leads to. */
export interface Route {
  /** Undefined when the path exists, but not with this method. */
  readonly operation: Operation | undefined;
  /** Path parameters, percent-decoded. */
  readonly path: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly expression: RegExp;
  readonly names: readonly string[];
  readonly byMethod: Map<string, Operation>;
}

/** By number of slashes: no parameter has one. */
const patterns: ReadonlyMap<number, readonly Pattern[]> = compile();

function compile(): Map<number, Pattern[]> {
  const byPath = new Map<string, Pattern>();
  for (const operation of [...operations, ...undocumentedOperations]) {
    const known = byPath.get(operation.path);
    const pattern = known ?? {
      expression: new RegExp(
        `^${operation.path
          .replace(/\./g, "\\.")
          // A role on the organization has an empty segment in place of an id.
          .replace("{resource_id}", "([^/]*)")
          .replace(/\{\w+\}/g, "([^/]+)")}$`,
      ),
      names: [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""),
      byMethod: new Map<string, Operation>(),
    };
    pattern.byMethod.set(operation.method, operation);
    byPath.set(operation.path, pattern);
  }
  const sorted = [...byPath].sort(([, a], [, b]) => a.names.length - b.names.length);
  const bySlashes = new Map<number, Pattern[]>();
  for (const [path, pattern] of sorted) {
    bySlashes.set(slashesIn(path), [...(bySlashes.get(slashesIn(path)) ?? []), pattern]);
  }
  return bySlashes;
}

/** The route of a request; undefined when the path is unknown. */
export function routeOf(method: string, path: string): Route | undefined {
  let known: Route | undefined;
  for (const { expression, names, byMethod } of patterns.get(slashesIn(path)) ?? []) {
    const match = expression.exec(path);
    if (match !== null) {
      const values = names.map((name, index) => [name, decode(match[index + 1] ?? "")] as const);
      const route = { operation: byMethod.get(method), path: Object.fromEntries(values) };
      if (route.operation !== undefined) {
        return route;
      }
      // Another spelling of the same path may have the method: restores are posted to {destination_cluster_id}.
      known ??= route;
    }
  }
  return known;
}

function slashesIn(path: string): number {
  return path.split("/").length - 1;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
