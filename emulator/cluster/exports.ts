// The logs and metrics that a cluster sends to its owner's cloud. They are here because a cluster that sends some
// cannot become BASIC.

import { stateOfEachCluster } from "../state";
import type { ClusterRecord } from "./record";

/** How far a log export is. */
export type LogExportStatus =
  | "CREDENTIALS_ERROR"
  | "DISABLED"
  | "DISABLE_FAILED"
  | "DISABLING"
  | "ENABLED"
  | "ENABLE_FAILED"
  | "ENABLING";

/** How far a metric export is. */
export type MetricExportStatus = "DISABLING" | "ENABLED" | "ENABLING" | "ERROR" | "NOT_DEPLOYED";

/** Where metrics go. */
export type MetricExportKind = "cloudwatch" | "datadog" | "prometheus";

/** An export as it is stored. */
export interface ExportRecord<Spec, Status> {
  spec: Spec;
  status: Status;
  userMessage: string;
  readonly createdAt: number;
  updatedAt: number;
}

/** Channels with a log of their own. */
export interface LogExportGroup {
  readonly log_name: string;
  readonly channels: readonly string[];
  readonly min_level?: string;
  readonly redact?: boolean;
  readonly enable_sending_queue?: boolean;
}

/** What a log export was asked for. */
export interface LogExportSpec {
  readonly type: "AWS_CLOUDWATCH" | "AZURE_LOG_ANALYTICS" | "GCP_CLOUD_LOGGING";
  readonly log_name: string;
  readonly auth_principal: string;
  readonly region?: string;
  readonly redact?: boolean;
  readonly groups?: readonly LogExportGroup[];
  readonly omitted_channels?: readonly string[];
  readonly aws_external_id?: string;
  readonly azure_shared_key?: string;
}

/** What a metric export was asked for; each kind has fields of its own. */
export interface MetricExportSpec {
  readonly site?: string;
  readonly api_key?: string;
  readonly role_arn?: string;
  readonly external_id?: string;
  readonly log_group_name?: string;
  readonly target_region?: string;
}

/** A log export as it is stored. */
export type LogExportRecord = ExportRecord<LogExportSpec, LogExportStatus>;

/** A metric export as it is stored. */
export type MetricExportRecord = ExportRecord<MetricExportSpec, MetricExportStatus>;

/** The exports of a cluster. */
export const exportsOf = stateOfEachCluster(
  (): {
    logs: LogExportRecord | undefined;
    metrics: Map<MetricExportKind, MetricExportRecord>;
  } => ({
    logs: undefined,
    metrics: new Map(),
  }),
);

/** Whether a cluster sends logs or metrics. */
export function sendsAnything(cluster: ClusterRecord): boolean {
  const { logs, metrics } = exportsOf(cluster);
  return logs !== undefined || metrics.size > 0;
}
