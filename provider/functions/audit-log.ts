/** Reads what was done in the organization, and by whom. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireAuditLogEntry } from "../../sdk/index";
import { omitUndefined } from "../values/omit-undefined";
import { collect, limitIn, timeIn, wordIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** An entry of the audit log. */
export interface AuditLogEntry {
  /** Id of the entry. */
  id: string;
  /** `AUDIT_LOG_ACTION_CREATE_CLUSTER` and about a hundred others. */
  action: string;
  /** What the action came through: `AUDIT_LOG_SOURCE_CC_API`, `AUDIT_LOG_SOURCE_UI` and others. */
  source: string;
  /** RFC 3339. */
  createdAt?: string;
  /** Empty when the action is about no cluster. */
  clusterId: string;
  /** Name of the cluster; empty when the action is about no cluster. */
  clusterName: string;
  /** Empty unless a person acted. */
  userEmail: string;
  /** Empty unless a service account acted. */
  serviceAccountName: string;
  /** `SYSTEM_ACTOR_NAME_SYSTEM` when the service itself acted; otherwise empty. */
  systemActorName: string;
  /** Details, as JSON in a text. */
  payload: string;
  /** Why the action failed; empty when it did not. */
  error: string;
  /** The session in which the action was done; empty without one. */
  sessionId: string;
  /** The request id of the API call. */
  traceId: string;
  /** Where the action came from. */
  metadata?: {
    /** IP address of the client. */
    ipAddress: string;
  };
}

/** Which entries. */
export interface ListAuditLogsArgs {
  /**
   * Time after which, or in descending order before which, the entries begin, RFC 3339.
   * @default the beginning of the organization, or in descending order now
   */
  startingFrom?: string | Date;
  /**
   * Time of the last entries, RFC 3339: later ones, or in descending order earlier ones, are left out.
   * @default no bound
   */
  until?: string | Date;
  /**
   * `ASC` begins with the oldest entry, `DESC` with the newest.
   * @default "ASC"
   */
  sortOrder?: "ASC" | "DESC";
  /** Most entries to list. @default no bound */
  limit?: number;
}

/** Which entries. */
export interface ListAuditLogsOutputArgs {
  /**
   * Time after which, or in descending order before which, the entries begin, RFC 3339.
   * @default the beginning of the organization, or in descending order now
   */
  startingFrom?: pulumi.Input<string> | Date;
  /**
   * Time of the last entries, RFC 3339: later ones, or in descending order earlier ones, are left out.
   * @default no bound
   */
  until?: pulumi.Input<string> | Date;
  /**
   * `ASC` begins with the oldest entry, `DESC` with the newest.
   * @default "ASC"
   */
  sortOrder?: pulumi.Input<"ASC" | "DESC">;
  /** Most entries to list. @default no bound */
  limit?: pulumi.Input<number>;
}

/** Lists entries of the audit log by time, each once; without bounds all of them. */
export function listAuditLogs(
  args: ListAuditLogsArgs = {},
  options?: FunctionOptions,
): Promise<AuditLogEntry[]> {
  return callFunction(entries, args, options);
}

/** `listAuditLogs` for outputs. */
export function listAuditLogsOutput(
  args: ListAuditLogsOutputArgs = {},
  options?: FunctionOptions,
): pulumi.Output<AuditLogEntry[]> {
  return callFunctionOutput(entries, args, options);
}

/** @internal */
export const entries: ProviderFunction<ListAuditLogsArgs, AuditLogEntry[]> = {
  name: "listAuditLogs",
  async read({ cloud }, { startingFrom, until, sortOrder, limit }) {
    const query = omitUndefined({
      startingFrom: timeIn("listAuditLogs", "startingFrom", startingFrom),
      until: timeIn("listAuditLogs", "until", until),
      sortOrder: wordIn("listAuditLogs", "sortOrder", sortOrder, ["ASC", "DESC"]),
      limit: limitIn("listAuditLogs", limit),
    });
    return (await collect(cloud.auditLogs.list(query))).map(toEntry);
  },
};

function toEntry(wire: WireAuditLogEntry): AuditLogEntry {
  return {
    id: wire.id,
    action: wire.action,
    source: wire.source,
    clusterId: wire.cluster_id,
    clusterName: wire.cluster_name,
    userEmail: wire.user_email,
    serviceAccountName: wire.service_account_name,
    systemActorName: wire.system_actor_name,
    payload: wire.payload,
    error: wire.error,
    sessionId: wire.session_id,
    traceId: wire.trace_id,
    ...omitUndefined({
      createdAt: wire.created_at,
      metadata: wire.metadata && { ipAddress: wire.metadata.ip_address },
    }),
  };
}
