/** Reads the managed backups of a cluster. */
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../program/cluster-reference";
import { omitUndefined } from "../values/omit-undefined";
import { clusterIdIn, collect, rangeIn, timeIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** How often a cluster is backed up, and how long the backups are kept. */
export interface BackupConfigurationInfo {
  /** Whether the cluster is backed up. */
  enabled: boolean;
  /** Minutes from one backup to the next. */
  frequencyMinutes: number;
  /** Days for which a backup is kept. */
  retentionDays: number;
}

/** Whose configuration. */
export interface GetBackupConfigurationArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Whose configuration. */
export interface GetBackupConfigurationOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Reads how often a cluster is backed up, and how long the backups are kept. */
export function getBackupConfiguration(
  args: GetBackupConfigurationArgs,
  options?: FunctionOptions,
): Promise<BackupConfigurationInfo> {
  return callFunction(configuration, args, options);
}

/** `getBackupConfiguration` for outputs. */
export function getBackupConfigurationOutput(
  args: GetBackupConfigurationOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<BackupConfigurationInfo> {
  return callFunctionOutput(configuration, args, options);
}

/** A backup. */
export interface BackupInfo {
  /** UUID. */
  id: string;
  /** The moment whose data it holds, RFC 3339. */
  asOfTime: string;
}

/** Which backups. */
export interface ListBackupsArgs {
  /** Id of the cluster. */
  clusterId: string;
  /** Backups of then and later, RFC 3339. @default no bound */
  startTime?: string | Date;
  /** Backups before then, RFC 3339. @default no bound */
  endTime?: string | Date;
  /**
   * `ASC` begins with the oldest backup, `DESC` with the newest.
   * @default "ASC"
   */
  sortOrder?: "ASC" | "DESC";
  /** Most backups to list. @default no bound */
  limit?: number;
}

/** Which backups. */
export interface ListBackupsOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /** Backups of then and later, RFC 3339. @default no bound */
  startTime?: pulumi.Input<string> | Date;
  /** Backups before then, RFC 3339. @default no bound */
  endTime?: pulumi.Input<string> | Date;
  /**
   * `ASC` begins with the oldest backup, `DESC` with the newest.
   * @default "ASC"
   */
  sortOrder?: pulumi.Input<"ASC" | "DESC">;
  /** Most backups to list. @default no bound */
  limit?: pulumi.Input<number>;
}

/** Lists the managed backups of a cluster by time: those of `startTime` and later, before `endTime`. API operation: ListBackups. */
export function listBackups(
  args: ListBackupsArgs,
  options?: FunctionOptions,
): Promise<BackupInfo[]> {
  return callFunction(backups, args, options);
}

/** `listBackups` for outputs. */
export function listBackupsOutput(
  args: ListBackupsOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<BackupInfo[]> {
  return callFunctionOutput(backups, args, options);
}

/** Which backup. */
export interface GetBackupArgs {
  /** Id of the cluster. */
  clusterId: string;
  /** The newest backup of then or before, RFC 3339. @default the newest of all */
  before?: string | Date;
}

/** Which backup. */
export interface GetBackupOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /** The newest backup of then or before, RFC 3339. @default the newest of all */
  before?: pulumi.Input<string> | Date;
}

/** Reads the newest managed backup of a cluster, or the newest one that holds the data of a moment or before, as a `Restore` to a point in time needs it. `undefined` when there is none. API operation: ListBackups. */
export function getBackup(
  args: GetBackupArgs,
  options?: FunctionOptions,
): Promise<BackupInfo | undefined> {
  return callFunction(newestBackup, args, options);
}

/** `getBackup` for outputs. */
export function getBackupOutput(
  args: GetBackupOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<BackupInfo | undefined> {
  return callFunctionOutput(newestBackup, args, options);
}

/** @internal */
export const configuration: ProviderFunction<GetBackupConfigurationArgs, BackupConfigurationInfo> =
  {
    name: "getBackupConfiguration",
    async read({ cloud }, args) {
      const id = clusterIdIn("getBackupConfiguration", args);
      const { enabled, frequency_minutes, retention_days } =
        await cloud.backups.getConfiguration(id);
      return { enabled, frequencyMinutes: frequency_minutes, retentionDays: retention_days };
    },
  };

/** @internal */
export const backups: ProviderFunction<ListBackupsArgs, BackupInfo[]> = {
  name: "listBackups",
  async read({ cloud }, args) {
    const id = clusterIdIn("listBackups", args);
    const { query, limit } = rangeIn("listBackups", args);
    const wire = await collect(cloud.backups.list(id, query), limit);
    return wire.map((backup) => ({ id: backup.id, asOfTime: backup.as_of_time }));
  },
};

/** @internal */
export const newestBackup: ProviderFunction<GetBackupArgs, BackupInfo | undefined> = {
  name: "getBackup",
  async read({ cloud }, args) {
    const id = clusterIdIn("getBackup", args);
    const before = timeIn("getBackup", "before", args.before);
    const bound = before === undefined ? Number.POSITIVE_INFINITY : Date.parse(before);
    // The API excludes the end of a range.
    const endTime = before === undefined ? undefined : new Date(bound + 1).toISOString();
    const query = { sortOrder: "DESC", ...omitUndefined({ endTime }) } as const;
    let newest: BackupInfo | undefined;
    for await (const { id: backupId, as_of_time: asOfTime } of cloud.backups.list(id, query)) {
      const time = Date.parse(asOfTime);
      if (time > bound) continue;
      // An older one after it shows that the order is the one that was asked for.
      if (newest !== undefined && time < Date.parse(newest.asOfTime)) break;
      newest = { id: backupId, asOfTime };
    }
    return newest;
  },
};
