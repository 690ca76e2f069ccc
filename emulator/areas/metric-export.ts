// The export of a cluster's metrics: to Datadog, to CloudWatch, and for Prometheus to fetch. The three are independent of
// one another, and none of them locks the cluster.

import type { ControlledArea, ControlParts } from "../area";
import type {
  MetricExportKind,
  MetricExportRecord,
  MetricExportSpec,
  MetricExportStatus,
} from "../cluster/exports";
import { exportsOf } from "../cluster/exports";
import { changeableClusterOf, checkNotBusy, liveClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import { applyDueSteps, schedule } from "../cluster/timeline";
import type { EmulatorContext } from "../context";
import type { Call, Handler } from "../server/call";
import { PlainText, readBody } from "../server/call";
import { ApiError, failedPrecondition, invalidValue, notFound } from "../server/errors";
import type { MessageShape } from "../server/protojson";

/** Metric exports outside the API. Cluster ids are UUIDs. */
export interface MetricExportControls {
  /** The export as the API returns it; undefined when there is none. */
  get(clusterId: string, kind: MetricExportKind): object | undefined;
  /** Exports at once, without any rule. */
  set(clusterId: string, kind: MetricExportKind, spec?: MetricExportSpec): void;
  /** Sets the status, for example ERROR with a message. @throws when there is no such export. */
  setStatus(
    clusterId: string,
    kind: MetricExportKind,
    status: MetricExportStatus,
    userMessage?: string,
  ): void;
  /** Removes the export. */
  clear(clusterId: string, kind: MetricExportKind): void;
  /** Whether this is the API key of Datadog that the service has. */
  hasApiKey(clusterId: string, key: string): boolean;
}

/** What is special about a kind of export. */
interface Kind {
  readonly shape: MessageShape;
  check(spec: MetricExportSpec, cluster: ClusterRecord): void;
  /** What the response shows beside the status. */
  show(
    spec: MetricExportSpec,
    cluster: ClusterRecord,
    status: MetricExportStatus,
    context: EmulatorContext,
  ): object;
}

const kinds: Readonly<Record<MetricExportKind, Kind>> = {
  datadog: {
    shape: {
      name: "cockroach.cloud.EnableDatadogMetricExportRequest",
      fields: {
        site: { enumeration: ["US1", "US3", "US5", "US1_GOV", "EU1"] },
        api_key: "string",
      },
    },
    check: ({ site, api_key }) => {
      checkPresent({ site, api_key });
    },
    show: ({ site = "US1", api_key = "" }) => ({ site, api_key: api_key.slice(-4) }),
  },
  cloudwatch: {
    shape: {
      name: "cockroach.cloud.EnableCloudWatchMetricExportRequest",
      fields: {
        role_arn: "string",
        external_id: "string",
        log_group_name: "string",
        target_region: "string",
      },
    },
    check: ({ role_arn, external_id }, cluster) => {
      checkPresent({ role_arn });
      if (cluster.provider !== "AWS") {
        throw failedPrecondition("CloudWatch metric export is only available for AWS clusters");
      }
      if (external_id && cluster.plan !== "ADVANCED") {
        throw invalidValue("external_id is not supported for Standard clusters");
      }
    },
    show: ({ role_arn = "", external_id = "", log_group_name = "", target_region = "" }) => ({
      role_arn,
      external_id,
      log_group_name,
      target_region,
    }),
  },
  prometheus: {
    shape: { name: "cockroach.cloud.EnablePrometheusMetricExportRequest", fields: {} },
    check: () => {},
    show: (_, { id, regions }, status, { url }) => ({
      targets: Object.fromEntries(
        status !== "ENABLED"
          ? []
          : regions.map(({ name }) => [
              name,
              `${url}/api/v1/clusters/${id}/metricexport/prometheus/${name}/scrape`,
            ]),
      ),
    }),
  },
};

function checkPresent(fields: Readonly<Record<string, string | undefined>>): void {
  for (const [name, text] of Object.entries(fields)) {
    if (!text) {
      throw invalidValue(`${name} is required`);
    }
  }
}

function getExport(kind: MetricExportKind): Handler {
  return (call) => {
    const cluster = liveClusterOf(call);
    const record = exportsOf(cluster).metrics.get(kind);
    if (record !== undefined) {
      return toWire(cluster, kind, record, call.context);
    }
    const { metricExportUnset } = call.context.assumptions;
    const isShown =
      metricExportUnset === "not-deployed" ||
      (metricExportUnset === "prometheus-not-deployed" && kind === "prometheus");
    if (!isShown) {
      throw notSet(kind);
    }
    return {
      cluster_id: cluster.id,
      status: "NOT_DEPLOYED",
      user_message: "",
      ...kinds[kind].show({}, cluster, "NOT_DEPLOYED", call.context),
    };
  };
}

function enableExport(kind: MetricExportKind): Handler {
  return (call) => {
    const { shape, check } = kinds[kind];
    const spec = readBody<MetricExportSpec>(call, shape);
    const cluster = exportableOf(call, kind);
    if (cluster.plan === "BASIC") {
      throw failedPrecondition("metric export is not available on the Basic plan");
    }
    check(spec, cluster);
    const { queued, durations } = call.context;
    const denial = kind === "cloudwatch" ? queued.consumeExportDenial() : undefined;
    if (denial !== undefined) {
      throw new ApiError(denial, "insufficient permissions to assume the role");
    }
    const { metrics } = exportsOf(cluster);
    const record: MetricExportRecord = {
      spec,
      status: "ENABLING",
      userMessage: "",
      createdAt: metrics.get(kind)?.createdAt ?? call.now,
      updatedAt: call.now,
    };
    metrics.set(kind, record);
    const failure = queued.consumeExportFailure();
    schedule(cluster, {
      at: call.now + durations.metricExportMs,
      name: "export",
      run: (at) => {
        record.status = failure === undefined ? "ENABLED" : "ERROR";
        record.userMessage = failure?.message ?? "This integration is active.";
        record.updatedAt = at;
      },
    });
    applyDueSteps(cluster, call.now);
    return toWire(cluster, kind, record, call.context);
  };
}

/** The metrics of one region, in the text format of Prometheus. */
function scrapeMetrics(call: Call): PlainText {
  const cluster = liveClusterOf(call);
  const region = cluster.regions.find(({ name }) => name === call.path["region_name"]);
  if (region === undefined || exportsOf(cluster).metrics.get("prometheus")?.status !== "ENABLED") {
    throw notSet("prometheus");
  }
  const labels = Object.entries({
    cluster: cluster.name,
    organization: call.organization.name,
    region: region.name,
  }).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const gauges = {
    crdb_cloud_liveness_livenodes: region.nodes || 1,
    crdb_cloud_sys_uptime: Math.floor((call.now - cluster.createdAt) / 1000),
  };
  const lines = Object.entries(gauges).flatMap(([name, value]) => [
    `# TYPE ${name} gauge`,
    `${name}{${labels}} ${value}`,
  ]);
  return new PlainText(`${lines.join("\n")}\n`);
}

function deleteExport(kind: MetricExportKind): Handler {
  return (call) => {
    const cluster = exportableOf(call, kind);
    const { metrics } = exportsOf(cluster);
    const record = metrics.get(kind);
    if (record === undefined) {
      throw notSet(kind);
    }
    const { queued, durations } = call.context;
    Object.assign(record, { status: "DISABLING", userMessage: "", updatedAt: call.now });
    const failure = queued.consumeExportFailure();
    schedule(cluster, {
      at: call.now + durations.metricExportMs,
      name: "export",
      run: (at) => {
        if (failure === undefined) {
          metrics.delete(kind);
        } else {
          Object.assign(record, { status: "ERROR", userMessage: failure.message, updatedAt: at });
        }
      },
    });
    applyDueSteps(cluster, call.now);
    return { cluster_id: cluster.id, status: "DISABLING" };
  };
}

/** The cluster, if no other operation is in progress on it or on its export. */
function exportableOf(call: Call, kind: MetricExportKind): ClusterRecord {
  const cluster = changeableClusterOf(call);
  checkNotBusy(cluster, call.context);
  if (/ING$/.test(exportsOf(cluster).metrics.get(kind)?.status ?? "")) {
    throw new ApiError(
      call.context.assumptions.busy,
      `couldn't lock cluster '${cluster.id}': its metric export is being changed`,
    );
  }
  return cluster;
}

function notSet(kind: MetricExportKind): Error {
  return notFound(`${kind} metric export is not enabled on the cluster`);
}

function toWire(
  cluster: ClusterRecord,
  kind: MetricExportKind,
  { spec, status, userMessage }: MetricExportRecord,
  context: EmulatorContext,
): object {
  return {
    cluster_id: cluster.id,
    status,
    user_message: userMessage,
    ...kinds[kind].show(spec, cluster, status, context),
  };
}

/** The metric exports of a cluster. */
export const metricExportArea: ControlledArea<MetricExportControls> = {
  operations: {
    DeleteCloudWatchMetricExport: deleteExport("cloudwatch"),
    DeleteDatadogMetricExport: deleteExport("datadog"),
    DeletePrometheusMetricExport: deleteExport("prometheus"),
    EnableCloudWatchMetricExport: enableExport("cloudwatch"),
    EnableDatadogMetricExport: enableExport("datadog"),
    EnablePrometheusMetricExport: enableExport("prometheus"),
    GetCloudWatchMetricExportInfo: getExport("cloudwatch"),
    GetDatadogMetricExportInfo: getExport("datadog"),
    GetPrometheusMetricExportInfo: getExport("prometheus"),
    ScrapePrometheusMetrics: scrapeMetrics,
  },
  createControls: metricExportControls,
};

function metricExportControls({ findCluster, context }: ControlParts): MetricExportControls {
  return {
    get: (clusterId, kind) => {
      const cluster = findCluster(clusterId);
      const record = exportsOf(cluster).metrics.get(kind);
      return record && toWire(cluster, kind, record, context);
    },
    set: (clusterId, kind, spec = {}) => {
      const now = context.clock.now();
      exportsOf(findCluster(clusterId)).metrics.set(kind, {
        spec: { ...spec },
        status: "ENABLED",
        userMessage: "",
        createdAt: now,
        updatedAt: now,
      });
    },
    setStatus: (clusterId, kind, status, userMessage = "") => {
      const record = exportsOf(findCluster(clusterId)).metrics.get(kind);
      if (record === undefined) {
        throw new Error(`Cluster ${clusterId} has no metric export to ${kind}.`);
      }
      Object.assign(record, { status, userMessage, updatedAt: context.clock.now() });
    },
    clear: (clusterId, kind) => {
      exportsOf(findCluster(clusterId)).metrics.delete(kind);
    },
    hasApiKey: (clusterId, key) =>
      exportsOf(findCluster(clusterId)).metrics.get("datadog")?.spec.api_key === key,
  };
}
