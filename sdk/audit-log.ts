// What was done in the organization, and by whom.

import { z } from "zod";
import { openEnumSchema, pageTokenSchema, textSchema } from "./protobuf-json";

/** What an action came through. */
export type AuditLogSource =
  | "AUDIT_LOG_SOURCE_CC_API"
  | "AUDIT_LOG_SOURCE_CLI"
  | "AUDIT_LOG_SOURCE_UI"
  | "AUDIT_LOG_SOURCE_INTERNAL"
  | "AUDIT_LOG_SOURCE_MCP"
  | "AUDIT_LOG_SOURCE_SSH_GATEWAY"
  | (string & {});

/** A part of the service that acts by itself. */
export type SystemActorName = "SYSTEM_ACTOR_NAME_SYSTEM" | (string & {});

/** An entry of the audit log. */
export interface WireAuditLogEntry {
  id: string;
  /** `AUDIT_LOG_ACTION_CREATE_CLUSTER` and about a hundred others. */
  action: string;
  source: AuditLogSource;
  /** RFC 3339. */
  created_at?: string;
  /** Empty when the action is about no cluster. */
  cluster_id: string;
  cluster_name: string;
  /** Empty unless a person acted. */
  user_email: string;
  /** Empty unless a service account acted. */
  service_account_name: string;
  /** Empty unless the service itself acted. */
  system_actor_name: SystemActorName;
  /** Details, as JSON in a text. */
  payload: string;
  /** Why the action failed; empty when it did not. */
  error: string;
  session_id: string;
  /** The request id of the API call. */
  trace_id: string;
  metadata?: { ip_address: string };
}

/** @internal */
export const auditLogEntrySchema = z.object({
  id: textSchema,
  action: textSchema,
  source: openEnumSchema<AuditLogSource>().default(""),
  created_at: z.string().exactOptional(),
  cluster_id: textSchema,
  cluster_name: textSchema,
  user_email: textSchema,
  service_account_name: textSchema,
  system_actor_name: openEnumSchema<SystemActorName>().default(""),
  payload: textSchema,
  error: textSchema,
  session_id: textSchema,
  trace_id: textSchema,
  metadata: z.object({ ip_address: textSchema }).exactOptional(),
});

/** @internal Each member may be missing, but a stray `{}` must not read as the end of the log. */
export const auditLogPageSchema = z
  .object({
    entries: z.array(auditLogEntrySchema).optional(),
    next_starting_from: pageTokenSchema.optional(),
  })
  .refine(
    ({ entries, next_starting_from }) => entries !== undefined || next_starting_from !== undefined,
    "has neither entries nor a time to go on from",
  );
