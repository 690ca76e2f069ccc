// The operations on databases.

import type { ApiCall, Caller } from "./call";
import type { CreateDatabaseRequest, WireDatabase } from "./database";
import { databaseListSchema, databaseSchema } from "./database";
import type { ListQuery } from "./pagination";
import { defaultPageSize } from "./pagination";
import { path } from "./path";
import type { RequestOptions } from "./request-options";
import { everywhere, permission } from "./role";

/** The databases of a cluster. The API has no way to read a single one. */
export interface DatabasesApi {
  /**
   * Creates a database. It is sent once: repeated only where the first try certainly had no effect.
   * When the error says `effect: "unknown"`, the database may exist.
   */
  create(
    clusterId: string,
    body: CreateDatabaseRequest,
    options?: RequestOptions,
  ): Promise<WireDatabase>;
  /** Lists the databases by name. */
  list(clusterId: string, query?: ListQuery, options?: RequestOptions): AsyncIterable<WireDatabase>;
  /** Gives a database another name. */
  rename(
    clusterId: string,
    name: string,
    newName: string,
    options?: RequestOptions,
  ): Promise<WireDatabase>;
  /**
   * Deletes a database with its data and answers it, or `undefined` when the API's answer did not show
   * it. One that a repeated request finds gone counts as deleted; one that was never there is a
   * `NotFoundError`.
   */
  delete(
    clusterId: string,
    name: string,
    options?: RequestOptions,
  ): Promise<WireDatabase | undefined>;
}

const toList = permission(["CA", "CO", "CD"], everywhere);
const toWrite = permission(["CA", "CO"], everywhere);

/** @internal */
export class DatabaseOperations implements DatabasesApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async create(
    clusterId: string,
    body: CreateDatabaseRequest,
    options?: RequestOptions,
  ): Promise<WireDatabase> {
    const object = databaseObject(body.name, clusterId);
    const call: ApiCall<WireDatabase> = {
      method: "POST",
      path: path`/api/v1/clusters/${clusterId}/databases`,
      body,
      operation: `Creating ${object}`,
      object,
      permission: toWrite,
      schema: databaseSchema,
    };
    return await this.#caller.run(call, options);
  }

  list(
    clusterId: string,
    query: ListQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WireDatabase> {
    return this.#caller.list(
      {
        method: "GET",
        path: path`/api/v1/clusters/${clusterId}/databases`,
        operation: `Listing the databases of cluster ${clusterId}`,
        object: `cluster ${clusterId}`,
        permission: toList,
        schema: databaseListSchema,
      },
      (answer): WireDatabase[] => answer.databases,
      query.pageSize ?? defaultPageSize,
      options,
    );
  }

  async rename(
    clusterId: string,
    name: string,
    newName: string,
    options?: RequestOptions,
  ): Promise<WireDatabase> {
    const call = oneDatabase("PATCH", "Renaming", clusterId, name);
    return await this.#caller.run({ ...call, body: { name, new_name: newName } }, options);
  }

  async delete(
    clusterId: string,
    name: string,
    options?: RequestOptions,
  ): Promise<WireDatabase | undefined> {
    return await this.#caller.delete(oneDatabase("DELETE", "Deleting", clusterId, name), options);
  }
}

function oneDatabase(
  method: "PATCH" | "DELETE",
  doing: string,
  clusterId: string,
  name: string,
): ApiCall<WireDatabase> {
  const object = databaseObject(name, clusterId);
  return {
    method,
    path: path`/api/v1/clusters/${clusterId}/databases/${name}`,
    operation: `${doing} ${object}`,
    object,
    permission: toWrite,
    schema: databaseSchema,
  };
}

function databaseObject(name: string, clusterId: string): string {
  return `database ${JSON.stringify(name)} on cluster ${clusterId}`;
}
