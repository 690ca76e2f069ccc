/** All resources. Whatever concerns each of them goes over these, and has no list of its own. */
import * as allowlistEntry from "../allowlist-entry";
import * as apiKey from "../api-key";
import * as awsEndpointConnectionState from "../aws-endpoint-connection-state";
import * as backupConfiguration from "../backup-configuration";
import * as blackoutWindow from "../blackout-window";
import * as clientCaCert from "../client-ca-cert";
import * as cluster from "../cluster";
import * as clusterDisruption from "../cluster-disruption";
import * as cmekConfig from "../cmek-config";
import * as database from "../database";
import * as egressPrivateEndpoint from "../egress-private-endpoint";
import * as egressPrivateEndpointDomainNames from "../egress-private-endpoint-domain-names";
import * as egressRule from "../egress-rule";
import * as egressTrafficPolicy from "../egress-traffic-policy";
import * as folder from "../folder";
import * as jwtIssuer from "../jwt-issuer";
import * as logExportConfig from "../log-export-config";
import * as maintenanceWindow from "../maintenance-window";
import * as metricExportCloudwatchConfig from "../metric-export-cloudwatch-config";
import * as metricExportDatadogConfig from "../metric-export-datadog-config";
import * as metricExportPrometheusConfig from "../metric-export-prometheus-config";
import * as physicalReplicationStream from "../physical-replication-stream";
import * as privateEndpointConnection from "../private-endpoint-connection";
import * as privateEndpointServices from "../private-endpoint-services";
import * as privateEndpointTrustedOwner from "../private-endpoint-trusted-owner";
import * as provisionedGroup from "../provisioned-group";
import * as provisionedUser from "../provisioned-user";
import * as restore from "../restore";
import * as serviceAccount from "../service-account";
import * as sqlUser from "../sql-user";
import * as userRoleGrant from "../user-role-grant";
import * as userRoleGrants from "../user-role-grants";
import * as versionDeferral from "../version-deferral";
import type { Resource } from "./resource";
import type { ResourceType } from "./resource-types";
import { allResourceTypes } from "./resource-types";

const modules = {
  AllowlistEntry: allowlistEntry,
  ApiKey: apiKey,
  BackupConfiguration: backupConfiguration,
  BlackoutWindow: blackoutWindow,
  Cluster: cluster,
  ClusterDisruption: clusterDisruption,
  CmekConfig: cmekConfig,
  Database: database,
  Folder: folder,
  LogExportConfig: logExportConfig,
  PrivateEndpointServices: privateEndpointServices,
  PrivateEndpointTrustedOwner: privateEndpointTrustedOwner,
  PrivateEndpointConnection: privateEndpointConnection,
  AwsEndpointConnectionState: awsEndpointConnectionState,
  EgressTrafficPolicy: egressTrafficPolicy,
  EgressRule: egressRule,
  EgressPrivateEndpoint: egressPrivateEndpoint,
  EgressPrivateEndpointDomainNames: egressPrivateEndpointDomainNames,
  ClientCaCert: clientCaCert,
  MaintenanceWindow: maintenanceWindow,
  MetricExportCloudwatchConfig: metricExportCloudwatchConfig,
  MetricExportDatadogConfig: metricExportDatadogConfig,
  MetricExportPrometheusConfig: metricExportPrometheusConfig,
  PhysicalReplicationStream: physicalReplicationStream,
  ProvisionedGroup: provisionedGroup,
  ProvisionedUser: provisionedUser,
  JwtIssuer: jwtIssuer,
  Restore: restore,
  ServiceAccount: serviceAccount,
  SqlUser: sqlUser,
  UserRoleGrant: userRoleGrant,
  UserRoleGrants: userRoleGrants,
  VersionDeferral: versionDeferral,
} satisfies { [Type in ResourceType]: { [Class in Type]: unknown } & { resource: Resource } };

/** The resource classes by type. */
export type ResourceClasses = {
  [Type in ResourceType]: (typeof modules)[Type] extends { [Class in Type]: infer Class }
    ? Class
    : never;
};

/** The classes. */
export const resourceClasses = Object.fromEntries(
  allResourceTypes.map((type) => [type, Reflect.get(modules[type], type)]),
) as ResourceClasses;

/** The resources by type. @internal */
export const resources = Object.fromEntries(
  allResourceTypes.map((type) => [type, modules[type].resource]),
) as Record<ResourceType, Resource>;
