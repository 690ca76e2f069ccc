/** The public surface of the package. */

export type { AllowlistEntryArgs } from "./provider/allowlist-entry";
export { AllowlistEntry } from "./provider/allowlist-entry";
export type { ApiKeyArgs } from "./provider/api-key";
export { ApiKey } from "./provider/api-key";
export type { AwsEndpointConnectionStateArgs } from "./provider/aws-endpoint-connection-state";
export { AwsEndpointConnectionState } from "./provider/aws-endpoint-connection-state";
export type { BackupConfigurationArgs } from "./provider/backup-configuration";
export { BackupConfiguration } from "./provider/backup-configuration";
export type { BlackoutWindowArgs } from "./provider/blackout-window";
export { BlackoutWindow } from "./provider/blackout-window";
export type { ClientCaCertArgs } from "./provider/client-ca-cert";
export { ClientCaCert } from "./provider/client-ca-cert";
export type {
  ConnectionArgs,
  ConnectionUser,
  PrivateEndpointHosts,
} from "./provider/cluster";
export { Cluster } from "./provider/cluster";
export type {
  AdvancedClusterArgs,
  BasicClusterArgs,
  BasicServerlessArgs,
  BasicUsageLimitsArgs,
  CloudProvider,
  ClusterArgs,
  ClusterRegion,
  CommonClusterArgs,
  CommonServerlessArgs,
  CustomerCloudAccount,
  CustomerCloudAccountArgs,
  Dedicated,
  DedicatedArgs,
  Hardware,
  HardwareArgs,
  MachineSpecArgs,
  NetworkVisibility,
  Serverless,
  StandardClusterArgs,
  StandardServerlessArgs,
  StandardUsageLimitsArgs,
  UpgradeType,
  UsageLimits,
} from "./provider/cluster/args";
export type { ConnectionClient } from "./provider/cluster/connection-clients";
export type {
  ConnectionEnvironment,
  ConnectionParts,
  ConnectionVia,
  PrivateHosts,
} from "./provider/cluster/connection-url";
export type { Plan } from "./provider/cluster/plan-transitions";
export type {
  ClusterDisruptionArgs,
  RegionalDisruptorSpecification,
} from "./provider/cluster-disruption";
export { ClusterDisruption } from "./provider/cluster-disruption";
export type {
  CmekKeyInfo,
  CmekKeySpec,
  CmekKeySpecArgs,
  CmekKeyType,
  CmekRegion,
  CmekRegionSpec,
  CmekRegionSpecArgs,
} from "./provider/cmek/args";
export type { CmekConfigArgs } from "./provider/cmek-config";
export { CmekConfig } from "./provider/cmek-config";
export type { DatabaseArgs } from "./provider/database";
export { Database } from "./provider/database";
export type {
  EgressPrivateEndpointArgs,
  EgressTargetServiceType,
} from "./provider/egress-private-endpoint";
export { EgressPrivateEndpoint } from "./provider/egress-private-endpoint";
export type {
  EgressPrivateEndpointDomainNamesArgs,
  EgressPrivateEndpointReference,
} from "./provider/egress-private-endpoint-domain-names";
export { EgressPrivateEndpointDomainNames } from "./provider/egress-private-endpoint-domain-names";
export type { EgressRuleArgs } from "./provider/egress-rule";
export { EgressRule } from "./provider/egress-rule";
export type { EgressTrafficPolicyArgs } from "./provider/egress-traffic-policy";
export { EgressTrafficPolicy } from "./provider/egress-traffic-policy";
export type { FolderAncestor, FolderArgs } from "./provider/folder";
export { Folder } from "./provider/folder";
export * from "./provider/functions/index";
export type { JwtIdentity, JwtIdentityArgs, JwtIssuerArgs } from "./provider/jwt-issuer";
export { JwtIssuer } from "./provider/jwt-issuer";
export type { LogExportConfigArgs, LogExportGroup } from "./provider/log-export-config";
export { LogExportConfig } from "./provider/log-export-config";
export type { MaintenanceWindowArgs } from "./provider/maintenance-window";
export { MaintenanceWindow } from "./provider/maintenance-window";
export type { MetricExportCloudwatchConfigArgs } from "./provider/metric-export-cloudwatch-config";
export { MetricExportCloudwatchConfig } from "./provider/metric-export-cloudwatch-config";
export type { MetricExportDatadogConfigArgs } from "./provider/metric-export-datadog-config";
export { MetricExportDatadogConfig } from "./provider/metric-export-datadog-config";
export type { MetricExportPrometheusConfigArgs } from "./provider/metric-export-prometheus-config";
export { MetricExportPrometheusConfig } from "./provider/metric-export-prometheus-config";
export type { PhysicalReplicationStreamArgs } from "./provider/physical-replication-stream";
export { PhysicalReplicationStream } from "./provider/physical-replication-stream";
export type { PrivateEndpointConnectionArgs } from "./provider/private-endpoint-connection";
export { PrivateEndpointConnection } from "./provider/private-endpoint-connection";
export type { PrivateEndpointServicesArgs } from "./provider/private-endpoint-services";
export { PrivateEndpointServices } from "./provider/private-endpoint-services";
export type { PrivateEndpointTrustedOwnerArgs } from "./provider/private-endpoint-trusted-owner";
export { PrivateEndpointTrustedOwner } from "./provider/private-endpoint-trusted-owner";
export type { PrivateEndpointService } from "./provider/private-endpoints/wire";
export type { ClusterReference } from "./provider/program/cluster-reference";
export type { ProviderArgs } from "./provider/program/explicit-provider";
export { Provider } from "./provider/program/explicit-provider";
export type {
  FolderReference,
  MemberReference,
  PhysicalReplicationStreamReference,
  ServiceAccountReference,
  UserReference,
} from "./provider/program/reference";
export type { ProvisionedGroupArgs } from "./provider/provisioned-group";
export { ProvisionedGroup } from "./provider/provisioned-group";
export type {
  ProvisionedUserArgs,
  ProvisionedUserEmail,
  ProvisionedUserEmailArgs,
  ProvisionedUserName,
  ProvisionedUserNameArgs,
} from "./provider/provisioned-user";
export { ProvisionedUser } from "./provider/provisioned-user";
export type { GrantedRole, RoleArgs } from "./provider/resource/role-args";
export type { RestoreArgs, RestoreObject, RestoreOptions } from "./provider/restore";
export { Restore } from "./provider/restore";
export type { ServiceAccountArgs } from "./provider/service-account";
export { ServiceAccount } from "./provider/service-account";
export type { SqlUserArgs } from "./provider/sql-user";
export { SqlUser } from "./provider/sql-user";
export type { UserRoleGrantArgs } from "./provider/user-role-grant";
export { UserRoleGrant } from "./provider/user-role-grant";
export type { UserRoleGrantsArgs } from "./provider/user-role-grants";
export { UserRoleGrants } from "./provider/user-role-grants";
export type { Weekday, WeeklyTime } from "./provider/values/weekly";
export { weekly } from "./provider/values/weekly";
export type { DeferralPolicy, VersionDeferralArgs } from "./provider/version-deferral";
export { VersionDeferral } from "./provider/version-deferral";
