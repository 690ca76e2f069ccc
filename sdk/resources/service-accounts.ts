// Service accounts: the identities of programs.

import { z } from "zod";
import type { Caller } from "../http/call";
import { operation } from "../http/operation";
import type { ListQuery } from "../http/pagination";
import { defaultPageSize } from "../http/pagination";
import { path } from "../http/path";
import { paginationSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { permission } from "../http/role";
import type { WireRole, WireRoles } from "./roles";
import { roleSchema, rolesSchema } from "./roles";

/** A service account. */
export interface WireServiceAccount extends WireRoles {
  /** UUID. */
  id: string;
  name: string;
  description: string;
  /** Name of the person or service account that created it. */
  creator_name: string;
  /** RFC 3339. */
  created_at: string;
}

/** Body of `create`. */
export interface CreateServiceAccountRequest {
  /** Several accounts may have one name. */
  name: string;
  description: string;
  /** Roles that it has from the start, beside `ORG_MEMBER`. */
  roles: WireRole[];
}

/** Body of `update`; what is left out stays. */
export interface UpdateServiceAccountRequest {
  name?: string;
  description?: string;
}

/** @internal */
export const serviceAccountSchema = rolesSchema.extend({
  roles: z.array(roleSchema),
  id: z.string().min(1),
  name: textSchema,
  description: textSchema,
  creator_name: textSchema,
  created_at: textSchema,
});

/** @internal */
export const serviceAccountListSchema = z.object({
  service_accounts: z.array(serviceAccountSchema),
  pagination: paginationSchema,
});

const scope = "the organization";
const toReadOrCreate = permission(["OA", "CA"], scope);
const toChange = permission(["OA"], scope);

const accounts = {
  path: path`/api/v1/service-accounts`,
  object: "service accounts",
  schema: serviceAccountListSchema,
};

function account(id: string) {
  return {
    path: path`/api/v1/service-accounts/${id}`,
    object: `service account ${id}`,
    schema: serviceAccountSchema,
  };
}

/** Service accounts of the organization. Their roles change by `roles`, their keys are in `apiKeys`. */
export class ServiceAccountsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the service accounts by name. */
  list(query: ListQuery = {}, options?: RequestOptions): AsyncIterable<WireServiceAccount> {
    const { pageSize = defaultPageSize } = query;
    const call = operation("GET", accounts, toReadOrCreate, { verb: "Listing" });
    return this.#caller.list(call, (response) => response.service_accounts, pageSize, options);
  }

  /**
   * Creates a service account. It is sent once: repeated only where the first try certainly had no effect. When the
   * error says `effect: "unknown"`, the account may exist.
   */
  async create(
    body: CreateServiceAccountRequest,
    options?: RequestOptions,
  ): Promise<WireServiceAccount> {
    const object = `service account ${JSON.stringify(body.name)}`;
    const target = { ...accounts, object, schema: serviceAccountSchema };
    return await this.#caller.run(operation("POST", target, toReadOrCreate, { body }), options);
  }

  /** Reads a service account. */
  async get(id: string, options?: RequestOptions): Promise<WireServiceAccount> {
    return await this.#caller.run(operation("GET", account(id), toReadOrCreate), options);
  }

  /** Changes the name or the description. Cluster Admin, which may create accounts, may not change them. */
  async update(
    id: string,
    body: UpdateServiceAccountRequest,
    options?: RequestOptions,
  ): Promise<WireServiceAccount> {
    return await this.#caller.run(operation("PATCH", account(id), toChange, { body }), options);
  }

  /**
   * Deletes a service account, and with it its API keys, which stop working at once. One that a repeated request does
   * not find counts as deleted; one that was never there is a `NotFoundError`.
   */
  async delete(id: string, options?: RequestOptions): Promise<void> {
    await this.#caller.delete(operation("DELETE", account(id), toChange), options);
  }
}
