// The groups of an organization, by SCIM.

import { z } from "zod";
import type { Caller } from "../http/call";
import { path } from "../http/path";
import { textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import type {
  ListScimQuery,
  ScimListParameters,
  ScimPatchRequest,
  ScimSelection,
  WireScimMeta,
  WireScimReference,
} from "./scim";
import {
  listByPosition,
  metaSchema,
  provisioning,
  referenceSchema,
  scimListSchema,
  selectionOf,
} from "./scim";

/** Schema of a group. */
export const scimGroupUrn = "urn:ietf:params:scim:schemas:core:2.0:Group";

/** A group of persons, groups and service accounts, to which roles can be granted. */
export interface WireScimGroup {
  schemas: string[];
  /** UUID; also the subject of role grants. */
  id: string;
  displayName: string;
  /** Id of the group in the identity provider. */
  externalId: string;
  members: WireScimReference[];
  meta: WireScimMeta;
}

/** Body of `create` and `update`. */
export interface ScimGroupRequest {
  schemas: string[];
  displayName: string;
  externalId?: string;
  /** By their ids. */
  members?: { value: string }[];
}

/** @internal */
export const scimGroupSchema = z.object({
  schemas: z.array(z.string()).default([]),
  id: z.string().min(1),
  displayName: textSchema,
  externalId: textSchema,
  members: z.array(referenceSchema).default([]),
  meta: metaSchema,
});

const schema = scimGroupSchema;
const groups = {
  path: path`/api/scim/v2/Groups`,
  object: "SCIM groups",
  schema: scimListSchema(schema),
};
const search = { ...groups, path: path`/api/scim/v2/Groups/.search` };

function group(id: string) {
  return { path: path`/api/scim/v2/Groups/${id}`, object: `SCIM group ${id}`, schema };
}

function searchOf(id: string) {
  return { ...group(id), path: path`/api/scim/v2/Groups/${id}/.search` };
}

/** The groups of an organization. Takes Cloud Organization SSO; the standard is RFC 7644. */
export class ScimGroupsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the groups. */
  list(query: ListScimQuery = {}, options?: RequestOptions): AsyncIterable<WireScimGroup> {
    const callFor = (parameters: ScimListParameters) =>
      provisioning("GET", groups, { verb: "Listing", query: parameters });
    return listByPosition(this.#caller, callFor, query, options);
  }

  /** Lists the groups, with what is asked for in the body: a filter may be longer than an address. */
  search(query: ListScimQuery = {}, options?: RequestOptions): AsyncIterable<WireScimGroup> {
    const callFor = (body: ScimListParameters) =>
      provisioning("POST", search, { verb: "Searching", body });
    return listByPosition(this.#caller, callFor, query, options);
  }

  /**
   * What `search` does, by PUT.
   *
   * @deprecated in the API.
   */
  searchByPut(query: ListScimQuery = {}, options?: RequestOptions): AsyncIterable<WireScimGroup> {
    const callFor = (body: ScimListParameters) =>
      provisioning("PUT", search, { verb: "Searching", body });
    return listByPosition(this.#caller, callFor, query, options);
  }

  /**
   * Creates a group. It is sent once: repeated only where the first try certainly had no effect. When the
   * error says `effect: "unknown"`, the group may exist.
   */
  async create(body: ScimGroupRequest, options?: RequestOptions): Promise<WireScimGroup> {
    const target = { ...groups, object: "a SCIM group", schema };
    return await this.#caller.run(provisioning("POST", target, { body }), options);
  }

  /** Reads a group. */
  async get(
    id: string,
    selection: ScimSelection = {},
    options?: RequestOptions,
  ): Promise<WireScimGroup> {
    const query = selectionOf(selection);
    return await this.#caller.run(provisioning("GET", group(id), { query }), options);
  }

  /** Reads a group, with what is asked for in the body. */
  async searchOne(
    id: string,
    selection: ScimSelection = {},
    options?: RequestOptions,
  ): Promise<WireScimGroup> {
    const details = { verb: "Searching", body: selectionOf(selection) };
    return await this.#caller.run(provisioning("POST", searchOf(id), details), options);
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
  ): Promise<WireScimGroup> {
    const details = { verb: "Searching", body: selectionOf(selection) };
    return await this.#caller.run(provisioning("PUT", searchOf(id), details), options);
  }

  /** Replaces the attributes of a group. What becomes of members that are left out is not settled: `patch` is the sure way. */
  async update(
    id: string,
    body: ScimGroupRequest,
    options?: RequestOptions,
  ): Promise<WireScimGroup> {
    return await this.#caller.run(provisioning("PUT", group(id), { body }), options);
  }

  /** Changes some attributes of a group: all of them or, when one is refused, none. */
  async patch(
    id: string,
    body: ScimPatchRequest,
    options?: RequestOptions,
  ): Promise<WireScimGroup> {
    return await this.#caller.run(provisioning("PATCH", group(id), { body }), options);
  }

  /**
   * Deletes a group; its members lose the roles that they had by it. One that a repeated request does not find counts as deleted; one that was never there
   * is a `NotFoundError`.
   */
  async delete(id: string, options?: RequestOptions): Promise<void> {
    await this.#caller.delete(provisioning("DELETE", group(id)), options);
  }
}
