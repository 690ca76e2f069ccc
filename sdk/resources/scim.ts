// What SCIM users and groups have in common: lists that are read by position, searches, patches.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import type { OperationDetails, Target } from "../http/operation";
import { operation } from "../http/operation";
import { paginate } from "../http/pagination";
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

/** @internal The permission for users and groups. */
export const toProvision = permission(
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

/** @internal As many as the service is believed to give at once. */
export const scimPageSize = 100;

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

/** @internal What a list asks for, as query or as body. */
export type ScimListParameters = Readonly<Record<string, string | number | undefined>>;

/**
 * Lists objects by their positions, which move while others write: an object that was seen before is left out, and an
 * empty page ends the list. A page without anything new is an error.
 *
 * @internal
 */
export function listByPosition<T extends { id: string }>(
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

/** @internal An operation on users or groups. */
export function provisioning<T>(
  method: Parameters<typeof operation>[0],
  target: Target<T>,
  details: OperationDetails = {},
): ApiCall<T> {
  return operation(method, target, toProvision, details);
}
