/** The export of a cluster's metrics for Prometheus, which fetches them from an address for each region. */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WirePrometheusMetricExport } from "../sdk";
import { dynamicResource } from "./dynamic/dynamic-resource";
import type { Export } from "./exports/roll-out";
import { present, rolledOut } from "./exports/roll-out";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { oneInCluster } from "./resource/cluster-scoped";
import type { ResourceDefinition } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { typeToken } from "./resource/resource-types";
import { clusterId } from "./resource/schema";

/** Arguments of a metric export for Prometheus. */
export interface MetricExportPrometheusConfigArgs {
  /**
   * The cluster, or its id, of plan STANDARD or ADVANCED. Changing it replaces this resource: the export of the old
   * cluster is deleted first.
   */
  clusterId: ClusterReference;
}

/**
 * The export of a cluster's metrics for Prometheus; a cluster has one, beside those to Datadog and CloudWatch. Prometheus
 * sends an API key of a service account as bearer token. API operations: EnablePrometheusMetricExport,
 * GetPrometheusMetricExportInfo, DeletePrometheusMetricExport.
 */
export class MetricExportPrometheusConfig extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("MetricExportPrometheusConfig");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** The address of each region's metrics, by region. */
  declare readonly targets: pulumi.Output<{ [region: string]: string }>;
  /** `ENABLED`, `ENABLING`, or `ERROR`. */
  declare readonly status: pulumi.Output<string>;
  /** What the service says about the status; may be empty. */
  declare readonly userMessage: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the cluster
   * @param options `import: "<cluster id>"` adopts an existing export and writes nothing
   */
  constructor(
    name: string,
    args: MetricExportPrometheusConfigArgs,
    options?: pulumi.CustomResourceOptions,
  ) {
    super(...registrationOf(definition, name, args, options));
  }

  /** The export of a cluster by the cluster's id, which this program reads and does not manage. */
  static readonly get = getterOf(MetricExportPrometheusConfig);
  /** Whether `value` is such an export of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<MetricExportPrometheusConfig>(
    "MetricExportPrometheusConfig",
  );
}

const inputs = z.strictObject({ clusterId });

type Inputs = z.output<typeof inputs>;

interface State {
  clusterId: string;
  targets: Record<string, string>;
  status: string;
  userMessage: string;
}

const definition: ResourceDefinition<Inputs, State, WirePrometheusMetricExport> = {
  type: "MetricExportPrometheusConfig",
  ...oneInCluster("Prometheus metric export"),
  inputs,
  arguments: { clusterId: replacesResource },
  outputs: ["targets", "status", "userMessage"],

  sample: ({ clusterId = "" }) => ({
    targets: {
      "us-east1": `https://cockroachlabs.cloud/api/v1/clusters/${clusterId}/metricexport/prometheus/us-east1/scrape`,
    },
    status: "ENABLED",
    userMessage: "",
  }),
  toState: ({ targets, status, user_message }, { clusterId = "" }) => ({
    clusterId,
    targets,
    status,
    userMessage: user_message,
  }),
  setting: {
    get: ({ clusterId = "" }, { cloud, options }) =>
      present(cloud.metricExports.getPrometheus(clusterId, options)),
    plans: ["STANDARD", "ADVANCED"],
    name: "prometheus",
  },

  ...rolledOut<Inputs, State, WirePrometheusMetricExport>(exportOf, [
    "status",
    "userMessage",
    "targets",
  ]),
  delete: ({ clusterId }, { cloud, options }) =>
    cloud.metricExports.deletePrometheus(clusterId, options),
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

function exportOf({ clusterId }: Inputs): Export<WirePrometheusMetricExport> {
  return {
    clusterId,
    object: `the Prometheus metric export of cluster ${clusterId}`,
    read: ({ cloud, options }) => cloud.metricExports.getPrometheus(clusterId, options),
    write: ({ cloud, options }) => cloud.metricExports.setPrometheus(clusterId, options),
    isWritten: () => true,
  };
}
