import type { LogExportSpec } from "../../../emulator";
import { advanced } from "../../emulator/caller";
import type { TestEmulator } from "../../support/emulator";
import type { RemoteObject, ResourceCases } from "../resource-cases";

const full = {
  type: "AWS_CLOUDWATCH",
  logName: "orders",
  authPrincipal: "arn:aws:iam::123456789012:role/Export",
  region: "us-east-1",
  redact: true,
  groups: [
    {
      logName: "sql",
      channels: ["SQL_EXEC", "OPS"],
      minLevel: "WARNING",
      redact: false,
      enableSendingQueue: true,
    },
  ],
  omittedChannels: ["SQL_PERF", "HEALTH"],
  awsExternalId: "external",
};

const azure = {
  type: "AZURE_LOG_ANALYTICS",
  logName: "orders",
  authPrincipal: "5ba5ed00-0000-4000-8000-00000000000a",
  azureSharedKey: "a shared key",
};

/** The id of a new Advanced cluster on Azure. */
function azureCluster(emulator: TestEmulator): string {
  return emulator.clusters.create(advanced("on-azure", {}, "AZURE") as never).id;
}

const wire: LogExportSpec = {
  type: "AWS_CLOUDWATCH",
  log_name: full.logName,
  auth_principal: full.authPrincipal,
  region: full.region,
  redact: true,
  groups: [
    {
      log_name: "sql",
      channels: ["OPS", "SQL_EXEC"],
      min_level: "WARNING",
      redact: false,
      enable_sending_queue: true,
    },
  ],
  omitted_channels: ["HEALTH", "SQL_PERF"],
  aws_external_id: "external",
};

/** Exports with a part that somebody else has changed. */
const drift =
  (change: Partial<LogExportSpec>) =>
  ({ emulator, clusterId }: RemoteObject) =>
    emulator.logExports.set(clusterId, { ...wire, ...change });

const notAChannel =
  "must be a channel that can be exported: SESSIONS, OPS, HEALTH, STORAGE, SQL_SCHEMA, USER_ADMIN, PRIVILEGES, SENSITIVE_ACCESS, SQL_EXEC, SQL_PERF, CHANGEFEED.";

export const cases: ResourceCases = {
  plans: ["STANDARD", "ADVANCED"],
  minimal: {
    type: full.type,
    logName: full.logName,
    authPrincipal: full.authPrincipal,
  },
  full: [full, azure],
  arguments: {
    type: {
      to: "AZURE_LOG_ANALYTICS",
      // Another cloud has other clusters.
      along: (emulator) => ({
        clusterId: azureCluster(emulator),
        region: undefined,
        awsExternalId: undefined,
        azureSharedKey: "a shared key",
      }),
      onChange: "replace",
      drift: "cannot change",
      wrong: [
        [
          "S3",
          'must be one of "AWS_CLOUDWATCH", "GCP_CLOUD_LOGGING", "AZURE_LOG_ANALYTICS", not the string "S3".',
        ],
      ],
    },
    logName: {
      to: "invoices",
      onChange: "update",
      drift: drift({ log_name: "other" }),
      wrong: [["", "must not be empty."]],
    },
    authPrincipal: {
      to: "arn:aws:iam::123456789012:role/Other",
      onChange: "update",
      drift: drift({ auth_principal: "arn:aws:iam::123456789012:role/Somebody" }),
      wrong: [["", "must not be empty."]],
    },
    region: {
      to: "us-west-2",
      onChange: "update",
      drift: drift({ region: "eu-west-1" }),
      wrong: [[5, "must be a string, not 5."]],
    },
    redact: {
      to: false,
      onChange: "update",
      drift: drift({ redact: false }),
      wrong: [["yes", 'must be true or false, not the string "yes".']],
    },
    groups: {
      to: [{ logName: "ops", channels: ["OPS"] }],
      onChange: "update",
      drift: drift({ groups: [] }),
      wrong: [
        [[{ logName: "a", channels: [] }], "must have at least one channel.", "groups[0].channels"],
        [
          [{ logName: "a", channels: ["DEV"] }],
          `${notAChannel} It is the string "DEV".`,
          "groups[0].channels[0]",
        ],
        [
          [{ logName: "", channels: ["OPS"] }],
          'must not be empty. It is the string "".',
          "groups[0].logName",
        ],
        [
          [
            { logName: "a", channels: ["OPS"] },
            { logName: "a", channels: ["HEALTH"] },
          ],
          'must have a logName of their own each, and "a" is there twice.',
        ],
        [
          [
            { logName: "a", channels: ["OPS"], enableSendingQueue: true },
            { logName: "b", channels: ["HEALTH"], enableSendingQueue: true },
          ],
          "may have enableSendingQueue: true in one group only.",
        ],
      ],
    },
    omittedChannels: {
      to: ["STORAGE"],
      onChange: "update",
      drift: drift({ omitted_channels: [] }),
      wrong: [[["sql_exec"], `${notAChannel} It is the string "sql_exec".`, "omittedChannels[0]"]],
    },
    awsExternalId: {
      to: "another",
      onChange: "update",
      drift: drift({ aws_external_id: "somebody" }),
      wrong: [[5, "must be a string, not 5."]],
    },
    azureSharedKey: {
      before: (emulator) => ({ clusterId: azureCluster(emulator), ...azure }),
      to: "another shared key",
      onChange: "update",
      drift: "is not returned",
      wrong: [
        ["", "must not be empty."],
        [5_550_123_456_789, "must be a string, not a number. Write it in quotes."],
      ],
    },
  },

  managedWhenAbsent: [
    "region",
    "redact",
    "groups",
    "omittedChannels",
    "awsExternalId",
    "azureSharedKey",
  ],

  idOf: ({ clusterId }) => String(clusterId),
  missingId: ({ clusterId }) => String(clusterId),

  operations: {
    create: "EnableLogExport",
    read: "GetLogExportInfo",
    update: "EnableLogExport",
    delete: "DeleteLogExport",
  },
  createBody: () => ({
    ...wire,
    groups: [{ ...wire.groups?.[0], channels: ["SQL_EXEC", "OPS"] }],
    omitted_channels: ["SQL_PERF", "HEALTH"],
  }),

  exists: ({ emulator, clusterId }) => emulator.logExports.get(clusterId) !== undefined,
  remove: ({ emulator, clusterId }) => emulator.logExports.clear(clusterId),

  lostCreate: { outcome: "found" },
  existing: { outcome: "adopted" },
};
