// What the service does where nobody has seen it.

import type { Refusal } from "./server/errors";
import type { ProtobufVersion } from "./server/protojson";

/** Choices where no public source says what the service does. */
export interface Assumptions {
  /** Whether PATCH refuses keys that the API does not have; otherwise it ignores them. @default true */
  strictPatch: boolean;
  /**
   * The protobuf-go that reads requests. 1.28 refuses the name of an enum's value that does not exist; from 1.33 on
   * it is dropped silently and reads as not set. 1.36 words refusals in another way.
   * @default "1.28", the strictest, and the one whose wording was seen in public
   */
  protobufVersion: ProtobufVersion;
  /** Longest cluster name. The reference says 20, the service has been seen to take 40. @default 40 */
  nameMax: number;
  /** Items of a page when the request names no limit. @default 100 */
  pageDefault: number;
  /** Most items of a page; a larger limit is clamped. @default 500 */
  pageMax: number;
  /** What a list that fits on one page says: empty tokens, or `pagination: null`. @default "empty" */
  paginationEnd: "empty" | "null";
  /** Response to throttled requests. @default 429 / 8 */
  throttled: Refusal;
  /** Whether two live clusters may have one name. @default false */
  allowDuplicateNames: boolean;
  /** Response to a name in use. @default 409 / 6 */
  duplicateName: Refusal;
  /** Whether a cluster in CREATION_FAILED keeps its name until it is deleted. @default true */
  failedClusterHoldsName: boolean;
  /** Delete protection of a cluster that was created without saying. @default "DISABLED" */
  defaultDeleteProtection: "ENABLED" | "DISABLED";
  /** Response to DELETE of a protected cluster. @default 400 / 9 */
  protectedDelete: Refusal;
  /** Response to a second DELETE: not found, or the deleted cluster again. @default "not-found" */
  secondDelete: "not-found" | "same-response";
  /**
   * Whether reading what belongs to a DELETED cluster (nodes, connection string, lists that are empty now) is
   * still served.
   * @default false
   */
  serveDeletedClusters: boolean;
  /** Response to what belongs to a DELETED cluster. @default 404 / 5 */
  deletedCluster: Refusal;
  /** Response to mutating a cluster that is locked or being created. @default 503 / 14 */
  busy: Refusal;
  /** Response to the fourth decrease of vCPUs in seven days. @default 400 / 9 */
  fourthDecrease: Refusal;
  /** Response to BASIC to STANDARD within 48 hours of the opposite change. @default 400 / 9 */
  planChangeTooSoon: Refusal;
  /** vCPUs of a Standard cluster must be a multiple of this. @default 1 */
  vcpuMultiple: number;
  /**
   * What a PATCH with some of the usage limits does with the others: the group is replaced as a whole, or
   * each member on its own. `{}` removes all of them either way.
   * @default "replace"
   */
  usageLimitsPatch: "replace" | "merge";
  /** Whether create takes a patch version (`v25.2.6`) as well as a major one (`v25.2`). @default false */
  allowPatchVersions: boolean;
  /** Whether a major upgrade or rollback locks the cluster. @default true */
  lockDuringUpgrade: boolean;
  /** Whether the only region of a Basic or Standard cluster is marked as primary. @default false */
  singleRegionIsPrimary: boolean;
  /**
   * What `config.dedicated` shows as the machine of a cluster whose regions have different ones: that of the region
   * whose name sorts first, or none. @default "first-region"
   */
  mixedMachines: "first-region" | "unset";
  /** Nodes of a Basic or Standard cluster: an empty list, or 400. @default "empty" */
  serverlessNodes: "empty" | "refused";
  /**
   * Whether a LOCKED cluster refuses changes of what belongs to it: users, databases, allowlist, window,
   * deferral. One that is being created always does.
   * @default false
   */
  lockCoversSubresources: boolean;
  /** Response to creating a SQL user whose name is in use. @default 409 / 6 */
  duplicateUser: Refusal;
  /** A SQL user's name with capitals: stored in lower case, as SQL does, or refused. @default "folded" */
  upperCaseUsers: "folded" | "refused";
  /** Shortest password of a SQL user, in characters; an empty one is always refused. @default 1 */
  passwordMin: number;
  /** Databases that every cluster has from the start. @default "defaultdb", "postgres" and "system" */
  firstDatabases: readonly string[];
  /** Response to creating a database whose name is in use, or renaming one to it. @default 409 / 6 */
  duplicateDatabase: Refusal;
  /** POST of an allowlist entry that exists: an error, or it replaces the entry as PUT does. @default 409 / 6 */
  duplicateAllowlistEntry: Refusal | "replaced";
  /** GET of a maintenance window that is not set: 404, or 200 with empty texts. @default "not-found" */
  windowUnset: "empty-body" | "not-found";
  /** Response to the maintenance window of a Basic or Standard cluster. @default 400 / 9 */
  windowOnServerless: Refusal;
  /** GET of a version deferral that was never set: NOT_DEFERRED, or 404. @default "not-deferred" */
  deferralUnset: "not-deferred" | "not-found";
  /** The version deferral of a Basic or Standard cluster: an error, or it works. @default 400 / 9 */
  deferralOnServerless: Refusal | "served";
  /** What FIXED_DEFERRAL reads as after it was set. @default "DEFERRAL_60_DAYS" */
  fixedDeferralEcho: "DEFERRAL_60_DAYS" | "FIXED_DEFERRAL";
  /** Whether applying a patch version locks the cluster. @default true */
  lockDuringPatch: boolean;
  /** GET of the encryption of a cluster that has none: 200 with DISABLED, or 404. @default "disabled" */
  cmekUnset: "disabled" | "not-found";
  /** Response to POST of encryption keys when there are some already. @default 400 / 9 */
  cmekPostWhenEnabled: Refusal;
  /** PUT of encryption keys when there are none: works like POST, or an error. @default "enable" */
  cmekPutWhenDisabled: Refusal | "enable";
  /** The order of a region's keys, the current one being the newest. @default "newest-first" */
  cmekKeyOrder: "newest-first" | "oldest-first";
  /** Whether a job on encryption keys locks the cluster. @default true */
  lockDuringCmek: boolean;
  /** GET of a log export that was never set: 404, or 200 with DISABLED. @default "not-found" */
  logExportUnset: "disabled" | "not-found";
  /** Whether a change of the log export locks an Advanced cluster. @default true */
  lockDuringLogExport: boolean;
  /** The shared key of Azure in responses: its last four characters, or nothing. @default "masked" */
  azureKeyInResponse: "absent" | "masked";
  /**
   * GET of a metric export that was never set: 404, or 200 with NOT_DEPLOYED, for Prometheus alone or for all.
   * @default "prometheus-not-deployed"
   */
  metricExportUnset: "not-deployed" | "not-found" | "prometheus-not-deployed";
  /** Whether a Standard cluster with log or metric exports is kept from becoming BASIC. @default true */
  exportsKeepPlan: boolean;
  /** Whether backups are disabled by a request that changes nothing else. @default true */
  disableAlone: boolean;
  /** Whether sending the present retention uses up the one change of it. @default false */
  retentionResendCounts: boolean;
  /** Restoring a whole cluster over data: an error at once, a restore that fails, or the data is lost. @default "refused" */
  clusterRestoreIntoData: "failed" | "refused" | "wiped";
  /** Age in days from which a backup is restored only when the request names it. @default 7 */
  restoreBackupMaxAgeDays: number;
  /** Whether blackout windows of a cluster may overlap; otherwise 409. @default true */
  windowsMayOverlap: boolean;
  /** Whether blackout windows need a maintenance window. @default false */
  blackoutNeedsMaintenanceWindow: boolean;
  /** Whether upgrades, scaling and edits of nodes are refused in a blackout window. @default false */
  blackoutBlocksUserWork: boolean;
  /** Whether the backup configuration of a LOCKED cluster can be changed. @default false */
  backupsWhileBusy: boolean;
  /** Whether organizations are enrolled for blackout windows, disruption and physical replication; otherwise 403. @default true */
  enrolled: boolean;
  /** Response to a second physical replication stream of a cluster. @default 400 / 9 */
  streamConflict: Refusal;
  /** Response to DELETE of a cluster with a physical replication stream that is not over. @default 400 / 9 */
  replicatingDelete: Refusal;
  /** Response where only Advanced clusters have private endpoints, egress rules or a client CA. @default 400 / 9 */
  networkOnServerless: Refusal;
  /** Response where the organization has no access to a feature. @default 403 / 7 */
  featureOff: Refusal;
  /** Whether Standard clusters have private endpoint services by themselves, or those of several regions alone. @default true */
  standardPrivateEndpoints: boolean | "multi-region-only";
  /** When a region that a cluster with services gains has one: after the next POST, or by itself. @default "on-post" */
  newRegionService: "automatic" | "on-post";
  /** Accepting an endpoint that no control has made: the emulator has no cloud to look in. @default "accepted" */
  unknownEndpoint: Refusal | "accepted";
  /** Status in the response to accepting an endpoint. @default "PENDING" */
  acceptedEndpointStatus: "PENDING" | "PENDING_ACCEPTANCE";
  /** The member of a connection that names its region: the API's document has both. @default "region_name" */
  connectionRegionKey: "none" | "region" | "region_name";
  /** Whether the organization has private endpoint trusted owners. @default true */
  hasTrustedOwners: boolean;
  /** Response to a trusted owner that exists: an error, a second one, or the one that exists. @default 409 / 6 */
  duplicateTrustedOwner: Refusal | "allowed" | "same-entry";
  /** A list without trusted owners: `[]`, or no `trusted_owners`. @default "listed" */
  emptyTrustedOwners: "absent" | "listed";
  /** Whether the organization has egress policies and rules. @default true */
  hasEgressPerimeter: boolean;
  /** Whether a policy without `allow_all` is refused; otherwise it denies. @default true */
  policyRequiresField: boolean;
  /** Response to the egress policy of a public cluster on AWS or GCP. @default 400 / 9 */
  policyOnPublic: Refusal | "served";
  /** Response to an egress rule while the policy allows everything. @default 400 / 9 */
  ruleUnderAllowAll: Refusal | "accepted";
  /** Response to an egress rule whose name is in use. @default 409 / 6 */
  duplicateEgressRule: Refusal | "accepted";
  /** Whether the list of egress rules has one of the service itself. @default true */
  crlManagedRules: boolean;
  /** Response to changing an egress rule of the service. @default 403 / 7 */
  managedRuleChange: Refusal;
  /** Whether the organization has egress private endpoints. @default true */
  hasEgressPrivateEndpoints: boolean;
  /** Whether an egress private endpoint has its address before it is accepted. @default true */
  addressBeforeAcceptance: boolean;
  /** How long an egress private endpoint that is being made locks its cluster. @default "until-available" */
  egressEndpointHolds: "never" | "until-available" | "until-ids";
  /** A second egress private endpoint to one service: it works, or an error. @default "allowed" */
  duplicateEgressEndpoint: Refusal | "allowed";
  /** POST of a client CA certificate when one is set: replaces it, or an error. @default "replace" */
  clientCaPostWhenSet: Refusal | "replace";
  /** PATCH of a client CA certificate when none is set: sets it, or an error. @default "set" */
  clientCaPatchWhenUnset: Refusal | "set";
  /** The certificate of a change that failed: the one before, which stays in force, or `""`. @default "before" */
  failedClientCa: "before" | "empty";
  /** Whether the client CA certificate is read with another line end than it was written. @default false */
  clientCaLineEnd: boolean;
  /** The order of the domain names of an egress private endpoint. @default "sorted" */
  domainNameOrder: "as-sent" | "sorted";
  /** Network visibility of an Advanced cluster on GCP that was created without. @default "PUBLIC" */
  gcpDefaultVisibility: "PRIVATE" | "PUBLIC";
  /** Content type of the root certificate of a cluster. @default "text/plain" */
  certContentType: string;
  /** `/clusters/{id}/cert` of a cluster that does not exist: a page with 404 or 200, or a way to the login. @default "404-html" */
  unknownCert: "200-html" | "404-html" | "redirect";
  /** Whether the certificate of an Advanced cluster is served while the cluster is created. @default false */
  certWhileCreating: boolean;
  /** Most folders of an organization. @default 65 */
  maxFolders: number;
  /** A folder whose name another folder in the same place has: an error, or it works. @default 409 / 6 */
  duplicateFolder: Refusal | "allowed";
  /**
   * Clusters whose deletion takes time: whether they keep their folder from being deleted until they are DELETED.
   * @default "never"
   */
  deletingClusterHoldsFolder: "advanced" | "always" | "never";
  /** Whether roles on a folder or cluster stay granted when it is deleted. @default false */
  grantsOutliveResource: boolean;
  /** Whether the roles of a deleted service account can still be read and removed. @default true */
  grantsOutliveAccount: boolean;
  /** Response to creating an API key of a service account that does not exist. @default 404 / 5 */
  keyForUnknownAccount: Refusal;
  /** Removing a role that is not granted: 404, or 200 without a change. @default "not-found" */
  removeMissingRole: "not-found" | "unchanged";
  /** The roles of an id that nobody has: an empty list, or 404. @default "empty" */
  unknownSubject: "empty" | "not-found";
  /** The person of an e-mail address that nobody has: `user: null`, no `user`, or 404. @default "null" */
  unknownPerson: "absent" | "not-found" | "null";
  /** Whether the organization may use JWT issuers; otherwise 403. @default true */
  jwtIssuers: boolean;
  /** Adding an issuer whose URL and audience another one has: an error, or it works. @default 409 / 6 */
  duplicateJwtIssuer: Refusal | "allowed";
  /** The claim of an issuer that was added without one. @default "unset" */
  defaultClaim: "sub" | "unset";
  /** Whether `""` in a PATCH removes the keys or the claim of an issuer; otherwise it is ignored. @default true */
  clearJwtIssuerByEmpty: boolean;
  /**
   * Whether creating a service account takes a description and roles, setting the domain names of an egress private
   * endpoint the names, all of which may be empty, and changing an allowlist entry both `sql` and `ui`.
   * @default false
   */
  strictRequired: boolean;
  /** Whether the last ORG_ADMIN and the last CLUSTER_ADMIN of the organization keep their role. @default true */
  keepLastAdmin: boolean;
  /** A service account whose name another one has. @default "allowed" */
  duplicateServiceAccount: Refusal | "allowed";
  /** Whether a service account cannot delete itself. @default false */
  refuseSelfDelete: boolean;
  /** A role on the organization whose path or body names the id of the organization. @default "accepted" */
  organizationRoleId: Refusal | "accepted";
  /** Whether the list of roles leaves subjects out when there are more than 100. @default false */
  rolePagingLosesEntries: boolean;
  /** Whether the case of an e-mail address counts when a person is searched. @default "ignored" */
  personEmailCase: "exact" | "ignored";
  /** Whether the organization has the identities of the service in the clouds of its customers. @default true */
  servicePrincipals: boolean;
  /** What is unique of a JWT issuer: URL and audience together, or the URL. @default "pair" */
  jwtIssuerIdentity: "pair" | "url";
  /** Whether the `jwks` of a JWT issuer must be a key set. @default false */
  checkJwks: boolean;
  /** Whether the case of `op` counts in a PATCH of SCIM. @default "ignored" */
  scimOpCase: "exact" | "ignored";
  /** Whether an audit log contains the entries of the moment that it starts from. @default "exclusive" */
  auditStart: "exclusive" | "inclusive";
  /** The order of backups when the request asks for none. @default "oldest-first" */
  backupOrder: "newest-first" | "oldest-first";
  /** Response to a token that stands for several users, without `Cc-Username`. @default 401 / 16 */
  severalJwtIdentities: Refusal;
  /** Errors of SCIM: those of the rest of the API (`"status"`), or the form of RFC 7644 (`"scim"`). @default "status" */
  scimErrors: "scim" | "status";
  /** Response to SCIM users and groups of an organization that does not use SCIM. @default 403 / 7 */
  scimOff: Refusal;
  /** Most users or groups of a response; a larger number is clamped. @default 100 */
  scimMaxResults: number;
  /** What PUT of a SCIM user or group does with attributes that it leaves out. @default "keep" */
  scimPut: "clear" | "keep";
  /** Another `userName` of a SCIM user: it works, or 400. @default "allowed" */
  scimRename: "allowed" | "refused";
  /** Whether refused changes are in the audit log too, with their `error`. @default false */
  auditRefusals: boolean;
  /**
   * Whether the audit log names `next_starting_from` after the earliest entry of a descending list. The user
   * guide says no; in ascending order it is always there.
   * @default false
   */
  auditCursorAtStart: boolean;
  /** Whether the list of invoices carries `pagination: null`, as the user guide shows it. @default false */
  invoicePagination: boolean;
}

/** The proposals that the emulator follows where nothing is known. */
export const defaultAssumptions: Assumptions = {
  strictPatch: true,
  protobufVersion: "1.28",
  nameMax: 40,
  pageDefault: 100,
  pageMax: 500,
  paginationEnd: "empty",
  throttled: { status: 429, code: 8 },
  allowDuplicateNames: false,
  duplicateName: { status: 409, code: 6 },
  failedClusterHoldsName: true,
  defaultDeleteProtection: "DISABLED",
  protectedDelete: { status: 400, code: 9 },
  secondDelete: "not-found",
  serveDeletedClusters: false,
  deletedCluster: { status: 404, code: 5 },
  busy: { status: 503, code: 14 },
  fourthDecrease: { status: 400, code: 9 },
  planChangeTooSoon: { status: 400, code: 9 },
  vcpuMultiple: 1,
  usageLimitsPatch: "replace",
  allowPatchVersions: false,
  lockDuringUpgrade: true,
  singleRegionIsPrimary: false,
  mixedMachines: "first-region",
  serverlessNodes: "empty",
  lockCoversSubresources: false,
  duplicateUser: { status: 409, code: 6 },
  upperCaseUsers: "folded",
  passwordMin: 1,
  firstDatabases: ["defaultdb", "postgres", "system"],
  duplicateDatabase: { status: 409, code: 6 },
  duplicateAllowlistEntry: { status: 409, code: 6 },
  windowUnset: "not-found",
  windowOnServerless: { status: 400, code: 9 },
  deferralUnset: "not-deferred",
  deferralOnServerless: { status: 400, code: 9 },
  fixedDeferralEcho: "DEFERRAL_60_DAYS",
  lockDuringPatch: true,
  cmekUnset: "disabled",
  cmekPostWhenEnabled: { status: 400, code: 9 },
  cmekPutWhenDisabled: "enable",
  cmekKeyOrder: "newest-first",
  lockDuringCmek: true,
  logExportUnset: "not-found",
  lockDuringLogExport: true,
  azureKeyInResponse: "masked",
  metricExportUnset: "prometheus-not-deployed",
  exportsKeepPlan: true,
  disableAlone: true,
  retentionResendCounts: false,
  clusterRestoreIntoData: "refused",
  restoreBackupMaxAgeDays: 7,
  windowsMayOverlap: true,
  blackoutNeedsMaintenanceWindow: false,
  blackoutBlocksUserWork: false,
  backupsWhileBusy: false,
  enrolled: true,
  streamConflict: { status: 400, code: 9 },
  replicatingDelete: { status: 400, code: 9 },
  networkOnServerless: { status: 400, code: 9 },
  featureOff: { status: 403, code: 7 },
  standardPrivateEndpoints: true,
  newRegionService: "on-post",
  unknownEndpoint: "accepted",
  acceptedEndpointStatus: "PENDING",
  connectionRegionKey: "region_name",
  hasTrustedOwners: true,
  duplicateTrustedOwner: { status: 409, code: 6 },
  emptyTrustedOwners: "listed",
  hasEgressPerimeter: true,
  policyRequiresField: true,
  policyOnPublic: { status: 400, code: 9 },
  ruleUnderAllowAll: { status: 400, code: 9 },
  duplicateEgressRule: { status: 409, code: 6 },
  crlManagedRules: true,
  managedRuleChange: { status: 403, code: 7 },
  hasEgressPrivateEndpoints: true,
  addressBeforeAcceptance: true,
  egressEndpointHolds: "until-available",
  duplicateEgressEndpoint: "allowed",
  clientCaPostWhenSet: "replace",
  clientCaPatchWhenUnset: "set",
  failedClientCa: "before",
  clientCaLineEnd: false,
  domainNameOrder: "sorted",
  gcpDefaultVisibility: "PUBLIC",
  certContentType: "text/plain",
  unknownCert: "404-html",
  certWhileCreating: false,
  maxFolders: 65,
  duplicateFolder: { status: 409, code: 6 },
  deletingClusterHoldsFolder: "never",
  grantsOutliveResource: false,
  grantsOutliveAccount: true,
  keyForUnknownAccount: { status: 404, code: 5 },
  removeMissingRole: "not-found",
  unknownSubject: "empty",
  unknownPerson: "null",
  jwtIssuers: true,
  duplicateJwtIssuer: { status: 409, code: 6 },
  defaultClaim: "unset",
  clearJwtIssuerByEmpty: true,
  strictRequired: false,
  keepLastAdmin: true,
  duplicateServiceAccount: "allowed",
  refuseSelfDelete: false,
  organizationRoleId: "accepted",
  rolePagingLosesEntries: false,
  personEmailCase: "ignored",
  servicePrincipals: true,
  jwtIssuerIdentity: "pair",
  checkJwks: false,
  scimOpCase: "ignored",
  auditStart: "exclusive",
  backupOrder: "oldest-first",
  severalJwtIdentities: { status: 401, code: 16 },
  scimErrors: "status",
  scimOff: { status: 403, code: 7 },
  scimMaxResults: 100,
  scimPut: "keep",
  scimRename: "allowed",
  auditRefusals: false,
  auditCursorAtStart: false,
  invoicePagination: false,
};
