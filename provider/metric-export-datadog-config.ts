/** The export of a cluster's metrics to Datadog, which the API creates and replaces by the same POST. */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireDatadogMetricExport } from "../sdk";
import { dynamicResource } from "./dynamic/dynamic-resource";
import type { Export } from "./exports/roll-out";
import { present, rolledOut } from "./exports/roll-out";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { oneInCluster } from "./resource/cluster-scoped";
import type { ResourceDefinition } from "./resource/definition";
import { replacesResource, updatesInPlace } from "./resource/definition";
import { typeToken } from "./resource/resource-types";
import { clusterId, nonEmptySecret } from "./resource/schema";

/** Arguments of a metric export to Datadog. */
export interface MetricExportDatadogConfigArgs {
  /**
   * The cluster, or its id, of plan STANDARD or ADVANCED. Changing it replaces this resource: the export of the old
   * cluster is deleted first.
   */
  clusterId: ClusterReference;
  /** The site of Datadog: `"US1"`, `"US3"`, `"US5"`, `"US1_GOV"` or `"EU1"`. Updated in place. */
  site: pulumi.Input<string>;
  /** An API key of Datadog; secret. The API returns its last four characters only. Updated in place. */
  apiKey: pulumi.Input<string>;
}

/**
 * The export of a cluster's metrics to Datadog; a cluster has one, beside those to CloudWatch and for Prometheus. API
 * operations: EnableDatadogMetricExport, GetDatadogMetricExportInfo, DeleteDatadogMetricExport.
 */
export class MetricExportDatadogConfig extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("MetricExportDatadogConfig");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** The site of Datadog. */
  declare readonly site: pulumi.Output<string>;
  /** The API key of Datadog; secret. Undefined until the program has given it. */
  declare readonly apiKey: pulumi.Output<string | undefined>;
  /** The last four characters of the key that the service has. */
  declare readonly apiKeyHint: pulumi.Output<string>;
  /** `ENABLED`, `ENABLING`, or `ERROR`. */
  declare readonly status: pulumi.Output<string>;
  /** What the service says about the status; may be empty. */
  declare readonly userMessage: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the export
   * @param options `import: "<cluster id>"` adopts an existing export and writes nothing
   */
  constructor(
    name: string,
    args: MetricExportDatadogConfigArgs,
    options?: pulumi.CustomResourceOptions,
  ) {
    super(...registrationOf(definition, name, args, options));
  }

  /** The export of a cluster by the cluster's id, which this program reads and does not manage. */
  static readonly get = getterOf(MetricExportDatadogConfig);
  /** Whether `value` is such an export of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<MetricExportDatadogConfig>(
    "MetricExportDatadogConfig",
  );
}

const inputs = z.strictObject({
  clusterId,
  site: z.enum(["US1", "US3", "US5", "US1_GOV", "EU1"]),
  apiKey: nonEmptySecret,
});

type Inputs = z.output<typeof inputs>;

interface State {
  clusterId: string;
  site: string;
  apiKey?: string;
  apiKeyHint: string;
  status: string;
  userMessage: string;
}

/** Characters of the key that the API returns. */
const hintLength = 4;

const definition: ResourceDefinition<Inputs, State, WireDatadogMetricExport> = {
  type: "MetricExportDatadogConfig",
  ...oneInCluster("Datadog metric export"),
  inputs,
  arguments: {
    clusterId: replacesResource,
    site: updatesInPlace,
    apiKey: { onChange: "update", changes: ["apiKeyHint"] },
  },
  outputs: ["apiKeyHint", "status", "userMessage"],
  secrets: ["apiKey"],

  sample: ({ apiKey = "" }) => ({
    site: "US1",
    apiKeyHint: apiKey.slice(-hintLength),
    status: "ENABLED",
    userMessage: "",
  }),
  toState: ({ site, api_key: hint, status, user_message }, { clusterId = "", apiKey }) => ({
    clusterId,
    site,
    // Another key is known by its last characters only.
    ...(apiKey === undefined ? {} : { apiKey: endsWith(apiKey, hint) ? apiKey : `…${hint}` }),
    apiKeyHint: hint,
    status,
    userMessage: user_message,
  }),
  setting: {
    get: ({ clusterId = "" }, { cloud, options }) =>
      present(cloud.metricExports.getDatadog(clusterId, options)),
    plans: ["STANDARD", "ADVANCED"],
    name: "datadog",
  },

  ...rolledOut<Inputs, State, WireDatadogMetricExport>(exportOf, ["status", "userMessage"]),
  delete: ({ clusterId }, { cloud, options }) =>
    cloud.metricExports.deleteDatadog(clusterId, options),
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

function exportOf({ clusterId, site, apiKey }: Inputs): Export<WireDatadogMetricExport> {
  return {
    clusterId,
    object: `the Datadog metric export of cluster ${clusterId}`,
    read: ({ cloud, options }) => cloud.metricExports.getDatadog(clusterId, options),
    write: ({ cloud, options }) =>
      cloud.metricExports.setDatadog(clusterId, { site, api_key: apiKey }, options),
    isWritten: (remote) => remote.site === site && endsWith(apiKey, remote.api_key),
  };
}

/** A key that is shorter than what the API returns of keys cannot be compared. */
function endsWith(apiKey: string, hint: string): boolean {
  return apiKey.length < hintLength || hint.length < hintLength || apiKey.endsWith(hint);
}
