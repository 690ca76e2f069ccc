/** Functions that read the exports of a cluster. */
import type * as pulumi from "@pulumi/pulumi";
import { isAbsent } from "../exports/roll-out";
import type { ClusterReference } from "../program/cluster-reference";
import { omitUndefined } from "../values/omit-undefined";
import { clusterIdIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { orUndefinedWhenUnset } from "./cluster";

/** Whose export. */
export interface GetExportArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Whose export. */
export interface GetExportOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** The log export of a cluster. */
export interface LogExportInfo {
  /** `AWS_CLOUDWATCH`, `GCP_CLOUD_LOGGING` or `AZURE_LOG_ANALYTICS`. */
  type: string;
  /** Log group, log or prefix of tables. */
  logName: string;
  /** Who writes the logs. */
  authPrincipal: string;
  /** `ENABLED`, or what the service is doing or has failed to do. */
  status: string;
  /** What the service says about the status; may be empty. */
  userMessage: string;
}

/** The metric export of a cluster to Datadog. */
export interface MetricExportDatadogInfo {
  /** The site of Datadog. */
  site: string;
  /** The last four characters of the key. */
  apiKeyHint: string;
  /** `ENABLED`, `ENABLING` or `ERROR`. */
  status: string;
  /** What the service says about the status; may be empty. */
  userMessage: string;
}

/** The metric export of a cluster to Amazon CloudWatch. */
export interface MetricExportCloudwatchInfo {
  /** ARN of the role that writes the metrics. */
  roleArn: string;
  /** The external id that the role asks for; absent where none is set. */
  externalId?: string;
  /** The log group; absent where the service chooses it. */
  logGroupName?: string;
  /** The region that all metrics go to; absent where each metric stays in the region that it comes from. */
  targetRegion?: string;
  /** `ENABLED`, `ENABLING` or `ERROR`. */
  status: string;
  /** What the service says about the status; may be empty. */
  userMessage: string;
}

/** The metric export of a cluster for Prometheus. */
export interface MetricExportPrometheusInfo {
  /** The address of each region's metrics, by region. */
  targets: { [region: string]: string };
  /** `ENABLED`, `ENABLING` or `ERROR`. */
  status: string;
  /** What the service says about the status; may be empty. */
  userMessage: string;
}

/** Reads the log export of a cluster, `undefined` when there is none. */
export function getLogExport(
  args: GetExportArgs,
  options?: FunctionOptions,
): Promise<LogExportInfo | undefined> {
  return callFunction(logExport, args, options);
}

/** `getLogExport` for outputs. */
export function getLogExportOutput(
  args: GetExportOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<LogExportInfo | undefined> {
  return callFunctionOutput(logExport, args, options);
}

/** Reads the metric export of a cluster to Datadog, `undefined` when there is none. */
export function getMetricExportDatadog(
  args: GetExportArgs,
  options?: FunctionOptions,
): Promise<MetricExportDatadogInfo | undefined> {
  return callFunction(datadog, args, options);
}

/** `getMetricExportDatadog` for outputs. */
export function getMetricExportDatadogOutput(
  args: GetExportOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<MetricExportDatadogInfo | undefined> {
  return callFunctionOutput(datadog, args, options);
}

/** Reads the metric export of a cluster to Amazon CloudWatch, `undefined` when there is none. API operation: GetCloudWatchMetricExportInfo. */
export function getMetricExportCloudwatch(
  args: GetExportArgs,
  options?: FunctionOptions,
): Promise<MetricExportCloudwatchInfo | undefined> {
  return callFunction(cloudwatch, args, options);
}

/** `getMetricExportCloudwatch` for outputs. */
export function getMetricExportCloudwatchOutput(
  args: GetExportOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<MetricExportCloudwatchInfo | undefined> {
  return callFunctionOutput(cloudwatch, args, options);
}

/** Reads the metric export of a cluster for Prometheus, `undefined` when there is none. */
export function getMetricExportPrometheus(
  args: GetExportArgs,
  options?: FunctionOptions,
): Promise<MetricExportPrometheusInfo | undefined> {
  return callFunction(prometheus, args, options);
}

/** `getMetricExportPrometheus` for outputs. */
export function getMetricExportPrometheusOutput(
  args: GetExportOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<MetricExportPrometheusInfo | undefined> {
  return callFunctionOutput(prometheus, args, options);
}

/** @internal */
export const logExport: ProviderFunction<GetExportArgs, LogExportInfo | undefined> = {
  name: "getLogExport",
  async read(connection, args) {
    const id = clusterIdIn("getLogExport", args);
    const remote = await orUndefinedWhenUnset(connection, id, connection.cloud.logExports.get(id));
    if (remote === undefined || isAbsent(remote)) return undefined;
    return {
      type: remote.spec.type,
      logName: remote.spec.log_name,
      authPrincipal: remote.spec.auth_principal,
      status: remote.status,
      userMessage: remote.user_message,
    };
  },
};

/** @internal */
export const datadog: ProviderFunction<GetExportArgs, MetricExportDatadogInfo | undefined> = {
  name: "getMetricExportDatadog",
  async read(connection, args) {
    const id = clusterIdIn("getMetricExportDatadog", args);
    const remote = await orUndefinedWhenUnset(
      connection,
      id,
      connection.cloud.metricExports.getDatadog(id),
    );
    if (remote === undefined || isAbsent(remote)) return undefined;
    return {
      site: remote.site,
      apiKeyHint: remote.api_key,
      status: remote.status,
      userMessage: remote.user_message,
    };
  },
};

/** @internal */
export const cloudwatch: ProviderFunction<GetExportArgs, MetricExportCloudwatchInfo | undefined> = {
  name: "getMetricExportCloudwatch",
  async read(connection, args) {
    const id = clusterIdIn("getMetricExportCloudwatch", args);
    const remote = await orUndefinedWhenUnset(
      connection,
      id,
      connection.cloud.metricExports.getCloudWatch(id),
    );
    if (remote === undefined || isAbsent(remote)) return undefined;
    return {
      roleArn: remote.role_arn,
      ...omitUndefined({
        externalId: remote.external_id || undefined,
        logGroupName: remote.log_group_name || undefined,
        targetRegion: remote.target_region || undefined,
      }),
      status: remote.status,
      userMessage: remote.user_message,
    };
  },
};

/** @internal */
export const prometheus: ProviderFunction<GetExportArgs, MetricExportPrometheusInfo | undefined> = {
  name: "getMetricExportPrometheus",
  async read(connection, args) {
    const id = clusterIdIn("getMetricExportPrometheus", args);
    const remote = await orUndefinedWhenUnset(
      connection,
      id,
      connection.cloud.metricExports.getPrometheus(id),
    );
    if (remote === undefined || isAbsent(remote)) return undefined;
    return {
      targets: remote.targets,
      status: remote.status,
      userMessage: remote.user_message,
    };
  },
};
