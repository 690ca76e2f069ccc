/** Reads who has which roles. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireRole, WireRoles } from "../../sdk/index";
import type { UserReference } from "../program/reference";
import { roleOf } from "../resource/role";
import type { GrantedRole } from "../resource/role-args";
import { omitUndefined } from "../values/omit-undefined";
import { textIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** A role that comes from groups. */
export interface GroupRole extends GrantedRole {
  /** Names of the groups that have it. */
  groupNames: string[];
}

/** The roles of a person, a service account or a group. */
export interface UserRoles {
  /** Roles that were granted to it, `ORG_MEMBER` included. A role on a folder or the organization holds for all below. */
  roles: GrantedRole[];
  /** Roles that it has as a member of groups. */
  groupRoles: GroupRole[];
}

/** Who has which roles. */
export interface RoleGrantInfo extends UserRoles {
  /** Id of the person, service account or group. */
  userId: string;
}

/** Whose roles. */
export interface GetRolesForUserArgs {
  /** Id of a person, a service account or a group. */
  userId: string;
}

/** Whose roles. */
export interface GetRolesForUserOutputArgs {
  /** A `ServiceAccount`, or the id of a person, a service account or a group. */
  userId: UserReference;
}

/** Reads the roles of a person, a service account or a group, with those that it has by its groups. An id that nobody has may have none. */
export function getRolesForUser(
  args: GetRolesForUserArgs,
  options?: FunctionOptions,
): Promise<UserRoles> {
  return callFunction(rolesForUser, args, options);
}

/** `getRolesForUser` for outputs. */
export function getRolesForUserOutput(
  args: GetRolesForUserOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<UserRoles> {
  return callFunctionOutput(rolesForUser, args, options);
}

/**
 * Lists who has which roles, each person, service account and group once. Of more than 100 of them the service may leave
 * some out: `getRolesForUser` is exact.
 */
export function listRoleGrants(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): Promise<RoleGrantInfo[]> {
  return callFunction(roleGrants, args, options);
}

/** `listRoleGrants` as an output. */
export function listRoleGrantsOutput(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): pulumi.Output<RoleGrantInfo[]> {
  return callFunctionOutput(roleGrants, args, options);
}

/** @internal */
export const rolesForUser: ProviderFunction<GetRolesForUserArgs, UserRoles> = {
  name: "getRolesForUser",
  async read({ cloud }, { userId }) {
    const meaning = "the id of a person, a service account or a group";
    const id = textIn("getRolesForUser", "userId", userId, meaning);
    return toUserRoles(await cloud.roles.get(id));
  },
};

/** @internal */
export const roleGrants: ProviderFunction<object, RoleGrantInfo[]> = {
  name: "listRoleGrants",
  async read({ cloud }) {
    const byUser = new Map<string, RoleGrantInfo>();
    for await (const { user_id: userId, ...wire } of cloud.roles.list()) {
      const known = byUser.get(userId) ?? { userId, roles: [], groupRoles: [] };
      byUser.set(userId, known);
      const { roles, groupRoles } = toUserRoles(wire);
      known.roles.push(...roles);
      known.groupRoles.push(...groupRoles);
    }
    return [...byUser.values()];
  },
};

/** @internal */
export function toUserRoles({ roles, group_roles }: WireRoles): UserRoles {
  return {
    roles: roles.map(toGrantedRole),
    groupRoles: group_roles.map(({ role, group_names }) => ({
      ...toGrantedRole(role),
      groupNames: group_names,
    })),
  };
}

function toGrantedRole(wire: WireRole): GrantedRole {
  const { resourceId, ...role } = roleOf(wire);
  return { ...role, ...omitUndefined({ resourceId }) };
}
