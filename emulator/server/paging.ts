// Pages of lists. A token names the last item of a page by its sort key and not by its position, so items
// that come and go between two pages neither repeat nor hide others.

import type { Call } from "./call";
import { invalidArgument } from "./errors";
import { enumParameter, intParameter, textParameter, timeParameter } from "./query";

/** The `pagination` object of a list response. */
export interface WirePagination {
  next_page: string;
  previous_page: string;
}

/** What a list operation knows about its items. */
export interface PageRules<Item> {
  /** Texts that order the items; the last one must be unique. */
  sortKey(item: Item): readonly string[];
  /** The order of a call that asks for none. @default "ASC" */
  readonly order?: "ASC" | "DESC";
  /** When the item came to be, in milliseconds, for `pagination.as_of_time`. */
  createdAt?(item: Item): number;
}

/** A moment as a part of a sort key: always of one length, which the timestamps of responses are not. */
export function momentKey(ms: number): string {
  return new Date(ms).toISOString();
}

interface Cursor {
  list: string;
  key: readonly string[];
  toward: "next" | "previous";
}

/** Sorts, cuts and labels one page as the pagination parameters of the call ask for. */
export function page<Item>(
  call: Call,
  items: readonly Item[],
  rules: PageRules<Item>,
): { items: Item[]; pagination: WirePagination | null } {
  const { pageDefault, pageMax, paginationEnd } = call.context.assumptions;
  const asked = intParameter(call.query, "pagination.limit");
  if (asked < 0) {
    throw invalidArgument("invalid argument: pagination.limit must not be negative");
  }
  const limit = Math.min(asked === 0 ? pageDefault : asked, pageMax);
  const order = enumParameter(call.query, "pagination.sort_order", ["ASC", "DESC"]) ?? rules.order;
  const descending = order === "DESC";
  const asOf = timeParameter(call.query, "pagination.as_of_time");
  const compare = (a: readonly string[], b: readonly string[]) =>
    descending ? compareKeys(b, a) : compareKeys(a, b);
  const sorted = items
    .filter((item) => asOf === undefined || (rules.createdAt?.(item) ?? 0) <= asOf)
    .map((item) => ({ item, key: rules.sortKey(item) }))
    .sort((a, b) => compare(a.key, b.key));

  const list = `${call.operation.name}${call.query.get("pagination.sort_by") ?? ""}${descending}`;
  const cursor = readCursor(textParameter(call.query, "pagination.page") ?? "", list);
  let start = 0;
  let end = limit;
  if (cursor?.toward === "next") {
    start = sorted.findIndex(({ key }) => compare(key, cursor.key) > 0);
    start = start < 0 ? sorted.length : start;
    end = start + limit;
  } else if (cursor?.toward === "previous") {
    const first = sorted.findIndex(({ key }) => compare(key, cursor.key) >= 0);
    end = first < 0 ? sorted.length : first;
    start = Math.max(0, end - limit);
  }
  const shown = sorted.slice(start, end);
  const firstKey = shown[0]?.key;
  const lastKey = shown.at(-1)?.key;
  const pagination: WirePagination = {
    next_page:
      end < sorted.length && lastKey ? writeCursor({ list, key: lastKey, toward: "next" }) : "",
    previous_page:
      start > 0 && firstKey ? writeCursor({ list, key: firstKey, toward: "previous" }) : "",
  };
  const isWhole = pagination.next_page === "" && pagination.previous_page === "";
  return {
    items: shown.map(({ item }) => item),
    pagination: isWhole && paginationEnd === "null" ? null : pagination,
  };
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? "";
    if (left !== right) {
      return left < right ? -1 : 1;
    }
  }
  return 0;
}

function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

function readCursor(token: string, list: string): Cursor | undefined {
  if (token === "") {
    return undefined;
  }
  let cursor: Partial<Cursor> | undefined;
  try {
    cursor = JSON.parse(Buffer.from(token, "base64url").toString()) as Partial<Cursor>;
  } catch {
    cursor = undefined;
  }
  const key = cursor?.key;
  const toward = cursor?.toward;
  if (
    cursor?.list !== list ||
    !Array.isArray(key) ||
    (toward !== "next" && toward !== "previous")
  ) {
    throw invalidArgument("invalid argument: invalid page token");
  }
  return { list, key, toward };
}
