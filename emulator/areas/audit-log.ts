// The audit log of an organization: an entry for every change through the API. Pages continue after a moment, so
// entries of one moment are never on two pages.

import { randomUUID } from "node:crypto";
import type { Area } from "../area";
import type { Organization } from "../organization/organization";
import type { Call } from "../server/call";
import { invalidArgument } from "../server/errors";
import type { Operation } from "../server/operation";
import { timestamp } from "../server/protobuf-values";
import { parseLoosely } from "../server/protojson";
import { enumParameter, intParameter, timeParameter } from "../server/query";
import { withoutKeys, withoutSecrets } from "../server/request-log";
import { stateOfEach } from "../state";

/** Entries of a page when the request names no limit. */
const defaultLimit = 200;

/** An entry as the API spells it. */
export interface WireAuditLogEntry {
  id: string;
  /** For example `AUDIT_LOG_ACTION_CREATE_CLUSTER`. */
  action: string;
  source: string;
  /** RFC 3339. */
  created_at: string;
  /** "" when it is about no single cluster. */
  cluster_id: string;
  cluster_name: string;
  user_email: string;
  service_account_name: string;
  /** Absent unless the service itself acted. */
  system_actor_name?: "SYSTEM_ACTOR_NAME_SYSTEM";
  /** What was asked for, as text. */
  payload: string;
  /** "" when it was done. */
  error: string;
  session_id: string;
  /** The `Cc-Trace-Id` of the request. */
  trace_id: string;
  metadata: { ip_address: string };
}

/** The audit log of an organization, in the order in which its entries were made. */
export const auditLogOf = stateOfEach<Organization, [], WireAuditLogEntry[]>(() => []);

// Where it is not the operation's own name. What has no action of its own (databases, backups) is an update of the cluster.
const actions: Readonly<Record<string, string>> = {
  AddAllowlistEntry: "ADD_IP_ALLOWLIST",
  AddAllowlistEntry2: "ADD_IP_ALLOWLIST",
  CreateBlackoutWindow: "CREATE_CLUSTER_BLACKOUT_WINDOW",
  AddPrivateEndpointConnection: "ACCEPT_PRIVATE_LINK",
  CreateDatabase: "UPDATE_CLUSTER",
  CreatePrivateEndpointServices: "CREATE_PRIVATE_LINK",
  CreateRestore: "RESTORE_CLUSTER",
  DeleteAllowlistEntry: "DELETE_IP_ALLOWLIST",
  DeleteBlackoutWindow: "DELETE_CLUSTER_BLACKOUT_WINDOW",
  DeleteCloudWatchMetricExport: "DELETE_CLUSTER_METRIC_EXPORT",
  DeleteDatabase: "UPDATE_CLUSTER",
  DeleteDatadogMetricExport: "DELETE_CLUSTER_METRIC_EXPORT",
  DeleteLogExport: "DELETE_CLUSTER_LOG_EXPORT",
  DeleteMaintenanceWindow: "DELETE_CLUSTER_MAINTENANCE_WINDOW",
  DeletePrometheusMetricExport: "DELETE_CLUSTER_METRIC_EXPORT",
  DeletePrivateEndpointConnection: "REJECT_PRIVATE_LINK",
  EditDatabase: "UPDATE_CLUSTER",
  EditDatabase2: "UPDATE_CLUSTER",
  EnableCMEKSpec: "UPDATE_CMEK",
  // ADD_USER_TO_ROLE and REMOVE_USER_FROM_ROLE are those of single roles.
  SetRolesForUser: "ASSIGN_USER_ROLE",
  PatchGroup: "UPDATE_GROUP",
  PatchUser: "UPDATE_USER",
  EnableCloudWatchMetricExport: "UPDATE_CLUSTER_METRIC_EXPORT",
  EnableDatadogMetricExport: "UPDATE_CLUSTER_METRIC_EXPORT",
  EnableLogExport: "UPDATE_CLUSTER_LOG_EXPORT",
  EnablePrometheusMetricExport: "UPDATE_CLUSTER_METRIC_EXPORT",
  // REJECT_PRIVATE_LINK where the request rejects the endpoint.
  SetAwsEndpointConnectionState: "ACCEPT_PRIVATE_LINK",
  SetClusterVersionDeferral: "UPDATE_CLUSTER_VERSION_UPGRADE_DEFERRAL",
  SetMaintenanceWindow: "SET_CLUSTER_MAINTENANCE_WINDOW",
  UpdateAllowlistEntry: "EDIT_IP_ALLOWLIST",
  UpdateBackupConfiguration: "UPDATE_CLUSTER",
  UpdateBlackoutWindow: "UPDATE_CLUSTER_BLACKOUT_WINDOW",
  UpdateCMEKSpec: "UPDATE_CMEK",
  UpdateCMEKStatus: "REVOKE_CMEK",
  UpdatePhysicalReplicationStream: "FAILOVER_PHYSICAL_REPLICATION_STREAM",
  UpdateEgressPrivateEndpointDomainNames: "UPDATE_EGRESS_PRIVATE_ENDPOINT",
  UpdateSQLUserPassword: "CHANGE_SQL_USER_PASSWORD",
};

/**
 * Adds an entry for a call that has changed something, or was refused.
 * @param response The body of the response.
 * @param error Why it was refused, "" otherwise.
 */
export function recordChange(call: Call, response: object, error = ""): void {
  const { organization, operation, caller, path } = call;
  const body = parseLoosely(call.body);
  const action = actionOf(call, body);
  if (action === undefined) {
    return;
  }
  const created: { id?: string; name?: string } =
    operation.name === "CreateCluster" ? response : {};
  const clusterId = call.clusterId || created.id || "";
  const about = Object.entries(path).filter(([name]) => !name.endsWith("cluster_id"));
  auditLogOf(organization).push({
    id: randomUUID(),
    action: `AUDIT_LOG_ACTION_${action}`,
    source: "AUDIT_LOG_SOURCE_CC_API",
    created_at: timestamp(call.now),
    cluster_id: clusterId,
    cluster_name: organization.clusters.get(clusterId)?.name ?? created.name ?? "",
    user_email: caller.kind === "person" ? caller.email : "",
    service_account_name: caller.kind === "person" ? "" : caller.name,
    payload: JSON.stringify({
      operation: operation.name,
      ...Object.fromEntries(about.map(([name, value]) => [name, withoutKeys(value)])),
      ...(body !== undefined && { request: withoutSecrets(body) }),
    }),
    error: withoutKeys(error),
    session_id: "",
    trace_id: call.traceId,
    metadata: { ip_address: "127.0.0.1" },
  });
}

/** The action of an operation, without its prefix; undefined for one that changes nothing. @internal */
export function actionNameOf({ method, name, path }: Operation): string | undefined {
  if (actions[name] !== undefined || method === "GET" || path.endsWith("/.search")) {
    return actions[name];
  }
  const words = name.replace(/([a-z])([A-Z])|([A-Z])([A-Z][a-z])/g, "$1$3_$2$4");
  return words.toUpperCase();
}

function actionOf(call: Call, body: unknown): string | undefined {
  const action = call.auditAction ?? actionNameOf(call.operation);
  if (call.auditAction !== undefined) {
    return action || undefined;
  }
  const keys = typeof body === "object" && body !== null ? Object.keys(body) : [];
  if (call.operation.method === "PATCH" && keys.length === 0) {
    return undefined;
  }
  if (call.operation.name === "UpdatePhysicalReplicationStream") {
    const { status }: { status?: string } = typeof body === "object" && body !== null ? body : {};
    return status === "CANCELED" ? "CANCEL_PHYSICAL_REPLICATION_STREAM" : action;
  }
  if (call.operation.name === "SetAwsEndpointConnectionState" && /REJECTED/.test(call.body)) {
    return "REJECT_PRIVATE_LINK";
  }
  if (call.operation.name !== "UpdateCluster") {
    return action;
  }
  const isProtection = keys.every((key) => /^delete_?protection$/i.test(key));
  return isProtection ? "SET_DELETE_PROTECTION" : action;
}

function listAuditLogs(call: Call): object {
  const { query, organization, context } = call;
  const startingFrom = timeParameter(query, "starting_from");
  const isDescending = enumParameter(query, "sort_order", ["ASC", "DESC"]) === "DESC";
  const limit = intParameter(query, "limit") || defaultLimit;
  if (limit < 0) {
    throw invalidArgument("invalid argument: limit must not be negative");
  }
  const sorted = entriesInOrder(organization);
  const ahead = (isDescending ? sorted.reverse() : sorted).filter(({ at }) => {
    // The start itself is left out: it is the last moment of the page before.
    const isStart = at === startingFrom && context.assumptions.auditStart === "inclusive";
    const isAhead =
      startingFrom === undefined || (isDescending ? at < startingFrom : at > startingFrom);
    return isStart || isAhead;
  });
  let end = Math.min(limit, ahead.length);
  while (end > 0 && end < ahead.length && ahead[end]?.at === ahead[end - 1]?.at) {
    end += 1;
  }
  const last = ahead[end - 1]?.at ?? startingFrom ?? organization.createdAt;
  const isOver = isDescending && end === ahead.length && !context.assumptions.auditCursorAtStart;
  return {
    entries: ahead.slice(0, end).map(({ entry }) => entry),
    next_starting_from: isOver ? null : timestamp(last),
  };
}

function entriesInOrder(organization: Organization): { entry: WireAuditLogEntry; at: number }[] {
  return auditLogOf(organization)
    .map((entry) => ({ entry, at: Date.parse(entry.created_at) }))
    .sort((a, b) => a.at - b.at);
}

/** The audit log. */
export const auditLogArea: Area = { operations: { ListAuditLogs: listAuditLogs } };

/** Creates a whole entry of some of its parts. @internal */
export function newAuditLogEntry(
  parts: Partial<WireAuditLogEntry>,
  now: number,
): WireAuditLogEntry {
  return {
    id: randomUUID(),
    action: "AUDIT_LOG_ACTION_USER_LOGIN",
    source: "AUDIT_LOG_SOURCE_UI",
    created_at: timestamp(now),
    cluster_id: "",
    cluster_name: "",
    user_email: parts.system_actor_name === undefined ? "somebody@example.com" : "",
    service_account_name: "",
    payload: "{}",
    error: "",
    session_id: "",
    trace_id: randomUUID(),
    metadata: { ip_address: "192.0.2.1" },
    ...parts,
  };
}
