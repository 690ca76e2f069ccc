// All areas of the emulator. A new area is one line here: its operations are served, and its controls are a property
// of the emulator under the name that it has here.

import type { Area, ControlledArea, ControlParts } from "./area";
import { allowlistArea } from "./areas/allowlist-entry";
import { apiKeyArea } from "./areas/api-key";
import { auditLogArea } from "./areas/audit-log";
import { backupArea } from "./areas/backup";
import { blackoutWindowArea } from "./areas/blackout-window";
import { clientCaCertArea } from "./areas/client-ca-cert";
import { clusterDisruptionArea } from "./areas/cluster-disruption";
import { cmekArea } from "./areas/cmek-config";
import { connectionStringArea } from "./areas/connection-string";
import { databaseArea } from "./areas/database";
import { egressPrivateEndpointArea } from "./areas/egress-private-endpoint";
import { egressRuleArea } from "./areas/egress-rule";
import { folderArea } from "./areas/folder";
import { invoiceArea } from "./areas/invoice";
import { jwtIssuerArea } from "./areas/jwt-issuer";
import { logExportArea } from "./areas/log-export";
import { maintenanceWindowArea } from "./areas/maintenance-window";
import { metricExportArea } from "./areas/metric-export";
import { nodeArea } from "./areas/node";
import { organizationInfoArea } from "./areas/organization-info";
import { personArea } from "./areas/person";
import { physicalReplicationStreamArea } from "./areas/physical-replication-stream";
import { privateEndpointConnectionArea } from "./areas/private-endpoint-connection";
import { privateEndpointServiceArea } from "./areas/private-endpoint-service";
import { trustedOwnerArea } from "./areas/private-endpoint-trusted-owner";
import { regionArea } from "./areas/region";
import { restoreArea } from "./areas/restore";
import { roleArea } from "./areas/role";
import { scimDiscoveryArea } from "./areas/scim-discovery";
import { scimGroupArea } from "./areas/scim-group";
import { scimUserArea } from "./areas/scim-user";
import { serviceAccountArea } from "./areas/service-account";
import { sqlUserArea } from "./areas/sql-user";
import { versionArea } from "./areas/version";
import { versionDeferralArea } from "./areas/version-deferral";
import { clusterArea } from "./cluster/cluster";
import type { HandlerTable } from "./server/call";

/** The areas by their names. */
export const areas = {
  allowlist: allowlistArea,
  /** API keys of all organizations, changed outside the API. */
  apiKeys: apiKeyArea,
  auditLog: auditLogArea,
  backups: backupArea,
  blackoutWindows: blackoutWindowArea,
  clusterDisruptions: clusterDisruptionArea,
  clientCaCerts: clientCaCertArea,
  /** Clusters of all organizations, changed outside the API. */
  clusters: clusterArea,
  cmek: cmekArea,
  connectionStrings: connectionStringArea,
  databases: databaseArea,
  egressPrivateEndpoints: egressPrivateEndpointArea,
  egressRules: egressRuleArea,
  /** Folders of all organizations, changed outside the API. */
  folders: folderArea,
  invoices: invoiceArea,
  /** JWT issuers of all organizations, changed outside the API. */
  jwtIssuers: jwtIssuerArea,
  logExports: logExportArea,
  maintenanceWindows: maintenanceWindowArea,
  metricExports: metricExportArea,
  nodes: nodeArea,
  organizationInfo: organizationInfoArea,
  /** Persons of all organizations. */
  persons: personArea,
  /** Physical replication streams of all organizations, changed outside the API. */
  physicalReplicationStreams: physicalReplicationStreamArea,
  privateEndpointConnections: privateEndpointConnectionArea,
  privateEndpointServices: privateEndpointServiceArea,
  privateEndpointTrustedOwners: trustedOwnerArea,
  regions: regionArea,
  restores: restoreArea,
  /** Roles of persons, service accounts and groups, changed outside the API. */
  roles: roleArea,
  /** Service accounts of all organizations, changed outside the API. */
  serviceAccounts: serviceAccountArea,
  scimDiscovery: scimDiscoveryArea,
  /** Groups of all organizations by SCIM, changed outside the API. */
  scimGroups: scimGroupArea,
  /** Persons of all organizations by SCIM, changed outside the API. */
  scimUsers: scimUserArea,
  sqlUsers: sqlUserArea,
  versionDeferrals: versionDeferralArea,
  versions: versionArea,
} satisfies Readonly<Record<string, Area>>;

type Areas = typeof areas;

/** What changes objects outside the API, by area. */
export type Controls = {
  readonly [Name in keyof Areas as Areas[Name] extends ControlledArea<object>
    ? Name
    : never]: Areas[Name] extends ControlledArea<infer Own> ? Own : never;
};

/** The operations of all areas. */
export const handlers: HandlerTable = Object.assign(
  {},
  ...Object.values<Area>(areas).map(({ operations }) => operations),
);

/** Creates the controls of all areas that have some. */
export function createControls(parts: ControlParts): Controls {
  const controls = Object.entries<Area | ControlledArea<object>>(areas).flatMap(([name, area]) =>
    "createControls" in area ? [[name, area.createControls(parts)]] : [],
  );
  return Object.fromEntries(controls) as Controls;
}
