/** The functions of the public surface. */

export type {
  AllowlistEntryInfo,
  ListAllowlistEntriesArgs,
  ListAllowlistEntriesOutputArgs,
} from "./allowlist-entry";
export { listAllowlistEntries, listAllowlistEntriesOutput } from "./allowlist-entry";
export type {
  ApiKeyInfo,
  GetApiKeyArgs,
  GetApiKeyOutputArgs,
  ListApiKeysArgs,
  ListApiKeysOutputArgs,
} from "./api-key";
export { getApiKey, getApiKeyOutput, listApiKeys, listApiKeysOutput } from "./api-key";
export type { AuditLogEntry, ListAuditLogsArgs, ListAuditLogsOutputArgs } from "./audit-log";
export { listAuditLogs, listAuditLogsOutput } from "./audit-log";
export type {
  AvailableRegion,
  ListAvailableRegionsArgs,
  ListAvailableRegionsOutputArgs,
} from "./available-region";
export { listAvailableRegions, listAvailableRegionsOutput } from "./available-region";
export type {
  BackupConfigurationInfo,
  BackupInfo,
  GetBackupArgs,
  GetBackupConfigurationArgs,
  GetBackupConfigurationOutputArgs,
  GetBackupOutputArgs,
  ListBackupsArgs,
  ListBackupsOutputArgs,
} from "./backup";
export {
  getBackup,
  getBackupConfiguration,
  getBackupConfigurationOutput,
  getBackupOutput,
  listBackups,
  listBackupsOutput,
} from "./backup";
export type {
  BlackoutWindowInfo,
  GetBlackoutWindowArgs,
  GetBlackoutWindowOutputArgs,
  ListBlackoutWindowsArgs,
  ListBlackoutWindowsOutputArgs,
} from "./blackout-window";
export {
  getBlackoutWindow,
  getBlackoutWindowOutput,
  listBlackoutWindows,
  listBlackoutWindowsOutput,
} from "./blackout-window";
export type { FunctionOptions } from "./call";
export type { CallerIdentity } from "./caller-identity";
export { getCallerIdentity, getCallerIdentityOutput } from "./caller-identity";
export type {
  ClientCaCertInfo,
  GetClientCaCertArgs,
  GetClientCaCertOutputArgs,
} from "./client-ca-cert";
export { getClientCaCert, getClientCaCertOutput } from "./client-ca-cert";
export type {
  ClusterInfo,
  GetClusterArgs,
  GetClusterOutputArgs,
  ListClustersArgs,
  ListClustersOutputArgs,
} from "./cluster";
export { getCluster, getClusterOutput, listClusters, listClustersOutput } from "./cluster";
export type {
  ClusterCert,
  GetClusterCertArgs,
  GetClusterCertOutputArgs,
  RootCertificate,
} from "./cluster-certificate";
export { getClusterCert, getClusterCertOutput } from "./cluster-certificate";
export type {
  ClusterDisruptionInfo,
  GetClusterDisruptionArgs,
  GetClusterDisruptionOutputArgs,
  RegionalDisruption,
} from "./cluster-disruption";
export { getClusterDisruption, getClusterDisruptionOutput } from "./cluster-disruption";
export type {
  ClusterNode,
  ListClusterNodesArgs,
  ListClusterNodesOutputArgs,
} from "./cluster-node";
export { listClusterNodes, listClusterNodesOutput } from "./cluster-node";
export type {
  CmekClusterInfo,
  GetCmekClusterInfoArgs,
  GetCmekClusterInfoOutputArgs,
} from "./cmek";
export { getCmekClusterInfo, getCmekClusterInfoOutput } from "./cmek";
export type {
  ConnectionOs,
  ConnectionStringInfo,
  GetConnectionStringArgs,
  GetConnectionStringOutputArgs,
} from "./connection-string";
export { getConnectionString, getConnectionStringOutput } from "./connection-string";
export type { DatabaseInfo, ListDatabasesArgs, ListDatabasesOutputArgs } from "./database";
export { listDatabases, listDatabasesOutput } from "./database";
export type {
  EgressPrivateEndpointInfo,
  EgressRuleInfo,
  EgressTrafficPolicyInfo,
  GetEgressPrivateEndpointArgs,
  GetEgressPrivateEndpointOutputArgs,
  GetEgressRuleArgs,
  GetEgressRuleOutputArgs,
  GetEgressTrafficPolicyArgs,
  GetEgressTrafficPolicyOutputArgs,
  ListEgressPrivateEndpointsArgs,
  ListEgressPrivateEndpointsOutputArgs,
  ListEgressRulesArgs,
  ListEgressRulesOutputArgs,
} from "./egress";
export {
  getEgressPrivateEndpoint,
  getEgressPrivateEndpointOutput,
  getEgressRule,
  getEgressRuleOutput,
  getEgressTrafficPolicy,
  getEgressTrafficPolicyOutput,
  listEgressPrivateEndpoints,
  listEgressPrivateEndpointsOutput,
  listEgressRules,
  listEgressRulesOutput,
} from "./egress";
export type {
  GetExportArgs,
  GetExportOutputArgs,
  LogExportInfo,
  MetricExportCloudwatchInfo,
  MetricExportDatadogInfo,
  MetricExportPrometheusInfo,
} from "./export";
export {
  getLogExport,
  getLogExportOutput,
  getMetricExportCloudwatch,
  getMetricExportCloudwatchOutput,
  getMetricExportDatadog,
  getMetricExportDatadogOutput,
  getMetricExportPrometheus,
  getMetricExportPrometheusOutput,
} from "./export";
export type {
  FolderContentInfo,
  FolderInfo,
  GetFolderArgs,
  GetFolderOutputArgs,
  ListFolderContentsArgs,
  ListFolderContentsOutputArgs,
  ListFoldersArgs,
  ListFoldersOutputArgs,
} from "./folder";
export {
  getFolder,
  getFolderOutput,
  listFolderContents,
  listFolderContentsOutput,
  listFolders,
  listFoldersOutput,
} from "./folder";
export type {
  CurrencyAmount,
  GetInvoiceArgs,
  GetInvoiceOutputArgs,
  InvoiceAdjustment,
  InvoiceFolder,
  InvoiceInfo,
  InvoiceItem,
  InvoiceLineItem,
  InvoiceStatus,
  ListInvoicesArgs,
  ListInvoicesOutputArgs,
} from "./invoice";
export { getInvoice, getInvoiceOutput, listInvoices, listInvoicesOutput } from "./invoice";
export type { GetJwtIssuerArgs, GetJwtIssuerOutputArgs, JwtIssuerInfo } from "./jwt-issuer";
export {
  getJwtIssuer,
  getJwtIssuerOutput,
  listJwtIssuers,
  listJwtIssuersOutput,
} from "./jwt-issuer";
export type {
  GetMaintenanceWindowArgs,
  GetMaintenanceWindowOutputArgs,
  MaintenanceWindowInfo,
} from "./maintenance-window";
export { getMaintenanceWindow, getMaintenanceWindowOutput } from "./maintenance-window";
export type { MajorClusterVersion } from "./major-version";
export { listMajorClusterVersions, listMajorClusterVersionsOutput } from "./major-version";
export type { CloudServicePrincipals, OrganizationInfo } from "./organization";
export { getOrganization, getOrganizationOutput } from "./organization";
export type { GetPersonUserArgs, GetPersonUserOutputArgs, PersonUserInfo } from "./person-user";
export { getPersonUser, getPersonUserOutput } from "./person-user";
export type {
  GetPhysicalReplicationStreamArgs,
  GetPhysicalReplicationStreamOutputArgs,
  ListPhysicalReplicationStreamsArgs,
  ListPhysicalReplicationStreamsOutputArgs,
  PhysicalReplicationStreamInfo,
} from "./physical-replication-stream";
export {
  getPhysicalReplicationStream,
  getPhysicalReplicationStreamOutput,
  listPhysicalReplicationStreams,
  listPhysicalReplicationStreamsOutput,
} from "./physical-replication-stream";
export type {
  AwsEndpointConnectionInfo,
  GetPrivateEndpointConnectionArgs,
  GetPrivateEndpointConnectionOutputArgs,
  GetPrivateEndpointServiceArgs,
  GetPrivateEndpointServiceOutputArgs,
  GetPrivateEndpointTrustedOwnerArgs,
  GetPrivateEndpointTrustedOwnerOutputArgs,
  ListAwsEndpointConnectionsArgs,
  ListAwsEndpointConnectionsOutputArgs,
  ListPrivateEndpointConnectionsArgs,
  ListPrivateEndpointConnectionsOutputArgs,
  ListPrivateEndpointServicesArgs,
  ListPrivateEndpointServicesOutputArgs,
  ListPrivateEndpointTrustedOwnersArgs,
  ListPrivateEndpointTrustedOwnersOutputArgs,
  PrivateEndpointConnectionInfo,
  PrivateEndpointConnectionStatus,
  PrivateEndpointTrustedOwnerInfo,
} from "./private-endpoint";
export {
  getPrivateEndpointConnection,
  getPrivateEndpointConnectionOutput,
  getPrivateEndpointService,
  getPrivateEndpointServiceOutput,
  getPrivateEndpointTrustedOwner,
  getPrivateEndpointTrustedOwnerOutput,
  listAwsEndpointConnections,
  listAwsEndpointConnectionsOutput,
  listPrivateEndpointConnections,
  listPrivateEndpointConnectionsOutput,
  listPrivateEndpointServices,
  listPrivateEndpointServicesOutput,
  listPrivateEndpointTrustedOwners,
  listPrivateEndpointTrustedOwnersOutput,
} from "./private-endpoint";
export type {
  GetRestoreArgs,
  GetRestoreOutputArgs,
  ListRestoresArgs,
  ListRestoresOutputArgs,
  RestoreInfo,
  RestoreItem,
  RestoreItemOptions,
} from "./restore";
export { getRestore, getRestoreOutput, listRestores, listRestoresOutput } from "./restore";
export type {
  GetRolesForUserArgs,
  GetRolesForUserOutputArgs,
  GroupRole,
  RoleGrantInfo,
  UserRoles,
} from "./role";
export {
  getRolesForUser,
  getRolesForUserOutput,
  listRoleGrants,
  listRoleGrantsOutput,
} from "./role";
export type {
  GetScimGroupArgs,
  GetScimGroupOutputArgs,
  GetScimUserArgs,
  GetScimUserOutputArgs,
  ListScimArgs,
  ListScimGroupsArgs,
  ListScimGroupsOutputArgs,
  ListScimOutputArgs,
  ScimGroupInfo,
  ScimMemberInfo,
  ScimUserInfo,
} from "./scim";
export {
  getScimGroup,
  getScimGroupOutput,
  getScimUser,
  getScimUserOutput,
  listScimGroups,
  listScimGroupsOutput,
  listScimUsers,
  listScimUsersOutput,
} from "./scim";
export type {
  ScimAuthenticationScheme,
  ScimFeature,
  ScimServiceProviderConfigInfo,
} from "./scim-service-provider-config";
export {
  getScimServiceProviderConfig,
  getScimServiceProviderConfigOutput,
} from "./scim-service-provider-config";
export type {
  GetServiceAccountArgs,
  GetServiceAccountOutputArgs,
  ServiceAccountInfo,
} from "./service-account";
export {
  getServiceAccount,
  getServiceAccountOutput,
  listServiceAccounts,
  listServiceAccountsOutput,
} from "./service-account";
export type { ListSqlUsersArgs, ListSqlUsersOutputArgs, SqlUserInfo } from "./sql-user";
export { listSqlUsers, listSqlUsersOutput } from "./sql-user";
export type {
  GetVersionDeferralArgs,
  GetVersionDeferralOutputArgs,
  VersionDeferralInfo,
} from "./version-deferral";
export { getVersionDeferral, getVersionDeferralOutput } from "./version-deferral";
