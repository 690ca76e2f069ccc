/** The one object that a program searches for by a name. */
import { NotFoundError } from "../../sdk/index";
import { countText } from "../values/count";
import { omitUndefined } from "../values/omit-undefined";
import { ArgumentError } from "./call";

/** What is searched for, and where. */
export interface Search {
  /** Such as `cluster "orders"`. */
  readonly object: string;
  /** Path of the list. */
  readonly path: string;
  /** Why there is none. */
  readonly reason: string;
  readonly advice?: string;
}

/** The only item that was found. Fails when there is none, or when several share what was searched for. */
export function onlyMatch<Item>(
  matches: readonly Item[],
  idOf: (item: Item) => string,
  search: Search & { readonly shared: string },
): Item {
  const [found, ...others] = matches;
  if (found === undefined) throw nothingFound(search);
  if (others.length === 0) return found;
  throw new ArgumentError(
    `Looking up ${search.object} failed: ${matches.length} ${search.shared}. Give the id of one of them: ${matches.map(idOf).join(", ")}.`,
  );
}

/** The API's word for it, so that a program needs to know only one. */
export function nothingFound({ object, path, reason, advice }: Search): NotFoundError {
  return new NotFoundError({
    method: "GET",
    path,
    operation: `Looking up ${object}`,
    object,
    reason,
    ...omitUndefined({ advice }),
    effect: "none",
    isRetryable: false,
    status: 404,
  });
}

/**
 * Why nothing in a list of so many has what was searched for.
 * @param where such as `that this credential can see`
 * @param property such as `name`
 */
export function noneHas(count: number, noun: string, where: string, property: string): string {
  if (count === 0) return `there is no ${noun} ${where}`;
  if (count === 1) return `the only ${noun} ${where} has another ${property}`;
  return `none of the ${countText(count, noun)} ${where} has the ${property}`;
}
