/** The classes of all resources, with the types that their modules give to programs: all of it is exported by the package. */

export type { AllowlistEntryArgs } from "../allowlist-entry";
export { AllowlistEntry } from "../allowlist-entry";
export type { ApiKeyArgs } from "../api-key";
export { ApiKey } from "../api-key";
export type { AwsEndpointConnectionStateArgs } from "../aws-endpoint-connection-state";
export { AwsEndpointConnectionState } from "../aws-endpoint-connection-state";
export type { BackupConfigurationArgs } from "../backup-configuration";
export { BackupConfiguration } from "../backup-configuration";
export type { BlackoutWindowArgs } from "../blackout-window";
export { BlackoutWindow } from "../blackout-window";
export type { ClientCaCertArgs } from "../client-ca-cert";
export { ClientCaCert } from "../client-ca-cert";
export { Cluster } from "../cluster";
export type {
  ClusterDisruptionArgs,
  RegionalDisruptorSpecification,
} from "../cluster-disruption";
export { ClusterDisruption } from "../cluster-disruption";
export type { CmekConfigArgs } from "../cmek-config";
export { CmekConfig } from "../cmek-config";
export type { DatabaseArgs } from "../database";
export { Database } from "../database";
export type {
  EgressPrivateEndpointArgs,
  EgressTargetServiceType,
} from "../egress-private-endpoint";
export { EgressPrivateEndpoint } from "../egress-private-endpoint";
export type {
  EgressPrivateEndpointDomainNamesArgs,
  EgressPrivateEndpointReference,
} from "../egress-private-endpoint-domain-names";
export { EgressPrivateEndpointDomainNames } from "../egress-private-endpoint-domain-names";
export type { EgressRuleArgs } from "../egress-rule";
export { EgressRule } from "../egress-rule";
export type { EgressTrafficPolicyArgs } from "../egress-traffic-policy";
export { EgressTrafficPolicy } from "../egress-traffic-policy";
export type { FolderAncestor, FolderArgs } from "../folder";
export { Folder } from "../folder";
export type { JwtIdentity, JwtIdentityArgs, JwtIssuerArgs } from "../jwt-issuer";
export { JwtIssuer } from "../jwt-issuer";
export type { LogExportConfigArgs, LogExportGroup } from "../log-export-config";
export { LogExportConfig } from "../log-export-config";
export type { MaintenanceWindowArgs } from "../maintenance-window";
export { MaintenanceWindow } from "../maintenance-window";
export type { MetricExportCloudwatchConfigArgs } from "../metric-export-cloudwatch-config";
export { MetricExportCloudwatchConfig } from "../metric-export-cloudwatch-config";
export type { MetricExportDatadogConfigArgs } from "../metric-export-datadog-config";
export { MetricExportDatadogConfig } from "../metric-export-datadog-config";
export type { MetricExportPrometheusConfigArgs } from "../metric-export-prometheus-config";
export { MetricExportPrometheusConfig } from "../metric-export-prometheus-config";
export type { PhysicalReplicationStreamArgs } from "../physical-replication-stream";
export { PhysicalReplicationStream } from "../physical-replication-stream";
export type { PrivateEndpointConnectionArgs } from "../private-endpoint-connection";
export { PrivateEndpointConnection } from "../private-endpoint-connection";
export type { PrivateEndpointServicesArgs } from "../private-endpoint-services";
export { PrivateEndpointServices } from "../private-endpoint-services";
export type { PrivateEndpointTrustedOwnerArgs } from "../private-endpoint-trusted-owner";
export { PrivateEndpointTrustedOwner } from "../private-endpoint-trusted-owner";
export type { ProvisionedGroupArgs } from "../provisioned-group";
export { ProvisionedGroup } from "../provisioned-group";
export type {
  ProvisionedUserArgs,
  ProvisionedUserEmail,
  ProvisionedUserEmailArgs,
  ProvisionedUserName,
  ProvisionedUserNameArgs,
} from "../provisioned-user";
export { ProvisionedUser } from "../provisioned-user";
export type { RestoreArgs, RestoreObject, RestoreOptions } from "../restore";
export { Restore } from "../restore";
export type { ServiceAccountArgs } from "../service-account";
export { ServiceAccount } from "../service-account";
export type { SqlUserArgs } from "../sql-user";
export { SqlUser } from "../sql-user";
export type { UserRoleGrantArgs } from "../user-role-grant";
export { UserRoleGrant } from "../user-role-grant";
export type { UserRoleGrantsArgs } from "../user-role-grants";
export { UserRoleGrants } from "../user-role-grants";
export type { DeferralPolicy, VersionDeferralArgs } from "../version-deferral";
export { VersionDeferral } from "../version-deferral";
