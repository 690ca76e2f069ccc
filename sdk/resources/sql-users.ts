// SQL users of a cluster.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import type { ListQuery } from "../http/pagination";
import { defaultPageSize } from "../http/pagination";
import { path } from "../http/path";
import { paginationSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** A SQL user. */
export interface WireSqlUser {
  name: string;
}

/** Body of `create`. */
export interface CreateSqlUserRequest {
  /** Lower-case; SQL folds capitals. */
  name: string;
  /** Never returned, and never in an error. */
  password: string;
}

/** @internal */
export const sqlUserSchema = z.object({ name: z.string().min(1) });

/** @internal */
export const sqlUserListSchema = z.object({
  users: z.array(sqlUserSchema),
  pagination: paginationSchema,
});

const toList = permission(["CA", "CO", "CD"], everywhere);
const toWrite = permission(["CA"], everywhere);

/**
 * The SQL users of a cluster. The API has no way to read a single one. While the cluster is being
 * created, every method throws a `NotFoundError`.
 */
export class SqlUsersApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Creates a user, who gets the SQL role `admin`. It is sent once: repeated only where the first try
   * certainly had no effect. When the error says `effect: "unknown"`, the user may exist.
   */
  async create(
    clusterId: string,
    body: CreateSqlUserRequest,
    options?: RequestOptions,
  ): Promise<WireSqlUser> {
    const object = userObject(body.name, clusterId);
    const call: ApiCall<WireSqlUser> = {
      method: "POST",
      path: path`/api/v1/clusters/${clusterId}/sql-users`,
      body,
      secrets: [body.password],
      operation: `Creating ${object}`,
      object,
      permission: toWrite,
      schema: sqlUserSchema,
    };
    return await this.#caller.run(call, options);
  }

  /** Lists the users by name. */
  list(
    clusterId: string,
    query: ListQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WireSqlUser> {
    return this.#caller.list(
      {
        method: "GET",
        path: path`/api/v1/clusters/${clusterId}/sql-users`,
        operation: `Listing the SQL users of cluster ${clusterId}`,
        object: `cluster ${clusterId}`,
        permission: toList,
        schema: sqlUserListSchema,
      },
      (response): WireSqlUser[] => response.users,
      query.pageSize ?? defaultPageSize,
      options,
    );
  }

  /** Gives a user another password. */
  async updatePassword(
    clusterId: string,
    name: string,
    password: string,
    options?: RequestOptions,
  ): Promise<WireSqlUser> {
    const object = userObject(name, clusterId);
    const call: ApiCall<WireSqlUser> = {
      method: "PUT",
      path: path`/api/v1/clusters/${clusterId}/sql-users/${name}/password`,
      body: { password },
      secrets: [password],
      operation: `Changing the password of ${object}`,
      object,
      permission: toWrite,
      schema: sqlUserSchema,
    };
    return await this.#caller.run(call, options);
  }

  /**
   * Deletes a user and returns it, or `undefined` when the response does not have it. One that a
   * retry does not find counts as deleted; one that never existed is a `NotFoundError`.
   */
  async delete(
    clusterId: string,
    name: string,
    options?: RequestOptions,
  ): Promise<WireSqlUser | undefined> {
    const object = userObject(name, clusterId);
    const call: ApiCall<WireSqlUser> = {
      method: "DELETE",
      path: path`/api/v1/clusters/${clusterId}/sql-users/${name}`,
      operation: `Deleting ${object}`,
      object,
      permission: toWrite,
      schema: sqlUserSchema,
    };
    return await this.#caller.delete(call, options);
  }
}

function userObject(name: string, clusterId: string): string {
  return `SQL user ${JSON.stringify(name)} on cluster ${clusterId}`;
}
