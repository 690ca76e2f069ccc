// Public surface of the client.

export type {
  AddAllowlistEntryRequest,
  AllowlistApi,
  AllowlistReading,
  UpdateAllowlistEntryRequest,
  WireAllowlistEntry,
} from "./allowlist";
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
export type { ClientOptions, JwtCredential } from "./client";
export { CockroachCloudClient, defaultServerUrl } from "./client";
export type { Clock } from "./clock";
export { systemClock } from "./clock";
export type { CloudProvider, CustomerCloudAccount } from "./cloud-provider";
export type { WireCloudRegion } from "./cloud-region";
export type {
  ClusterState,
  ClusterUpgradeStatus,
  CreateClusterRequest,
  DeleteProtection,
  EgressTrafficPolicy,
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
} from "./cluster";
export type { ClusterCertificatesApi } from "./cluster-certificates";
export type {
  ClustersApi,
  ConnectionStringQuery,
  ListAvailableRegionsQuery,
  ListClustersQuery,
  ListNodesQuery,
} from "./clusters-api";
export type {
  CmekApi,
  CmekStatus,
  WireCmekClusterInfo,
  WireCmekKeyInfo,
  WireCmekKeySpec,
  WireCmekRegionInfo,
  WireCmekRegionSpec,
} from "./cmek";
export type { WireConnectionString } from "./connection-string";
export type { CreateDatabaseRequest, DatabasesApi, WireDatabase } from "./databases";
export { formatDuration, parseDuration } from "./duration";
export type { Effect, ErrorFacts } from "./errors";
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
  orUndefinedWhenGone,
  PermissionDeniedError,
  RateLimitError,
  RequestError,
  ServerError,
  TimeoutError,
  UnexpectedResponseError,
  withAdvice,
} from "./errors";
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
export type { MaintenanceWindowsApi, WireMaintenanceWindow } from "./maintenance-windows";
export type { WireMajorVersion } from "./major-version";
export type { WireNode } from "./node";
export type { OrganizationApi, WireOrganization } from "./organization";
export type { ListQuery, TimeRangeQuery } from "./pagination";
export type { Turn, TurnOptions, TurnOutcome } from "./rate-limit";
export { RateLimiter, rateLimiterFor } from "./rate-limit";
export type { RequestOptions, RequestWait } from "./request-options";
export type {
  CreateRestoreRequest,
  RestoreStatus,
  RestoresApi,
  RestoreType,
  WireRestore,
  WireRestoreItem,
  WireRestoreOptions,
} from "./restores";
export type { CreateSqlUserRequest, SqlUsersApi, WireSqlUser } from "./sql-users";
export type { DeferralPolicy, VersionDeferralsApi, WireVersionDeferral } from "./version-deferrals";
