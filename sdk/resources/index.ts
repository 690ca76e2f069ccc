// All areas of the API: what a client has of each, and the types that the client exports. A new area is here alone.

import type { Caller } from "../http/call";
import { AllowlistApi } from "./allowlist";
import { ApiKeysApi } from "./api-keys";
import { AuditLogsApi } from "./audit-logs";
import { BackupsApi } from "./backups";
import { BlackoutWindowsApi } from "./blackout-windows";
import { ClientCaCertsApi } from "./client-ca-certs";
import { ClusterCertificatesApi } from "./cluster-certificates";
import { ClusterDisruptionsApi } from "./cluster-disruptions";
import { ClustersApi } from "./clusters";
import { CmekApi } from "./cmek";
import { DatabasesApi } from "./databases";
import { EgressPrivateEndpointsApi, EgressRulesApi } from "./egress";
import { FoldersApi } from "./folders";
import { InvoicesApi } from "./invoices";
import { JwtIssuersApi } from "./jwt-issuers";
import { LogExportsApi } from "./log-exports";
import { MaintenanceWindowsApi } from "./maintenance-windows";
import { MetricExportsApi } from "./metric-exports";
import { OrganizationApi } from "./organization";
import { PersonUsersApi } from "./person-users";
import { PhysicalReplicationStreamsApi } from "./physical-replication-streams";
import {
  AwsEndpointConnectionsApi,
  PrivateEndpointConnectionsApi,
  PrivateEndpointServicesApi,
  PrivateEndpointTrustedOwnersApi,
} from "./private-endpoints";
import { RestoresApi } from "./restores";
import { RolesApi } from "./roles";
import { ScimDiscoveryApi } from "./scim-discovery";
import { ScimGroupsApi } from "./scim-groups";
import { ScimUsersApi } from "./scim-users";
import { ServiceAccountsApi } from "./service-accounts";
import { SqlUsersApi } from "./sql-users";
import { VersionDeferralsApi } from "./version-deferrals";

export type {
  AddAllowlistEntryRequest,
  AllowlistApi,
  AllowlistReading,
  UpdateAllowlistEntryRequest,
  WireAllowlistEntry,
} from "./allowlist";
export type {
  ApiKeysApi,
  CreateApiKeyRequest,
  ListApiKeysQuery,
  UpdateApiKeyRequest,
  WireApiKey,
  WireCreatedApiKey,
} from "./api-keys";
export type {
  AuditLogSource,
  AuditLogsApi,
  ListAuditLogsQuery,
  SystemActorName,
  WireAuditLogEntry,
} from "./audit-logs";
export type {
  BackupsApi,
  UpdateBackupConfigurationRequest,
  WireBackup,
  WireBackupConfiguration,
} from "./backups";
export type {
  BlackoutWindowsApi,
  CreateBlackoutWindowRequest,
  UpdateBlackoutWindowRequest,
  WireBlackoutWindow,
} from "./blackout-windows";
export type {
  ClientCaCertRequest,
  ClientCaCertStatus,
  ClientCaCertsApi,
  WireClientCaCert,
} from "./client-ca-certs";
export type { CloudProvider, CustomerCloudAccount } from "./cloud-provider";
export type { ListAvailableRegionsQuery, WireCloudRegion } from "./cloud-region";
export type { ClusterCertificatesApi } from "./cluster-certificates";
export type {
  ClusterDisruptionsApi,
  RegionalDisruptionRequest,
  WireClusterDisruption,
  WireRegionalDisruption,
} from "./cluster-disruptions";
export type {
  ClusterUpgradeStatus,
  CreateClusterRequest,
  DeleteProtection,
  NetworkVisibility,
  Plan,
  UpdateClusterRequest,
  UpgradeType,
  WireMachineSpec,
  WireUsageLimits,
} from "./cluster-settings";
export type {
  ClusterState,
  ClustersApi,
  EgressTrafficPolicy,
  ListClustersQuery,
  OperationStatus,
  WireCluster,
  WireClusterConfig,
  WireRegion,
} from "./clusters";
export type {
  CmekApi,
  CmekStatus,
  WireCmekClusterInfo,
  WireCmekKeyInfo,
  WireCmekKeySpec,
  WireCmekRegionInfo,
  WireCmekRegionSpec,
} from "./cmek";
export type { ConnectionStringQuery, WireConnectionString } from "./connection-string";
export type {
  CreateDatabaseRequest,
  DatabasesApi,
  EditDatabaseRequest,
  WireDatabase,
} from "./databases";
export type {
  AddEgressRuleRequest,
  CreateEgressPrivateEndpointRequest,
  EditEgressRuleRequest,
  EgressDomainNamesState,
  EgressPrivateEndpointState,
  EgressPrivateEndpointsApi,
  EgressRuleState,
  EgressRulesApi,
  EgressRuleType,
  EgressTargetServiceType,
  SetEgressTrafficPolicyRequest,
  UpdateEgressPrivateEndpointRequest,
  WireEgressPrivateEndpoint,
  WireEgressRule,
} from "./egress";
export type {
  CreateFolderRequest,
  FolderResourceType,
  FoldersApi,
  ListFoldersQuery,
  UpdateFolderRequest,
  WireFolder,
} from "./folders";
export type {
  InvoiceStatus,
  InvoicesApi,
  ListInvoicesQuery,
  WireAmount,
  WireInvoice,
  WireInvoiceAdjustment,
  WireInvoiceFolder,
  WireInvoiceItem,
  WireLineItem,
} from "./invoices";
export type {
  AddJwtIssuerRequest,
  JwtIssuersApi,
  UpdateJwtIssuerRequest,
  WireJwtIdentity,
  WireJwtIssuer,
} from "./jwt-issuers";
export type {
  LogExportGroupRequest,
  LogExportStatus,
  LogExportsApi,
  LogExportType,
  LogLevel,
  SetLogExportRequest,
  WireLogExport,
  WireLogExportGroup,
  WireLogExportSpec,
} from "./log-exports";
export type { MaintenanceWindowsApi, WireMaintenanceWindow } from "./maintenance-windows";
export type { WireMajorVersion } from "./major-version";
export type {
  DatadogSite,
  MetricExportStatus,
  MetricExportsApi,
  SetCloudWatchMetricExportRequest,
  SetDatadogMetricExportRequest,
  WireCloudWatchMetricExport,
  WireDatadogMetricExport,
  WireMetricExport,
  WirePrometheusMetricExport,
} from "./metric-exports";
export type { ListNodesQuery, WireNode } from "./node";
export type { OrganizationApi, WireOrganization } from "./organization";
export type { PersonUsersApi, WirePersonUser } from "./person-users";
export type {
  CreatePhysicalReplicationStreamRequest,
  ListPhysicalReplicationStreamsQuery,
  PhysicalReplicationStatus,
  PhysicalReplicationStreamsApi,
  UpdatePhysicalReplicationStreamRequest,
  WirePhysicalReplicationStream,
} from "./physical-replication-streams";
export type {
  AddPrivateEndpointTrustedOwnerRequest,
  AwsEndpointConnectionStatus,
  AwsEndpointConnectionsApi,
  PrivateEndpointConnectionStatus,
  PrivateEndpointConnectionsApi,
  PrivateEndpointServiceStatus,
  PrivateEndpointServicesApi,
  PrivateEndpointTrustedOwnersApi,
  SetAwsEndpointConnectionStateRequest,
  WireAwsEndpointConnection,
  WirePrivateEndpointConnection,
  WirePrivateEndpointService,
  WirePrivateEndpointTrustedOwner,
} from "./private-endpoints";
export type {
  CreateRestoreRequest,
  RestoreStatus,
  RestoresApi,
  RestoreType,
  WireRestore,
  WireRestoreItem,
  WireRestoreOptions,
} from "./restores";
export type {
  RoleName,
  RoleResourceType,
  RolesApi,
  WireGroupRole,
  WireRole,
  WireRoleGrants,
  WireRoles,
} from "./roles";
export type {
  ListScimQuery,
  ScimPatchOperation,
  ScimPatchRequest,
  ScimResourcesApi,
  ScimSelection,
  WireScimMeta,
  WireScimReference,
} from "./scim";
export { scimPatchUrn } from "./scim";
export type {
  ScimDiscoveryApi,
  WireScimAttribute,
  WireScimAuthenticationScheme,
  WireScimResourceType,
  WireScimSchema,
  WireScimServiceProviderConfig,
} from "./scim-discovery";
export type { ScimGroupRequest, ScimGroupsApi, WireScimGroup } from "./scim-groups";
export { scimGroupUrn } from "./scim-groups";
export type {
  CreateScimUserRequest,
  ScimUserAttributes,
  ScimUsersApi,
  UpdateScimUserRequest,
  WireScimEmail,
  WireScimUser,
} from "./scim-users";
export { scimUserUrn } from "./scim-users";
export type {
  CreateServiceAccountRequest,
  ServiceAccountsApi,
  UpdateServiceAccountRequest,
  WireServiceAccount,
} from "./service-accounts";
export type { CreateSqlUserRequest, SqlUsersApi, WireSqlUser } from "./sql-users";
export type {
  DeferralPolicy,
  VersionDeferralsApi,
  WireVersionDeferral,
} from "./version-deferrals";

/** The areas of a client. */
// biome-ignore lint/style/noDefaultExport: so the client exports everything of this module, and not this.
export default class ClientAreas {
  /** Clusters, their nodes and connection strings, and the regions and versions on offer. */
  readonly clusters: ClustersApi;
  /** Root certificates of clusters. */
  readonly clusterCertificates: ClusterCertificatesApi;
  /** SQL users of a cluster. */
  readonly sqlUsers: SqlUsersApi;
  /** Databases of a cluster. */
  readonly databases: DatabasesApi;
  /** The addresses that may connect to a cluster. */
  readonly allowlist: AllowlistApi;
  /** What private endpoints connect to, by region of the cluster. */
  readonly privateEndpointServices: PrivateEndpointServicesApi;
  /** The private endpoints that a cluster accepts. */
  readonly privateEndpointConnections: PrivateEndpointConnectionsApi;
  /** The private endpoints of a cluster on AWS, in an older form that can also reject one. */
  readonly awsEndpointConnections: AwsEndpointConnectionsApi;
  /** Whose private endpoints a cluster may accept. */
  readonly privateEndpointTrustedOwners: PrivateEndpointTrustedOwnersApi;
  /** What an Advanced cluster may connect to. */
  readonly egressRules: EgressRulesApi;
  /** Endpoints in an Advanced cluster's network that lead to services of the customer. */
  readonly egressPrivateEndpoints: EgressPrivateEndpointsApi;
  /** The authority whose client certificates an Advanced cluster trusts. */
  readonly clientCaCerts: ClientCaCertsApi;
  /** Customer-managed encryption keys of Advanced clusters. */
  readonly cmek: CmekApi;
  /** When Advanced clusters may be patched. */
  readonly maintenanceWindows: MaintenanceWindowsApi;
  /** How long Advanced clusters put patches off. */
  readonly versionDeferrals: VersionDeferralsApi;
  /** Managed backups and how they are made. */
  readonly backups: BackupsApi;
  /** Backups that are brought back. */
  readonly restores: RestoresApi;
  /** When the service leaves Advanced clusters alone. */
  readonly blackoutWindows: BlackoutWindowsApi;
  /** Logs that go to the customer's cloud. */
  readonly logExports: LogExportsApi;
  /** Metrics that go to Datadog, to CloudWatch or to Prometheus. */
  readonly metricExports: MetricExportsApi;
  /** Replication from one Advanced cluster to another. */
  readonly physicalReplicationStreams: PhysicalReplicationStreamsApi;
  /** Disruptions of Advanced clusters, for tests of what depends on them. */
  readonly clusterDisruptions: ClusterDisruptionsApi;
  /** What was done in the organization, and by whom. */
  readonly auditLogs: AuditLogsApi;
  /** Invoices of the organization. */
  readonly invoices: InvoicesApi;
  /** The organization that the key belongs to. */
  readonly organization: OrganizationApi;
  /** Folders of the organization, and what is in them. */
  readonly folders: FoldersApi;
  /** Service accounts of the organization. */
  readonly serviceAccounts: ServiceAccountsApi;
  /** API keys of service accounts. */
  readonly apiKeys: ApiKeysApi;
  /** Roles of persons, service accounts and groups. */
  readonly roles: RolesApi;
  /** Identity providers whose tokens open the API. */
  readonly jwtIssuers: JwtIssuersApi;
  /** Persons who are members of the organization. */
  readonly personUsers: PersonUsersApi;
  /** The persons of the organization, by SCIM. */
  readonly scimUsers: ScimUsersApi;
  /** The groups of the organization, by SCIM. */
  readonly scimGroups: ScimGroupsApi;
  /** What the SCIM service can do. */
  readonly scimDiscovery: ScimDiscoveryApi;

  /**
   * @internal
   * @param anonymous sends no credential
   */
  constructor(caller: Caller, anonymous: Caller) {
    this.clusters = new ClustersApi(caller);
    this.clusterCertificates = new ClusterCertificatesApi(anonymous);
    this.sqlUsers = new SqlUsersApi(caller);
    this.databases = new DatabasesApi(caller);
    this.allowlist = new AllowlistApi(caller);
    this.privateEndpointServices = new PrivateEndpointServicesApi(caller);
    this.privateEndpointConnections = new PrivateEndpointConnectionsApi(caller);
    this.awsEndpointConnections = new AwsEndpointConnectionsApi(caller);
    this.privateEndpointTrustedOwners = new PrivateEndpointTrustedOwnersApi(caller);
    this.egressRules = new EgressRulesApi(caller);
    this.egressPrivateEndpoints = new EgressPrivateEndpointsApi(caller);
    this.clientCaCerts = new ClientCaCertsApi(caller);
    this.cmek = new CmekApi(caller);
    this.maintenanceWindows = new MaintenanceWindowsApi(caller);
    this.versionDeferrals = new VersionDeferralsApi(caller);
    this.backups = new BackupsApi(caller);
    this.restores = new RestoresApi(caller);
    this.blackoutWindows = new BlackoutWindowsApi(caller);
    this.logExports = new LogExportsApi(caller);
    this.metricExports = new MetricExportsApi(caller);
    this.physicalReplicationStreams = new PhysicalReplicationStreamsApi(caller);
    this.clusterDisruptions = new ClusterDisruptionsApi(caller);
    this.auditLogs = new AuditLogsApi(caller);
    this.invoices = new InvoicesApi(caller);
    this.organization = new OrganizationApi(caller);
    this.folders = new FoldersApi(caller);
    this.serviceAccounts = new ServiceAccountsApi(caller);
    this.apiKeys = new ApiKeysApi(caller);
    this.roles = new RolesApi(caller);
    this.jwtIssuers = new JwtIssuersApi(caller);
    this.personUsers = new PersonUsersApi(caller);
    this.scimUsers = new ScimUsersApi(caller);
    this.scimGroups = new ScimGroupsApi(caller);
    this.scimDiscovery = new ScimDiscoveryApi(caller);
  }
}
