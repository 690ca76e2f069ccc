import type { WireAuditLogEntry } from "../../../sdk";
import type { auditLogEntrySchema } from "../../../sdk/resources/audit-logs";
import { all } from "../client-under-test";
import type { OperationArea, Reads } from "../operation";
import { range } from "../operation";

const logEntry = {
  id: "e1",
  action: "AUDIT_LOG_ACTION_CREATE_CLUSTER",
  source: "AUDIT_LOG_SOURCE_CC_API",
  created_at: "2026-01-01T00:00:00Z",
  cluster_id: "c1",
  cluster_name: "orders",
  user_email: "",
  service_account_name: "robot",
  system_actor_name: "",
  payload: "{}",
  error: "",
  session_id: "",
  trace_id: "t1",
  metadata: { ip_address: "203.0.113.7" },
};

export const area: OperationArea = {
  wireTypes: [true satisfies Reads<typeof auditLogEntrySchema, WireAuditLogEntry>],

  operations: [
    {
      name: "auditLogs.list",
      operation: "Listing the audit log",
      object: "the audit log",
      call: ({ auditLogs }) =>
        all(auditLogs.list({ startingFrom: range.startTime, sortOrder: "DESC", limit: 1 })),
      method: "GET",
      template: "/api/v1/auditlogevents",
      url: "/api/v1/auditlogevents?starting_from=2026-01-01T00%3A00%3A00Z&sort_order=DESC&limit=1",
      response: { entries: [logEntry], next_starting_from: null },
      result: [logEntry],
    },
  ],

  async callEach({ client }) {
    await all(
      client.auditLogs.list({ startingFrom: range.startTime, sortOrder: "DESC", limit: 1 }),
    );
  },
};
