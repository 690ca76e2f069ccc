import type {
  WireCloudWatchMetricExport,
  WireDatadogMetricExport,
  WirePrometheusMetricExport,
} from "../../../sdk";
import type {
  cloudWatchMetricExportSchema,
  datadogMetricExportSchema,
  prometheusMetricExportSchema,
} from "../../../sdk/resources/metric-exports";
import { advanced } from "../../emulator/caller";
import type { Operation, OperationArea, Reads } from "../operation";
import { base, id, ofCluster } from "../operation";

const datadogRequest = { site: "EU1", api_key: "0123456789abcdef" };
const datadog = {
  cluster_id: id,
  status: "ENABLED",
  user_message: "",
  site: "EU1",
  api_key: "cdef",
};
const cloudWatchRequest = {
  role_arn: "arn:aws:iam::123456789012:role/Metrics",
  external_id: "ext-1",
  log_group_name: "metrics",
  target_region: "us-east-1",
};
const cloudWatch = { cluster_id: id, status: "ENABLED", user_message: "", ...cloudWatchRequest };
const prometheus = {
  cluster_id: id,
  status: "ENABLED",
  user_message: "This integration is active.",
  targets: { "us-east-1": "https://cockroachlabs.cloud/scrape" },
};

/** The three operations of one kind of export. */
function operationsOf(
  kind: "CloudWatch" | "Datadog" | "Prometheus",
  response: object,
  set: Operation["call"],
  body?: object,
): Operation[] {
  const object = `the ${kind} metric export of cluster c/1`;
  const path = `metricexport/${kind.toLowerCase()}`;
  const common = { object, template: `${ofCluster}/${path}`, url: `${base}/${path}` };
  return [
    {
      ...common,
      name: `metricExports.get${kind}`,
      operation: `Reading ${object}`,
      call: ({ metricExports }) => metricExports[`get${kind}`](id),
      method: "GET",
      response,
      result: response,
    },
    {
      ...common,
      name: `metricExports.set${kind}`,
      operation: `Setting ${object}`,
      call: set,
      method: "POST",
      ...(body && { body }),
      response,
      result: response,
    },
    {
      ...common,
      name: `metricExports.delete${kind}`,
      operation: `Deleting ${object}`,
      call: ({ metricExports }) => metricExports[`delete${kind}`](id),
      method: "DELETE",
      response: { cluster_id: id, status: "DISABLING" },
      result: undefined,
    },
  ];
}

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof datadogMetricExportSchema, WireDatadogMetricExport>,
    true satisfies Reads<typeof cloudWatchMetricExportSchema, WireCloudWatchMetricExport>,
    true satisfies Reads<typeof prometheusMetricExportSchema, WirePrometheusMetricExport>,
  ],

  operations: [
    ...operationsOf(
      "Datadog",
      datadog,
      ({ metricExports }) => metricExports.setDatadog(id, datadogRequest),
      datadogRequest,
    ),
    ...operationsOf(
      "CloudWatch",
      cloudWatch,
      ({ metricExports }) => metricExports.setCloudWatch(id, cloudWatchRequest),
      cloudWatchRequest,
    ),
    ...operationsOf("Prometheus", prometheus, ({ metricExports }) =>
      metricExports.setPrometheus(id),
    ),
  ],

  async callEach({ client: { metricExports }, emulator }) {
    const { id } = emulator.clusters.create(advanced("orders"));
    await metricExports.setDatadog(id, datadogRequest);
    await metricExports.setCloudWatch(id, cloudWatchRequest);
    await metricExports.setPrometheus(id);
    await emulator.clock.advance(3 * 60_000);
    for (const kind of ["Datadog", "CloudWatch", "Prometheus"] as const) {
      await metricExports[`get${kind}`](id);
      await metricExports[`delete${kind}`](id);
    }
  },
};
