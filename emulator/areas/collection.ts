// Plain collections of the API: objects with a UUID that are listed, created, read, updated and deleted. What is the
// same for all of them is here; an area adds what is its own.

import { grantsOf } from "../organization/grants";
import type { Call, Handler } from "../server/call";
import { readBody } from "../server/call";
import { invalidValue, notFound, permissionDenied } from "../server/errors";
import { page } from "../server/paging";
import type { MessageShape } from "../server/protojson";
import type { Subject } from "../server/roles";
import { isAllowed } from "../server/roles";

/** What a collection keeps. */
export interface Item {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** What is special about a collection. */
export interface CollectionRules<Kept extends Item, Body> {
  /** What errors call an item. */
  readonly noun: string;
  /** The path parameter with the id of an item. */
  readonly parameter: string;
  /** Whether ids are no UUIDs, so that none is malformed. @default false */
  readonly hasOwnIds?: boolean;
  /** The member of the list response that has the items. */
  readonly listed: string;
  /** The bodies of requests. */
  readonly shapes: { readonly create: MessageShape; readonly update: MessageShape };
  /** Where the items are kept that a call is about. */
  itemsOf(call: Call): Map<string, Kept>;
  /** Where a role must hold; without it, a role that allows the operation somewhere allows it on every item. */
  subjectOf?(call: Call, item: Kept): Subject;
  /** Texts that order a list; the last one must be unique. */
  sortKey(item: Kept): readonly string[];
  toWire(call: Call, item: Kept): object;
  /** The response to a creation. @default that of reading the item */
  toCreatedWire?(call: Call, item: Kept): object;
  /** Creates an item. @throws what the API refuses. */
  create(call: Call, body: Body): Kept;
  /** Changes an item. @throws what the API refuses, before anything is changed. */
  update(call: Call, item: Kept, body: Body): void;
  /** What is checked before a deletion, and what goes with it. @throws what the API refuses. */
  beforeDelete?(call: Call, item: Kept): void;
  /** Whether the response to a deletion shows what was deleted. */
  readonly showsDeleted: boolean;
}

/** The operations of a collection. */
export interface Collection<Kept extends Item> {
  /** @param isWanted Which items are listed, of those that the caller may see. */
  list(call: Call, isWanted?: (item: Kept) => boolean): object;
  readonly create: Handler;
  readonly get: Handler;
  readonly update: Handler;
  readonly delete: Handler;
  /** The item that the path names. @throws invalid argument, or not found. */
  find(call: Call): Kept;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID in lower case. @param what What the refusal of another text calls it. @throws invalid argument. */
export function readUuid(text: string, what: string): string {
  const id = text.toLowerCase();
  if (!uuid.test(id)) {
    throw invalidValue(`invalid ${what}`);
  }
  return id;
}

/** Creates the operations of a collection from its rules. */
export function collection<Kept extends Item, Body>(
  rules: CollectionRules<Kept, Body>,
): Collection<Kept> {
  const idOf = (text: string): string => (rules.hasOwnIds ? text : readUuid(text, rules.parameter));
  const mayUse = (call: Call, item: Kept) =>
    rules.subjectOf === undefined || isPermitted(call, rules.subjectOf(call, item));
  const find = (call: Call): Kept => {
    const id = idOf(call.path[rules.parameter] ?? "");
    const item = rules.itemsOf(call).get(id);
    if (item === undefined) {
      throw notFound(`${rules.noun} '${id}' is not found`);
    }
    return item;
  };
  const requested = (call: Call): Kept => {
    const item = find(call);
    if (!mayUse(call, item)) {
      throw permissionDenied();
    }
    return item;
  };

  return {
    find,
    list: (call, isWanted = () => true) => {
      const seen = [...rules.itemsOf(call).values()].filter((item) => mayUse(call, item));
      const { items, pagination } = page(call, seen.filter(isWanted), {
        sortKey: rules.sortKey,
        createdAt: (item) => item.createdAt,
      });
      return { [rules.listed]: items.map((item) => rules.toWire(call, item)), pagination };
    },
    create: (call) => {
      const item = rules.create(call, readBody<Body>(call, rules.shapes.create));
      rules.itemsOf(call).set(item.id, item);
      return (rules.toCreatedWire ?? rules.toWire)(call, item);
    },
    get: (call) => rules.toWire(call, requested(call)),
    update: (call) => {
      const unknownKeys = call.context.assumptions.strictPatch ? "refused" : "ignored";
      const body = readBody<Body>(call, rules.shapes.update, unknownKeys);
      const item = requested(call);
      rules.update(call, item, body);
      return rules.toWire(call, item);
    },
    delete: (call) => {
      const item = requested(call);
      rules.beforeDelete?.(call, item);
      rules.itemsOf(call).delete(item.id);
      return rules.showsDeleted ? rules.toWire(call, item) : {};
    },
  };
}

/** Whether the caller may do what it asks for there. */
export function isPermitted(call: Call, subject: Subject): boolean {
  return isAllowed(grantsOf(call), call.operation, subject);
}
