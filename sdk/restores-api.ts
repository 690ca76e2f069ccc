// The operations on restores.

import type { ApiCall, Caller } from "./call";
import type { TimeRangeQuery } from "./pagination";
import { defaultPageSize } from "./pagination";
import { path } from "./path";
import type { RequestOptions } from "./request-options";
import type { CreateRestoreRequest, WireRestore } from "./restore";
import { restoreListSchema, restoreSchema } from "./restore";
import { everywhere, permission } from "./role";

/** Restores into a cluster. */
export interface RestoresApi {
  /**
   * Begins to bring a backup back into a cluster, which for the type CLUSTER must be empty. It is sent
   * once: repeated only where the first try certainly had no effect. When the error says
   * `effect: "unknown"`, the restore may run; look in the list.
   */
  create(
    destinationClusterId: string,
    body: CreateRestoreRequest,
    options?: RequestOptions,
  ): Promise<WireRestore>;
  /** Reads a restore. */
  get(clusterId: string, restoreId: string, options?: RequestOptions): Promise<WireRestore>;
  /** Lists the restores into a cluster. */
  list(
    clusterId: string,
    query?: TimeRangeQuery,
    options?: RequestOptions,
  ): AsyncIterable<WireRestore>;
}

const permitted = permission(["CA", "CO"], everywhere);

/** @internal */
export class RestoreOperations implements RestoresApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async create(
    destinationClusterId: string,
    body: CreateRestoreRequest,
    options?: RequestOptions,
  ): Promise<WireRestore> {
    const call: ApiCall<WireRestore> = {
      method: "POST",
      path: path`/api/v1/clusters/${destinationClusterId}/restores`,
      body,
      operation: `Creating a restore into cluster ${destinationClusterId}`,
      object: `cluster ${destinationClusterId}`,
      permission: permitted,
      schema: restoreSchema,
    };
    return await this.#caller.run(call, options);
  }

  async get(clusterId: string, restoreId: string, options?: RequestOptions): Promise<WireRestore> {
    const object = `restore ${restoreId} into cluster ${clusterId}`;
    const call: ApiCall<WireRestore> = {
      method: "GET",
      path: path`/api/v1/clusters/${clusterId}/restores/${restoreId}`,
      operation: `Reading ${object}`,
      object,
      permission: permitted,
      schema: restoreSchema,
    };
    return await this.#caller.run(call, options);
  }

  list(
    clusterId: string,
    query: TimeRangeQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WireRestore> {
    return this.#caller.list(
      {
        method: "GET",
        path: path`/api/v1/clusters/${clusterId}/restores`,
        query: { start_time: query.startTime, end_time: query.endTime },
        operation: `Listing the restores into cluster ${clusterId}`,
        object: `cluster ${clusterId}`,
        permission: permitted,
        schema: restoreListSchema,
      },
      (answer): WireRestore[] => answer.restores,
      query.pageSize ?? defaultPageSize,
      options,
    );
  }
}
