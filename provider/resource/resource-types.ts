/** The types of the resources. They are part of every URN and of every state: they never change. */

/** What a resource belongs to: one of a cluster is deleted with it. */
type Scope = "cluster" | "organization";

interface ResourceRow {
  /**
   * The arguments that name clusters on which it depends; the first one is what it belongs to, where it belongs to one.
   * @default `clusterId`, where it belongs to one
   */
  readonly clusters?: readonly string[];
  /** The file in `provider/`, which state names. */
  readonly stem: string;
  readonly scope: Scope;
  /** As messages name all of them. */
  readonly plural: string;
  /** The same resource in the bridged provider, whose state is adopted by alias; none where it has no such resource. */
  readonly bridgedType: string | undefined;
  /** The same resource in the Terraform provider; none where it has no such resource. */
  readonly terraformType: string | undefined;
}

/** By class, in the order in which a program declares them. */
export const resourceTypes = {
  Folder: {
    stem: "folder",
    scope: "organization",
    plural: "folders",
    bridgedType: "cockroach:index/folder:Folder",
    terraformType: "cockroach_folder",
  },
  ProvisionedUser: {
    stem: "provisioned-user",
    scope: "organization",
    plural: "provisioned users",
    bridgedType: undefined,
    terraformType: undefined,
  },
  ProvisionedGroup: {
    stem: "provisioned-group",
    scope: "organization",
    plural: "provisioned groups",
    bridgedType: undefined,
    terraformType: undefined,
  },
  ServiceAccount: {
    stem: "service-account",
    scope: "organization",
    plural: "service accounts",
    bridgedType: "cockroach:index/serviceAccount:ServiceAccount",
    terraformType: "cockroach_service_account",
  },
  ApiKey: {
    stem: "api-key",
    scope: "organization",
    plural: "API keys",
    bridgedType: "cockroach:index/apiKey:ApiKey",
    terraformType: "cockroach_api_key",
  },
  UserRoleGrant: {
    stem: "user-role-grant",
    scope: "organization",
    plural: "role grants",
    bridgedType: "cockroach:index/userRoleGrant:UserRoleGrant",
    terraformType: "cockroach_user_role_grant",
  },
  UserRoleGrants: {
    stem: "user-role-grants",
    scope: "organization",
    plural: "sets of role grants",
    bridgedType: "cockroach:index/userRoleGrants:UserRoleGrants",
    terraformType: "cockroach_user_role_grants",
  },
  JwtIssuer: {
    stem: "jwt-issuer",
    scope: "organization",
    plural: "JWT issuers",
    bridgedType: "cockroach:index/jwtIssuer:JwtIssuer",
    terraformType: "cockroach_jwt_issuer",
  },
  Cluster: {
    stem: "cluster",
    scope: "organization",
    plural: "clusters",
    bridgedType: "cockroach:index/cluster:Cluster",
    terraformType: "cockroach_cluster",
  },
  SqlUser: {
    stem: "sql-user",
    scope: "cluster",
    plural: "SQL users",
    bridgedType: "cockroach:index/sqlUser:SqlUser",
    terraformType: "cockroach_sql_user",
  },
  Database: {
    stem: "database",
    scope: "cluster",
    plural: "databases",
    bridgedType: "cockroach:index/database:Database",
    terraformType: "cockroach_database",
  },
  AllowlistEntry: {
    stem: "allowlist-entry",
    scope: "cluster",
    plural: "allowlist entries",
    bridgedType: "cockroach:index/allowList:AllowList",
    terraformType: "cockroach_allow_list",
  },
  CmekConfig: {
    stem: "cmek-config",
    scope: "cluster",
    plural: "encryption keys",
    bridgedType: "cockroach:index/cmek:Cmek",
    terraformType: "cockroach_cmek",
  },
  MaintenanceWindow: {
    stem: "maintenance-window",
    scope: "cluster",
    plural: "maintenance windows",
    bridgedType: "cockroach:index/maintenanceWindow:MaintenanceWindow",
    terraformType: "cockroach_maintenance_window",
  },
  VersionDeferral: {
    stem: "version-deferral",
    scope: "cluster",
    plural: "version deferrals",
    bridgedType: "cockroach:index/versionDeferral:VersionDeferral",
    terraformType: "cockroach_version_deferral",
  },
  LogExportConfig: {
    stem: "log-export-config",
    scope: "cluster",
    plural: "log exports",
    bridgedType: "cockroach:index/logExportConfig:LogExportConfig",
    terraformType: "cockroach_log_export_config",
  },
  MetricExportDatadogConfig: {
    stem: "metric-export-datadog-config",
    scope: "cluster",
    plural: "Datadog metric exports",
    bridgedType: "cockroach:index/metricExportDatadogConfig:MetricExportDatadogConfig",
    terraformType: "cockroach_metric_export_datadog_config",
  },
  MetricExportCloudwatchConfig: {
    stem: "metric-export-cloudwatch-config",
    scope: "cluster",
    plural: "CloudWatch metric exports",
    bridgedType: "cockroach:index/metricExportCloudwatchConfig:MetricExportCloudwatchConfig",
    terraformType: "cockroach_metric_export_cloudwatch_config",
  },
  MetricExportPrometheusConfig: {
    stem: "metric-export-prometheus-config",
    scope: "cluster",
    plural: "Prometheus metric exports",
    bridgedType: "cockroach:index/metricExportPrometheusConfig:MetricExportPrometheusConfig",
    terraformType: "cockroach_metric_export_prometheus_config",
  },
  BackupConfiguration: {
    stem: "backup-configuration",
    scope: "cluster",
    plural: "backup configurations",
    bridgedType: undefined,
    terraformType: undefined,
  },
  BlackoutWindow: {
    stem: "blackout-window",
    scope: "cluster",
    plural: "blackout windows",
    bridgedType: undefined,
    terraformType: "cockroach_blackout_window",
  },
  Restore: {
    stem: "restore",
    scope: "cluster",
    clusters: ["destinationClusterId"],
    plural: "restores",
    bridgedType: undefined,
    terraformType: "cockroach_restore",
  },
  PhysicalReplicationStream: {
    stem: "physical-replication-stream",
    scope: "organization",
    clusters: ["primaryClusterId", "standbyClusterId"],
    plural: "physical replication streams",
    bridgedType: undefined,
    terraformType: "cockroach_physical_replication_stream",
  },
  ClusterDisruption: {
    stem: "cluster-disruption",
    scope: "cluster",
    plural: "disruptions",
    bridgedType: undefined,
    terraformType: undefined,
  },
  PrivateEndpointServices: {
    stem: "private-endpoint-services",
    scope: "cluster",
    plural: "private endpoint services",
    bridgedType: "cockroach:index/privateEndpointServices:PrivateEndpointServices",
    terraformType: "cockroach_private_endpoint_services",
  },
  PrivateEndpointTrustedOwner: {
    stem: "private-endpoint-trusted-owner",
    scope: "cluster",
    plural: "private endpoint trusted owners",
    bridgedType: "cockroach:index/privateEndpointTrustedOwner:PrivateEndpointTrustedOwner",
    terraformType: "cockroach_private_endpoint_trusted_owner",
  },
  PrivateEndpointConnection: {
    stem: "private-endpoint-connection",
    scope: "cluster",
    plural: "private endpoint connections",
    bridgedType: "cockroach:index/privateEndpointConnection:PrivateEndpointConnection",
    terraformType: "cockroach_private_endpoint_connection",
  },
  AwsEndpointConnectionState: {
    stem: "aws-endpoint-connection-state",
    scope: "cluster",
    plural: "AWS endpoint connections",
    bridgedType: undefined,
    terraformType: undefined,
  },
  EgressTrafficPolicy: {
    stem: "egress-traffic-policy",
    scope: "cluster",
    plural: "egress traffic policies",
    bridgedType: undefined,
    terraformType: "cockroach_egress_traffic_policy",
  },
  EgressRule: {
    stem: "egress-rule",
    scope: "cluster",
    plural: "egress rules",
    bridgedType: undefined,
    terraformType: "cockroach_egress_rule",
  },
  EgressPrivateEndpoint: {
    stem: "egress-private-endpoint",
    scope: "cluster",
    plural: "egress private endpoints",
    bridgedType: undefined,
    terraformType: "cockroach_egress_private_endpoint",
  },
  EgressPrivateEndpointDomainNames: {
    stem: "egress-private-endpoint-domain-names",
    scope: "cluster",
    plural: "domain names of egress private endpoints",
    bridgedType: undefined,
    terraformType: "cockroach_egress_private_endpoint_domain_names",
  },
  ClientCaCert: {
    stem: "client-ca-cert",
    scope: "cluster",
    plural: "client CA certificates",
    bridgedType: "cockroach:index/caCert:CaCert",
    terraformType: "cockroach_client_ca_cert",
  },
} as const satisfies Record<string, ResourceRow>;

/** Name of a resource class, the last part of its type token. */
export type ResourceType = keyof typeof resourceTypes;

/** All of them. */
export const allResourceTypes = Object.keys(resourceTypes) as ResourceType[];

/** What the type tokens of all resource classes begin with. */
export const typeTokenPrefix = "pulumi-nodejs:dynamic/cockroachdb-cloud:";

/** The type token of a resource class. */
export function typeToken(type: ResourceType): string {
  return `${typeTokenPrefix}${type}`;
}

/** The package of the provider plugin, which serves the same resources to every language. */
export const pluginPackage = "cockroachdb-cloud";

/** The token of a resource, function or type of the provider plugin. */
export function pluginToken(name: string): string {
  return `${pluginPackage}:index:${name}`;
}

/** The resource class that a type in state belongs to, also one of the provider plugin or of the bridged provider. */
export function resourceTypeOf(token: string): ResourceType | undefined {
  return allResourceTypes.find((type) =>
    [typeToken(type), pluginToken(type), resourceTypes[type].bridgedType].includes(token),
  );
}

/** The URN that a resource has, or would have, as one of the classes. */
export function classUrn(urn: string): string {
  return withTokens(urn, typeToken);
}

/** The URN that a resource has, or would have, in the provider plugin. */
export function pluginUrn(urn: string): string {
  return withTokens(urn, pluginToken);
}

function withTokens(urn: string, tokenOf: (type: ResourceType) => string): string {
  const [stack, project, types = "", ...name] = urn.split("::");
  const tokens = types.split("$").map((token) => {
    const type = resourceTypeOf(token);
    return type === undefined ? token : tokenOf(type);
  });
  return [stack, project, tokens.join("$"), ...name].join("::");
}

/** Whether objects of this type belong to a cluster. */
export function isOfCluster(type: ResourceType): boolean {
  return resourceTypes[type].scope === "cluster";
}

/** The arguments that name the clusters on which objects of this type depend. */
export function clusterArgumentsOf(type: ResourceType): readonly string[] {
  const row: ResourceRow = resourceTypes[type];
  return row.clusters ?? (row.scope === "cluster" ? ["clusterId"] : []);
}

const holdersOfRoles = ["ServiceAccount", "ProvisionedUser", "ProvisionedGroup"] as const;

/** The types of resources that arguments name, besides those that name the clusters on which an object depends. */
const otherReferences: Partial<
  Record<ResourceType, Readonly<Record<string, readonly ResourceType[]>>>
> = {
  Folder: { parentId: ["Folder"] },
  ProvisionedGroup: { members: holdersOfRoles },
  ApiKey: { serviceAccountId: ["ServiceAccount"] },
  UserRoleGrant: { userId: holdersOfRoles },
  UserRoleGrants: { userId: holdersOfRoles },
  Cluster: { parentId: ["Folder"] },
  Restore: { sourceClusterId: ["Cluster"] },
  EgressPrivateEndpointDomainNames: { endpointId: ["EgressPrivateEndpoint"] },
};

/** The types of resources that arguments of this type name, by argument. */
export function referencesOf(
  type: ResourceType,
): Readonly<Record<string, readonly ResourceType[]>> {
  const clusters = clusterArgumentsOf(type).map((name) => [name, ["Cluster"]] as const);
  return { ...Object.fromEntries(clusters), ...otherReferences[type] };
}

/** The types of which an argument of some resource names one. */
export const referableTypes = [
  ...new Set(allResourceTypes.flatMap((type) => Object.values(referencesOf(type)).flat())),
];

/** A type as a sentence names it: `service account`. */
export function nounOf(type: ResourceType): string {
  return type.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

/** The argument that names the cluster to which an object of this type belongs; undefined where it belongs to none. */
export function clusterArgumentOf(type: ResourceType): string | undefined {
  return isOfCluster(type) ? clusterArgumentsOf(type)[0] : undefined;
}
