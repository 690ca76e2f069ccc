// The persons of an organization, by SCIM.

import { z } from "zod";
import type { Caller } from "../http/call";
import { path } from "../http/path";
import { flagSchema, textSchema } from "../http/protobuf-json";
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

/** Schema of a user. */
export const scimUserUrn = "urn:ietf:params:scim:schemas:core:2.0:User";

/** An e-mail address of a user. */
export interface WireScimEmail {
  value: string;
  display: string;
  primary: boolean;
  /** For example `work`. */
  type: string;
}

/** A person of the organization. What is not set is empty. */
export interface WireScimUser {
  schemas: string[];
  /** UUID; also the id of the person elsewhere in the API. */
  id: string;
  /** The address by which the person signs in. */
  userName: string;
  displayName: string;
  /** Id of the person in the identity provider. */
  externalId: string;
  /** Whether the person may sign in. */
  active: boolean;
  emails: WireScimEmail[];
  name: { givenName: string; familyName: string };
  /** The groups that the person is in. */
  groups: WireScimReference[];
  meta: WireScimMeta;
}

/** What can be written of a user. */
export interface ScimUserAttributes {
  userName?: string;
  displayName?: string;
  externalId?: string;
  /** @default true */
  active?: boolean;
  emails?: { value: string; display?: string; primary?: boolean; type?: string }[];
  name?: { givenName?: string; familyName?: string };
}

/** Body of `create`. */
export interface CreateScimUserRequest extends ScimUserAttributes {
  schemas: string[];
  /** At least one, at most one of them primary. */
  emails: NonNullable<ScimUserAttributes["emails"]>;
}

/** Body of `update`. */
export interface UpdateScimUserRequest extends ScimUserAttributes {
  schemas?: string[];
}

/** @internal */
export const scimUserSchema = z.object({
  schemas: z.array(z.string()).default([]),
  id: z.string().min(1),
  userName: textSchema,
  displayName: textSchema,
  externalId: textSchema,
  active: flagSchema,
  emails: z
    .array(
      z.object({ value: textSchema, display: textSchema, primary: flagSchema, type: textSchema }),
    )
    .default([]),
  name: z.object({ givenName: textSchema, familyName: textSchema }).prefault({}),
  groups: z.array(referenceSchema).default([]),
  meta: metaSchema,
});

const schema = scimUserSchema;
const users = {
  path: path`/api/scim/v2/Users`,
  object: "SCIM users",
  schema: scimListSchema(schema),
};
const search = { ...users, path: path`/api/scim/v2/Users/.search` };

function user(id: string) {
  return { path: path`/api/scim/v2/Users/${id}`, object: `SCIM user ${id}`, schema };
}

function searchOf(id: string) {
  return { ...user(id), path: path`/api/scim/v2/Users/${id}/.search` };
}

/** The persons of an organization. Takes Cloud Organization SSO; the standard is RFC 7644. */
export class ScimUsersApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the users. */
  list(query: ListScimQuery = {}, options?: RequestOptions): AsyncIterable<WireScimUser> {
    const callFor = (parameters: ScimListParameters) =>
      provisioning("GET", users, { verb: "Listing", query: parameters });
    return listByPosition(this.#caller, callFor, query, options);
  }

  /** Lists the users, with what is asked for in the body: a filter may be longer than an address. */
  search(query: ListScimQuery = {}, options?: RequestOptions): AsyncIterable<WireScimUser> {
    const callFor = (body: ScimListParameters) =>
      provisioning("POST", search, { verb: "Searching", body });
    return listByPosition(this.#caller, callFor, query, options);
  }

  /**
   * What `search` does, by PUT.
   *
   * @deprecated in the API.
   */
  searchByPut(query: ListScimQuery = {}, options?: RequestOptions): AsyncIterable<WireScimUser> {
    const callFor = (body: ScimListParameters) =>
      provisioning("PUT", search, { verb: "Searching", body });
    return listByPosition(this.#caller, callFor, query, options);
  }

  /**
   * Creates a person. It is sent once: repeated only where the first try certainly had no effect. When the
   * error says `effect: "unknown"`, the user may exist.
   */
  async create(body: CreateScimUserRequest, options?: RequestOptions): Promise<WireScimUser> {
    const target = { ...users, object: "a SCIM user", schema };
    return await this.#caller.run(provisioning("POST", target, { body }), options);
  }

  /** Reads a person. */
  async get(
    id: string,
    selection: ScimSelection = {},
    options?: RequestOptions,
  ): Promise<WireScimUser> {
    const query = selectionOf(selection);
    return await this.#caller.run(provisioning("GET", user(id), { query }), options);
  }

  /** Reads a person, with what is asked for in the body. */
  async searchOne(
    id: string,
    selection: ScimSelection = {},
    options?: RequestOptions,
  ): Promise<WireScimUser> {
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
  ): Promise<WireScimUser> {
    const details = { verb: "Searching", body: selectionOf(selection) };
    return await this.#caller.run(provisioning("PUT", searchOf(id), details), options);
  }

  /** Replaces the attributes of a person. What is left out stays, which is not settled: `patch` is the sure way to clear an attribute. */
  async update(
    id: string,
    body: UpdateScimUserRequest,
    options?: RequestOptions,
  ): Promise<WireScimUser> {
    return await this.#caller.run(provisioning("PUT", user(id), { body }), options);
  }

  /** Changes some attributes of a person: all of them or, when one is refused, none. */
  async patch(id: string, body: ScimPatchRequest, options?: RequestOptions): Promise<WireScimUser> {
    return await this.#caller.run(provisioning("PATCH", user(id), { body }), options);
  }

  /**
   * Removes a person from the organization. One that a repeated request does not find counts as deleted; one that was never there
   * is a `NotFoundError`.
   */
  async delete(id: string, options?: RequestOptions): Promise<void> {
    await this.#caller.delete(provisioning("DELETE", user(id)), options);
  }
}
