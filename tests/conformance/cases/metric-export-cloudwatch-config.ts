import type { MetricExportSpec } from "../../../emulator";
import type { RemoteObject, ResourceCases } from "../resource-cases";

const roleArn = "arn:aws:iam::123456789012:role/Metrics";
const full = {
  roleArn,
  externalId: "external",
  logGroupName: "metrics",
  targetRegion: "us-east-1",
};
const wire = {
  role_arn: roleArn,
  external_id: "external",
  log_group_name: "metrics",
  target_region: "us-east-1",
};

/** Exports with a part that somebody else has changed. */
const drift =
  (change: MetricExportSpec) =>
  ({ emulator, clusterId }: RemoteObject) =>
    emulator.metricExports.set(clusterId, "cloudwatch", { ...wire, ...change });

export const cases: ResourceCases = {
  plans: ["STANDARD", "ADVANCED"],
  minimal: { roleArn },
  full: [full],
  arguments: {
    roleArn: {
      to: "arn:aws:iam::123456789012:role/Other",
      onChange: "update",
      drift: drift({ role_arn: "arn:aws:iam::123456789012:role/Somebody" }),
      wrong: ["", "Metrics", "arn:aws:iam::12345:role/Metrics"].map((arn) => [
        arn,
        `must be the ARN of an IAM role such as "arn:aws:iam::123456789012:role/Metrics", not the string ${JSON.stringify(arn)}.`,
      ]),
    },
    externalId: {
      to: "another",
      onChange: "update",
      drift: drift({ external_id: "" }),
      wrong: [[5, "must be a string, not 5."]],
    },
    logGroupName: {
      to: "others",
      onChange: "update",
      drift: drift({ log_group_name: "somebody" }),
      wrong: [[5, "must be a string, not 5."]],
    },
    targetRegion: {
      to: "us-west-2",
      onChange: "update",
      drift: drift({ target_region: "eu-west-1" }),
      wrong: [[5, "must be a string, not 5."]],
    },
  },

  managedWhenAbsent: ["externalId", "logGroupName", "targetRegion"],

  idOf: ({ clusterId }) => String(clusterId),
  missingId: ({ clusterId }) => String(clusterId),

  operations: {
    create: "EnableCloudWatchMetricExport",
    read: "GetCloudWatchMetricExportInfo",
    update: "EnableCloudWatchMetricExport",
    delete: "DeleteCloudWatchMetricExport",
  },
  createBody: () => wire,

  exists: ({ emulator, clusterId }) =>
    emulator.metricExports.get(clusterId, "cloudwatch") !== undefined,
  remove: ({ emulator, clusterId }) => emulator.metricExports.clear(clusterId, "cloudwatch"),

  lostCreate: { outcome: "found" },
  existing: { outcome: "adopted" },
};
