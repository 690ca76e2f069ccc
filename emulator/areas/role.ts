// Roles of persons, service accounts and groups. Who may grant or remove a role depends on the role and on where it
// holds, so the operations themselves allow more than each call does.

import type { ControlledArea, ControlParts } from "../area";
import { clusterOf } from "../cluster/find";
import type { EmulatorContext } from "../context";
import { folderPath } from "../organization/folders";
import { grantsOf, groupsOf, heldGrant, principalOf } from "../organization/grants";
import type { Organization } from "../organization/organization";
import type { HeldGrant, PrincipalRecord } from "../organization/principals";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import {
  ApiError,
  failedPrecondition,
  invalidValue,
  notFound,
  permissionDenied,
} from "../server/errors";
import { page } from "../server/paging";
import type { Field } from "../server/protojson";
import type { Permission, Role, RoleGrant, RoleScope, Subject } from "../server/roles";
import { isAllowed } from "../server/roles";
import { readUuid } from "./collection";

/** What a role is granted on, as the API spells it. */
export type RoleResourceType = "CLUSTER" | "FOLDER" | "ORGANIZATION";

/** A role as the API spells it. */
export interface WireRole {
  name: Role;
  resource: {
    type: RoleResourceType;
    /** UUID of the folder or cluster. */
    id?: string;
  };
}

/** A role that comes from groups, as the API spells it. */
export interface WireGroupRole {
  role: WireRole;
  group_names: string[];
}

/** The roles of a person, service account or group, as the API spells them. */
export interface WireRoles {
  roles: WireRole[];
  group_roles: WireGroupRole[];
}

/** Roles outside the API, of all organizations, without its rules. */
export interface RoleControls {
  /** The roles that were granted to a person, a service account or a group itself. @throws when there is none. */
  of(id: string): WireRole[];
  /** Grants a role. @throws when there is no such person, service account or group. */
  grant(id: string, grant: RoleGrant): void;
  /** Removes a role; one that is not granted is no mistake. @throws as `grant` does. */
  revoke(id: string, grant: RoleGrant): void;
}

const clusterRoles: readonly Role[] = [
  "CLUSTER_ADMIN",
  "CLUSTER_OPERATOR_WRITER",
  "CLUSTER_DEVELOPER",
  "CLUSTER_MONITOR",
  "METRICS_VIEWER",
];
const folderRoles: readonly Role[] = [
  ...clusterRoles,
  "CLUSTER_CREATOR",
  "FOLDER_ADMIN",
  "FOLDER_MOVER",
];

/** The roles that can be granted on each kind of resource. */
const rolesOn: Readonly<Record<RoleScope, readonly Role[]>> = {
  organization: [
    ...folderRoles,
    "BILLING_COORDINATOR",
    "BILLING_VIEWER",
    "ORG_ADMIN",
    "ORG_MEMBER",
  ],
  folder: folderRoles,
  cluster: clusterRoles,
};

/** Subjects that the list of roles of a large organization has. */
const maxSubjects = 100;

/** Roles that somebody must hold on the organization. */
const neededRoles: readonly Role[] = ["ORG_ADMIN", "CLUSTER_ADMIN"];

const resourceTypes: readonly RoleResourceType[] = ["ORGANIZATION", "CLUSTER", "FOLDER"];

// In the order of the API's document.
const roleNames: readonly Role[] = [
  "BILLING_COORDINATOR",
  "ORG_ADMIN",
  "ORG_MEMBER",
  "CLUSTER_ADMIN",
  "CLUSTER_OPERATOR_WRITER",
  "CLUSTER_DEVELOPER",
  "CLUSTER_CREATOR",
  "FOLDER_ADMIN",
  "FOLDER_MOVER",
  "METRICS_VIEWER",
  "CLUSTER_MONITOR",
  "BILLING_VIEWER",
];

/** A role in the body of a request. */
interface RequestedRole {
  name?: Role;
  resource?: { type?: RoleResourceType; id?: string };
}

const roleField: Field = {
  message: {
    name: "cockroach.cloud.BuiltInRole",
    fields: {
      name: { enumeration: roleNames },
      resource: {
        message: {
          name: "cockroach.cloud.Resource",
          fields: { type: { enumeration: resourceTypes }, id: "string" },
        },
      },
    },
  },
};

/** A list of roles in the body of a request. */
export const rolesField: Field = { list: roleField };

const setShape = { name: "cockroach.cloud.SetRolesForUserRequest", fields: { roles: rolesField } };

/**
 * The grants that a request asks for, each once and without ORG_MEMBER on the organization, which nobody is granted.
 * @throws what the API refuses.
 */
export function readGrants(call: Call, roles: readonly RequestedRole[]): RoleGrant[] {
  const grants = roles.map(({ name, resource = {} }) => {
    if (name === undefined || resource.type === undefined) {
      throw invalidValue("a role needs a name and the type of a resource");
    }
    return readGrant(call, name, resource.type, resource.id ?? "");
  });
  return grants.filter(
    (grant, index) =>
      grant.role !== "ORG_MEMBER" && index === grants.findIndex((other) => isSame(other, grant)),
  );
}

/** Refuses grants that the caller may not give or take away. @throws permission denied, or not found. */
export function checkMayChange(call: Call, changed: readonly RoleGrant[]): void {
  for (const grant of changed) {
    if (!mayChange(call, grant)) {
      throw permissionDenied();
    }
    checkResource(call, grant);
  }
}

function readGrant(call: Call, role: Role, type: RoleResourceType, id: string): RoleGrant {
  const scope = type.toLowerCase() as RoleScope;
  if (!rolesOn[scope].includes(role)) {
    throw invalidValue(`role ${role} cannot be granted on a resource of type ${type}`);
  }
  if (scope !== "organization") {
    return { role, scope, resourceId: id.toLowerCase() };
  }
  const { organizationRoleId } = call.context.assumptions;
  if (id !== "" && organizationRoleId !== "accepted") {
    throw new ApiError(organizationRoleId, "a role on the organization has no resource id");
  }
  if (id !== "" && id !== call.organization.id) {
    throw invalidValue("a role on the organization has no resource id");
  }
  return { role };
}

function isSame(one: RoleGrant, other: RoleGrant): boolean {
  return (
    one.role === other.role &&
    (one.scope ?? "organization") === (other.scope ?? "organization") &&
    one.resourceId === other.resourceId
  );
}

/** Where a grant holds: the folders around it, and the cluster. */
function placeOf({ organization }: Call, { scope, resourceId = "" }: RoleGrant): Subject {
  if (scope === "cluster") {
    const parentId = organization.clusters.get(resourceId)?.parentId ?? "root";
    return { clusterId: resourceId, folderIds: folderPath(organization.folders, parentId) };
  }
  return { folderIds: folderPath(organization.folders, resourceId || "root") };
}

function mayChange(call: Call, grant: RoleGrant): boolean {
  const permissions: Permission[] = [{ roles: ["ORG_ADMIN"], scopes: ["organization"] }];
  if (grant.scope === "cluster") {
    permissions.push({ roles: ["CLUSTER_ADMIN"], scopes: ["organization", "folder", "cluster"] });
  } else if (grant.scope === "folder") {
    permissions.push({ roles: ["FOLDER_ADMIN"], scopes: ["organization", "folder"] });
  }
  const held = grantsOf(call);
  return permissions.some((permission) => isAllowed(held, permission, placeOf(call, grant)));
}

function checkResource({ organization, context }: Call, grant: RoleGrant): void {
  const { scope, resourceId = "" } = grant;
  if (scope === "folder" && !organization.folders.has(resourceId)) {
    throw notFound(`folder '${resourceId}' is not found`);
  }
  const isMissing = () => clusterOf(organization, context, resourceId).phase === "deleted";
  if (scope === "cluster" && isMissing()) {
    throw notFound(`cluster '${resourceId}' is not found`);
  }
}

/** The id in the path. @throws invalid argument, as for the name of a SQL user. */
function subjectId(call: Call): string {
  return readUuid(call.path["user_id"] ?? "", "userId");
}

function findSubject(call: Call): PrincipalRecord | undefined {
  const id = subjectId(call);
  const { organization, context } = call;
  const former = context.assumptions.grantsOutliveAccount
    ? organization.formerAccounts.get(id)
    : undefined;
  return principalOf(organization, id) ?? former;
}

function requestedSubject(call: Call): PrincipalRecord {
  const subject = findSubject(call);
  if (subject === undefined) {
    throw notFound(`user '${subjectId(call)}' is not found`);
  }
  return subject;
}

/** Grants without those on what was deleted. */
function standing(
  grants: readonly HeldGrant[],
  organization: Organization,
  context: EmulatorContext,
): HeldGrant[] {
  const isDeleted = ({ scope, resourceId = "" }: RoleGrant) =>
    scope === "cluster" && clusterOf(organization, context, resourceId).phase === "deleted";
  return context.assumptions.grantsOutliveResource
    ? [...grants]
    : grants.filter((grant) => !isDeleted(grant));
}

function roleToWire({ role, scope = "organization", resourceId }: RoleGrant): WireRole {
  const type = scope.toUpperCase() as RoleResourceType;
  return { name: role, resource: { type, ...(resourceId !== undefined && { id: resourceId }) } };
}

/** What was granted to a principal itself; all but groups are members of the organization as well. */
function directRoles(
  principal: PrincipalRecord,
  organization: Organization,
  context: EmulatorContext,
): WireRole[] {
  const held = standing(principal.grants, organization, context);
  const others = held.filter(({ role }) => role !== "ORG_MEMBER");
  return [...(principal.kind === "group" ? [] : [{ role: "ORG_MEMBER" } as const]), ...others].map(
    roleToWire,
  );
}

/** The roles of a principal, its own and those of its groups. */
export function rolesToWire(
  principal: PrincipalRecord,
  organization: Organization,
  context: EmulatorContext,
): WireRoles {
  const inherited = groupsOf(organization, principal.id).flatMap((group) =>
    standing(group.grants, organization, context).map((grant) => ({ grant, name: group.name })),
  );
  const distinct = inherited.filter(
    ({ grant }, index) => index === inherited.findIndex((other) => isSame(other.grant, grant)),
  );
  return {
    roles: directRoles(principal, organization, context),
    group_roles: distinct.map(({ grant }) => ({
      role: roleToWire(grant),
      group_names: inherited.filter((other) => isSame(other.grant, grant)).map(({ name }) => name),
    })),
  };
}

/** Replaces the grants of a principal. @throws what the API refuses, before anything is changed. */
function replaceGrants(call: Call, subject: PrincipalRecord, wanted: readonly RoleGrant[]): void {
  const { organization, context } = call;
  const current = standing(subject.grants, organization, context);
  const kept = current.filter((grant) => wanted.some((other) => isSame(other, grant)));
  const added = wanted.filter((grant) => !current.some((other) => isSame(other, grant)));
  const removed = current.filter((grant) => !kept.includes(grant));
  checkMayChange(call, [...added, ...removed]);
  const next = [...kept, ...added.map((grant) => heldGrant(grant, context))];
  if (subject.kind === "group" && current.length > 0 && next.length === 0) {
    throw failedPrecondition("the last role of a group cannot be removed");
  }
  for (const role of context.assumptions.keepLastAdmin ? neededRoles : []) {
    const isHeld = (grants: readonly RoleGrant[]) =>
      grants.some((grant) => isSame(grant, { role }));
    const others = [
      ...organization.serviceAccounts.values(),
      ...organization.persons.values(),
      ...organization.groups.values(),
    ].filter((other) => other !== subject);
    if (isHeld(removed) && !others.some(({ grants }) => isHeld(grants))) {
      throw failedPrecondition(`the last ${role} of the organization cannot be removed`);
    }
  }
  subject.grants = next;
}

function respondWith(call: Call, subject: PrincipalRecord): object {
  return rolesToWire(subject, call.organization, call.context);
}

function getRoles(call: Call): object {
  const subject = findSubject(call);
  if (subject === undefined && call.context.assumptions.unknownSubject === "empty") {
    return { roles: [], group_roles: [] };
  }
  return respondWith(call, subject ?? requestedSubject(call));
}

function setRoles(call: Call): object {
  subjectId(call);
  const { roles = [] } = readBody<{ roles?: RequestedRole[] }>(call, setShape);
  const wanted = readGrants(call, roles);
  const subject = requestedSubject(call);
  replaceGrants(call, subject, wanted);
  return respondWith(call, subject);
}

/** The role that the path names. @throws invalid argument. */
function roleInPath(call: Call): RoleGrant {
  const { resource_type: type, role_name: name, resource_id: id = "" } = call.path;
  const knownType = resourceTypes.find((candidate) => candidate === type);
  const knownName = roleNames.find((candidate) => candidate === name);
  if (knownType === undefined || knownName === undefined) {
    throw invalidValue(`unknown role '${name}' on a resource of type '${type}'`);
  }
  return readGrant(call, knownName, knownType, id);
}

function addRole(call: Call): object {
  subjectId(call);
  const grant = roleInPath(call);
  if (!mayChange(call, grant)) {
    throw permissionDenied();
  }
  checkResource(call, grant);
  const subject = requestedSubject(call);
  const isMembership = grant.role === "ORG_MEMBER" && subject.kind !== "group";
  if (!isMembership && !subject.grants.some((other) => isSame(other, grant))) {
    subject.grants.push(heldGrant(grant, call.context));
  }
  return respondWith(call, subject);
}

function removeRole(call: Call): object {
  subjectId(call);
  const grant = roleInPath(call);
  if (!mayChange(call, grant)) {
    throw permissionDenied();
  }
  const subject = requestedSubject(call);
  if (grant.role === "ORG_MEMBER" && subject.kind !== "group") {
    throw failedPrecondition("the role ORG_MEMBER cannot be removed");
  }
  const isHeld = subject.grants.some((other) => isSame(other, grant));
  if (!isHeld && call.context.assumptions.removeMissingRole === "not-found") {
    throw notFound(`user '${subject.id}' does not have the role ${grant.role}`);
  }
  if (isHeld) {
    replaceGrants(
      call,
      subject,
      subject.grants.filter((other) => !isSame(other, grant)),
    );
  }
  return respondWith(call, subject);
}

function listRoles(call: Call): object {
  const { organization, context } = call;
  const principals: PrincipalRecord[] = [
    ...organization.serviceAccounts.values(),
    ...organization.persons.values(),
    ...organization.groups.values(),
  ];
  const isComplete = !context.assumptions.rolePagingLosesEntries;
  const listed = isComplete ? principals : principals.slice(0, maxSubjects);
  const { items, pagination } = page(call, listed, {
    sortKey: ({ id }) => [id],
    createdAt: ({ createdAt }) => createdAt,
  });
  const subjects = items.map((principal) => ({
    id: principal.id,
    ...rolesToWire(principal, organization, context),
  }));
  return {
    grants: subjects
      .filter(({ roles }) => roles.length > 0)
      .map(({ id, roles }) => ({ user_id: id, roles })),
    user_group_grants: subjects
      .filter(({ group_roles }) => group_roles.length > 0)
      .map(({ id, group_roles }) => ({ user_id: id, group_roles })),
    pagination,
  };
}

function roleControls({ organizations, context }: ControlParts): RoleControls {
  const owner = (id: string) => {
    for (const organization of organizations) {
      const principal = principalOf(organization, id);
      if (principal !== undefined) {
        return { organization, principal };
      }
    }
    throw new Error(`The emulator has no person, service account or group ${id}.`);
  };
  return {
    of: (id) => {
      const { organization, principal } = owner(id);
      return directRoles(principal, organization, context);
    },
    grant: (id, grant) => {
      owner(id).principal.grants.push(heldGrant(grant, context));
    },
    revoke: (id, grant) => {
      const { principal } = owner(id);
      principal.grants = principal.grants.filter((other) => !isSame(other, grant));
    },
  };
}

/** Roles. */
export const roleArea: ControlledArea<RoleControls> = {
  operations: {
    AddUserToRole: addRole,
    GetAllRolesForUser: getRoles,
    ListRoleGrants: listRoles,
    RemoveUserFromRole: removeRole,
    SetRolesForUser: setRoles,
  },
  createControls: roleControls,
};
