/** All functions. Whatever concerns each of them goes over these, and has no list of its own. */

import { allowlistEntries } from "./allowlist-entry";
import { apiKeys, oneApiKey } from "./api-key";
import { entries } from "./audit-log";
import { regions } from "./available-region";
import { backups, configuration, newestBackup } from "./backup";
import { blackoutWindows, oneBlackoutWindow } from "./blackout-window";
import type { ProviderFunction } from "./call";
import { callerIdentity } from "./caller-identity";
import { certificate } from "./client-ca-cert";
import { allClusters, oneCluster } from "./cluster";
import { clusterCert } from "./cluster-certificate";
import { disruption } from "./cluster-disruption";
import { nodes } from "./cluster-node";
import { cmek } from "./cmek";
import { connection } from "./connection";
import { connectionString } from "./connection-string";
import { databases } from "./database";
import { endpoints, oneEndpoint, oneRule, rules, trafficPolicy } from "./egress";
import { cloudwatch, datadog, logExport, prometheus } from "./export";
import { contents, folders, oneFolder } from "./folder";
import { invoice, invoices } from "./invoice";
import { jwtIssuers, oneJwtIssuer } from "./jwt-issuer";
import { maintenanceWindow } from "./maintenance-window";
import { versions } from "./major-version";
import { organization } from "./organization";
import { personUser } from "./person-user";
import { oneStream, streams } from "./physical-replication-stream";
import {
  awsConnections,
  connections,
  oneConnection,
  oneService,
  oneTrustedOwner,
  services,
  trustedOwners,
} from "./private-endpoint";
import { oneRestore, restores } from "./restore";
import { roleGrants, rolesForUser } from "./role";
import { groups, oneGroup, oneUser, users } from "./scim";
import { scimServiceProviderConfig } from "./scim-service-provider-config";
import { oneServiceAccount, serviceAccounts } from "./service-account";
import { users as sqlUsers } from "./sql-user";
import { versionDeferral } from "./version-deferral";

const all: readonly ProviderFunction<never, unknown>[] = [
  entries,
  oneApiKey,
  regions,
  configuration,
  backups,
  restores,
  oneRestore,
  blackoutWindows,
  certificate,
  allClusters,
  oneCluster,
  clusterCert,
  nodes,
  disruption,
  cmek,
  connectionString,
  endpoints,
  rules,
  logExport,
  datadog,
  cloudwatch,
  prometheus,
  invoice,
  invoices,
  maintenanceWindow,
  versions,
  organization,
  services,
  connections,
  awsConnections,
  trustedOwners,
  oneStream,
  streams,
  users,
  groups,
  sqlUsers,
  versionDeferral,
  oneFolder,
  folders,
  contents,
  apiKeys,
  jwtIssuers,
  personUser,
  rolesForUser,
  roleGrants,
  oneServiceAccount,
  serviceAccounts,
  oneBlackoutWindow,
  newestBackup,
  oneRule,
  oneEndpoint,
  oneTrustedOwner,
  oneJwtIssuer,
  oneUser,
  oneGroup,
  databases,
  allowlistEntries,
  callerIdentity,
  connection,
  trafficPolicy,
  oneService,
  oneConnection,
  scimServiceProviderConfig,
];

/** The functions by name. */
export const functions: ReadonlyMap<string, ProviderFunction<never, unknown>> = new Map(
  all.map((one) => [one.name, one]),
);

/**
 * The property in which a function whose result is a list returns it where only objects can be returned: `clusters` of
 * `listClusters`. Undefined for a function that returns an object.
 */
export function listPropertyOf(name: string): string | undefined {
  const [, first, rest] = /^list(.)(.*)$/.exec(name) ?? [];
  return first === undefined ? undefined : `${first.toLowerCase()}${rest}`;
}
