// The export of a cluster's logs to its owner's cloud. POST replaces it as a whole, and is followed by a roll-out.

import type { ControlledArea, ControlParts } from "../area";
import type {
  LogExportGroup,
  LogExportRecord,
  LogExportSpec,
  LogExportStatus,
} from "../cluster/exports";
import { exportsOf } from "../cluster/exports";
import { changeableClusterOf, checkNotBusy, liveClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import { applyDueSteps, schedule, startJob } from "../cluster/timeline";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { ApiError, failedPrecondition, invalidValue, notFound } from "../server/errors";
import { timestamp } from "../server/protobuf-values";
import type { MessageShape } from "../server/protojson";

/** A log export in a response. */
export interface WireLogExport {
  cluster_id: string;
  status: LogExportStatus;
  user_message: string;
  /** RFC 3339. */
  created_at: string | null;
  /** RFC 3339. */
  updated_at: string | null;
  spec: object | null;
}

/** Log exports outside the API. Cluster ids are UUIDs. */
export interface LogExportControls {
  /** The log export as the API returns it; undefined when there is none. */
  get(clusterId: string): WireLogExport | undefined;
  /** Exports at once, without any rule. */
  set(clusterId: string, spec: LogExportSpec): void;
  /** Sets the status, for example CREDENTIALS_ERROR with a message. @throws when there is no log export. */
  setStatus(clusterId: string, status: LogExportStatus, userMessage?: string): void;
  /** Removes the log export. */
  clear(clusterId: string): void;
  /** Whether this is the shared key of Azure that the service has. */
  hasSharedKey(clusterId: string, key: string): boolean;
}

const clouds: Readonly<Record<LogExportSpec["type"], string>> = {
  AWS_CLOUDWATCH: "AWS",
  GCP_CLOUD_LOGGING: "GCP",
  AZURE_LOG_ANALYTICS: "AZURE",
};

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
];

const shape: MessageShape = {
  name: "cockroach.cloud.EnableLogExportRequest",
  fields: {
    type: { enumeration: ["AWS_CLOUDWATCH", "GCP_CLOUD_LOGGING", "AZURE_LOG_ANALYTICS"] },
    log_name: "string",
    auth_principal: "string",
    region: "string",
    redact: "bool",
    groups: {
      list: {
        message: {
          name: "cockroach.cloud.LogExportGroup",
          fields: {
            log_name: "string",
            channels: { list: "string" },
            min_level: { enumeration: ["UNSPECIFIED", "WARNING", "ERROR", "FATAL"] },
            redact: "bool",
            enable_sending_queue: "bool",
          },
        },
      },
    },
    omitted_channels: { list: "string" },
    aws_external_id: "string",
    azure_shared_key: "string",
  },
};

function getLogExportInfo(call: Call): object {
  const cluster = liveClusterOf(call);
  const { logs } = exportsOf(cluster);
  if (logs !== undefined) {
    return toWire(cluster, logs, call.context);
  }
  if (call.context.assumptions.logExportUnset === "not-found") {
    throw notSet();
  }
  return {
    cluster_id: cluster.id,
    status: "DISABLED",
    user_message: "",
    created_at: null,
    updated_at: null,
    spec: null,
  };
}

function enableLogExport(call: Call): object {
  const body = readBody<Partial<LogExportSpec>>(call, shape);
  const cluster = exportableOf(call);
  const spec = checkedSpec(body, cluster);
  const denial = call.context.queued.consumeExportDenial();
  if (denial !== undefined) {
    throw new ApiError(denial, "insufficient permissions to write to the log destination");
  }
  const exports = exportsOf(cluster);
  exports.logs = {
    spec,
    status: "ENABLING",
    userMessage: "",
    createdAt: exports.logs?.createdAt ?? call.now,
    updatedAt: call.now,
  };
  const { logs } = exports;
  const failure = call.context.queued.consumeExportFailure();
  rollOut(cluster, call, failure !== undefined, (at) => {
    logs.status = failure === undefined ? "ENABLED" : (failure.status ?? "ENABLE_FAILED");
    logs.userMessage = failure?.message ?? "Log export is active.";
    logs.updatedAt = at;
  });
  return toWire(cluster, logs, call.context);
}

function deleteLogExport(call: Call): object {
  const cluster = exportableOf(call);
  const { logs } = exportsOf(cluster);
  if (logs === undefined) {
    throw notSet();
  }
  logs.status = "DISABLING";
  logs.userMessage = "";
  logs.updatedAt = call.now;
  const failure = call.context.queued.consumeExportFailure();
  rollOut(cluster, call, failure !== undefined, (at) => {
    if (failure === undefined) {
      exportsOf(cluster).logs = undefined;
    } else {
      logs.status = "DISABLE_FAILED";
      logs.userMessage = failure.message;
      logs.updatedAt = at;
    }
  });
  return toWire(cluster, { ...logs, status: "DISABLING" }, call.context);
}

/** The cluster, if no other operation is in progress on it or on its log export. */
function exportableOf(call: Call): ClusterRecord {
  const cluster = changeableClusterOf(call);
  checkNotBusy(cluster, call.context);
  if (/ING$/.test(exportsOf(cluster).logs?.status ?? "")) {
    throw new ApiError(
      call.context.assumptions.busy,
      `couldn't lock cluster '${cluster.id}': its log export is being changed`,
    );
  }
  return cluster;
}

/** The nodes of an Advanced cluster take part one after another, which locks it. */
function rollOut(
  cluster: ClusterRecord,
  call: Call,
  fails: boolean,
  done: (at: number) => void,
): void {
  const { durations, assumptions } = call.context;
  if (cluster.plan === "ADVANCED") {
    startJob(cluster, call.now, {
      operation: "CRDB_LOG_EXPORT_OPERATION_RUNNING",
      durationMs: durations.logExportMs,
      locks: assumptions.lockDuringLogExport,
      fails,
      succeed: done,
      fail: done,
    });
  } else {
    schedule(cluster, { at: call.now + durations.logExportMs, name: "export", run: done });
    applyDueSteps(cluster, call.now);
  }
}

function checkedSpec(body: Partial<LogExportSpec>, cluster: ClusterRecord): LogExportSpec {
  const { type, log_name = "", auth_principal = "", groups = [], omitted_channels = [] } = body;
  if (type === undefined) {
    throw invalidValue("type is required");
  }
  for (const [name, text] of Object.entries({ log_name, auth_principal })) {
    if (text === "") {
      throw invalidValue(`${name} is required`);
    }
  }
  for (const channel of [...groups.flatMap((group) => group.channels ?? []), ...omitted_channels]) {
    if (!channels.includes(channel)) {
      throw invalidValue(`invalid field ClusterSpec: log channel '${channel}' is unknown`);
    }
  }
  checkGroups(groups);
  if (cluster.plan === "BASIC") {
    throw failedPrecondition("log export is not available on the Basic plan");
  }
  if (clouds[type] !== cluster.provider) {
    throw invalidValue(`log exports of type ${type} are not supported on ${cluster.provider}`);
  }
  if (body.aws_external_id && cluster.plan !== "ADVANCED") {
    throw invalidValue("aws_external_id is not supported for Standard clusters");
  }
  if (body.aws_external_id && type !== "AWS_CLOUDWATCH") {
    throw invalidValue("aws_external_id is supported on AWS only");
  }
  if (type === "AZURE_LOG_ANALYTICS" && !body.azure_shared_key) {
    throw invalidValue("azure_shared_key is required");
  }
  return { ...body, type, log_name, auth_principal };
}

function checkGroups(groups: readonly Partial<LogExportGroup>[]): void {
  for (const { log_name, channels: own = [] } of groups) {
    if (!log_name) {
      throw invalidValue("log_name is required for every group");
    }
    if (own.length === 0) {
      throw invalidValue(`group '${log_name}' must have at least one channel`);
    }
  }
  if (new Set(groups.map((group) => group.log_name)).size < groups.length) {
    throw invalidValue("groups must have different log names");
  }
  if (groups.filter((group) => group.enable_sending_queue === true).length > 1) {
    throw invalidValue("only one log export group can have enable_sending_queue enabled");
  }
}

function notSet(): Error {
  return notFound("log export is not enabled on the cluster");
}

function toWire(
  cluster: ClusterRecord,
  { spec, status, userMessage, createdAt, updatedAt }: LogExportRecord,
  { assumptions }: EmulatorContext,
): WireLogExport {
  const { azure_shared_key: key = "", ...shown } = spec;
  return {
    cluster_id: cluster.id,
    status,
    user_message: userMessage,
    created_at: timestamp(createdAt),
    updated_at: timestamp(updatedAt),
    spec: {
      ...shown,
      region: spec.region ?? "",
      aws_external_id: spec.aws_external_id ?? "",
      groups: (spec.groups ?? []).map((group) => ({
        ...group,
        min_level: group.min_level ?? "UNSPECIFIED",
      })),
      omitted_channels: spec.omitted_channels ?? [],
      ...(key !== "" &&
        assumptions.azureKeyInResponse === "masked" && {
          azure_shared_key: `****${key.slice(-4)}`,
        }),
    },
  };
}

/** The log export of a cluster. */
export const logExportArea: ControlledArea<LogExportControls> = {
  operations: {
    DeleteLogExport: deleteLogExport,
    EnableLogExport: enableLogExport,
    GetLogExportInfo: getLogExportInfo,
  },
  createControls: logExportControls,
};

function logExportControls({ findCluster, context }: ControlParts): LogExportControls {
  return {
    get: (clusterId) => {
      const cluster = findCluster(clusterId);
      const { logs } = exportsOf(cluster);
      return logs && toWire(cluster, logs, context);
    },
    set: (clusterId, spec) => {
      const now = context.clock.now();
      exportsOf(findCluster(clusterId)).logs = {
        spec: { ...spec },
        status: "ENABLED",
        userMessage: "",
        createdAt: now,
        updatedAt: now,
      };
    },
    setStatus: (clusterId, status, userMessage = "") => {
      const { logs } = exportsOf(findCluster(clusterId));
      if (logs === undefined) {
        throw new Error(`Cluster ${clusterId} has no log export.`);
      }
      Object.assign(logs, { status, userMessage, updatedAt: context.clock.now() });
    },
    clear: (clusterId) => {
      exportsOf(findCluster(clusterId)).logs = undefined;
    },
    hasSharedKey: (clusterId, key) =>
      exportsOf(findCluster(clusterId)).logs?.spec.azure_shared_key === key,
  };
}
