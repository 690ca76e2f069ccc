// Public surface of the client.

export type { ClientOptions, JwtCredential } from "./client";
export { CockroachCloudClient, defaultServerUrl } from "./client";
export type { Clock } from "./http/clock";
export { systemClock } from "./http/clock";
export { formatDuration, parseDuration } from "./http/duration";
export type { Effect, ErrorFacts } from "./http/errors";
export {
  AbortedError,
  AuthenticationError,
  BadRequestError,
  BusyError,
  CloudApiError,
  ConflictError,
  ConnectionError,
  isNotFound,
  KmsPermissionError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  RequestError,
  ServerError,
  TimeoutError,
  UnexpectedResponseError,
  undefinedIfNotFound,
  withAdvice,
} from "./http/errors";
export type { ListQuery, TimeRangeQuery } from "./http/pagination";
export type { Permit, PermitOptions, PermitResult, RequestQueue } from "./http/rate-limit";
export { RateLimiter } from "./http/rate-limit";
export { rateLimiterFor } from "./http/rate-limiter-for";
export type { RequestOptions, RequestWait } from "./http/request-options";
export type {
  AddAllowlistEntryRequest,
  AllowlistApi,
  AllowlistReading,
  UpdateAllowlistEntryRequest,
  WireAllowlistEntry,
} from "./resources/allowlist";
export type {
  ApiKeysApi,
  CreateApiKeyRequest,
  ListApiKeysQuery,
  UpdateApiKeyRequest,
  WireApiKey,
  WireCreatedApiKey,
} from "./resources/api-keys";
export type {
  AuditLogSource,
  AuditLogsApi,
  ListAuditLogsQuery,
  SystemActorName,
  WireAuditLogEntry,
} from "./resources/audit-logs";
export type {
  BackupsApi,
  UpdateBackupConfigurationRequest,
  WireBackup,
  WireBackupConfiguration,
} from "./resources/backups";
export type {
  BlackoutWindowsApi,
  CreateBlackoutWindowRequest,
  UpdateBlackoutWindowRequest,
  WireBlackoutWindow,
} from "./resources/blackout-windows";
export type {
  ClientCaCertRequest,
  ClientCaCertStatus,
  ClientCaCertsApi,
  WireClientCaCert,
} from "./resources/client-ca-certs";
export type { CloudProvider, CustomerCloudAccount } from "./resources/cloud-provider";
export type { WireCloudRegion } from "./resources/cloud-region";
export type { ClusterCertificatesApi } from "./resources/cluster-certificates";
export type {
  ClusterDisruptionsApi,
  RegionalDisruptionRequest,
  WireClusterDisruption,
  WireRegionalDisruption,
} from "./resources/cluster-disruptions";
export type {
  ClusterState,
  ClustersApi,
  ClusterUpgradeStatus,
  ConnectionStringQuery,
  CreateClusterRequest,
  DeleteProtection,
  EgressTrafficPolicy,
  ListAvailableRegionsQuery,
  ListClustersQuery,
  ListNodesQuery,
  NetworkVisibility,
  OperationStatus,
  Plan,
  UpdateClusterRequest,
  UpgradeType,
  WireCluster,
  WireClusterConfig,
  WireMachineSpec,
  WireRegion,
  WireUsageLimits,
} from "./resources/clusters";
export type {
  CmekApi,
  CmekStatus,
  WireCmekClusterInfo,
  WireCmekKeyInfo,
  WireCmekKeySpec,
  WireCmekRegionInfo,
  WireCmekRegionSpec,
} from "./resources/cmek";
export type { WireConnectionString } from "./resources/connection-string";
export type {
  CreateDatabaseRequest,
  DatabasesApi,
  EditDatabaseRequest,
  WireDatabase,
} from "./resources/databases";
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
} from "./resources/egress";
export type {
  CreateFolderRequest,
  FolderResourceType,
  FoldersApi,
  ListFoldersQuery,
  UpdateFolderRequest,
  WireFolder,
} from "./resources/folders";
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
} from "./resources/invoices";
export type {
  AddJwtIssuerRequest,
  JwtIssuersApi,
  UpdateJwtIssuerRequest,
  WireJwtIdentity,
  WireJwtIssuer,
} from "./resources/jwt-issuers";
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
} from "./resources/log-exports";
export type { MaintenanceWindowsApi, WireMaintenanceWindow } from "./resources/maintenance-windows";
export type { WireMajorVersion } from "./resources/major-version";
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
} from "./resources/metric-exports";
export type { WireNode } from "./resources/node";
export type { OrganizationApi, WireOrganization } from "./resources/organization";
export type { PersonUsersApi, WirePersonUser } from "./resources/person-users";
export type {
  CreatePhysicalReplicationStreamRequest,
  ListPhysicalReplicationStreamsQuery,
  PhysicalReplicationStatus,
  PhysicalReplicationStreamsApi,
  UpdatePhysicalReplicationStreamRequest,
  WirePhysicalReplicationStream,
} from "./resources/physical-replication-streams";
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
} from "./resources/private-endpoints";
export type {
  CreateRestoreRequest,
  RestoreStatus,
  RestoresApi,
  RestoreType,
  WireRestore,
  WireRestoreItem,
  WireRestoreOptions,
} from "./resources/restores";
export type {
  RoleName,
  RoleResourceType,
  RolesApi,
  WireGroupRole,
  WireRole,
  WireRoleGrants,
  WireRoles,
} from "./resources/roles";
export type {
  ListScimQuery,
  ScimPatchOperation,
  ScimPatchRequest,
  ScimResourcesApi,
  ScimSelection,
  WireScimMeta,
  WireScimReference,
} from "./resources/scim";
export { scimPatchUrn } from "./resources/scim";
export type {
  ScimDiscoveryApi,
  WireScimAttribute,
  WireScimAuthenticationScheme,
  WireScimResourceType,
  WireScimSchema,
  WireScimServiceProviderConfig,
} from "./resources/scim-discovery";
export type { ScimGroupRequest, ScimGroupsApi, WireScimGroup } from "./resources/scim-groups";
export { scimGroupUrn } from "./resources/scim-groups";
export type {
  CreateScimUserRequest,
  ScimUserAttributes,
  ScimUsersApi,
  UpdateScimUserRequest,
  WireScimEmail,
  WireScimUser,
} from "./resources/scim-users";
export { scimUserUrn } from "./resources/scim-users";
export type {
  CreateServiceAccountRequest,
  ServiceAccountsApi,
  UpdateServiceAccountRequest,
  WireServiceAccount,
} from "./resources/service-accounts";
export type { CreateSqlUserRequest, SqlUsersApi, WireSqlUser } from "./resources/sql-users";
export type {
  DeferralPolicy,
  VersionDeferralsApi,
  WireVersionDeferral,
} from "./resources/version-deferrals";
