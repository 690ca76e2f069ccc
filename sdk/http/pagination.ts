// Lists come in pages. The end is a missing, empty or null `next_page`; nothing else marks it.

/** Items per request; it is also the most that the API gives. */
export const defaultPageSize = 500;

/** How to read a list. */
export interface ListQuery {
  /**
   * Items per request.
   *
   * @default 500
   */
  pageSize?: number;
}

/** How to read a list that is in the order of time. */
export interface OrderedListQuery extends ListQuery {
  /**
   * `ASC` begins with the oldest, `DESC` with the newest.
   *
   * @default "ASC"
   */
  sortOrder?: "ASC" | "DESC";
}

/** How to read a list of what happened in the course of time. */
export interface TimeRangeQuery extends OrderedListQuery {
  /**
   * RFC 3339; what happened then is in the list.
   *
   * @default no bound
   */
  startTime?: string;
  /**
   * RFC 3339; what happened then is not in the list.
   *
   * @default no bound
   */
  endTime?: string;
}

/** The order of such a list: documents disagree about it where none is asked for. */
export function orderOf({ sortOrder = "ASC" }: OrderedListQuery): {
  "pagination.sort_order": "ASC" | "DESC";
} {
  return { "pagination.sort_order": sortOrder };
}

/** The query of a list with bounds. */
export function rangeOf({ startTime, endTime, ...order }: TimeRangeQuery): {
  start_time: string | undefined;
  end_time: string | undefined;
  "pagination.sort_order": "ASC" | "DESC";
} {
  return { start_time: startTime, end_time: endTime, ...orderOf(order) };
}

/** The most pages of one list that are read; by then a server that gives ever new pages never stops. */
export const maxPages = 10_000;

/** What shows that a list has too many pages, for its error. To format the number would load Node.js's locales. */
export const morePages = "more than 10,000 pages";

/** One page of a list. */
export interface Page<T> {
  items: readonly T[];
  /** The token of the next page; absent or empty at the end. */
  nextPage?: string | undefined;
}

/**
 * Yields the items of all pages, asking for a page when it is needed.
 *
 * @param load gets a page by its token; no token means the first.
 * @param onEndless makes the error for a list that would never end, from what shows it.
 */
export async function* paginate<T>(
  load: (page: string | undefined) => Promise<Page<T>>,
  onEndless: (sign: string) => Error,
): AsyncGenerator<T, void, undefined> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await load(token);
    yield* page.items;
    token = page.nextPage;
    if (token === undefined || token === "") return;
    if (seen.has(token)) throw onEndless("a page that it had given before");
    seen.add(token);
    if (seen.size >= maxPages) throw onEndless(morePages);
  } while (true);
}
