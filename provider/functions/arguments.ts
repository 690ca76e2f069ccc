/** Arguments of functions: what is missing or impossible is reported before any request. */
import { defaultPageSize } from "../../sdk/http/pagination";
import { parseTimestamp } from "../../sdk/http/timestamp";
import type { OrderedListQuery, TimeRangeQuery } from "../../sdk/index";
import { omitUndefined } from "../values/omit-undefined";
import { adviceOnTime } from "../values/stack-file";
import { ArgumentError, textOf } from "./call";

/** The id of a cluster. */
export function clusterIdIn(name: string, { clusterId }: { clusterId: string }): string {
  return uuidIn(name, "clusterId", clusterId, "a cluster", clusterByName);
}

/** How the id of a cluster is found, for one who has its name. */
export const clusterByName = (clusterName: string) =>
  `getCluster({ name: ${JSON.stringify(clusterName)} })`;

/**
 * An id that is a UUID: the API refuses any other text without saying which argument it is.
 * @param readerFor the call that finds the object by what was given in place of its id
 */
export function uuidIn(
  name: string,
  argument: string,
  value: unknown,
  object: string,
  readerFor: (text: string) => string,
): string {
  const id = textIn(name, argument, value, `the id of ${object}`);
  if (uuid.test(id)) return id;
  throw new ArgumentError(
    `${name} takes ${argument} as the id of ${object}, a UUID, not ${JSON.stringify(id)}: ${readerFor(id)} finds it.`,
  );
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A text that must be there. */
export function textIn(name: string, argument: string, value: unknown, meaning: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new ArgumentError(`${name} needs ${argument}, ${meaning}.`);
}

/** Exactly one of two arguments must be there. */
export function checkEither(name: string, args: Readonly<Record<string, unknown>>): void {
  if (Object.values(args).filter((value) => value !== undefined).length === 1) return;
  throw new ArgumentError(`${name} needs either ${Object.keys(args).join(" or ")}, and not both.`);
}

/** One of the words that the API knows; a newer service may drop any other silently. */
export function wordIn<Word extends string>(
  name: string,
  argument: string,
  value: Word | undefined,
  words: readonly Word[],
): Word | undefined {
  if (value === undefined || words.includes(value)) return value;
  const known = words.map((word) => JSON.stringify(word)).join(" or ");
  throw new ArgumentError(`${name} takes ${argument} as ${known}, not ${JSON.stringify(value)}.`);
}

/** A time as the API takes it. */
export function timeIn(
  name: string,
  argument: string,
  value: string | Date | undefined,
): string | undefined {
  if (value === undefined) return undefined;
  const text = value instanceof Date ? textOf(value) : value;
  if (typeof text === "string" && parseTimestamp(text) !== undefined) return text;
  throw new ArgumentError(
    `${name} takes ${argument} as a Date or as a time like "2026-01-31T00:00:00Z", not ${JSON.stringify(text)}.${adviceOnTime(String(text))}`,
  );
}

/** The most items to list; undefined for no bound. */
export function limitIn(name: string, limit: number | undefined): number | undefined {
  if (limit === undefined || (Number.isInteger(limit) && limit > 0)) return limit;
  throw new ArgumentError(
    `${name} takes limit as a whole number from 1, not ${JSON.stringify(limit)}.`,
  );
}

/** An argument that only narrows what another one asks for. */
export function checkOnlyWith(
  name: string,
  args: Readonly<Record<string, unknown>>,
  argument: string,
  other: string,
): void {
  if (args[argument] === undefined || args[other] !== undefined) return;
  throw new ArgumentError(`${name} takes ${argument} beside ${other} only: leave it out.`);
}

/** All items of a list, or the first ones. */
export async function collect<Item>(
  items: AsyncIterable<Item>,
  limit = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    all.push(item);
    if (all.length >= limit) break;
  }
  return all;
}

/** In which order a list is, and how far it reaches. */
export function orderIn(
  name: string,
  { sortOrder, limit }: Order,
): { query: OrderedListQuery; limit: number | undefined } {
  const most = limitIn(name, limit);
  const query = omitUndefined({
    sortOrder: wordIn(name, "sortOrder", sortOrder, ["ASC", "DESC"]),
    pageSize: most === undefined ? undefined : Math.min(most, defaultPageSize),
  });
  return { query, limit: most };
}

/** The same, and from when to when. */
export function rangeIn(
  name: string,
  { startTime, endTime, ...order }: TimeRange,
): { query: TimeRangeQuery; limit: number | undefined } {
  const range = omitUndefined({
    startTime: timeIn(name, "startTime", startTime),
    endTime: timeIn(name, "endTime", endTime),
  });
  const { query, limit } = orderIn(name, order);
  return { query: { ...range, ...query }, limit };
}

interface Order {
  sortOrder?: "ASC" | "DESC";
  limit?: number;
}

interface TimeRange extends Order {
  startTime?: string | Date;
  endTime?: string | Date;
}
