/**
 * The export of a cluster's logs.
 *
 * A cluster has one. The API creates and replaces it by the same POST, and rolls it out node by node.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { LogExportGroupRequest, SetLogExportRequest, WireLogExport } from "../sdk";
import { advancedOnlyFailures, cloudOf } from "./cluster/declared";
import { dynamicResource } from "./dynamic/dynamic-resource";
import type { ClusterInRun } from "./engine/run-record";
import type { Export } from "./exports/roll-out";
import { present, rolledOut } from "./exports/roll-out";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { oneInCluster } from "./resource/cluster-scoped";
import type { ArgumentRule, ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import type { CheckOutcome, Note } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { clusterId, nonEmptySecret, nonEmptyText } from "./resource/schema";
import { omitUndefined } from "./values/omit-undefined";
import { hasUnknown, isUnknown } from "./values/unknown";

/** Channels with a log of their own. */
export interface LogExportGroup {
  /** Name of the log: as `logName` of the whole export, and another one in each group. */
  logName: string;
  /** Channels, such as `"SQL_EXEC"`; at least one. */
  channels: string[];
  /**
   * The lowest level that is exported: `"UNSPECIFIED"`, which is all levels, `"WARNING"`, `"ERROR"` or `"FATAL"`.
   * @default "UNSPECIFIED"
   */
  minLevel?: string;
  /**
   * Whether sensitive data is redacted.
   * @default as the whole export
   */
  redact?: boolean;
  /**
   * Whether records wait on disk while the destination does not take them. One group may have it, and the organization
   * must be enrolled.
   * @default false
   */
  enableSendingQueue?: boolean;
}

/** Arguments of a log export. */
export interface LogExportConfigArgs {
  /**
   * The cluster, or its id, of plan STANDARD or ADVANCED. Changing it replaces this resource: the export of the old
   * cluster is deleted first.
   */
  clusterId: ClusterReference;
  /**
   * Where the logs go: `"AWS_CLOUDWATCH"`, `"GCP_CLOUD_LOGGING"` or `"AZURE_LOG_ANALYTICS"`; the cloud of the cluster, so
   * that another type is refused on the same cluster. Changing it replaces this resource.
   */
  type: pulumi.Input<string>;
  /**
   * CloudWatch: the log group, which must exist; Google Cloud: the name of the log; Azure: the prefix of the tables.
   * Updated in place.
   */
  logName: pulumi.Input<string>;
  /**
   * Who writes the logs. Advanced: the ARN of a role, the id of a Google Cloud project, or the id of a Log Analytics
   * workspace. Standard: the ARN of a role, or the e-mail address of a Google service account. Updated in place.
   */
  authPrincipal: pulumi.Input<string>;
  /**
   * The region that all logs go to. Updated in place.
   * @default each log stays in the region that it comes from
   */
  region?: pulumi.Input<string>;
  /**
   * Whether sensitive data is redacted, in groups that do not say. Updated in place.
   * @default false
   */
  redact?: pulumi.Input<boolean>;
  /**
   * Channels with a log of their own, in any order. Updated in place.
   * @default none: all channels go to `logName`
   */
  groups?: pulumi.Input<pulumi.Input<LogExportGroup>[]>;
  /**
   * Channels that are not exported, in any order. Updated in place.
   * @default none
   */
  omittedChannels?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The external id that the role asks for. Advanced on AWS only; on Standard it is always the id of the cluster.
   * Updated in place.
   * @default none
   */
  awsExternalId?: pulumi.Input<string>;
  /**
   * Shared key of the Log Analytics workspace, for Azure; secret. The API never returns it. Updated in place.
   * @default none
   */
  azureSharedKey?: pulumi.Input<string>;
}

/**
 * The export of a cluster's logs to the cloud that it runs on; a cluster has one. Logs from before the export do not
 * come. API operations: EnableLogExport, GetLogExportInfo, DeleteLogExport.
 */
export class LogExportConfig extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("LogExportConfig");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** Where the logs go. */
  declare readonly type: pulumi.Output<string>;
  /** Log group, log or prefix of tables. */
  declare readonly logName: pulumi.Output<string>;
  /** Who writes the logs. */
  declare readonly authPrincipal: pulumi.Output<string>;
  /** The region that all logs go to; undefined where each stays in its own. */
  declare readonly region: pulumi.Output<string | undefined>;
  /** Whether sensitive data is redacted, in groups that do not say. */
  declare readonly redact: pulumi.Output<boolean>;
  /** Channels with a log of their own. */
  declare readonly groups: pulumi.Output<LogExportGroup[]>;
  /** Channels that are not exported. */
  declare readonly omittedChannels: pulumi.Output<string[]>;
  /** The external id that the role asks for. */
  declare readonly awsExternalId: pulumi.Output<string | undefined>;
  /** Shared key of the Log Analytics workspace; secret. Undefined until the program has given it. */
  declare readonly azureSharedKey: pulumi.Output<string | undefined>;
  /** `ENABLED`, or what the service is doing or has failed to do: `ENABLING`, `ENABLE_FAILED`, `CREDENTIALS_ERROR`. */
  declare readonly status: pulumi.Output<string>;
  /** What the service says about the status; may be empty. */
  declare readonly userMessage: pulumi.Output<string>;
  /** RFC 3339. */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  /** RFC 3339. */
  declare readonly updatedAt: pulumi.Output<string | undefined>;

  /**
   * @param name name of the resource
   * @param args the export
   * @param options `import: "<cluster id>"` adopts an existing log export and writes nothing
   */
  constructor(name: string, args: LogExportConfigArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** The log export of a cluster by the cluster's id, which this program reads and does not manage. */
  static readonly get = getterOf(LogExportConfig);
  /** Whether `value` is a log export of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<LogExportConfig>("LogExportConfig");
}

const channels = [
  "SESSIONS",
  "OPS",
  "HEALTH",
  "STORAGE",
  "SQL_SCHEMA",
  "USER_ADMIN",
  "PRIVILEGES",
  "SENSITIVE_ACCESS",
  "SQL_EXEC",
  "SQL_PERF",
  "CHANGEFEED",
] as const;

/** Channels that CockroachDB has and the service does not export. */
const unexportedChannels = new Set(["DEV", "KV_DISTRIBUTION", "SQL_INTERNAL_PERF", "TELEMETRY"]);

const channel = z
  .string()
  .refine((name) => /^[A-Z][A-Z_]*$/.test(name) && !unexportedChannels.has(name), {
    error: `must be a channel that can be exported: ${channels.join(", ")}.`,
  });

const inputs = z.strictObject({
  clusterId,
  type: z.enum(["AWS_CLOUDWATCH", "GCP_CLOUD_LOGGING", "AZURE_LOG_ANALYTICS"]),
  logName: nonEmptyText,
  authPrincipal: nonEmptyText,
  region: z.string().optional(),
  redact: z.boolean().optional(),
  groups: z
    .array(
      z.strictObject({
        logName: nonEmptyText,
        channels: z.array(channel).min(1, { error: "must have at least one channel." }),
        minLevel: z.enum(["UNSPECIFIED", "WARNING", "ERROR", "FATAL"]).optional(),
        redact: z.boolean().optional(),
        enableSendingQueue: z.boolean().optional(),
      }),
    )
    .optional(),
  omittedChannels: z.array(channel).optional(),
  awsExternalId: z.string().optional(),
  azureSharedKey: nonEmptySecret.optional(),
});

type Inputs = z.output<typeof inputs>;
type Group = NonNullable<Inputs["groups"]>[number];

interface State {
  clusterId: string;
  type: string;
  logName: string;
  authPrincipal: string;
  region?: string;
  redact: boolean;
  groups: Group[];
  omittedChannels: string[];
  awsExternalId?: string;
  azureSharedKey?: string;
  status: string;
  userMessage: string;
  createdAt?: string;
  updatedAt?: string;
}

const inPlace: ArgumentRule = { onChange: "update", changes: ["updatedAt"] };

const emptyWhenAbsent: ArgumentRule = {
  ...inPlace,
  isManagedWhenAbsent: true,
  canonical: (value) => value || undefined,
};

const definition: ResourceDefinition<Inputs, State, WireLogExport> = {
  type: "LogExportConfig",
  ...oneInCluster("log export"),
  inputs,
  arguments: {
    clusterId: replacesResource,
    // Another type is for another cloud, and so for another cluster: check refuses it alone.
    type: replacesResource,
    logName: inPlace,
    authPrincipal: inPlace,
    region: emptyWhenAbsent,
    redact: {
      ...inPlace,
      isManagedWhenAbsent: true,
      unset: false,
      canonical: (value) => value ?? false,
    },
    groups: {
      ...inPlace,
      isManagedWhenAbsent: true,
      unset: [],
      canonical: (groups) => sortedGroups((groups ?? []) as Group[]),
    },
    omittedChannels: {
      ...inPlace,
      isManagedWhenAbsent: true,
      unset: [],
      canonical: (names) => sortedSet((names ?? []) as string[]),
    },
    awsExternalId: emptyWhenAbsent,
    azureSharedKey: { ...emptyWhenAbsent, isWriteOnly: true },
  },
  outputs: ["status", "userMessage", "createdAt", "updatedAt"],
  secrets: ["azureSharedKey"],

  check: (olds, news, failures, _adopt, cluster) => ({
    failures: [
      ...failures,
      ...(hasUnknown(news) || failures.some(({ property }) => property === "type")
        ? []
        : conflictsIn(news as Partial<Inputs>)),
      ...(otherTypeIn(olds, news as Partial<Inputs>) ??
        clusterConflicts(news as Partial<Inputs>, cluster)),
    ],
    notes: notesOn(olds, news as Partial<Inputs>),
  }),

  sample: () => ({ status: "ENABLED", userMessage: "" }),
  toState: ({ spec, status, user_message, created_at, updated_at }, known) => ({
    clusterId: known.clusterId ?? "",
    type: spec.type,
    logName: spec.log_name,
    authPrincipal: spec.auth_principal,
    redact: spec.redact,
    groups: sortedGroups(
      spec.groups.map((group) => ({
        logName: group.log_name,
        channels: group.channels,
        minLevel: group.min_level as "UNSPECIFIED",
        ...omitUndefined({ redact: group.redact }),
        enableSendingQueue: group.enable_sending_queue,
      })),
    ),
    omittedChannels: sortedSet(spec.omitted_channels),
    status,
    userMessage: user_message,
    ...(spec.region === "" ? {} : { region: spec.region }),
    ...(spec.aws_external_id === "" ? {} : { awsExternalId: spec.aws_external_id }),
    ...(known.azureSharedKey ? { azureSharedKey: known.azureSharedKey } : {}),
    ...omitUndefined({ createdAt: created_at, updatedAt: updated_at }),
  }),
  setting: {
    get: ({ clusterId = "" }, { cloud, options }) =>
      present(cloud.logExports.get(clusterId, options)),
    plans: ["STANDARD", "ADVANCED"],
    name: "log-export",
  },

  ...rolledOut<Inputs, State, WireLogExport>(exportOf, ["status", "userMessage", "updatedAt"]),
  delete: ({ clusterId }, { cloud, options }) => cloud.logExports.delete(clusterId, options),
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

/** Another type alone: deleting the export first, as a replacement does, would only lose it. */
function otherTypeIn(
  olds: Partial<Inputs>,
  news: Partial<Inputs>,
): CheckOutcome["failures"] | undefined {
  const isOther = olds.type !== undefined && !hasUnknown(news.type) && olds.type !== news.type;
  if (!isOther || olds.clusterId !== news.clusterId) return undefined;
  return [
    {
      property: "type",
      reason: `cannot change from ${olds.type} to ${news.type}: the logs of a cluster go to the cloud that it runs on.`,
    },
  ];
}

const typesByCloud: Readonly<Record<string, Inputs["type"]>> = {
  AWS: "AWS_CLOUDWATCH",
  GCP: "GCP_CLOUD_LOGGING",
  AZURE: "AZURE_LOG_ANALYTICS",
};

/** What does not fit the cluster of the program. */
function clusterConflicts(
  { type, awsExternalId }: Partial<Inputs>,
  cluster: ClusterInRun | undefined,
): CheckOutcome["failures"] {
  const cloud = cloudOf(cluster);
  const fitting = typesByCloud[cloud ?? ""];
  if (fitting !== undefined && type !== undefined && !isUnknown(type) && type !== fitting) {
    const reason = `must be ${fitting}, not ${type}: the logs of a cluster go to the cloud that it runs on, and cluster "${cluster?.name}" is on ${cloud}.`;
    return [{ property: "type", reason }];
  }
  return awsExternalId && !isUnknown(awsExternalId)
    ? advancedOnlyFailures("awsExternalId", cluster)
    : [];
}

/** What the API refuses, where every argument is known. */
function conflictsIn(args: Partial<Inputs>): CheckOutcome["failures"] {
  const { type, groups = [], awsExternalId, azureSharedKey } = args;
  const failures: CheckOutcome["failures"] = [];
  if (Array.isArray(groups)) {
    const names = groups.map((group) => group?.logName);
    const twice = names.find((name, index) => name !== undefined && names.indexOf(name) < index);
    if (twice !== undefined) {
      failures.push({
        property: "groups",
        reason: `must have a logName of their own each, and ${JSON.stringify(twice)} is there twice.`,
      });
    }
    if (groups.filter((group) => group?.enableSendingQueue === true).length > 1) {
      failures.push({
        property: "groups",
        reason: "may have enableSendingQueue: true in one group only.",
      });
    }
  }
  const isAzure = type === "AZURE_LOG_ANALYTICS";
  if (isAzure && azureSharedKey === undefined) {
    failures.push({
      property: "azureSharedKey",
      reason: "is required for AZURE_LOG_ANALYTICS: give a shared key of the workspace.",
    });
  }
  if (!isAzure && azureSharedKey !== undefined) {
    failures.push({
      property: "azureSharedKey",
      reason: "is for AZURE_LOG_ANALYTICS only: leave it out.",
    });
  }
  if (awsExternalId && type !== "AWS_CLOUDWATCH") {
    failures.push({
      property: "awsExternalId",
      reason: "is for AWS_CLOUDWATCH only: leave it out.",
    });
  }
  return failures;
}

function notesOn(
  olds: Partial<Inputs>,
  { type, groups, omittedChannels }: Partial<Inputs>,
): Note[] {
  const notes: Note[] = [];
  const warn = (message: string) => notes.push({ severity: "warning", message });
  if (type === "AZURE_LOG_ANALYTICS" && olds.type !== type) {
    warn(
      "AZURE_LOG_ANALYTICS uses an API that Microsoft retired on 2026-09-14, so that a new export may not work. Its successor is not in the version of the Cloud API that this package speaks.",
    );
  }
  const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const named = (args: Partial<Inputs>) => [
    ...listOf(args.groups).flatMap((group) => listOf((group as Partial<Group> | null)?.channels)),
    ...listOf(args.omittedChannels),
  ];
  const before = new Set(named(olds));
  const all = named({ groups, omittedChannels } as Partial<Inputs>)
    .filter((name) => typeof name === "string")
    .filter((name) => !hasUnknown(name));
  for (const name of new Set(all)) {
    if (before.has(name)) continue;
    if (!(channels as readonly string[]).includes(name)) {
      warn(
        `Channel ${name} is not among those that are known to be exported: ${channels.join(", ")}.`,
      );
    }
    if (all.indexOf(name) < all.lastIndexOf(name)) {
      warn(`Channel ${name} is named twice, in groups or omittedChannels.`);
    }
  }
  return notes;
}

function exportOf(inputs: Inputs): Export<WireLogExport> {
  const { clusterId } = inputs;
  return {
    clusterId,
    object: `the log export of cluster ${clusterId}`,
    read: ({ cloud, options }) => cloud.logExports.get(clusterId, options),
    write: ({ cloud, options }: WriteCall) =>
      cloud.logExports.set(clusterId, toRequest(inputs), options),
    isWritten: ({ spec }) =>
      spec.type === inputs.type &&
      spec.log_name === inputs.logName &&
      spec.auth_principal === inputs.authPrincipal,
    grantAdvice:
      "The authPrincipal must let the exportPrincipal of the cluster write to the log: see the page of LogExportConfig for who has to be trusted on each plan and cloud.",
  };
}

function toRequest(inputs: Inputs): SetLogExportRequest {
  const { groups, omittedChannels, region, redact, awsExternalId, azureSharedKey } = inputs;
  return {
    type: inputs.type,
    log_name: inputs.logName,
    auth_principal: inputs.authPrincipal,
    ...(region ? { region } : {}),
    ...omitUndefined({ redact }),
    ...(groups === undefined ? {} : { groups: groups.map(toGroupRequest) }),
    ...omitUndefined({ omitted_channels: omittedChannels }),
    ...(awsExternalId ? { aws_external_id: awsExternalId } : {}),
    ...(azureSharedKey ? { azure_shared_key: azureSharedKey } : {}),
  };
}

function toGroupRequest({
  logName,
  channels,
  minLevel,
  redact,
  enableSendingQueue,
}: Group): LogExportGroupRequest {
  return {
    log_name: logName,
    channels,
    min_level: minLevel ?? "UNSPECIFIED",
    ...omitUndefined({ redact, enable_sending_queue: enableSendingQueue }),
  };
}

/** Groups in the one order and spelling that all orders and spellings have. */
function sortedGroups(groups: readonly Group[]): Group[] {
  return groups
    .map(({ channels, minLevel, enableSendingQueue, ...group }) => ({
      ...group,
      channels: sortedSet(channels),
      ...(minLevel === undefined || minLevel === "UNSPECIFIED" ? {} : { minLevel }),
      ...(enableSendingQueue === true ? { enableSendingQueue } : {}),
    }))
    .sort((one, other) => (one.logName < other.logName ? -1 : 1));
}

function sortedSet(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
