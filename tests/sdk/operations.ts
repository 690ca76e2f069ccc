// Every operation of the client, with the request it makes and an answer to it. Several tests go through
// this table.

import type { CockroachCloudClient } from "../../sdk";
import { all, creation, wireCluster } from "./client-under-test";

/** One operation. */
export interface Operation {
  name: string;
  call(client: CockroachCloudClient): Promise<unknown>;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As in the API's own document. */
  template: string;
  /** What the parameters of the template are; each has characters that must be escaped. */
  url: string;
  body?: unknown;
  /** What the API answers. */
  answer: unknown;
  /** What the client makes of the answer. */
  result: unknown;
}

const id = "c/1";
const clusters = "/api/v1/clusters";
const ofCluster = `${clusters}/{cluster_id}`;
const base = `${clusters}/c%2F1`;

const { deleted_at: _, ...liveCluster } = wireCluster;
const ofOrders = `${clusters}/${wireCluster.id}`;
const readCluster = {
  ...liveCluster,
  config: { serverless: { routing_id: "orders-1", upgrade_type: "AUTOMATIC" } },
  parent_id: "",
  account_id: "",
  azure_cluster_identity_client_id: "",
  sql_dns: "",
  delete_protection: "",
  network_visibility: "",
  egress_traffic_policy: "UNSPECIFIED",
};
const node = { name: "cockroachdb-0", region_name: "us-east-1", status: "LIVE" };
const region = { name: "r", location: "City", provider: "AWS", serverless: true, distance: 1.5 };
const version = {
  version: "v25.2",
  release_type: "REGULAR",
  support_status: "SUPPORTED",
  support_end: "2027-01-01T00:00:00Z",
  allowed_upgrades: ["v25.4"],
};
const connectionQuery = { sqlUser: "u", database: "d", os: "LINUX" } as const;
const connection = {
  connection_string: "postgresql://u@h:26257/d",
  params: { Host: "h", Port: "26257", Database: "d", Username: "u" },
};

const user = { name: "a.b/c%d" };
const database = { name: "a b?", table_count: "12" };
const readDatabase = { name: "a b?", table_count: 12 };
const entry = { cidr_ip: "203.0.113.0", cidr_mask: 24, name: "office", sql: true, ui: false };
const window = { offset_duration: "172800s", window_duration: "21600s" };
const deferral = { deferral_policy: "DEFERRAL_30_DAYS", deferred_until: "2026-03-01T00:00:00Z" };
const keySpec = { type: "AWS_KMS", uri: "arn:aws:kms:r:1:key/k", auth_principal: "arn:aws:iam::1" };
const regionSpecs = [{ region: "r", key_spec: keySpec }];
const keys = {
  status: "ENABLED",
  region_infos: [
    {
      region: "r",
      status: "ENABLED",
      key_infos: [
        {
          status: "ENABLED",
          user_message: "",
          spec: keySpec,
          created_at: "2026-01-01T00:00:00Z",
          updated_at: "2026-01-02T00:00:00Z",
        },
      ],
    },
  ],
};
const backupConfiguration = { enabled: true, frequency_minutes: 60, retention_days: 30 };
const backup = { id: "b1", as_of_time: "2026-01-01T00:00:00.123456789Z" };
const restoreRequest = {
  type: "TABLE",
  backup_id: "b1",
  source_cluster_id: "c2",
  objects: [{ database: "d", schema: "public", table: "t" }],
  restore_opts: { into_db: "d2", skip_missing_views: true },
};
const restore = {
  id: "r/1",
  backup_id: "b1",
  status: "PENDING",
  type: "TABLE",
  source_cluster_name: "orders",
  destination_cluster_name: "copy",
  completion_percent: 0.25,
  created_at: "2026-01-01T00:00:00Z",
  backup_end_time: "2026-01-01T00:00:00Z",
  crdb_job_id: "",
  client_error_code: 0,
  client_error_message: "",
  objects: restoreRequest.objects,
  restore_opts: {
    into_db: "d2",
    new_db_name: "",
    schema_only: false,
    skip_localities_check: false,
    skip_missing_foreign_keys: false,
    skip_missing_sequences: false,
    skip_missing_views: true,
  },
};
const logEntry = {
  id: "e1",
  action: "AUDIT_LOG_ACTION_CREATE_CLUSTER",
  source: "AUDIT_LOG_SOURCE_CC_API",
  created_at: "2026-01-01T00:00:00Z",
  cluster_id: "c1",
  cluster_name: "orders",
  user_email: "",
  service_account_name: "robot",
  payload: "{}",
  error: "",
  session_id: "",
  trace_id: "t1",
  metadata: { ip_address: "203.0.113.7" },
};
const invoice = {
  invoice_id: "i/1",
  status: "DRAFT",
  period_start: "2026-01-01T00:00:00Z",
  period_end: "2026-02-01T00:00:00Z",
  totals: [{ amount: 12.34, currency: "USD" }],
  balances: [{ amount: 1.5, currency: "CRDB_CLOUD_CREDITS" }],
  invoice_items: [],
  adjustments: [{ name: "discount", amount: { amount: -2, currency: "USD" } }],
  folder_resources: [],
};
const organization = {
  id: "o1",
  label: "acme-x1",
  name: "Acme",
  created_at: "2026-01-01T00:00:00Z",
  cockroach_cloud_service_principals: { aws: { user_arn: "arn:aws:iam::2" } },
};

const range = { startTime: "2026-01-01T00:00:00Z", endTime: "2026-02-01T00:00:00Z" };
const rangeText = "start_time=2026-01-01T00%3A00%3A00Z&end_time=2026-02-01T00%3A00%3A00Z";

/** All of them. */
export const operations: readonly Operation[] = [
  {
    name: "clusters.create",
    call: (client) => client.clusters.create(creation),
    method: "POST",
    template: clusters,
    url: clusters,
    body: creation,
    answer: wireCluster,
    result: readCluster,
  },
  {
    name: "clusters.get",
    call: (client) => client.clusters.get(wireCluster.id),
    method: "GET",
    template: ofCluster,
    url: ofOrders,
    answer: wireCluster,
    result: readCluster,
  },
  {
    name: "clusters.list",
    call: (client) => all(client.clusters.list({ showInactive: true, pageSize: 7 })),
    method: "GET",
    template: clusters,
    url: `${clusters}?show_inactive=true&pagination.limit=7`,
    answer: { clusters: [wireCluster], pagination: null },
    result: [readCluster],
  },
  {
    name: "clusters.update",
    call: (client) => client.clusters.update(wireCluster.id, { labels: { team: "a" } }),
    method: "PATCH",
    template: ofCluster,
    url: ofOrders,
    body: { labels: { team: "a" } },
    answer: wireCluster,
    result: readCluster,
  },
  {
    name: "clusters.delete",
    call: (client) => client.clusters.delete(wireCluster.id),
    method: "DELETE",
    template: ofCluster,
    url: ofOrders,
    answer: wireCluster,
    result: readCluster,
  },
  {
    name: "clusters.listNodes",
    call: (client) => all(client.clusters.listNodes(id, { regionName: node.region_name })),
    method: "GET",
    template: `${ofCluster}/nodes`,
    url: `${base}/nodes?region_name=us-east-1&pagination.limit=500`,
    answer: { nodes: [node], pagination: null },
    result: [node],
  },
  {
    name: "clusters.listAvailableRegions",
    call: (client) => all(client.clusters.listAvailableRegions({ provider: "AWS" })),
    method: "GET",
    template: `${clusters}/available-regions`,
    url: `${clusters}/available-regions?provider=AWS&pagination.limit=500`,
    answer: { regions: [region], pagination: null },
    result: [region],
  },
  {
    name: "clusters.listMajorVersions",
    call: (client) => all(client.clusters.listMajorVersions()),
    method: "GET",
    template: "/api/v1/cluster-versions",
    url: "/api/v1/cluster-versions?pagination.limit=500",
    answer: { versions: [version], pagination: null },
    result: [version],
  },
  {
    name: "clusters.getConnectionString",
    call: (client) => client.clusters.getConnectionString(id, connectionQuery),
    method: "GET",
    template: `${ofCluster}/connection-string`,
    url: `${base}/connection-string?sql_user=u&database=d&os=LINUX`,
    answer: connection,
    result: connection,
  },
  {
    name: "sqlUsers.create",
    call: ({ sqlUsers }) => sqlUsers.create(id, { name: user.name, password: "secret-word" }),
    method: "POST",
    template: `${ofCluster}/sql-users`,
    url: `${base}/sql-users`,
    body: { name: user.name, password: "secret-word" },
    answer: user,
    result: user,
  },
  {
    name: "sqlUsers.list",
    call: ({ sqlUsers }) => all(sqlUsers.list(id, { pageSize: 9 })),
    method: "GET",
    template: `${ofCluster}/sql-users`,
    url: `${base}/sql-users?pagination.limit=9`,
    answer: { users: [user], pagination: null },
    result: [user],
  },
  {
    name: "sqlUsers.updatePassword",
    call: ({ sqlUsers }) => sqlUsers.updatePassword(id, user.name, "secret-word"),
    method: "PUT",
    template: `${ofCluster}/sql-users/{name}/password`,
    url: `${base}/sql-users/a.b%2Fc%25d/password`,
    body: { password: "secret-word" },
    answer: user,
    result: user,
  },
  {
    name: "sqlUsers.delete",
    call: ({ sqlUsers }) => sqlUsers.delete(id, user.name),
    method: "DELETE",
    template: `${ofCluster}/sql-users/{name}`,
    url: `${base}/sql-users/a.b%2Fc%25d`,
    answer: user,
    result: user,
  },
  {
    name: "databases.create",
    call: ({ databases }) => databases.create(id, { name: database.name }),
    method: "POST",
    template: `${ofCluster}/databases`,
    url: `${base}/databases`,
    body: { name: database.name },
    answer: database,
    result: readDatabase,
  },
  {
    name: "databases.list",
    call: ({ databases }) => all(databases.list(id)),
    method: "GET",
    template: `${ofCluster}/databases`,
    url: `${base}/databases?pagination.limit=500`,
    answer: { databases: [database, { name: "empty" }], pagination: { next_page: "" } },
    result: [readDatabase, { name: "empty", table_count: 0 }],
  },
  {
    name: "databases.rename",
    call: ({ databases }) => databases.rename(id, "old/name", database.name),
    method: "PATCH",
    template: `${ofCluster}/databases/{name}`,
    url: `${base}/databases/old%2Fname`,
    body: { new_name: database.name },
    answer: database,
    result: readDatabase,
  },
  {
    name: "databases.delete",
    call: ({ databases }) => databases.delete(id, database.name),
    method: "DELETE",
    template: `${ofCluster}/databases/{name}`,
    url: `${base}/databases/a%20b%3F`,
    answer: database,
    result: readDatabase,
  },
  {
    name: "allowlist.list",
    call: ({ allowlist }) => all(allowlist.list(id)),
    method: "GET",
    template: `${ofCluster}/networking/allowlist`,
    url: `${base}/networking/allowlist?pagination.limit=500`,
    answer: { allowlist: [entry], propagating: true, pagination: null },
    result: [entry],
  },
  {
    name: "allowlist.read",
    call: ({ allowlist }) => allowlist.read(id),
    method: "GET",
    template: `${ofCluster}/networking/allowlist`,
    url: `${base}/networking/allowlist?pagination.limit=500`,
    answer: { allowlist: [entry], propagating: true, pagination: null },
    result: { entries: [entry], propagating: true },
  },
  {
    name: "allowlist.add",
    call: ({ allowlist }) => allowlist.add(id, entry),
    method: "POST",
    template: `${ofCluster}/networking/allowlist`,
    url: `${base}/networking/allowlist`,
    body: entry,
    answer: entry,
    result: entry,
  },
  {
    name: "allowlist.update",
    call: ({ allowlist }) => allowlist.update(id, "203.0.113.0", 24, { sql: true, ui: false }),
    method: "PATCH",
    template: `${ofCluster}/networking/allowlist/{cidr_ip}/{cidr_mask}`,
    url: `${base}/networking/allowlist/203.0.113.0/24`,
    body: { sql: true, ui: false },
    answer: entry,
    result: entry,
  },
  {
    name: "allowlist.delete",
    call: ({ allowlist }) => allowlist.delete(id, "0.0.0.0", 0),
    method: "DELETE",
    template: `${ofCluster}/networking/allowlist/{cidr_ip}/{cidr_mask}`,
    url: `${base}/networking/allowlist/0.0.0.0/0`,
    answer: { cidr_ip: "0.0.0.0", sql: true, ui: true },
    result: { cidr_ip: "0.0.0.0", cidr_mask: 0, name: "", sql: true, ui: true },
  },
  {
    name: "cmek.get",
    call: ({ cmek }) => cmek.get(id),
    method: "GET",
    template: `${ofCluster}/cmek`,
    url: `${base}/cmek`,
    answer: keys,
    result: keys,
  },
  {
    name: "cmek.enable",
    call: ({ cmek }) => cmek.enable(id, regionSpecs),
    method: "POST",
    template: `${ofCluster}/cmek`,
    url: `${base}/cmek`,
    body: { region_specs: regionSpecs },
    answer: keys,
    result: keys,
  },
  {
    name: "cmek.update",
    call: ({ cmek }) => cmek.update(id, regionSpecs),
    method: "PUT",
    template: `${ofCluster}/cmek`,
    url: `${base}/cmek`,
    body: { region_specs: regionSpecs },
    answer: keys,
    result: keys,
  },
  {
    name: "cmek.revoke",
    call: ({ cmek }) => cmek.revoke(id),
    method: "PATCH",
    template: `${ofCluster}/cmek`,
    url: `${base}/cmek`,
    body: { action: "REVOKE" },
    answer: { status: "REVOKING" },
    result: { status: "REVOKING", region_infos: [] },
  },
  {
    name: "maintenanceWindows.get",
    call: ({ maintenanceWindows }) => maintenanceWindows.get(id),
    method: "GET",
    template: `${ofCluster}/maintenance-window`,
    url: `${base}/maintenance-window`,
    answer: window,
    result: window,
  },
  {
    name: "maintenanceWindows.set",
    call: ({ maintenanceWindows }) => maintenanceWindows.set(id, window),
    method: "PUT",
    template: `${ofCluster}/maintenance-window`,
    url: `${base}/maintenance-window`,
    body: window,
    answer: window,
    result: window,
  },
  {
    name: "maintenanceWindows.delete",
    call: ({ maintenanceWindows }) => maintenanceWindows.delete(id),
    method: "DELETE",
    template: `${ofCluster}/maintenance-window`,
    url: `${base}/maintenance-window`,
    answer: window,
    result: window,
  },
  {
    name: "versionDeferrals.get",
    call: ({ versionDeferrals }) => versionDeferrals.get(id),
    method: "GET",
    template: `${ofCluster}/version-deferral`,
    url: `${base}/version-deferral`,
    answer: { deferral_policy: "NOT_DEFERRED", deferred_until: null },
    result: { deferral_policy: "NOT_DEFERRED" },
  },
  {
    name: "versionDeferrals.set",
    call: ({ versionDeferrals }) => versionDeferrals.set(id, "DEFERRAL_30_DAYS"),
    method: "PUT",
    template: `${ofCluster}/version-deferral`,
    url: `${base}/version-deferral`,
    body: { deferral_policy: "DEFERRAL_30_DAYS" },
    answer: deferral,
    result: deferral,
  },
  {
    name: "backups.getConfiguration",
    call: ({ backups }) => backups.getConfiguration(id),
    method: "GET",
    template: `${ofCluster}/backups-config`,
    url: `${base}/backups-config`,
    answer: backupConfiguration,
    result: backupConfiguration,
  },
  {
    name: "backups.updateConfiguration",
    call: ({ backups }) => backups.updateConfiguration(id, { retention_days: 30 }),
    method: "PATCH",
    template: `${ofCluster}/backups-config`,
    url: `${base}/backups-config`,
    body: { retention_days: 30 },
    answer: backupConfiguration,
    result: backupConfiguration,
  },
  {
    name: "backups.list",
    call: ({ backups }) => all(backups.list(id, range)),
    method: "GET",
    template: `${ofCluster}/backups`,
    url: `${base}/backups?${rangeText}&pagination.limit=500`,
    answer: { backups: [backup], pagination: null },
    result: [backup],
  },
  {
    name: "restores.create",
    call: ({ restores }) => restores.create(id, restoreRequest),
    method: "POST",
    template: `${clusters}/{destination_cluster_id}/restores`,
    url: `${base}/restores`,
    body: restoreRequest,
    answer: restore,
    result: restore,
  },
  {
    name: "restores.get",
    call: ({ restores }) => restores.get(id, restore.id),
    method: "GET",
    template: `${ofCluster}/restores/{restore_id}`,
    url: `${base}/restores/r%2F1`,
    answer: restore,
    result: restore,
  },
  {
    name: "restores.list",
    call: ({ restores }) => all(restores.list(id, range)),
    method: "GET",
    template: `${ofCluster}/restores`,
    url: `${base}/restores?${rangeText}&pagination.limit=500`,
    answer: { restores: [restore], pagination: null },
    result: [restore],
  },
  {
    name: "auditLogs.list",
    call: ({ auditLogs }) =>
      all(auditLogs.list({ startingFrom: range.startTime, sortOrder: "DESC", limit: 1 })),
    method: "GET",
    template: "/api/v1/auditlogevents",
    url: "/api/v1/auditlogevents?starting_from=2026-01-01T00%3A00%3A00Z&sort_order=DESC&limit=1",
    answer: { entries: [logEntry], next_starting_from: null },
    result: [logEntry],
  },
  {
    name: "invoices.list",
    call: ({ invoices }) => all(invoices.list({ status: "FINALIZED", ...range })),
    method: "GET",
    template: "/api/v1/invoices",
    url: `/api/v1/invoices?status=FINALIZED&${rangeText}`,
    answer: { invoices: [invoice] },
    result: [invoice],
  },
  {
    name: "invoices.get",
    call: ({ invoices }) => invoices.get(invoice.invoice_id),
    method: "GET",
    template: "/api/v1/invoices/{invoice_id}",
    url: "/api/v1/invoices/i%2F1",
    answer: invoice,
    result: invoice,
  },
  {
    name: "organization.get",
    call: ({ organization: area }) => area.get(),
    method: "GET",
    template: "/api/v1/organization",
    url: "/api/v1/organization",
    answer: organization,
    result: organization,
  },
];
