// Who may do what. A role is granted to a service account at the organization, on a folder or on one cluster;
// an operation names the roles and the levels at which they count.

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

/** Where a role may be granted. */
export type RoleScope = "organization" | "folder" | "cluster";

/** The roles that allow something. */
export interface Permission {
  /** `any` = every member of the organization. */
  readonly roles: readonly Role[] | "any";
  /** Levels at which such a role counts. */
  readonly scopes: readonly RoleScope[];
}

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

/** Whether one of the grants allows this on the subject. */
export function isAllowed(
  grants: readonly RoleGrant[],
  permission: Permission,
  subject: Subject,
): boolean {
  return grants.some((grant) => covers(grant, permission) && reaches(grant, subject));
}

/** Whether one of the grants allows this on anything at all. */
export function isAllowedSomewhere(grants: readonly RoleGrant[], permission: Permission): boolean {
  return permission.roles === "any" || grants.some((grant) => covers(grant, permission));
}

function covers(grant: RoleGrant, permission: Permission): boolean {
  return (
    permission.roles === "any" ||
    (permission.roles.includes(grant.role) &&
      permission.scopes.includes(grant.scope ?? "organization"))
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
