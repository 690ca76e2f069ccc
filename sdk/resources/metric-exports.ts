// The export of a cluster's metrics: to Datadog, to CloudWatch, and for Prometheus to fetch.

import { z } from "zod";
import type { Caller } from "../http/call";
import type { Target } from "../http/operation";
import { operation } from "../http/operation";
import { path } from "../http/path";
import { openEnumSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** How far a metric export is. */
export type MetricExportStatus =
  | "NOT_DEPLOYED"
  | "DISABLING"
  | "ENABLING"
  | "ENABLED"
  | "ERROR"
  | (string & {});

/** A site of Datadog. */
export type DatadogSite = "US1" | "US3" | "US5" | "US1_GOV" | "EU1" | (string & {});

/** Body of `setDatadog`. */
export interface SetDatadogMetricExportRequest {
  site: DatadogSite;
  /** Never returned in full, and never in an error. */
  api_key: string;
}

/** Body of `setCloudWatch`; what is left out is not set afterwards. */
export interface SetCloudWatchMetricExportRequest {
  /** ARN of the role that the cluster takes on. */
  role_arn: string;
  /** What the role asks for. Advanced only. */
  external_id?: string;
  /** A log group, which must exist. */
  log_group_name?: string;
  /**
   * The region that all metrics go to.
   *
   * @default the region that they come from
   */
  target_region?: string;
}

/** What all metric exports show. */
export interface WireMetricExport {
  cluster_id: string;
  status: MetricExportStatus;
  /** What the service says about the status, or empty. */
  user_message: string;
}

/** The export of metrics to Datadog. */
export interface WireDatadogMetricExport extends WireMetricExport {
  site: DatadogSite;
  /** The last four characters. */
  api_key: string;
}

/** The export of metrics to Amazon CloudWatch. Texts that are not set are empty. */
export interface WireCloudWatchMetricExport extends WireMetricExport {
  role_arn: string;
  external_id: string;
  log_group_name: string;
  target_region: string;
}

/** The export of metrics for Prometheus. */
export interface WirePrometheusMetricExport extends WireMetricExport {
  /** The address of each region's metrics, by region; empty until ENABLED. */
  targets: Record<string, string>;
}

const common = {
  cluster_id: textSchema,
  status: openEnumSchema<MetricExportStatus>().default("NOT_DEPLOYED"),
  user_message: textSchema,
};

/** @internal */
export const datadogMetricExportSchema = z.object({
  ...common,
  site: openEnumSchema<DatadogSite>().default(""),
  api_key: textSchema,
});

/** @internal */
export const cloudWatchMetricExportSchema = z.object({
  ...common,
  role_arn: textSchema,
  external_id: textSchema,
  log_group_name: textSchema,
  target_region: textSchema,
});

/** @internal */
export const prometheusMetricExportSchema = z.object({
  ...common,
  targets: z.record(z.string(), z.string()).default({}),
});

const toRead = permission(["CA", "CO", "MV"], everywhere);
const toWrite = permission(["CA", "CO"], everywhere);

function datadog(clusterId: string): Target<WireDatadogMetricExport> {
  return {
    path: path`/api/v1/clusters/${clusterId}/metricexport/datadog`,
    object: `the Datadog metric export of cluster ${clusterId}`,
    schema: datadogMetricExportSchema,
  };
}

function cloudWatch(clusterId: string): Target<WireCloudWatchMetricExport> {
  return {
    path: path`/api/v1/clusters/${clusterId}/metricexport/cloudwatch`,
    object: `the CloudWatch metric export of cluster ${clusterId}`,
    schema: cloudWatchMetricExportSchema,
  };
}

function prometheus(clusterId: string): Target<WirePrometheusMetricExport> {
  return {
    path: path`/api/v1/clusters/${clusterId}/metricexport/prometheus`,
    object: `the Prometheus metric export of cluster ${clusterId}`,
    schema: prometheusMetricExportSchema,
  };
}

/**
 * The export of a cluster's metrics; a cluster may have all three at once. One that was never set is a
 * `NotFoundError`, or has the status NOT_DEPLOYED. To set one creates it or replaces it as a whole, and the
 * response comes while it is ENABLING. To delete one takes a while; one that a repeated request does not
 * find counts as deleted.
 */
export class MetricExportsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Reads the export to Datadog. */
  async getDatadog(clusterId: string, options?: RequestOptions): Promise<WireDatadogMetricExport> {
    return await this.#caller.run(operation("GET", datadog(clusterId), toRead), options);
  }

  /** Sets the export to Datadog. */
  async setDatadog(
    clusterId: string,
    body: SetDatadogMetricExportRequest,
    options?: RequestOptions,
  ): Promise<WireDatadogMetricExport> {
    const details = { verb: "Setting", body, secrets: [body.api_key] };
    return await this.#caller.run(operation("POST", datadog(clusterId), toWrite, details), options);
  }

  /** Stops the export to Datadog. */
  async deleteDatadog(clusterId: string, options?: RequestOptions): Promise<void> {
    await this.#caller.delete(operation("DELETE", datadog(clusterId), toWrite), options);
  }

  /** Reads the export to CloudWatch. */
  async getCloudWatch(
    clusterId: string,
    options?: RequestOptions,
  ): Promise<WireCloudWatchMetricExport> {
    return await this.#caller.run(operation("GET", cloudWatch(clusterId), toRead), options);
  }

  /** Sets the export to CloudWatch. */
  async setCloudWatch(
    clusterId: string,
    body: SetCloudWatchMetricExportRequest,
    options?: RequestOptions,
  ): Promise<WireCloudWatchMetricExport> {
    const details = { verb: "Setting", body };
    return await this.#caller.run(
      operation("POST", cloudWatch(clusterId), toWrite, details),
      options,
    );
  }

  /** Stops the export to CloudWatch. */
  async deleteCloudWatch(clusterId: string, options?: RequestOptions): Promise<void> {
    await this.#caller.delete(operation("DELETE", cloudWatch(clusterId), toWrite), options);
  }

  /** Reads the export for Prometheus. */
  async getPrometheus(
    clusterId: string,
    options?: RequestOptions,
  ): Promise<WirePrometheusMetricExport> {
    return await this.#caller.run(operation("GET", prometheus(clusterId), toRead), options);
  }

  /** Sets the export for Prometheus. */
  async setPrometheus(
    clusterId: string,
    options?: RequestOptions,
  ): Promise<WirePrometheusMetricExport> {
    const details = { verb: "Setting" };
    return await this.#caller.run(
      operation("POST", prometheus(clusterId), toWrite, details),
      options,
    );
  }

  /** Stops the export for Prometheus. */
  async deletePrometheus(clusterId: string, options?: RequestOptions): Promise<void> {
    await this.#caller.delete(operation("DELETE", prometheus(clusterId), toWrite), options);
  }
}
