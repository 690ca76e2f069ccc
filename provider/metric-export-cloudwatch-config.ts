/** The export of a cluster's metrics to Amazon CloudWatch, which the API creates and replaces by the same POST. */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireCloudWatchMetricExport } from "../sdk";
import { advancedOnlyFailures, cloudFailures } from "./cluster/declared";
import { dynamicResource } from "./dynamic/dynamic-resource";
import type { Export } from "./exports/roll-out";
import { present, rolledOut } from "./exports/roll-out";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { oneInCluster } from "./resource/cluster-scoped";
import type { ArgumentRule, ResourceDefinition } from "./resource/definition";
import { replacesResource, updatesInPlace } from "./resource/definition";
import { typeToken } from "./resource/resource-types";
import { clusterId, textThat } from "./resource/schema";
import { isKnown } from "./values/unknown";

/** Arguments of a metric export to CloudWatch. */
export interface MetricExportCloudwatchConfigArgs {
  /**
   * The cluster, or its id, of plan STANDARD or ADVANCED on AWS. Changing it replaces this resource: the export of the
   * old cluster is deleted first.
   */
  clusterId: ClusterReference;
  /** ARN of the IAM role that writes the metrics: `arn:aws:iam::123456789012:role/Metrics`. Updated in place. */
  roleArn: pulumi.Input<string>;
  /**
   * The external id that the role asks for. Advanced only; on Standard it is always the id of the cluster. Updated in
   * place.
   * @default none
   */
  externalId?: pulumi.Input<string>;
  /**
   * The log group, which must exist. Updated in place.
   * @default chosen by the service
   */
  logGroupName?: pulumi.Input<string>;
  /**
   * The region that all metrics go to. With a region that has no node, metrics are lost. Updated in place.
   * @default each metric stays in the region that it comes from
   */
  targetRegion?: pulumi.Input<string>;
}

/**
 * The export of a cluster's metrics to Amazon CloudWatch; a cluster has one, beside those to Datadog and for Prometheus.
 * API operations: EnableCloudWatchMetricExport, GetCloudWatchMetricExportInfo, DeleteCloudWatchMetricExport.
 */
export class MetricExportCloudwatchConfig extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("MetricExportCloudwatchConfig");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** ARN of the role that writes the metrics. */
  declare readonly roleArn: pulumi.Output<string>;
  /** The external id that the role asks for. */
  declare readonly externalId: pulumi.Output<string | undefined>;
  /** The log group. */
  declare readonly logGroupName: pulumi.Output<string | undefined>;
  /** The region that all metrics go to. */
  declare readonly targetRegion: pulumi.Output<string | undefined>;
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
    args: MetricExportCloudwatchConfigArgs,
    options?: pulumi.CustomResourceOptions,
  ) {
    super(...registrationOf(definition, name, args, options));
  }

  /** The export of a cluster by the cluster's id, which this program reads and does not manage. */
  static readonly get = getterOf(MetricExportCloudwatchConfig);
  /** Whether `value` is such an export of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<MetricExportCloudwatchConfig>(
    "MetricExportCloudwatchConfig",
  );
}

const inputs = z.strictObject({
  clusterId,
  roleArn: textThat((arn, shown) =>
    /^arn:[\w-]+:iam::\d{12}:role\/./.test(arn)
      ? undefined
      : `must be the ARN of an IAM role such as "arn:aws:iam::123456789012:role/Metrics", not ${shown}.`,
  ),
  externalId: z.string().optional(),
  logGroupName: z.string().optional(),
  targetRegion: z.string().optional(),
});

type Inputs = z.output<typeof inputs>;
type State = Inputs & { status: string; userMessage: string };

const emptyWhenAbsent: ArgumentRule = {
  onChange: "update",
  isManagedWhenAbsent: true,
  canonical: (value) => value || undefined,
};

const definition: ResourceDefinition<Inputs, State, WireCloudWatchMetricExport> = {
  type: "MetricExportCloudwatchConfig",
  ...oneInCluster("CloudWatch metric export"),
  inputs,
  arguments: {
    clusterId: replacesResource,
    roleArn: updatesInPlace,
    externalId: emptyWhenAbsent,
    logGroupName: emptyWhenAbsent,
    targetRegion: emptyWhenAbsent,
  },
  outputs: ["status", "userMessage"],

  check: (_olds, { externalId }, failures, _adopt, cluster) => ({
    failures: [
      ...failures,
      ...cloudFailures("AWS", cluster),
      ...(isKnown(externalId) && externalId !== ""
        ? advancedOnlyFailures("externalId", cluster)
        : []),
    ],
    notes: [],
  }),

  sample: () => ({
    roleArn: "arn:aws:iam::123456789012:role/Metrics",
    status: "ENABLED",
    userMessage: "",
  }),
  toState: (remote, { clusterId = "" }) => ({
    clusterId,
    roleArn: remote.role_arn,
    ...(remote.external_id === "" ? {} : { externalId: remote.external_id }),
    ...(remote.log_group_name === "" ? {} : { logGroupName: remote.log_group_name }),
    ...(remote.target_region === "" ? {} : { targetRegion: remote.target_region }),
    status: remote.status,
    userMessage: remote.user_message,
  }),
  setting: {
    get: ({ clusterId = "" }, { cloud, options }) =>
      present(cloud.metricExports.getCloudWatch(clusterId, options)),
    plans: ["STANDARD", "ADVANCED"],
    name: "cloudwatch",
  },

  ...rolledOut<Inputs, State, WireCloudWatchMetricExport>(exportOf, ["status", "userMessage"]),
  delete: ({ clusterId }, { cloud, options }) =>
    cloud.metricExports.deleteCloudWatch(clusterId, options),
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

function exportOf(inputs: Inputs): Export<WireCloudWatchMetricExport> {
  const { clusterId, roleArn, externalId, logGroupName, targetRegion } = inputs;
  const body = {
    role_arn: roleArn,
    ...(externalId ? { external_id: externalId } : {}),
    ...(logGroupName ? { log_group_name: logGroupName } : {}),
    ...(targetRegion ? { target_region: targetRegion } : {}),
  };
  return {
    clusterId,
    object: `the CloudWatch metric export of cluster ${clusterId}`,
    read: ({ cloud, options }) => cloud.metricExports.getCloudWatch(clusterId, options),
    write: ({ cloud, options }) => cloud.metricExports.setCloudWatch(clusterId, body, options),
    isWritten: (remote) =>
      remote.role_arn === roleArn &&
      remote.external_id === (externalId ?? "") &&
      remote.log_group_name === (logGroupName ?? "") &&
      remote.target_region === (targetRegion ?? ""),
    grantAdvice:
      "The role must trust the exportPrincipal of the cluster, ask for the external id that is given here if for any, and may write to the log group.",
  };
}
