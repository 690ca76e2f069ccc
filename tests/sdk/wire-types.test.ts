// The interfaces are written by hand, so that no zod type is in a public declaration. The compiler keeps
// them equal to what the schemas read; there is nothing to run.

import assert from "node:assert/strict";
import type { z } from "zod";
import type {
  WireAllowlistEntry,
  WireApiKey,
  WireAuditLogEntry,
  WireAwsEndpointConnection,
  WireBackup,
  WireBackupConfiguration,
  WireBlackoutWindow,
  WireClientCaCert,
  WireCloudRegion,
  WireCloudWatchMetricExport,
  WireCluster,
  WireClusterDisruption,
  WireCmekClusterInfo,
  WireConnectionString,
  WireCreatedApiKey,
  WireDatabase,
  WireDatadogMetricExport,
  WireEgressPrivateEndpoint,
  WireEgressRule,
  WireFolder,
  WireInvoice,
  WireJwtIssuer,
  WireLogExport,
  WireMaintenanceWindow,
  WireMajorVersion,
  WireNode,
  WireOrganization,
  WirePersonUser,
  WirePhysicalReplicationStream,
  WirePrivateEndpointConnection,
  WirePrivateEndpointService,
  WirePrivateEndpointTrustedOwner,
  WirePrometheusMetricExport,
  WireRestore,
  WireRoles,
  WireScimGroup,
  WireScimResourceType,
  WireScimSchema,
  WireScimServiceProviderConfig,
  WireScimUser,
  WireServiceAccount,
  WireSqlUser,
  WireVersionDeferral,
} from "../../sdk";
import type { allowlistEntrySchema, allowlistSchema } from "../../sdk/resources/allowlist";
import type {
  apiKeyListSchema,
  apiKeySchema,
  createdApiKeySchema,
} from "../../sdk/resources/api-keys";
import type { auditLogEntrySchema } from "../../sdk/resources/audit-logs";
import type { backupConfigurationSchema, backupListSchema } from "../../sdk/resources/backups";
import type {
  blackoutWindowListSchema,
  blackoutWindowSchema,
} from "../../sdk/resources/blackout-windows";
import type { clientCaCertSchema } from "../../sdk/resources/client-ca-certs";
import type { cloudRegionListSchema } from "../../sdk/resources/cloud-region";
import type { clusterDisruptionSchema } from "../../sdk/resources/cluster-disruptions";
import type { clusterListSchema, clusterSchema } from "../../sdk/resources/cluster-schema";
import type { cmekClusterInfoSchema } from "../../sdk/resources/cmek";
import type { connectionStringSchema } from "../../sdk/resources/connection-string";
import type { databaseListSchema, databaseSchema } from "../../sdk/resources/databases";
import type {
  egressPrivateEndpointListSchema,
  egressPrivateEndpointSchema,
  egressRuleListSchema,
  wrappedEgressRuleSchema,
} from "../../sdk/resources/egress";
import type {
  folderContentsSchema,
  folderListSchema,
  folderSchema,
} from "../../sdk/resources/folders";
import type { invoiceListSchema, invoiceSchema } from "../../sdk/resources/invoices";
import type { jwtIssuerListSchema, jwtIssuerSchema } from "../../sdk/resources/jwt-issuers";
import type { logExportSchema } from "../../sdk/resources/log-exports";
import type { maintenanceWindowSchema } from "../../sdk/resources/maintenance-windows";
import type { majorVersionListSchema } from "../../sdk/resources/major-version";
import type {
  cloudWatchMetricExportSchema,
  datadogMetricExportSchema,
  prometheusMetricExportSchema,
} from "../../sdk/resources/metric-exports";
import type { nodeListSchema } from "../../sdk/resources/node";
import type { organizationSchema } from "../../sdk/resources/organization";
import type { personUserSchema } from "../../sdk/resources/person-users";
import type {
  physicalReplicationStreamListSchema,
  physicalReplicationStreamSchema,
} from "../../sdk/resources/physical-replication-streams";
import type {
  awsEndpointConnectionsSchema,
  privateEndpointConnectionsSchema,
  privateEndpointServicesSchema,
  trustedOwnersSchema,
} from "../../sdk/resources/private-endpoints";
import type { restoreListSchema, restoreSchema } from "../../sdk/resources/restores";
import type { rolesSchema } from "../../sdk/resources/roles";
import type {
  scimResourceTypeSchema,
  scimSchemaSchema,
  scimServiceProviderConfigSchema,
} from "../../sdk/resources/scim-discovery";
import type { scimGroupSchema } from "../../sdk/resources/scim-groups";
import type { scimUserSchema } from "../../sdk/resources/scim-users";
import type {
  serviceAccountListSchema,
  serviceAccountSchema,
} from "../../sdk/resources/service-accounts";
import type { sqlUserListSchema, sqlUserSchema } from "../../sdk/resources/sql-users";
import type { versionDeferralSchema } from "../../sdk/resources/version-deferrals";

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

// Spelled out member by member, so that equal types are also identical ones.
type Plain<T> = T extends (infer Item)[]
  ? Plain<Item>[]
  : T extends string
    ? T
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T;

type Reads<Schema extends z.ZodType, Wire> = Same<Plain<z.output<Schema>>, Plain<Wire>>;

type Lists<Schema extends z.ZodType, Key extends keyof z.output<Schema>, Wire> = Same<
  Plain<z.output<Schema>[Key]>,
  Plain<Wire[]>
>;

// Each line is an error when its two types differ in anything.
const same: true[] = [
  true satisfies Reads<typeof clusterSchema, WireCluster>,
  true satisfies Lists<typeof clusterListSchema, "clusters", WireCluster>,
  true satisfies Lists<typeof nodeListSchema, "nodes", WireNode>,
  true satisfies Lists<typeof cloudRegionListSchema, "regions", WireCloudRegion>,
  true satisfies Lists<typeof majorVersionListSchema, "versions", WireMajorVersion>,
  true satisfies Reads<typeof connectionStringSchema, WireConnectionString>,
  true satisfies Reads<typeof sqlUserSchema, WireSqlUser>,
  true satisfies Lists<typeof sqlUserListSchema, "users", WireSqlUser>,
  true satisfies Reads<typeof databaseSchema, WireDatabase>,
  true satisfies Lists<typeof databaseListSchema, "databases", WireDatabase>,
  true satisfies Reads<typeof allowlistEntrySchema, WireAllowlistEntry>,
  true satisfies Lists<typeof allowlistSchema, "allowlist", WireAllowlistEntry>,
  true satisfies Reads<typeof cmekClusterInfoSchema, WireCmekClusterInfo>,
  true satisfies Reads<typeof maintenanceWindowSchema, WireMaintenanceWindow>,
  true satisfies Reads<typeof versionDeferralSchema, WireVersionDeferral>,
  true satisfies Reads<typeof backupConfigurationSchema, WireBackupConfiguration>,
  true satisfies Lists<typeof backupListSchema, "backups", WireBackup>,
  true satisfies Reads<typeof restoreSchema, WireRestore>,
  true satisfies Lists<typeof restoreListSchema, "restores", WireRestore>,
  true satisfies Reads<typeof blackoutWindowSchema, WireBlackoutWindow>,
  true satisfies Lists<typeof blackoutWindowListSchema, "blackout_windows", WireBlackoutWindow>,
  true satisfies Reads<typeof logExportSchema, WireLogExport>,
  true satisfies Reads<typeof datadogMetricExportSchema, WireDatadogMetricExport>,
  true satisfies Reads<typeof cloudWatchMetricExportSchema, WireCloudWatchMetricExport>,
  true satisfies Reads<typeof prometheusMetricExportSchema, WirePrometheusMetricExport>,
  true satisfies Reads<typeof physicalReplicationStreamSchema, WirePhysicalReplicationStream>,
  true satisfies Lists<
    typeof physicalReplicationStreamListSchema,
    "physical_replication_streams",
    WirePhysicalReplicationStream
  >,
  true satisfies Reads<typeof clusterDisruptionSchema, WireClusterDisruption>,
  true satisfies Reads<typeof auditLogEntrySchema, WireAuditLogEntry>,
  true satisfies Reads<typeof invoiceSchema, WireInvoice>,
  true satisfies Lists<typeof invoiceListSchema, "invoices", WireInvoice>,
  true satisfies Reads<typeof organizationSchema, WireOrganization>,
  true satisfies Reads<typeof folderSchema, WireFolder>,
  true satisfies Lists<typeof folderListSchema, "folders", WireFolder>,
  true satisfies Lists<typeof folderContentsSchema, "resources", WireFolder>,
  true satisfies Reads<typeof serviceAccountSchema, WireServiceAccount>,
  true satisfies Lists<typeof serviceAccountListSchema, "service_accounts", WireServiceAccount>,
  true satisfies Reads<typeof apiKeySchema, WireApiKey>,
  true satisfies Lists<typeof apiKeyListSchema, "api_keys", WireApiKey>,
  true satisfies Reads<typeof createdApiKeySchema, WireCreatedApiKey>,
  true satisfies Reads<typeof rolesSchema, WireRoles>,
  true satisfies Reads<typeof jwtIssuerSchema, WireJwtIssuer>,
  true satisfies Lists<typeof jwtIssuerListSchema, "jwt_issuers", WireJwtIssuer>,
  true satisfies Reads<typeof personUserSchema, WirePersonUser>,
  true satisfies Reads<typeof scimUserSchema, WireScimUser>,
  true satisfies Reads<typeof scimGroupSchema, WireScimGroup>,
  true satisfies Reads<typeof scimServiceProviderConfigSchema, WireScimServiceProviderConfig>,
  true satisfies Reads<typeof scimResourceTypeSchema, WireScimResourceType>,
  true satisfies Same<z.output<typeof scimSchemaSchema>, WireScimSchema>,
  true satisfies Lists<
    typeof privateEndpointServicesSchema,
    "services",
    WirePrivateEndpointService
  >,
  true satisfies Lists<
    typeof privateEndpointConnectionsSchema,
    "connections",
    WirePrivateEndpointConnection
  >,
  true satisfies Lists<
    typeof awsEndpointConnectionsSchema,
    "connections",
    WireAwsEndpointConnection
  >,
  true satisfies Lists<
    typeof trustedOwnersSchema,
    "trusted_owners",
    WirePrivateEndpointTrustedOwner
  >,
  true satisfies Reads<typeof wrappedEgressRuleSchema, WireEgressRule>,
  true satisfies Lists<typeof egressRuleListSchema, "rules", WireEgressRule>,
  true satisfies Reads<typeof egressPrivateEndpointSchema, WireEgressPrivateEndpoint>,
  true satisfies Lists<
    typeof egressPrivateEndpointListSchema,
    "egress_private_endpoints",
    WireEgressPrivateEndpoint
  >,
  true satisfies Reads<typeof clientCaCertSchema, WireClientCaCert>,
];

describe("Wire types", () => {
  it("are what the schemas read", () => {
    assert.ok(same.every(Boolean));
  });
});
