// Who may do what. A role is granted to a service account at the organization, on a folder or on one cluster;
// an operation names the roles and the levels at which they count.

import type { Operation, RoleScope } from "./operation";

/** The roles that the Cloud API knows. */
export type Role =
  | "BILLING_COORDINATOR"
  | "BILLING_VIEWER"
  | "CLUSTER_ADMIN"
  | "CLUSTER_CREATOR"
  | "CLUSTER_DEVELOPER"
  | "CLUSTER_MONITOR"
  | "CLUSTER_OPERATOR_WRITER"
  | "FOLDER_ADMIN"
  | "FOLDER_MOVER"
  | "METRICS_VIEWER"
  | "ORG_ADMIN"
  | "ORG_MEMBER";

/** A role and where it holds. */
export interface RoleGrant {
  role: Role;
  /** @default "organization" */
  scope?: RoleScope;
  /** UUID of the folder or cluster; left out for the organization. */
  resourceId?: string;
}

/** What an operation is about, as far as roles are concerned. */
export interface Subject {
  clusterId?: string;
  /** The folders that contain the subject, nearest first. */
  folderIds: readonly string[];
}

/** Tells whether one of the grants lets its holder call the operation on the subject. */
export function isAllowed(
  grants: readonly RoleGrant[],
  operation: Operation,
  subject: Subject,
): boolean {
  return grants.some((grant) => covers(grant, operation) && reaches(grant, subject));
}

/** Tells whether one of the grants lets its holder call the operation on anything at all. */
export function isAllowedSomewhere(grants: readonly RoleGrant[], operation: Operation): boolean {
  return operation.roles === "any" || grants.some((grant) => covers(grant, operation));
}

function covers(grant: RoleGrant, operation: Operation): boolean {
  return (
    operation.roles === "any" ||
    (operation.roles.includes(grant.role) &&
      operation.scopes.includes(grant.scope ?? "organization"))
  );
}

function reaches(grant: RoleGrant, subject: Subject): boolean {
  switch (grant.scope ?? "organization") {
    case "organization":
      return true;
    case "folder":
      return grant.resourceId !== undefined && subject.folderIds.includes(grant.resourceId);
    case "cluster":
      return grant.resourceId !== undefined && grant.resourceId === subject.clusterId;
  }
}
