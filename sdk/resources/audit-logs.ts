// The audit log. It has no pages with tokens: each response says from which time on to ask.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import { maxPages, morePages } from "../http/pagination";
import { path } from "../http/path";
import { openEnumSchema, pageTokenSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { permission } from "../http/role";
import { parseTimestamp } from "../http/timestamp";
import { withoutStack } from "../http/without-stack";

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

/** Which entries to list. */
export interface ListAuditLogsQuery {
  /**
   * RFC 3339 time after which, or in descending order before which, the entries begin.
   *
   * @default the beginning of the organization, or in descending order now
   */
  startingFrom?: string;
  /**
   * RFC 3339 time of the last entries: later ones, or in descending order earlier ones, are left out.
   *
   * @default no bound
   */
  until?: string;
  /** @default "ASC" */
  sortOrder?: "ASC" | "DESC";
  /**
   * Most entries to list, of all requests together.
   *
   * @default no bound
   */
  limit?: number;
  /**
   * Entries per request, roughly: the API never parts entries of the same time.
   *
   * @default 200
   */
  pageSize?: number;
}

const permitted = permission(["OA"], "the organization");

const defaultEntriesPerRequest = 200;

/** The audit log of the organization. */
export class AuditLogsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists entries by time, each once. */
  list(query: ListAuditLogsQuery = {}, options?: RequestOptions): AsyncIterable<WireAuditLogEntry> {
    const { limit = Number.POSITIVE_INFINITY } = query;
    if (limit !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(limit) && limit >= 0)) {
      throw withoutStack(new RangeError(`limit must be a number of entries, not ${limit}.`));
    }
    const isPastEnd = pastEnd(query);
    return take(limit, until(isPastEnd, this.#entries(query, options)));
  }

  async *#entries(
    query: ListAuditLogsQuery,
    options: RequestOptions | undefined,
  ): AsyncGenerator<WireAuditLogEntry, void, undefined> {
    const { limit = Number.POSITIVE_INFINITY, pageSize = defaultEntriesPerRequest } = query;
    // The API gives a next cursor also at the end of the log, where it no longer moves.
    const cursors = new Set<string | undefined>();
    let cursor = query.startingFrom || undefined;
    let size = Math.min(pageSize, limit);
    let idsBefore = new Set<string>();
    while (cursor !== "" && !cursors.has(cursor)) {
      cursors.add(cursor);
      const call = pageCall(query, cursor, size);
      if (cursors.size > maxPages) throw this.#caller.endless(call, morePages);
      const page = await this.#caller.run(call, options);
      const { entries = [] } = page;
      if (entries.length === 0) return;
      // Duplicates occur where two pages meet. Remembering every id would waste memory.
      const ids = new Set<string>();
      for (const entry of entries) {
        const isDouble = entry.id !== "" && (ids.has(entry.id) || idsBefore.has(entry.id));
        ids.add(entry.id);
        if (!isDouble) yield entry;
      }
      idsBefore = ids;
      cursor = page.next_starting_from ?? "";
      // Fewer would do for the rest, but a small page could consist of duplicates.
      size = pageSize;
    }
  }
}

function pageCall(
  query: ListAuditLogsQuery,
  cursor: string | undefined,
  size: number,
): ApiCall<z.output<typeof auditLogPageSchema>> {
  return {
    method: "GET",
    path: path`/api/v1/auditlogevents`,
    query: { starting_from: cursor, sort_order: query.sortOrder, limit: size },
    operation: "Listing the audit log",
    object: "the audit log",
    permission: permitted,
    schema: auditLogPageSchema,
  };
}

/** Whether an entry lies behind the end of the query. */
function pastEnd(query: ListAuditLogsQuery): (entry: WireAuditLogEntry) => boolean {
  if (query.until === undefined) return () => false;
  const end = parseTimestamp(query.until);
  if (end === undefined) {
    throw withoutStack(
      new RangeError(
        `until must be a time like "2026-01-31T00:00:00Z", not ${JSON.stringify(query.until)}.`,
      ),
    );
  }
  return ({ created_at = "" }) => {
    const time = parseTimestamp(created_at) ?? end;
    return query.sortOrder === "DESC" ? time < end : time > end;
  };
}

async function* until<T>(isPastEnd: (item: T) => boolean, items: AsyncIterable<T>) {
  for await (const item of items) {
    if (isPastEnd(item)) return;
    yield item;
  }
}

async function* take<T>(limit: number, items: AsyncIterable<T>) {
  let count = 0;
  if (limit === 0) return;
  for await (const item of items) {
    yield item;
    count += 1;
    if (count >= limit) return;
  }
}
