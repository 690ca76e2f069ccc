// What the areas make of responses that leave things out, say null or zero, or are newer than the client.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { parseJson } from "../../sdk/http/protobuf-json";
import { allowlistEntrySchema } from "../../sdk/resources/allowlist";
import { apiKeyListSchema } from "../../sdk/resources/api-keys";
import { auditLogEntrySchema, auditLogPageSchema } from "../../sdk/resources/audit-logs";
import { backupConfigurationSchema, backupListSchema } from "../../sdk/resources/backups";
import { clusterSchema } from "../../sdk/resources/clusters";
import { cmekClusterInfoSchema } from "../../sdk/resources/cmek";
import { databaseListSchema, databaseSchema } from "../../sdk/resources/databases";
import { folderContentsSchema, folderListSchema, folderSchema } from "../../sdk/resources/folders";
import { invoiceListSchema, invoiceSchema } from "../../sdk/resources/invoices";
import { maintenanceWindowSchema } from "../../sdk/resources/maintenance-windows";
import { organizationSchema } from "../../sdk/resources/organization";
import { physicalReplicationStreamListSchema } from "../../sdk/resources/physical-replication-streams";
import {
  awsEndpointConnectionsSchema,
  privateEndpointConnectionsSchema,
  privateEndpointServicesSchema,
} from "../../sdk/resources/private-endpoints";
import { restoreListSchema, restoreSchema } from "../../sdk/resources/restores";
import { serviceAccountListSchema } from "../../sdk/resources/service-accounts";
import { sqlUserListSchema, sqlUserSchema } from "../../sdk/resources/sql-users";
import { versionDeferralSchema } from "../../sdk/resources/version-deferrals";
import { wireCluster } from "./client-under-test";

function read<T>(schema: z.ZodType<T>, response: unknown): T {
  return schema.parse(parseJson(JSON.stringify(response)));
}

const money = { amount: 0, currency: "USD" };
const period = { period_start: "2026-01-01T00:00:00Z", period_end: "2026-02-01T00:00:00Z" };
const readRestore = {
  backup_id: "",
  source_cluster_name: "",
  destination_cluster_name: "",
  completion_percent: 0,
  crdb_job_id: "",
  client_error_code: 0,
  client_error_message: "",
  objects: [],
};

describe("A response", () => {
  const cases: [string, z.ZodType, unknown, unknown][] = [
    [
      "an allowlist entry",
      allowlistEntrySchema,
      { cidr_ip: "0.0.0.0", cidr_mask: null, name: null },
      { cidr_ip: "0.0.0.0", cidr_mask: 0, name: "", sql: false, ui: false },
    ],
    ["a database", databaseSchema, { name: "d", table_count: null }, { name: "d", table_count: 0 }],
    [
      "a backup configuration",
      backupConfigurationSchema,
      { enabled: null },
      { enabled: false, frequency_minutes: 0, retention_days: 0 },
    ],
    ["no encryption", cmekClusterInfoSchema, {}, { status: "DISABLED", region_infos: [] }],
    [
      "encryption with gaps",
      cmekClusterInfoSchema,
      {
        status: "ENABLED",
        region_infos: [
          { region: "r", key_infos: [{ spec: null }, { spec: { type: "AWS_KMS" } }] },
          { region: "s", status: "ROTATING", key_infos: null },
        ],
      },
      {
        status: "ENABLED",
        region_infos: [
          {
            region: "r",
            status: "DISABLED",
            key_infos: [
              { status: "DISABLED", user_message: "" },
              {
                status: "DISABLED",
                user_message: "",
                spec: { type: "AWS_KMS", uri: "", auth_principal: "" },
              },
            ],
          },
          { region: "s", status: "ROTATING", key_infos: [] },
        ],
      },
    ],
    ["no deferral", versionDeferralSchema, {}, { deferral_policy: "NOT_DEFERRED" }],
    [
      "a restore",
      restoreSchema,
      { id: "r", status: "PENDING", type: "CLUSTER", completed_at: null, objects: null },
      { id: "r", status: "PENDING", type: "CLUSTER", ...readRestore },
    ],
    [
      "the objects of a restore",
      restoreSchema,
      { id: "r", status: "PENDING", type: "DATABASE", objects: [{ database: "d" }] },
      {
        id: "r",
        status: "PENDING",
        type: "DATABASE",
        ...readRestore,
        objects: [{ database: "d", schema: "", table: "" }],
      },
    ],
    [
      "an invoice",
      invoiceSchema,
      { invoice_id: "i", ...period, totals: [{}], invoice_items: [{}], adjustments: [{}] },
      {
        invoice_id: "i",
        status: "",
        ...period,
        totals: [money],
        balances: [],
        invoice_items: [{ totals: [], line_items: [] }],
        adjustments: [{ name: "", amount: money }],
        folder_resources: [],
      },
    ],
    [
      "a line of an invoice",
      invoiceSchema.shape.invoice_items,
      [{ line_items: [{ quantity: 2.5, unit_cost: 0.1, total: { amount: 0.25 } }] }],
      [
        {
          totals: [],
          line_items: [
            {
              description: "",
              quantity: 2.5,
              quantity_unit: "",
              unit_cost: 0.1,
              total: { amount: 0.25, currency: "USD" },
            },
          ],
        },
      ],
    ],
    [
      "an organization",
      organizationSchema,
      { id: "o", cockroach_cloud_service_principals: { aws: null, gcp: {} } },
      {
        id: "o",
        label: "",
        name: "",
        cockroach_cloud_service_principals: { gcp: { service_account_email: "" } },
      },
    ],
    [
      "a folder at the root",
      folderSchema,
      { resource_id: "f", resource_type: "FOLDER", parent_id: "", path: null, labels: null },
      {
        resource_id: "f",
        resource_type: "FOLDER",
        parent_id: "root",
        organization_id: "",
        name: "",
        path: [],
        labels: {},
      },
    ],
    ["the contents of an empty folder", folderContentsSchema, {}, { resources: [] }],
  ];
  for (const [title, schema, response, expected] of cases) {
    it(`with gaps reads as ${title}`, () => {
      assert.deepEqual(read(schema, response), expected);
    });
  }

  for (const [count, expected] of [
    ["12", 12],
    [12, 12],
    ["0", 0],
    ["9007199254740991", 9_007_199_254_740_991],
  ] as const) {
    it(`counts ${JSON.stringify(count)} tables as ${expected}`, () => {
      assert.equal(read(databaseSchema, { name: "d", table_count: count }).table_count, expected);
    });
  }

  for (const count of ["18446744073709551615", "1.5", "many", "", true]) {
    it(`does not count ${JSON.stringify(count)} tables`, () => {
      assert.throws(() => read(databaseSchema, { name: "d", table_count: count }));
    });
  }

  const newer: [string, z.ZodType, object, string, string][] = [
    ["encryption", cmekClusterInfoSchema, {}, "status", "PAUSED"],
    ["deferral", versionDeferralSchema, {}, "deferral_policy", "DEFERRAL_10_YEARS"],
    ["restore", restoreSchema, { id: "r", status: "PENDING" }, "type", "GALAXY"],
    ["invoice", invoiceSchema, { invoice_id: "i", ...period }, "status", "PAID"],
    ["folder", folderSchema, { resource_id: "f" }, "resource_type", "APPLICATION"],
  ];
  for (const [title, schema, rest, member, value] of newer) {
    it(`may know more of ${title} than the client`, () => {
      const response = read(schema, { ...rest, [member]: value, warp: 9 });
      assert.equal((response as Record<string, unknown>)[member], value);
      assert.equal("warp" in (response as object), false);
    });
  }

  const missing: [string, z.ZodType][] = [
    ["users", sqlUserListSchema],
    ["databases", databaseListSchema],
    ["backups", backupListSchema],
    ["restores", restoreListSchema],
    ["invoices", invoiceListSchema],
    ["entries", auditLogPageSchema],
    ["folders", folderListSchema],
    ["service accounts", serviceAccountListSchema],
    ["API keys", apiKeyListSchema],
    ["private endpoint services", privateEndpointServicesSchema],
    ["private endpoint connections", privateEndpointConnectionsSchema],
    ["AWS endpoint connections", awsEndpointConnectionsSchema],
    ["replication streams", physicalReplicationStreamListSchema],
    ["name of a user", sqlUserSchema],
    ["name of a database", databaseSchema],
    ["id of a restore", restoreSchema],
    ["id of an invoice", invoiceSchema],
    ["id of an organization", organizationSchema],
    ["id of a folder", folderSchema],
  ];
  for (const [title, schema] of missing) {
    it(`without the ${title} is none`, () => {
      assert.throws(() => read(schema, {}));
    });
  }

  it("shows invoiced clusters, whole or hardly", () => {
    const items = [{ cluster: wireCluster }, { cluster: { name: "old" } }, { cluster: null }];
    const read1 = read(invoiceSchema.shape.invoice_items, items);
    assert.equal(read1[0]?.cluster?.config.serverless?.routing_id, "orders-1");
    assert.equal(read1[1]?.cluster?.name, "old");
    assert.equal(read1[1]?.cluster?.state, "");
    assert.equal(read1[2]?.cluster, undefined);
  });

  const document = JSON.parse(
    readFileSync(join(__dirname, "..", "openapi", "openapi.json"), "utf8"),
  );
  const examples: [string, z.ZodType][] = [
    ["AllowlistEntry", allowlistEntrySchema],
    ["MaintenanceWindow", maintenanceWindowSchema],
    ["ClusterVersionDeferral", versionDeferralSchema],
    ["BackupConfiguration", backupConfigurationSchema],
    ["Restore", restoreSchema],
  ];
  for (const [name, schema] of examples) {
    it(`like the API's own example of ${name} is read, with every member`, () => {
      const { example } = document.components.schemas[name];
      const members = Object.keys(read(schema, example) as object);
      for (const member of Object.keys(example)) assert.ok(members.includes(member), member);
    });
  }

  const all: [string, z.ZodObject][] = [
    ["AllowlistEntry", allowlistEntrySchema],
    ["MaintenanceWindow", maintenanceWindowSchema],
    ["ClusterVersionDeferral", versionDeferralSchema],
    ["BackupConfiguration", backupConfigurationSchema],
    ["Restore", restoreSchema],
    ["Region", clusterSchema.shape.regions.unwrap().element],
    ["SQLUser", sqlUserSchema],
    ["Database", databaseSchema],
    ["CMEKClusterInfo", cmekClusterInfoSchema],
    ["Invoice", invoiceSchema],
    ["InvoiceItem", invoiceSchema.shape.invoice_items.unwrap().element],
    ["ListAuditLogsResponse", auditLogPageSchema],
    ["AuditLogEntry", auditLogEntrySchema],
    ["Organization", organizationSchema],
    ["FolderResource", folderSchema],
  ];
  for (const [name, schema] of all) {
    it(`has the members of ${name} in the API's document`, () => {
      const { properties } = document.components.schemas[name];
      assert.deepEqual(Object.keys(schema.shape).sort(), Object.keys(properties).sort());
    });
  }
});
