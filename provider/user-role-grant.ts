/**
 * One role of a person, a service account or a group.
 *
 * A grant has no id, time or owner of its own: it is what it says. So granting one that is there already changes
 * nothing, and all grants of a subject are read by one request.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireRole, WireRoles } from "../sdk";
import { BadRequestError, PermissionDeniedError } from "../sdk";
import { inTurn } from "./cache/turns";
import { toDynamicProvider } from "./dynamic/dynamic-provider";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { UserReference } from "./program/reference";
import { defineResource } from "./resource/define-resource";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { cachedListOf } from "./resource/driver";
import { mayHaveHadEffect } from "./resource/errors";
import { notFoundWaitMs, retryNotFound } from "./resource/not-found";
import { ownServiceAccountId } from "./resource/own-credential";
import { typeToken } from "./resource/resource-types";
import type { Role } from "./resource/role";
import {
  canonicalRole,
  describeRole,
  isMembership,
  noteUnknownRoles,
  othersOf,
  readRolesOf,
  removalOf,
  roleOf,
  roleSchema,
  toWireRole,
  turnOf,
  userIdSchema,
} from "./resource/role";
import type { GrantedRole, RoleArgs } from "./resource/role-args";
import { omitUndefined } from "./values/omit-undefined";
import { hasUnknown } from "./values/unknown";

/** Arguments of a grant. */
export interface UserRoleGrantArgs {
  /**
   * Who gets the role: a `ServiceAccount`, or the id of a person, a service account or a group. No SQL user. Changing it
   * replaces this resource: the role is granted to the other one first.
   */
  userId: UserReference;
  /** The role. Changing it replaces this resource: the new role is granted first. */
  role: pulumi.Input<RoleArgs>;
}

/**
 * A role of a person, a service account or a group, beside those that it has otherwise. For all roles of one, take
 * `UserRoleGrants`; the two do not go together for one subject. API operations: AddUserToRole, GetAllRolesForUser,
 * ListRoleGrants, RemoveUserFromRole.
 */
export class UserRoleGrant extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("UserRoleGrant");

  /** Id of the person, service account or group. */
  declare readonly userId: pulumi.Output<string>;
  /** The role. */
  declare readonly role: pulumi.Output<GrantedRole>;

  /**
   * @param name name of the resource
   * @param args the grant
   * @param options `import: "<user id>,<role>,<resource type>,<resource id>"`, for the organization without the last
   * part, adopts a role that is granted already and writes nothing
   */
  constructor(name: string, args: UserRoleGrantArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing grant, which this program reads and does not manage. */
  static readonly get = getterOf(UserRoleGrant);
  /** Whether `value` is a role grant of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<UserRoleGrant>("UserRoleGrant");
}

const inputs = z.strictObject({ userId: userIdSchema, role: roleSchema });

type Inputs = z.output<typeof inputs>;
type State = Inputs;

interface Remote {
  readonly userId: string;
  readonly role: WireRole;
}

const definition: ResourceDefinition<Inputs, State, Remote> = {
  type: "UserRoleGrant",
  noun: "role grant",
  inputs,
  arguments: {
    userId: replacesResource,
    role: { onChange: "replace", canonical: (role) => canonicalRole(role as Role) },
  },
  createsBeforeDelete: true,

  idFormat:
    "<user id>,<role>,<resource type>,<resource id>, without the last part for the organization",
  isId: (text) => partsOf(text) !== undefined,
  idInTerraform: ({ user_id: userId, role }) => {
    const { role_name, resource_type, resource_id } = Object(role);
    return idOf(userId as string, {
      roleName: role_name,
      resourceType: resource_type,
      resourceId: resource_id,
    });
  },
  idOf: ({ userId, role }) => idOf(userId, role),
  placeOf: (id) => partsOf(id) ?? {},
  describe: ({ id, userId, role }) =>
    role === undefined ? `role grant ${id}` : `${describeRole(role)} of ${userId}`,

  conflicts({ userId, role }, others) {
    const all = othersOf(userId, others("set of role grants")).map(({ name }) => ({
      property: "userId",
      reason: `has all its roles managed by UserRoleGrants "${name}", which removes any other: add the role to it and remove this resource, or grant each role by a UserRoleGrant.`,
    }));
    const same = othersOf(userId, others("role grant"))
      .filter(({ inputs }) => isSameRole(inputs["role"], role))
      .map(({ name }) => ({
        property: "role",
        reason: `is granted to the same one by UserRoleGrant "${name}" already: remove one of the two, or deleting it would remove the role from both.`,
      }));
    return [...all, ...same];
  },
  check(olds, { role }, failures, adopt) {
    if (adopt === undefined && isMembership(Object(role))) {
      failures.push({
        property: "role",
        reason:
          "must be another role than ORG_MEMBER, which every person and service account has and nobody can lose: remove this resource.",
      });
    }
    return { failures, notes: noteUnknownRoles([role], [olds.role]) };
  },

  replacementWarning: ({ userId, role }) => removalOf([role], userId),

  toState: ({ userId, role }) => ({ userId, role: roleOf(role) }),
  collection: {
    describe: ({ userId }) => (userId === undefined ? "roles" : `the roles of ${userId}`),
    scopeOf: ({ userId = "organization" }) => userId,
    async *list({ userId }, { cloud, options }) {
      if (userId !== undefined) {
        const held = await readRolesOf(userId, cloud, options);
        for (const role of held?.roles ?? []) yield { userId, role };
        return;
      }
      for await (const { user_id, roles } of cloud.roles.list({}, options)) {
        for (const role of roles) yield { userId: user_id, role };
      }
    },
    keyOf: ({ userId, role }) => idOf(userId, roleOf(role)),
    keyIn: ({ id, userId, role }) =>
      userId === undefined || role === undefined ? id : idOf(userId, role),
    nameOf: ({ userId, role }) => nameOf(userId, roleOf(role)),
    isOwnedByService: ({ role }) => isMembership(roleOf(role)),
  },

  create: (grant, call) => inTurn(turnOf(grant.userId), () => grantOnce(grant, call)),
  delete: (grant, call) => inTurn(turnOf(grant.userId), () => revoke(grant, call)),
};

/** @internal */
export const { lifecycle } = defineResource(definition);
/** Loaded by the source in state. @internal */
export const provider = toDynamicProvider(lifecycle);

function idOf(userId: string, role: Role): string {
  const { roleName, resourceType, resourceId } = canonicalRole(role);
  return [userId, roleName, resourceType, ...(resourceId === undefined ? [] : [resourceId])].join(
    ",",
  );
}

function partsOf(id: string): State | undefined {
  const [userId, roleName, resourceType, resourceId, ...others] = id.split(",");
  const isWhole = others.length === 0 && userId && roleName && resourceType;
  if (!isWhole || (resourceType !== "ORGANIZATION" && !resourceId)) return undefined;
  return {
    userId,
    role: canonicalRole({
      roleName,
      resourceType: resourceType as Role["resourceType"],
      ...omitUndefined({ resourceId }),
    }),
  };
}

function nameOf(userId: string, { roleName, resourceId }: Role): string {
  const parts = [userId.slice(0, 8), roleName, resourceId?.slice(0, 8)];
  return parts
    .filter((part) => part !== undefined)
    .join("-")
    .toLowerCase()
    .replaceAll("_", "-");
}

function isSameRole(one: unknown, other: unknown): boolean {
  const [a, b] = [Object(one), Object(other)] as [Role, Role];
  return !hasUnknown(one) && !hasUnknown(other) && idOf("", a) === idOf("", b);
}

/** Grants a role, unless the subject has it. */
async function grantOnce({ userId, role }: Inputs, call: WriteCall): Promise<Remote> {
  const { cloud, options, context, deadline } = call;
  const grant = { userId, role: toWireRole(role) };
  if (await isHeld(grant, call)) {
    await context.note(
      "warning",
      `${describeRole(role)} was granted to ${userId} before this resource: it is managed here now, and deleting this resource removes the role.`,
    );
    return grant;
  }
  const request = () =>
    cloud.roles.add(userId, grant.role, options).catch((error) => {
      // Granting a role twice is the same as once.
      if (!mayHaveHadEffect(error)) throw error;
      return cloud.roles.add(userId, grant.role, options);
    });
  // Who or what was created a moment ago may not be known everywhere.
  await retryNotFound<WireRoles>(request, {
    clock: context.clock,
    signal: context.signal,
    forMs: notFoundWaitMs,
    deadline,
  });
  return grant;
}

/** Whether the subject has the role; not known where the key may grant roles and not read them. */
async function isHeld(grant: Remote, { context, deadline }: WriteCall): Promise<boolean> {
  const list = cachedListOf(definition, { userId: grant.userId }, context);
  const since = context.clock.now() - heldForMs;
  try {
    const items = await list?.items({ since, ignoresWrites: true }, { deadline });
    return items?.has(idOf(grant.userId, roleOf(grant.role))) === true;
  } catch (error) {
    if (PermissionDeniedError.isInstance(error)) return false;
    throw error;
  }
}

const heldForMs = 30_000;

async function revoke(
  { userId, role }: State,
  { cloud, options, context }: WriteCall,
): Promise<void> {
  if (isMembership(role)) {
    await context.note(
      "info",
      `${describeRole(role)} of ${userId} stays, and nothing is sent: every person and service account has it, and nobody can lose it. To remove a person, remove the person from the organization; to remove a service account, delete it.`,
    );
    return;
  }
  const isAdmin = role.roleName === "ORG_ADMIN";
  if (isAdmin && (await ownServiceAccountId(cloud, options)) === userId) {
    throw new Error(
      `${describeRole(role)} of ${userId} is not removed: this run authenticates as this account, which would lose the right to go on and to get the role back. Run as another account, or take the grant out of the state with \`pulumi state delete\`.`,
    );
  }
  try {
    await cloud.roles.remove(userId, toWireRole(role), options);
  } catch (error) {
    if (!BadRequestError.isInstance(error)) throw error;
    // A group has no membership, and keeps its last role.
    const held = await readRolesOf(userId, cloud, options);
    if (held === undefined || held.roles.length !== 1) throw error;
    await context.note(
      "warning",
      `${describeRole(role)} of ${userId} is not removed, because a group keeps its last role: delete the group, or grant it another role first. It is no longer managed here.`,
    );
  }
}
