// The roles of the API by the names that its Console shows, for the message of a 403.

const roles = {
  OA: "Organization Admin",
  OM: "Organization Member",
  CA: "Cluster Admin",
  CO: "Cluster Operator",
  CD: "Cluster Developer",
  CC: "Cluster Creator",
  FA: "Folder Admin",
  FM: "Folder Mover",
  MV: "Metrics Viewer",
  CM: "Cluster Monitor",
  BC: "Billing Coordinator",
} as const;

/** A role by the short name of the reference. */
export type Role = keyof typeof roles;

/** What a caller must have: `one of the roles Cluster Admin or Cluster Creator on the organization`. */
export function permission(names: readonly Role[], scope: string): string {
  const spelled = names.map((name) => roles[name]);
  if (spelled.length === 1) return `the role ${spelled[0]} on ${scope}`;
  const last = spelled[spelled.length - 1];
  return `one of the roles ${spelled.slice(0, -1).join(", ")} or ${last} on ${scope}`;
}

/** Where a role on a cluster can come from. */
export const everywhere = "the organization, a folder or the cluster";

/** What a caller must have where any role will do. */
export const anyMember = "any role in the organization";
