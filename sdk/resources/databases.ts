// Databases of a cluster.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import type { ListQuery } from "../http/pagination";
import { defaultPageSize } from "../http/pagination";
import { path } from "../http/path";
import { int64Schema, paginationSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** A database. */
export interface WireDatabase {
  name: string;
  /** A decimal string on the wire. */
  table_count: number;
}

/** Body of `create`. */
export interface CreateDatabaseRequest {
  name: string;
}

/** Body of `edit`. */
export interface EditDatabaseRequest {
  /** Its present name. */
  name: string;
  new_name: string;
}

/** @internal */
export const databaseSchema = z.object({
  name: z.string().min(1),
  table_count: int64Schema.default(0),
});

/** @internal */
export const databaseListSchema = z.object({
  databases: z.array(databaseSchema),
  pagination: paginationSchema,
});

const toList = permission(["CA", "CO", "CD"], everywhere);
const toWrite = permission(["CA", "CO"], everywhere);

/** The databases of a cluster. The API has no way to read a single one. */
export class DatabasesApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Creates a database. It is sent once: repeated only where the first try certainly had no effect.
   * When the error says `effect: "unknown"`, the database may exist.
   */
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

  /** Lists the databases by name. */
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
      (response): WireDatabase[] => response.databases,
      query.pageSize ?? defaultPageSize,
      options,
    );
  }

  /** Gives a database another name. */
  async rename(
    clusterId: string,
    name: string,
    newName: string,
    options?: RequestOptions,
  ): Promise<WireDatabase> {
    const call = oneDatabase("PATCH", "Renaming", clusterId, name);
    return await this.#caller.run({ ...call, body: { name, new_name: newName } }, options);
  }

  /**
   * Gives a database another name, with both names in the body: what `rename` does with the present name
   * in the path.
   */
  async edit(
    clusterId: string,
    body: EditDatabaseRequest,
    options?: RequestOptions,
  ): Promise<WireDatabase> {
    const object = databaseObject(body.name, clusterId);
    const call: ApiCall<WireDatabase> = {
      method: "PATCH",
      path: path`/api/v1/clusters/${clusterId}/databases`,
      body,
      operation: `Renaming ${object}`,
      object,
      permission: toWrite,
      schema: databaseSchema,
    };
    return await this.#caller.run(call, options);
  }

  /**
   * Deletes a database with its data and returns it, or `undefined` when the response does not have it.
   * One that a retry does not find counts as deleted; one that never existed is a
   * `NotFoundError`.
   */
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
