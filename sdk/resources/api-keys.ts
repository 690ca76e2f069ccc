// API keys of service accounts.

import { z } from "zod";
import type { Caller } from "../http/call";
import { operation } from "../http/operation";
import type { ListQuery } from "../http/pagination";
import { defaultPageSize } from "../http/pagination";
import { path } from "../http/path";
import { paginationSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { permission } from "../http/role";

/** An API key. Its secret is only in the response that created it. */
export interface WireApiKey {
  /** `CCDB1_` and 22 letters and digits: what the secret begins with. */
  id: string;
  /** UUID of the service account whose roles the key has. */
  service_account_id: string;
  name: string;
  /** RFC 3339. */
  created_at: string;
}

/** An API key that was just created. */
export interface WireCreatedApiKey {
  api_key: WireApiKey;
  /** What requests authenticate with. It cannot be read again. */
  secret: string;
}

/** Body of `create`. */
export interface CreateApiKeyRequest {
  /** Several keys may have one name. */
  name: string;
  /** UUID. */
  service_account_id: string;
}

/** Body of `update`; what is left out stays. */
export interface UpdateApiKeyRequest {
  name?: string;
}

/** Which API keys to list. */
export interface ListApiKeysQuery extends ListQuery {
  /**
   * UUID: only the keys of this service account.
   *
   * @default all keys of the organization
   */
  serviceAccountId?: string;
}

/** @internal */
export const apiKeySchema = z.object({
  id: z.string().min(1),
  service_account_id: z.string().min(1),
  name: z.string().min(1),
  created_at: textSchema,
});

/** @internal */
export const apiKeyListSchema = z.object({
  api_keys: z.array(apiKeySchema),
  pagination: paginationSchema,
});

/** @internal */
export const createdApiKeySchema = z.object({ api_key: apiKeySchema, secret: z.string().min(1) });

const scope = "the organization";
const toRead = permission(["OA", "CA"], scope);
const toWrite = permission(["OA"], scope);

const keys = { path: path`/api/v1/api-keys`, object: "API keys", schema: apiKeyListSchema };

function key(id: string) {
  return { path: path`/api/v1/api-keys/${id}`, object: `API key ${id}`, schema: apiKeySchema };
}

/** API keys of the organization's service accounts. */
export class ApiKeysApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the API keys by the time of their creation. No list has a secret. */
  list(query: ListApiKeysQuery = {}, options?: RequestOptions): AsyncIterable<WireApiKey> {
    const { serviceAccountId, pageSize = defaultPageSize } = query;
    const call = operation("GET", keys, toRead, {
      verb: "Listing",
      query: { service_account_id: serviceAccountId },
    });
    return this.#caller.list(call, (response) => response.api_keys, pageSize, options);
  }

  /**
   * Creates an API key, whose secret is only in the response. It is sent once: retried only where the first attempt
   * certainly had no effect. When the error says `effect: "unknown"`, a key may exist that nobody can use.
   */
  async create(body: CreateApiKeyRequest, options?: RequestOptions): Promise<WireCreatedApiKey> {
    const object = `API key ${JSON.stringify(body.name)}`;
    const target = { ...keys, object, schema: createdApiKeySchema };
    return await this.#caller.run(operation("POST", target, toWrite, { body }), options);
  }

  /** Reads an API key, without its secret. */
  async get(id: string, options?: RequestOptions): Promise<WireApiKey> {
    return await this.#caller.run(operation("GET", key(id), toRead), options);
  }

  /** Renames an API key. */
  async update(
    id: string,
    body: UpdateApiKeyRequest,
    options?: RequestOptions,
  ): Promise<WireApiKey> {
    return await this.#caller.run(operation("PATCH", key(id), toWrite, { body }), options);
  }

  /**
   * Deletes an API key, which stops working at once. One that a repeated request does not find counts as deleted; one
   * that was never there is a `NotFoundError`.
   */
  async delete(id: string, options?: RequestOptions): Promise<void> {
    await this.#caller.delete(operation("DELETE", key(id), toWrite), options);
  }
}
