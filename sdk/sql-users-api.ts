// The operations on SQL users.

import type { ApiCall, Caller } from "./call";
import type { ListQuery } from "./pagination";
import { defaultPageSize } from "./pagination";
import { path } from "./path";
import type { RequestOptions } from "./request-options";
import { everywhere, permission } from "./role";
import type { CreateSqlUserRequest, WireSqlUser } from "./sql-user";
import { sqlUserListSchema, sqlUserSchema } from "./sql-user";

/**
 * The SQL users of a cluster. The API has no way to read a single one. While the cluster is being
 * created, every method throws a `NotFoundError`.
 */
export interface SqlUsersApi {
  /**
   * Creates a user, who gets the SQL role `admin`. It is sent once: repeated only where the first try
   * certainly had no effect. When the error says `effect: "unknown"`, the user may exist.
   */
  create(
    clusterId: string,
    body: CreateSqlUserRequest,
    options?: RequestOptions,
  ): Promise<WireSqlUser>;
  /** Lists the users by name. */
  list(clusterId: string, query?: ListQuery, options?: RequestOptions): AsyncIterable<WireSqlUser>;
  /** Gives a user another password. */
  updatePassword(
    clusterId: string,
    name: string,
    password: string,
    options?: RequestOptions,
  ): Promise<WireSqlUser>;
  /**
   * Deletes a user and answers it, or `undefined` when the API's answer did not show it. One that a
   * repeated request finds gone counts as deleted; one that was never there is a `NotFoundError`.
   */
  delete(
    clusterId: string,
    name: string,
    options?: RequestOptions,
  ): Promise<WireSqlUser | undefined>;
}

const toList = permission(["CA", "CO", "CD"], everywhere);
const toWrite = permission(["CA"], everywhere);

/** @internal */
export class SqlUserOperations implements SqlUsersApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

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
      (answer): WireSqlUser[] => answer.users,
      query.pageSize ?? defaultPageSize,
      options,
    );
  }

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
