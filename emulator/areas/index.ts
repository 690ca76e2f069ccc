// All areas of the emulator, and the types that it exports of each. A new area is here alone: its operations are served,
// and its controls are a property of the emulator under the name that it has here.

import type { Area } from "../area";
import { clusterArea } from "../cluster/cluster";
import { allowlistArea } from "./allowlist-entry";
import { apiKeyArea } from "./api-key";
import { auditLogArea } from "./audit-log";
import { backupArea } from "./backup";
import { blackoutWindowArea } from "./blackout-window";
import { clientCaCertArea } from "./client-ca-cert";
import { clusterDisruptionArea } from "./cluster-disruption";
import { cmekArea } from "./cmek-config";
import { connectionStringArea } from "./connection-string";
import { databaseArea } from "./database";
import { egressPrivateEndpointArea } from "./egress-private-endpoint";
import { egressRuleArea } from "./egress-rule";
import { folderArea } from "./folder";
import { invoiceArea } from "./invoice";
import { jwtIssuerArea } from "./jwt-issuer";
import { logExportArea } from "./log-export";
import { maintenanceWindowArea } from "./maintenance-window";
import { metricExportArea } from "./metric-export";
import { nodeArea } from "./node";
import { organizationInfoArea } from "./organization-info";
import { personArea } from "./person";
import { physicalReplicationStreamArea } from "./physical-replication-stream";
import { privateEndpointConnectionArea } from "./private-endpoint-connection";
import { privateEndpointServiceArea } from "./private-endpoint-service";
import { trustedOwnerArea } from "./private-endpoint-trusted-owner";
import { regionArea } from "./region";
import { restoreArea } from "./restore";
import { roleArea } from "./role";
import { scimDiscoveryArea } from "./scim-discovery";
import { scimGroupArea } from "./scim-group";
import { scimUserArea } from "./scim-user";
import { serviceAccountArea } from "./service-account";
import { sqlUserArea } from "./sql-user";
import { versionArea } from "./version";
import { versionDeferralArea } from "./version-deferral";

export type { AllowlistControls, AllowlistEdit, WireAllowlistEntry } from "./allowlist-entry";
export type { ApiKeyControls, WireApiKey } from "./api-key";
export type { WireAuditLogEntry } from "./audit-log";
export type { BackupControls, WireBackup, WireBackupConfiguration } from "./backup";
export type { BlackoutWindowControls, WireBlackoutWindow } from "./blackout-window";
export type { ClientCaCertControls, WireClientCaCert } from "./client-ca-cert";
export type { ClusterDisruptionControls } from "./cluster-disruption";
export type {
  CmekControls,
  WireCmekClusterInfo,
  WireCmekKeyInfo,
  WireCmekRegionInfo,
} from "./cmek-config";
export type { DatabaseControls, WireDatabase } from "./database";
export type {
  EgressPrivateEndpointControls,
  WireEgressPrivateEndpoint,
} from "./egress-private-endpoint";
export type {
  EgressRuleControls,
  EgressRuleState,
  EgressRuleValues,
  WireEgressRule,
} from "./egress-rule";
export type { FolderControls, WireFolder } from "./folder";
export type {
  WireCurrencyAmount,
  WireInvoice,
  WireInvoiceItem,
  WireLineItem,
} from "./invoice";
export type { JwtIssuerControls, WireJwtIdentity, WireJwtIssuer } from "./jwt-issuer";
export type { LogExportControls, WireLogExport } from "./log-export";
export type { MaintenanceWindowControls, WireMaintenanceWindow } from "./maintenance-window";
export type { MetricExportControls } from "./metric-export";
export type { PersonControls, WirePersonUser } from "./person";
export type {
  PhysicalReplicationStreamControls,
  WirePhysicalReplicationStream,
} from "./physical-replication-stream";
export type {
  CustomerEndpoint,
  PrivateEndpointConnectionControls,
  PrivateEndpointConnectionStatus,
  WirePrivateEndpointConnection,
} from "./private-endpoint-connection";
export type {
  PrivateEndpointServiceControls,
  PrivateEndpointServiceStatus,
  WirePrivateEndpointService,
} from "./private-endpoint-service";
export type {
  TrustedOwnerControls,
  WireTrustedOwner,
} from "./private-endpoint-trusted-owner";
export type {
  RoleControls,
  RoleResourceType,
  WireGroupRole,
  WireRole,
  WireRoles,
} from "./role";
export type { ScimGroupControls, ScimGroupDetails } from "./scim-group";
export type { ScimUserControls } from "./scim-user";
export type { ServiceAccountControls, WireServiceAccount } from "./service-account";
export type { SqlUserControls } from "./sql-user";
export type {
  VersionDeferralControls,
  WireVersionDeferral,
} from "./version-deferral";

/** The areas by their names. */
const areas = {
  allowlist: allowlistArea,
  /** API keys of all organizations, changed outside the API. */
  apiKeys: apiKeyArea,
  auditLog: auditLogArea,
  backups: backupArea,
  blackoutWindows: blackoutWindowArea,
  clusterDisruptions: clusterDisruptionArea,
  clientCaCerts: clientCaCertArea,
  /** Clusters of all organizations, changed outside the API. */
  clusters: clusterArea,
  cmek: cmekArea,
  connectionStrings: connectionStringArea,
  databases: databaseArea,
  egressPrivateEndpoints: egressPrivateEndpointArea,
  egressRules: egressRuleArea,
  /** Folders of all organizations, changed outside the API. */
  folders: folderArea,
  invoices: invoiceArea,
  /** JWT issuers of all organizations, changed outside the API. */
  jwtIssuers: jwtIssuerArea,
  logExports: logExportArea,
  maintenanceWindows: maintenanceWindowArea,
  metricExports: metricExportArea,
  nodes: nodeArea,
  organizationInfo: organizationInfoArea,
  /** Persons of all organizations. */
  persons: personArea,
  /** Physical replication streams of all organizations, changed outside the API. */
  physicalReplicationStreams: physicalReplicationStreamArea,
  privateEndpointConnections: privateEndpointConnectionArea,
  privateEndpointServices: privateEndpointServiceArea,
  privateEndpointTrustedOwners: trustedOwnerArea,
  regions: regionArea,
  restores: restoreArea,
  /** Roles of persons, service accounts and groups, changed outside the API. */
  roles: roleArea,
  /** Service accounts of all organizations, changed outside the API. */
  serviceAccounts: serviceAccountArea,
  scimDiscovery: scimDiscoveryArea,
  /** Groups of all organizations by SCIM, changed outside the API. */
  scimGroups: scimGroupArea,
  /** Persons of all organizations by SCIM, changed outside the API. */
  scimUsers: scimUserArea,
  sqlUsers: sqlUserArea,
  versionDeferrals: versionDeferralArea,
  versions: versionArea,
} satisfies Readonly<Record<string, Area>>;

// biome-ignore lint/style/noDefaultExport: so the emulator exports all types of this module, and not this.
export default areas;
