// Restores of backups.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import type { TimeRangeQuery } from "../http/pagination";
import { defaultPageSize, rangeOf } from "../http/pagination";
import { path } from "../http/path";
import {
  flagSchema,
  numberSchema,
  openEnumSchema,
  paginationSchema,
  textSchema,
} from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** What is brought back. Databases and tables: into Advanced clusters only. */
export type RestoreType = "CLUSTER" | "DATABASE" | "TABLE" | (string & {});

/** How far a restore is. */
export type RestoreStatus = "PENDING" | "SUCCESS" | "FAILED" | (string & {});

/** Body of `create`. */
export interface CreateRestoreRequest {
  type: RestoreType;
  /** @default the newest backup of the source */
  backup_id?: string;
  /** @default the destination itself */
  source_cluster_id?: string;
  /** Needed for databases and tables. */
  objects?: { database: string; schema?: string; table?: string }[];
  restore_opts?: {
    /** Database that tables are brought into. */
    into_db?: string;
    /** Name for a single database that is brought back. */
    new_db_name?: string;
    schema_only?: boolean;
    skip_localities_check?: boolean;
    skip_missing_foreign_keys?: boolean;
    skip_missing_sequences?: boolean;
    skip_missing_views?: boolean;
  };
}

/** A database or table that is brought back. */
export interface WireRestoreItem {
  database: string;
  /** Empty for a database. */
  schema: string;
  /** Empty for a database. */
  table: string;
}

/** Options that a restore was created with. */
export interface WireRestoreOptions {
  into_db: string;
  new_db_name: string;
  schema_only: boolean;
  skip_localities_check: boolean;
  skip_missing_foreign_keys: boolean;
  skip_missing_sequences: boolean;
  skip_missing_views: boolean;
}

/** A restore. */
export interface WireRestore {
  id: string;
  backup_id: string;
  status: RestoreStatus;
  type: RestoreType;
  source_cluster_name: string;
  destination_cluster_name: string;
  /** 0 to 1, despite its name. */
  completion_percent: number;
  /** RFC 3339. */
  created_at?: string;
  /** The moment whose data is brought back, RFC 3339. */
  backup_end_time?: string;
  /** RFC 3339; absent until it is over. */
  completed_at?: string;
  /** Empty until the cluster has begun. */
  crdb_job_id: string;
  /** 0 unless it failed. */
  client_error_code: number;
  /** Empty unless it failed. */
  client_error_message: string;
  objects: WireRestoreItem[];
  restore_opts?: WireRestoreOptions;
}

/** @internal */
export const restoreSchema = z.object({
  id: z.string().min(1),
  backup_id: textSchema,
  status: openEnumSchema<RestoreStatus>(),
  type: openEnumSchema<RestoreType>(),
  source_cluster_name: textSchema,
  destination_cluster_name: textSchema,
  completion_percent: numberSchema,
  created_at: z.string().exactOptional(),
  backup_end_time: z.string().exactOptional(),
  completed_at: z.string().exactOptional(),
  crdb_job_id: textSchema,
  client_error_code: numberSchema,
  client_error_message: textSchema,
  objects: z
    .array(z.object({ database: textSchema, schema: textSchema, table: textSchema }))
    .default([]),
  restore_opts: z
    .object({
      into_db: textSchema,
      new_db_name: textSchema,
      schema_only: flagSchema,
      skip_localities_check: flagSchema,
      skip_missing_foreign_keys: flagSchema,
      skip_missing_sequences: flagSchema,
      skip_missing_views: flagSchema,
    })
    .exactOptional(),
});

/** @internal */
export const restoreListSchema = z.object({
  restores: z.array(restoreSchema),
  pagination: paginationSchema,
});

const permitted = permission(["CA", "CO"], everywhere);

/** Restores into a cluster. */
export class RestoresApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Begins to bring a backup back into a cluster, which for the type CLUSTER must be empty. It is sent
   * once: repeated only where the first try certainly had no effect. When the error says
   * `effect: "unknown"`, the restore may run; look in the list.
   */
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

  /** Reads a restore. */
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

  /** Lists the restores into a cluster. */
  list(
    clusterId: string,
    query: TimeRangeQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WireRestore> {
    return this.#caller.list(
      {
        method: "GET",
        path: path`/api/v1/clusters/${clusterId}/restores`,
        query: rangeOf(query),
        operation: `Listing the restores into cluster ${clusterId}`,
        object: `cluster ${clusterId}`,
        permission: permitted,
        schema: restoreListSchema,
      },
      (response): WireRestore[] => response.restores,
      query.pageSize ?? defaultPageSize,
      options,
    );
  }
}
