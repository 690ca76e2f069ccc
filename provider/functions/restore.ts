/** Reads restores of managed backups: one by its id, or all into a cluster. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireRestore } from "../../sdk/index";
import type { ClusterReference } from "../program/cluster-reference";
import { omitUndefined } from "../values/omit-undefined";
import { clusterIdIn, collect, rangeIn, textIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** A database or table that is restored. */
export interface RestoreItem {
  /** Name of the database. */
  database: string;
  /** Schema of the table; absent for a database. */
  schema?: string;
  /** Name of the table; absent for a database. */
  table?: string;
}

/** How databases and tables are restored. */
export interface RestoreItemOptions {
  /** Database that tables are restored into; absent where it is the one that they come from. */
  intoDb?: string;
  /** Another name for the one database that is restored; absent where it keeps its own. */
  newDbName?: string;
  /** Whether only the schema is restored, without the data. */
  schemaOnly: boolean;
  /** Whether the regions of the clusters may differ. */
  skipLocalitiesCheck: boolean;
  /** Whether foreign keys to tables that are not restored are removed. */
  skipMissingForeignKeys: boolean;
  /** Whether columns are restored without the sequences that are missing. */
  skipMissingSequences: boolean;
  /** Whether views of tables that are not restored are left out. */
  skipMissingViews: boolean;
}

/** A restore of a managed backup into a cluster. */
export interface RestoreInfo {
  /** UUID. */
  id: string;
  /** `CLUSTER`, `DATABASE` or `TABLE`. */
  type: string;
  /** `PENDING`, `SUCCESS` or `FAILED`. */
  status: string;
  /** How much is done: a fraction from 0 to 1, in spite of its name. */
  completionPercent: number;
  /** UUID of the backup. */
  backupId: string;
  /** The moment whose data is restored, RFC 3339. */
  backupEndTime?: string;
  /** Name of the cluster that the backup is of. */
  sourceClusterName: string;
  /** Name of the cluster that is restored into. */
  destinationClusterName: string;
  /** The databases or tables; empty for a whole cluster. */
  objects: RestoreItem[];
  /** How databases and tables are restored; absent where the service says nothing. */
  restoreOptions?: RestoreItemOptions;
  /** Id of the job in the destination; empty until it has begun. */
  crdbJobId: string;
  /** gRPC code of the failure; 0 where there is none. */
  clientErrorCode: number;
  /** Why the restore failed; empty where it did not. */
  clientErrorMessage: string;
  /** RFC 3339. */
  createdAt?: string;
  /** RFC 3339; absent until the restore is over, and for some seconds more. */
  completedAt?: string;
}

/** Which restores. */
export interface ListRestoresArgs {
  /** Id of the cluster that is restored into. */
  clusterId: string;
  /** Restores that were created then or later, RFC 3339. @default no bound */
  startTime?: string | Date;
  /** Restores that were created before then, RFC 3339. @default no bound */
  endTime?: string | Date;
  /**
   * `ASC` begins with the oldest restore, `DESC` with the newest.
   * @default "ASC"
   */
  sortOrder?: "ASC" | "DESC";
  /** Most restores to list. @default no bound */
  limit?: number;
}

/** Which restores. */
export interface ListRestoresOutputArgs {
  /** The cluster that is restored into, or its id. */
  clusterId: ClusterReference;
  /** Restores that were created then or later, RFC 3339. @default no bound */
  startTime?: pulumi.Input<string> | Date;
  /** Restores that were created before then, RFC 3339. @default no bound */
  endTime?: pulumi.Input<string> | Date;
  /**
   * `ASC` begins with the oldest restore, `DESC` with the newest.
   * @default "ASC"
   */
  sortOrder?: pulumi.Input<"ASC" | "DESC">;
  /** Most restores to list. @default no bound */
  limit?: pulumi.Input<number>;
}

/** Lists the restores into a cluster by their creation, those that are over too: of `startTime` and later, before `endTime`. API operation: ListRestores. */
export function listRestores(
  args: ListRestoresArgs,
  options?: FunctionOptions,
): Promise<RestoreInfo[]> {
  return callFunction(restores, args, options);
}

/** `listRestores` for outputs. */
export function listRestoresOutput(
  args: ListRestoresOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<RestoreInfo[]> {
  return callFunctionOutput(restores, args, options);
}

/** Which restore. */
export interface GetRestoreArgs {
  /** Id of the cluster that is restored into. */
  clusterId: string;
  /** UUID of the restore. */
  restoreId: string;
}

/** Which restore. */
export interface GetRestoreOutputArgs {
  /** The cluster that is restored into, or its id. */
  clusterId: ClusterReference;
  /** UUID of the restore, which is the output `restoreId` of a `Restore`. */
  restoreId: pulumi.Input<string>;
}

/** Reads a restore into a cluster, with how much of it is done and why it failed. Fails when there is none. API operation: GetRestore. */
export function getRestore(args: GetRestoreArgs, options?: FunctionOptions): Promise<RestoreInfo> {
  return callFunction(oneRestore, args, options);
}

/** `getRestore` for outputs. */
export function getRestoreOutput(
  args: GetRestoreOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<RestoreInfo> {
  return callFunctionOutput(oneRestore, args, options);
}

/** @internal */
export const restores: ProviderFunction<ListRestoresArgs, RestoreInfo[]> = {
  name: "listRestores",
  async read({ cloud }, args) {
    const id = clusterIdIn("listRestores", args);
    const { query, limit } = rangeIn("listRestores", args);
    const wire = await collect(cloud.restores.list(id, query), limit);
    return wire.map(toInfo);
  },
};

/** @internal */
export const oneRestore: ProviderFunction<GetRestoreArgs, RestoreInfo> = {
  name: "getRestore",
  async read({ cloud }, args) {
    const clusterId = clusterIdIn("getRestore", args);
    const id = textIn("getRestore", "restoreId", args.restoreId, "the id of a restore");
    return toInfo(await cloud.restores.get(clusterId, id));
  },
};

function toInfo(wire: WireRestore): RestoreInfo {
  const { restore_opts: options } = wire;
  return {
    id: wire.id,
    type: wire.type,
    status: wire.status,
    completionPercent: wire.completion_percent,
    backupId: wire.backup_id,
    sourceClusterName: wire.source_cluster_name,
    destinationClusterName: wire.destination_cluster_name,
    objects: wire.objects.map(({ database, schema, table }) => ({
      database,
      ...omitUndefined({ schema: schema || undefined, table: table || undefined }),
    })),
    crdbJobId: wire.crdb_job_id,
    clientErrorCode: wire.client_error_code,
    clientErrorMessage: wire.client_error_message,
    ...omitUndefined({
      backupEndTime: wire.backup_end_time,
      restoreOptions: options && toOptions(options),
      createdAt: wire.created_at,
      completedAt: wire.completed_at,
    }),
  };
}

function toOptions(wire: NonNullable<WireRestore["restore_opts"]>): RestoreItemOptions {
  return {
    ...omitUndefined({
      intoDb: wire.into_db || undefined,
      newDbName: wire.new_db_name || undefined,
    }),
    schemaOnly: wire.schema_only,
    skipLocalitiesCheck: wire.skip_localities_check,
    skipMissingForeignKeys: wire.skip_missing_foreign_keys,
    skipMissingSequences: wire.skip_missing_sequences,
    skipMissingViews: wire.skip_missing_views,
  };
}
