// URL paths and query strings. A tagged template escapes every inserted segment, so no call site can
// forget it, and an empty id can never turn "delete this cluster" into a call on the collection.

import { withoutStack } from "./without-stack";

/**
 * Builds a path: path`/api/v1/clusters/${id}`.
 *
 * @throws TypeError when a segment is empty or would climb out of its place.
 */
export function path(literals: TemplateStringsArray, ...segments: readonly string[]): string {
  return literals.reduce(
    (built, literal, index) => built + escapeSegment(segments[index - 1]) + literal,
  );
}

function escapeSegment(segment: string | undefined): string {
  if (typeof segment !== "string" || segment === "" || segment === "." || segment === "..") {
    throw withoutStack(
      new TypeError(`An id or name in a request path is ${JSON.stringify(segment) ?? "missing"}.`),
    );
  }
  return encodeURIComponent(segment);
}

/** A query: members that are `undefined` are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Renders a query with its question mark, or nothing when there is nothing to send. */
export function queryString(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`],
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
