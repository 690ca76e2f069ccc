// What SCIM users and groups have in common: lists that are read by position, searches, patches.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import type { OperationDetails, Target } from "../http/operation";
import { operation } from "../http/operation";
import { paginate } from "../http/pagination";
import { path } from "../http/path";
import { numberSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { permission } from "../http/role";

/** Schema of `patch`'s body. */
export const scimPatchUrn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/** A reference to a user, group or service account. */
export interface WireScimReference {
  /** UUID. */
  value: string;
  /** The name that people read. */
  display: string;
  /** For example `User` or `Group`. */
  type: string;
  /** Its address; the `$ref` of the standard. */
  ref: string;
}

/** When an object was made and changed. */
export interface WireScimMeta {
  /** RFC 3339. */
  created: string;
  /** RFC 3339. */
  lastModified: string;
  /** Path of the object. */
  location: string;
  /** `User` or `Group`. */
  resourceType: string;
}

/** Which attributes are returned; `id` and `schemas` always are. */
export interface ScimSelection {
  /**
   * Only these.
   *
   * @default all
   */
  attributes?: readonly string[];
  /** All but these; not together with `attributes`. */
  excludedAttributes?: readonly string[];
}

/** Which objects to list. */
export interface ListScimQuery extends ScimSelection {
  /**
   * A filter of RFC 7644, section 3.4.2.2: `userName eq "ada@example.com"`.
   *
   * @default all objects
   */
  filter?: string;
  /**
   * Objects per request.
   *
   * @default 100
   */
  pageSize?: number;
}

/** One change of `patch`. */
export interface ScimPatchOperation {
  op: "add" | "remove" | "replace";
  /** The attribute, also one of several values: `members[value eq "3b77…"]`. Without it, `value` is an object of attributes. */
  path?: string;
  /** Left out for `remove`. */
  value?: unknown;
}

/** Body of `patch`. Either all operations take effect or none. */
export interface ScimPatchRequest {
  schemas: string[];
  Operations: ScimPatchOperation[];
}

/** @internal */
export const referenceSchema = z.object({
  value: textSchema,
  display: textSchema,
  type: textSchema,
  ref: textSchema,
});

/** @internal */
export const metaSchema = z
  .object({
    created: textSchema,
    lastModified: textSchema,
    location: textSchema,
    resourceType: textSchema,
  })
  .prefault({});

/** The permission for users and groups. */
const toProvision = permission(
  ["OA"],
  "the organization, and Cloud Organization SSO turned on there",
);

/** @internal A list of SCIM objects. */
export function scimListSchema<T>(item: z.ZodType<T>): z.ZodType<ScimPage<T>> {
  return z.object({ totalResults: numberSchema, Resources: z.array(item).default([]) });
}

/** @internal A part of a list. */
export interface ScimPage<T> {
  totalResults: number;
  Resources: T[];
}

/** As many as the service is believed to give at once. */
const scimPageSize = 100;

/** @internal Attributes as the API wants them: separated by commas. */
export function selectionOf({ attributes, excludedAttributes }: ScimSelection): {
  attributes: string | undefined;
  excludedAttributes: string | undefined;
} {
  return {
    attributes: attributes?.join(","),
    excludedAttributes: excludedAttributes?.join(","),
  };
}

/** What a list asks for, as query or as body. */
type ScimListParameters = Readonly<Record<string, string | number | undefined>>;

/**
 * Lists objects by their positions, which move while others write: an object that was seen before is left out, and an
 * empty page ends the list. A page without anything new is an error.
 */
function listByPosition<T extends { id: string }>(
  caller: Caller,
  callFor: (parameters: ScimListParameters) => ApiCall<ScimPage<T>>,
  query: ListScimQuery,
  options?: RequestOptions,
): AsyncIterable<T> {
  const { filter, pageSize: count = scimPageSize } = query;
  const seen = new Set<string>();
  return paginate(
    async (page) => {
      const startIndex = page === undefined ? 1 : Number(page);
      const parameters = { filter, count, startIndex, ...selectionOf(query) };
      const { Resources: objects, totalResults } = await caller.run(callFor(parameters), options);
      const next = startIndex + objects.length;
      const items = objects.filter(({ id }) => !seen.has(id));
      for (const { id } of items) seen.add(id);
      if (objects.length > 0 && items.length === 0) {
        throw caller.endless(callFor(parameters), "a page of objects that it had given before");
      }
      const isOver = objects.length === 0 || next > totalResults;
      return { items, nextPage: isOver ? undefined : String(next) };
    },
    (sign) => caller.endless(callFor({}), sign),
  );
}

/** The users or the groups of an organization. Takes Cloud Organization SSO; the standard is RFC 7644. */
export abstract class ScimResourcesApi<
  Resource extends { id: string },
  CreateRequest,
  UpdateRequest,
> {
  readonly #caller: Caller;
  readonly #targets: ScimTargets<Resource>;

  /** @internal */
  constructor(caller: Caller, targets: ScimTargets<Resource>) {
    this.#caller = caller;
    this.#targets = targets;
  }

  /** Lists them. */
  list(query: ListScimQuery = {}, options?: RequestOptions): AsyncIterable<Resource> {
    const callFor = (parameters: ScimListParameters) =>
      provisioning("GET", this.#targets.all, { verb: "Listing", query: parameters });
    return listByPosition(this.#caller, callFor, query, options);
  }

  /** Lists them, with what is asked for in the body: a filter may be longer than an address. */
  search(query: ListScimQuery = {}, options?: RequestOptions): AsyncIterable<Resource> {
    return this.#search("POST", query, options);
  }

  /**
   * What `search` does, by PUT.
   *
   * @deprecated in the API.
   */
  searchByPut(query: ListScimQuery = {}, options?: RequestOptions): AsyncIterable<Resource> {
    return this.#search("PUT", query, options);
  }

  /**
   * Creates one. It is sent once: repeated only where the first try certainly had no effect. When the
   * error says `effect: "unknown"`, it may exist.
   */
  async create(body: CreateRequest, options?: RequestOptions): Promise<Resource> {
    return await this.#caller.run(provisioning("POST", this.#targets.new, { body }), options);
  }

  /** Reads one. */
  async get(
    id: string,
    selection: ScimSelection = {},
    options?: RequestOptions,
  ): Promise<Resource> {
    const query = selectionOf(selection);
    return await this.#caller.run(provisioning("GET", this.#targets.one(id), { query }), options);
  }

  /** Reads one, with what is asked for in the body. */
  async searchOne(
    id: string,
    selection: ScimSelection = {},
    options?: RequestOptions,
  ): Promise<Resource> {
    return await this.#searchOne("POST", id, selection, options);
  }

  /**
   * What `searchOne` does, by PUT.
   *
   * @deprecated in the API.
   */
  async searchOneByPut(
    id: string,
    selection: ScimSelection = {},
    options?: RequestOptions,
  ): Promise<Resource> {
    return await this.#searchOne("PUT", id, selection, options);
  }

  /**
   * Replaces the attributes of one. What becomes of those that are left out, such as the members of a group, is not
   * settled: `patch` is the sure way to clear them.
   */
  async update(id: string, body: UpdateRequest, options?: RequestOptions): Promise<Resource> {
    return await this.#caller.run(provisioning("PUT", this.#targets.one(id), { body }), options);
  }

  /** Changes some attributes of one: all of them or, when one is refused, none. */
  async patch(id: string, body: ScimPatchRequest, options?: RequestOptions): Promise<Resource> {
    return await this.#caller.run(provisioning("PATCH", this.#targets.one(id), { body }), options);
  }

  /**
   * Deletes one. One that a repeated request does not find counts as deleted; one that was never there is a
   * `NotFoundError`.
   */
  async delete(id: string, options?: RequestOptions): Promise<void> {
    await this.#caller.delete(provisioning("DELETE", this.#targets.one(id)), options);
  }

  #search(
    method: "POST" | "PUT",
    query: ListScimQuery,
    options: RequestOptions | undefined,
  ): AsyncIterable<Resource> {
    const callFor = (body: ScimListParameters) =>
      provisioning(method, this.#targets.search, { verb: "Searching", body });
    return listByPosition(this.#caller, callFor, query, options);
  }

  async #searchOne(
    method: "POST" | "PUT",
    id: string,
    selection: ScimSelection,
    options: RequestOptions | undefined,
  ): Promise<Resource> {
    const details = { verb: "Searching", body: selectionOf(selection) };
    const target = this.#targets.searchOne(id);
    return await this.#caller.run(provisioning(method, target, details), options);
  }
}

/** @internal */
export type ScimTargets<Resource> = ReturnType<typeof scimTargets<Resource>>;

/** @internal What the requests go to. */
export function scimTargets<Resource>(kind: "User" | "Group", schema: z.ZodType<Resource>) {
  const noun = `SCIM ${kind.toLowerCase()}`;
  const plural = `${kind}s`;
  const all = {
    path: path`/api/scim/v2/${plural}`,
    object: `${noun}s`,
    schema: scimListSchema(schema),
  };
  const one = (id: string) => ({
    path: path`/api/scim/v2/${plural}/${id}`,
    object: `${noun} ${id}`,
    schema,
  });
  return {
    all,
    one,
    new: { ...all, object: `a ${noun}`, schema },
    search: { ...all, path: path`/api/scim/v2/${plural}/.search` },
    searchOne: (id: string) => ({
      ...one(id),
      path: path`/api/scim/v2/${plural}/${id}/.search`,
    }),
  };
}

/** An operation on users or groups. */
function provisioning<T>(
  method: Parameters<typeof operation>[0],
  target: Target<T>,
  details: OperationDetails = {},
): ApiCall<T> {
  return operation(method, target, toProvision, details);
}
