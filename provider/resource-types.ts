/** The types of the resources. They are part of every URN and of every state: they never change. */

/** By class: the file in `provider/`, and the same resource in the bridged provider, whose state is taken over by alias. */
export const resourceTypes = {
  Cluster: { stem: "cluster", bridgedType: "cockroach:index/cluster:Cluster" },
  SqlUser: { stem: "sql-user", bridgedType: "cockroach:index/sqlUser:SqlUser" },
  CmekConfig: { stem: "cmek-config", bridgedType: "cockroach:index/cmek:Cmek" },
  MaintenanceWindow: {
    stem: "maintenance-window",
    bridgedType: "cockroach:index/maintenanceWindow:MaintenanceWindow",
  },
  VersionDeferral: {
    stem: "version-deferral",
    bridgedType: "cockroach:index/versionDeferral:VersionDeferral",
  },
  AllowlistEntry: {
    stem: "allowlist-entry",
    bridgedType: "cockroach:index/allowList:AllowList",
  },
  Database: { stem: "database", bridgedType: "cockroach:index/database:Database" },
} as const;

/** Name of a resource class, the last part of its type token. */
export type ResourceType = keyof typeof resourceTypes;

/** The type token of a resource class. */
export function typeToken(type: ResourceType): string {
  return `pulumi-nodejs:dynamic/cockroachdb-cloud:${type}`;
}

/** The resource class that a type in state belongs to, also one of the bridged provider. */
export function resourceTypeOf(token: string): ResourceType | undefined {
  return (Object.keys(resourceTypes) as ResourceType[]).find(
    (type) => token === typeToken(type) || token === resourceTypes[type].bridgedType,
  );
}
