// Public surface of the client.

export type {
  AddAllowlistEntryRequest,
  AllowlistReading,
  UpdateAllowlistEntryRequest,
  WireAllowlistEntry,
} from "./allowlist";
export type { AllowlistApi } from "./allowlist-api";
export type { AuditLogSource, SystemActorName, WireAuditLogEntry } from "./audit-log";
export type { AuditLogsApi, ListAuditLogsQuery } from "./audit-logs-api";
export type {
  UpdateBackupConfigurationRequest,
  WireBackup,
  WireBackupConfiguration,
} from "./backup";
export type { BackupsApi } from "./backups-api";
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
  CmekStatus,
  WireCmekClusterInfo,
  WireCmekKeyInfo,
  WireCmekKeySpec,
  WireCmekRegionInfo,
  WireCmekRegionSpec,
} from "./cmek";
export type { CmekApi } from "./cmek-api";
export type { WireConnectionString } from "./connection-string";
export type { CreateDatabaseRequest, WireDatabase } from "./database";
export type { DatabasesApi } from "./databases-api";
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
  Folders,
  ListFoldersQuery,
  UpdateFolderRequest,
  WireFolder,
} from "./folders";
export type {
  InvoiceStatus,
  WireAmount,
  WireInvoice,
  WireInvoiceAdjustment,
  WireInvoiceFolder,
  WireInvoiceItem,
  WireLineItem,
} from "./invoice";
export type { InvoicesApi, ListInvoicesQuery } from "./invoices-api";
export type { WireMaintenanceWindow } from "./maintenance-window";
export type { MaintenanceWindowsApi } from "./maintenance-windows-api";
export type { WireMajorVersion } from "./major-version";
export type { WireNode } from "./node";
export type { WireOrganization } from "./organization";
export type { OrganizationApi } from "./organization-api";
export type { ListQuery, TimeRangeQuery } from "./pagination";
export type { Turn, TurnOptions, TurnOutcome } from "./rate-limit";
export { RateLimiter, rateLimiterFor } from "./rate-limit";
export type { RequestOptions, RequestWait } from "./request-options";
export type {
  CreateRestoreRequest,
  RestoreStatus,
  RestoreType,
  WireRestore,
  WireRestoreItem,
  WireRestoreOptions,
} from "./restore";
export type { RestoresApi } from "./restores-api";
export type { CreateSqlUserRequest, WireSqlUser } from "./sql-user";
export type { SqlUsersApi } from "./sql-users-api";
export type { DeferralPolicy, WireVersionDeferral } from "./version-deferral";
export type { VersionDeferralsApi } from "./version-deferrals-api";
