// What SCIM users and groups have in common: lists by position, searches, selected attributes, PUT and PATCH.

import type { Call, Handler } from "../server/call";
import { readBody } from "../server/call";
import { ApiError, invalidValue, notFound } from "../server/errors";
import { timestamp } from "../server/protobuf-values";
import type { MessageShape } from "../server/protojson";
import { readMessage } from "../server/protojson";
import { intParameter, textParameter } from "../server/query";
import { select } from "./attributes";
import { filterOf } from "./filter";
import type { PatchOperation } from "./patch";
import { patch, patchShape } from "./patch";

const listUrn = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** Objects of a list when the request names no number. */
const countDefault = 20;

/** What is special about a kind of objects. */
export interface ScimRules<Kept extends { readonly id: string }, Attributes> {
  readonly kind: "Group" | "User";
  readonly urn: string;
  /** The attributes that can be written, and `schemas`. */
  readonly shape: MessageShape;
  /** The attributes that only the service writes. */
  readonly readOnly: readonly string[];
  /** The attributes that every response has. */
  readonly always: readonly string[];
  recordsOf(call: Call): Map<string, Kept>;
  attributesOf(record: Kept): Attributes;
  /** The attributes with their defaults. @throws what the API refuses. @param record undefined for a new one. */
  checked(call: Call, attributes: Partial<Attributes>, record: Kept | undefined): Attributes;
  create(call: Call, attributes: Attributes): Kept;
  update(call: Call, record: Kept, attributes: Attributes): void;
  /** What goes with a deleted object. */
  afterDelete(call: Call, record: Kept): void;
  /** What the service adds to the attributes. */
  derived(call: Call, record: Kept): object;
  created(record: Kept): { createdAt: number; modifiedAt: number };
}

/** The operations on a kind of objects. */
export interface ScimOperations {
  readonly list: Handler;
  readonly searchAll: Handler;
  readonly create: Handler;
  readonly get: Handler;
  readonly searchOne: Handler;
  readonly update: Handler;
  readonly patch: Handler;
  readonly delete: Handler;
}

interface Selection {
  attributes?: string | undefined;
  excludedAttributes?: string | undefined;
}

interface ListParameters extends Selection {
  filter?: string | undefined;
  count?: number | undefined;
  startIndex?: number | undefined;
}

const searchShape: MessageShape = {
  name: "cockroach.cloud.SearchRequest",
  fields: {
    attributes: "string",
    excludedAttributes: "string",
    filter: "string",
    count: "int32",
    startIndex: "int32",
  },
};

/** Creates the operations on a kind of objects from its rules. */
export function scimOperations<Kept extends { readonly id: string }, Attributes>(
  rules: ScimRules<Kept, Attributes>,
): ScimOperations {
  const names = [...Object.keys(rules.shape.fields), "id", "meta", ...rules.readOnly];

  const toWire = (call: Call, record: Kept): Record<string, unknown> => {
    const { createdAt, modifiedAt } = rules.created(record);
    return {
      schemas: [rules.urn],
      id: record.id,
      ...rules.attributesOf(record),
      ...rules.derived(call, record),
      meta: {
        resourceType: rules.kind,
        created: inSeconds(createdAt),
        lastModified: inSeconds(modifiedAt),
        location: `/api/scim/v2/${rules.kind}s/${record.id}`,
      },
    };
  };
  const shown = (call: Call, record: Kept, selection: Selection): object =>
    select(toWire(call, record), selection, names, rules.always);

  const find = (call: Call): Kept => {
    const id = (call.path["id"] ?? "").toLowerCase();
    const record = rules.recordsOf(call).get(id);
    if (record === undefined) {
      throw notFound(`${rules.kind.toLowerCase()} '${id}' is not found`);
    }
    return record;
  };

  const listed = (call: Call, parameters: ListParameters): object => {
    const { filter = "", count = countDefault, startIndex = 1 } = parameters;
    const first = Math.max(1, startIndex);
    const most = Math.min(Math.max(0, count), call.context.assumptions.scimMaxResults);
    const isWanted = filter === "" ? () => true : filterOf(filter, names);
    const found = [...rules.recordsOf(call).values()].filter((one) => isWanted(toWire(call, one)));
    const page = found.slice(first - 1, first - 1 + most);
    return {
      schemas: [listUrn],
      totalResults: found.length,
      startIndex: first,
      itemsPerPage: page.length,
      Resources: page.map((record) => shown(call, record, parameters)),
    };
  };

  /** Reads the values of a draft again: a PATCH may have put anything there. */
  const attributesIn = (call: Call, draft: object): Partial<Attributes> => {
    const { protobufVersion } = call.context.assumptions;
    return readMessage(JSON.stringify(draft), rules.shape, { protobufVersion });
  };

  const update = (call: Call, record: Kept, next: Partial<Attributes>): object => {
    rules.update(call, record, rules.checked(call, next, record));
    return toWire(call, record);
  };

  const operations: ScimOperations = {
    list: (call) => listed(call, queryOf(call)),
    searchAll: (call) => listed(call, readBody<ListParameters>(call, searchShape)),
    get: (call) => shown(call, find(call), queryOf(call)),
    searchOne: (call) => shown(call, find(call), readBody<Selection>(call, searchShape)),
    create: (call) => {
      const { schemas, ...attributes } = readBody<SchemasAnd<Attributes>>(call, rules.shape);
      checkSchemas(schemas ?? [], rules.urn);
      const record = rules.create(call, rules.checked(call, attributes as never, undefined));
      rules.recordsOf(call).set(record.id, record);
      return toWire(call, record);
    },
    update: (call) => {
      const { schemas, ...attributes } = readBody<SchemasAnd<Attributes>>(call, rules.shape);
      const record = find(call);
      if (schemas !== undefined) {
        checkSchemas(schemas, rules.urn);
      }
      const kept = call.context.assumptions.scimPut === "keep" ? rules.attributesOf(record) : {};
      return update(call, record, { ...kept, ...attributes } as Partial<Attributes>);
    },
    patch: (call) => {
      const body = readBody<{ schemas?: string[]; Operations?: PatchOperation[] }>(
        call,
        patchShape,
      );
      const record = find(call);
      const draft = patch(
        { ...(rules.attributesOf(record) as object) },
        body,
        rules.shape,
        call.context.assumptions,
      );
      return update(call, record, attributesIn(call, draft));
    },
    delete: (call) => {
      const record = find(call);
      rules.recordsOf(call).delete(record.id);
      rules.afterDelete(call, record);
      return {};
    },
  };
  const guarded = Object.entries<Handler>({ ...operations }).map(([name, handler]) => [
    name,
    (call: Call) => {
      checkOffered(call);
      return handler(call);
    },
  ]);
  return Object.fromEntries(guarded) as ScimOperations;
}

type SchemasAnd<Attributes> = Partial<Attributes> & { schemas?: string[] };

/** Users and groups are for organizations that use SCIM. */
function checkOffered({ organization, context }: Call): void {
  if (!organization.usesScim) {
    throw new ApiError(context.assumptions.scimOff, "SCIM is not enabled for this organization");
  }
}

function checkSchemas(schemas: readonly string[], urn: string): void {
  if (!schemas.includes(urn)) {
    throw invalidValue(`schemas must include '${urn}'`);
  }
}

function queryOf({ query }: Call): ListParameters {
  const number = (name: string) => (query.has(name) ? intParameter(query, name) : undefined);
  return {
    attributes: textParameter(query, "attributes"),
    excludedAttributes: textParameter(query, "excludedAttributes"),
    filter: textParameter(query, "filter"),
    count: number("count"),
    startIndex: number("startIndex"),
  };
}

function inSeconds(ms: number): string {
  return timestamp(Math.floor(ms / 1000) * 1000);
}
