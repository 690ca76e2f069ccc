// Managed backups and their configuration.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import type { TimeRangeQuery } from "../http/pagination";
import { defaultPageSize, rangeOf } from "../http/pagination";
import { path } from "../http/path";
import { flagSchema, numberSchema, paginationSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** How often a cluster is backed up, and how long the backups are kept. */
export interface WireBackupConfiguration {
  enabled: boolean;
  /** 5, 10, 15, 30, 60, 240 or 1440. */
  frequency_minutes: number;
  /** 2, 7, 30, 90 or 365. */
  retention_days: number;
}

/** Body of `updateConfiguration`: what is left out stays as it is. */
export interface UpdateBackupConfigurationRequest {
  enabled?: boolean;
  /** 5, 10, 15, 30, 60, 240 or 1440. */
  frequency_minutes?: number;
  /** 2, 7, 30, 90 or 365. It can be changed once in the life of a cluster. */
  retention_days?: number;
}

/** A backup. */
export interface WireBackup {
  id: string;
  /** The moment whose data it holds, RFC 3339. */
  as_of_time: string;
}

/** @internal */
export const backupConfigurationSchema = z.object({
  enabled: flagSchema,
  frequency_minutes: numberSchema,
  retention_days: numberSchema,
});

/** @internal */
export const backupListSchema = z.object({
  backups: z.array(z.object({ id: z.string().min(1), as_of_time: z.string() })),
  pagination: paginationSchema,
});

const permitted = permission(["CA", "CO"], everywhere);

/** The managed backups of a cluster. */
export class BackupsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Reads how often the cluster is backed up, and how long the backups are kept. */
  async getConfiguration(
    clusterId: string,
    options?: RequestOptions,
  ): Promise<WireBackupConfiguration> {
    return await this.#caller.run(configurationCall("GET", "Reading", clusterId), options);
  }

  /** Changes the configuration and returns the new one. */
  async updateConfiguration(
    clusterId: string,
    body: UpdateBackupConfigurationRequest,
    options?: RequestOptions,
  ): Promise<WireBackupConfiguration> {
    const call = configurationCall("PATCH", "Changing", clusterId);
    return await this.#caller.run({ ...call, body }, options);
  }

  /** Lists the backups. */
  list(
    clusterId: string,
    query: TimeRangeQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WireBackup> {
    return this.#caller.list(
      {
        method: "GET",
        path: path`/api/v1/clusters/${clusterId}/backups`,
        query: rangeOf(query),
        operation: `Listing the backups of cluster ${clusterId}`,
        object: `cluster ${clusterId}`,
        permission: permitted,
        schema: backupListSchema,
      },
      (response): WireBackup[] => response.backups,
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
