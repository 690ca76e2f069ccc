// The export of a cluster's logs to the customer's cloud.

import { z } from "zod";
import type { Caller } from "../http/call";
import { operation } from "../http/operation";
import { path } from "../http/path";
import { flagSchema, openEnumSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** Where logs go: to the cloud that the cluster runs on. */
export type LogExportType =
  | "AWS_CLOUDWATCH"
  | "GCP_CLOUD_LOGGING"
  | "AZURE_LOG_ANALYTICS"
  | (string & {});

/** How far a log export is. */
export type LogExportStatus =
  | "DISABLED"
  | "DISABLING"
  | "DISABLE_FAILED"
  | "ENABLED"
  | "ENABLING"
  | "ENABLE_FAILED"
  | "CREDENTIALS_ERROR"
  | (string & {});

/** The lowest level that a group exports; UNSPECIFIED is all of them. */
export type LogLevel = "UNSPECIFIED" | "WARNING" | "ERROR" | "FATAL" | (string & {});

/** Channels that go to a log of their own. */
export interface WireLogExportGroup {
  log_name: string;
  channels: string[];
  min_level: LogLevel;
  /** Absent where the group does as the whole export does. */
  redact?: boolean;
  /** Whether records wait on disk while the destination does not take them. One group at most. */
  enable_sending_queue: boolean;
}

/** A group in the body of `set`. */
export interface LogExportGroupRequest {
  log_name: string;
  channels: string[];
  /** @default "UNSPECIFIED" */
  min_level?: LogLevel;
  /** @default as the whole export */
  redact?: boolean;
  /** @default false */
  enable_sending_queue?: boolean;
}

/** Body of `set`; what is left out is not set afterwards. */
export interface SetLogExportRequest {
  type: LogExportType;
  /** CloudWatch: the log group, which must exist; Google Cloud: the log; Azure: the prefix of tables. */
  log_name: string;
  /**
   * Advanced: the ARN of a role, the id of a project, or the id of a workspace. Standard: the ARN of a
   * role, or the e-mail address of a service account.
   */
  auth_principal: string;
  /**
   * The region that all logs go to.
   *
   * @default the region that they come from
   */
  region?: string;
  /** @default false */
  redact?: boolean;
  groups?: LogExportGroupRequest[];
  omitted_channels?: string[];
  /** Advanced on AWS only. */
  aws_external_id?: string;
  /** Azure only. Never returned in full, and never in an error. */
  azure_shared_key?: string;
}

/** What is exported, and where to. Texts that are not set are empty. */
export interface WireLogExportSpec {
  type: LogExportType;
  log_name: string;
  auth_principal: string;
  region: string;
  redact: boolean;
  groups: WireLogExportGroup[];
  omitted_channels: string[];
  aws_external_id: string;
  /** Masked. */
  azure_shared_key: string;
}

/** The log export of a cluster. */
export interface WireLogExport {
  cluster_id: string;
  status: LogExportStatus;
  /** What the service says about the status, or empty. */
  user_message: string;
  spec: WireLogExportSpec;
  /** RFC 3339. */
  created_at?: string;
  /** RFC 3339. */
  updated_at?: string;
}

const specSchema = z.object({
  type: openEnumSchema<LogExportType>().default("" as LogExportType),
  log_name: textSchema,
  auth_principal: textSchema,
  region: textSchema,
  redact: flagSchema,
  groups: z
    .array(
      z.object({
        log_name: textSchema,
        channels: z.array(z.string()).default([]),
        min_level: openEnumSchema<LogLevel>().default("UNSPECIFIED"),
        redact: z.boolean().exactOptional(),
        enable_sending_queue: flagSchema,
      }),
    )
    .default([]),
  omitted_channels: z.array(z.string()).default([]),
  aws_external_id: textSchema,
  azure_shared_key: textSchema,
});

/** @internal The API promises none of it: what is disabled may come without a specification. */
export const logExportSchema = z.object({
  cluster_id: textSchema,
  status: openEnumSchema<LogExportStatus>().default("DISABLED"),
  user_message: textSchema,
  spec: specSchema.prefault({}),
  created_at: z.string().exactOptional(),
  updated_at: z.string().exactOptional(),
});

const toRead = permission(["OA", "CA", "CO", "MV"], everywhere);
const toWrite = permission(["OA", "CA", "CO"], everywhere);

function logExport(clusterId: string) {
  return {
    path: path`/api/v1/clusters/${clusterId}/logexport`,
    object: `the log export of cluster ${clusterId}`,
    schema: logExportSchema,
  };
}

/** The export of a cluster's logs, one for each cluster. */
export class LogExportsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Reads the log export. One that was never set is a `NotFoundError`, or has the status DISABLED. */
  async get(clusterId: string, options?: RequestOptions): Promise<WireLogExport> {
    return await this.#caller.run(operation("GET", logExport(clusterId), toRead), options);
  }

  /**
   * Creates the log export or replaces it as a whole. The response comes while it is ENABLING; whether the
   * destination lets the cluster in shows in the status later.
   */
  async set(
    clusterId: string,
    body: SetLogExportRequest,
    options?: RequestOptions,
  ): Promise<WireLogExport> {
    const secrets = body.azure_shared_key === undefined ? [] : [body.azure_shared_key];
    const details = { verb: "Setting", body, secrets };
    return await this.#caller.run(
      operation("POST", logExport(clusterId), toWrite, details),
      options,
    );
  }

  /**
   * Stops the export, which takes a while. One that a repeated request does not find counts as stopped;
   * one that was never set is a `NotFoundError`.
   */
  async delete(clusterId: string, options?: RequestOptions): Promise<void> {
    await this.#caller.delete(operation("DELETE", logExport(clusterId), toWrite), options);
  }
}
