// The operations on managed backups.

import type {
  UpdateBackupConfigurationRequest,
  WireBackup,
  WireBackupConfiguration,
} from "./backup";
import { backupConfigurationSchema, backupListSchema } from "./backup";
import type { ApiCall, Caller } from "./call";
import type { TimeRangeQuery } from "./pagination";
import { defaultPageSize } from "./pagination";
import { path } from "./path";
import type { RequestOptions } from "./request-options";
import { everywhere, permission } from "./role";

/** The managed backups of a cluster. */
export interface BackupsApi {
  /** Reads how often the cluster is backed up, and how long the backups are kept. */
  getConfiguration(clusterId: string, options?: RequestOptions): Promise<WireBackupConfiguration>;
  /** Changes the configuration and answers the new one. */
  updateConfiguration(
    clusterId: string,
    body: UpdateBackupConfigurationRequest,
    options?: RequestOptions,
  ): Promise<WireBackupConfiguration>;
  /** Lists the backups. */
  list(
    clusterId: string,
    query?: TimeRangeQuery,
    options?: RequestOptions,
  ): AsyncIterable<WireBackup>;
}

const permitted = permission(["CA", "CO"], everywhere);

/** @internal */
export class BackupOperations implements BackupsApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async getConfiguration(
    clusterId: string,
    options?: RequestOptions,
  ): Promise<WireBackupConfiguration> {
    return await this.#caller.run(configurationCall("GET", "Reading", clusterId), options);
  }

  async updateConfiguration(
    clusterId: string,
    body: UpdateBackupConfigurationRequest,
    options?: RequestOptions,
  ): Promise<WireBackupConfiguration> {
    const call = configurationCall("PATCH", "Changing", clusterId);
    return await this.#caller.run({ ...call, body }, options);
  }

  list(
    clusterId: string,
    query: TimeRangeQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WireBackup> {
    return this.#caller.list(
      {
        method: "GET",
        path: path`/api/v1/clusters/${clusterId}/backups`,
        query: { start_time: query.startTime, end_time: query.endTime },
        operation: `Listing the backups of cluster ${clusterId}`,
        object: `cluster ${clusterId}`,
        permission: permitted,
        schema: backupListSchema,
      },
      (answer): WireBackup[] => answer.backups,
      query.pageSize ?? defaultPageSize,
      options,
    );
  }
}

function configurationCall(
  method: "GET" | "PATCH",
  doing: string,
  clusterId: string,
): ApiCall<WireBackupConfiguration> {
  const object = `the backup configuration of cluster ${clusterId}`;
  return {
    method,
    path: path`/api/v1/clusters/${clusterId}/backups-config`,
    operation: `${doing} ${object}`,
    object,
    permission: permitted,
    schema: backupConfigurationSchema,
  };
}
