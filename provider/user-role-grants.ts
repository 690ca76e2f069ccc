/**
 * All roles of a person, a service account or a group.
 *
 * The API replaces a set of roles by one request, so whatever the program does not name is taken away: of roles that
 * somebody else has granted, this reports when it happens.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireRole, WireRoles } from "../sdk";
import { inTurn } from "./cache/turns";
import { toDynamicProvider } from "./dynamic/dynamic-provider";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { UserReference } from "./program/reference";
import { defineResource } from "./resource/define-resource";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { mayHaveHadEffect } from "./resource/errors";
import { warning } from "./resource/lifecycle";
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
import { hasUnknown } from "./values/unknown";

/** Arguments of all roles of one. */
export interface UserRoleGrantsArgs {
  /**
   * Whose roles: a `ServiceAccount`, or the id of a person, a service account or a group. No SQL user. Changing it
   * replaces this resource: the other one gets the roles first.
   */
  userId: UserReference;
  /**
   * All roles, one at least, in any order. `ORG_MEMBER` may be left out: persons and service accounts have it always. Updated in
   * place: one request, which removes what is no longer there.
   */
  roles: pulumi.Input<pulumi.Input<RoleArgs>[]>;
}

/**
 * All roles of a person, a service account or a group: creating it removes the others that were granted. For single
 * roles beside others take `UserRoleGrant`; the two do not go together for one subject. Whoever creates a cluster gets
 * `CLUSTER_ADMIN` on it, which appears here as drift. API operations: SetRolesForUser, GetAllRolesForUser.
 */
export class UserRoleGrants extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("UserRoleGrants");

  /** Id of the person, service account or group. */
  declare readonly userId: pulumi.Output<string>;
  /** The roles, without `ORG_MEMBER`. */
  declare readonly roles: pulumi.Output<GrantedRole[]>;

  /**
   * @param name name of the resource
   * @param args the roles
   * @param options `import: "<user id>"` adopts the roles that there are and writes nothing
   */
  constructor(name: string, args: UserRoleGrantsArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** The roles of somebody, which this program reads and does not manage. */
  static readonly get = getterOf(UserRoleGrants);
  /** Whether `value` is a set of role grants of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<UserRoleGrants>("UserRoleGrants");
}

const inputs = z.strictObject({
  userId: userIdSchema,
  roles: z.array(roleSchema).refine((roles) => roles.some((role) => !isMembership(Object(role))), {
    error: "must have a role beside ORG_MEMBER: to leave none, remove this resource.",
  }),
});

type Inputs = z.output<typeof inputs>;
type State = Inputs;

interface Remote {
  readonly userId: string;
  readonly roles: readonly WireRole[];
}

const definition: ResourceDefinition<Inputs, State, Remote> = {
  type: "UserRoleGrants",
  noun: "set of role grants",
  inputs,
  arguments: {
    userId: replacesResource,
    roles: { onChange: "update", canonical: (roles) => canonicalRoles(roles as Role[]) },
  },
  createsBeforeDelete: true,

  idFormat: "<user id>",
  idOf: ({ userId }) => userId,
  placeOf: (id) => ({ userId: id }),
  idInTerraform: ({ user_id: userId }) => userId,
  describe: ({ id, userId = id }) => `the roles of ${userId}`,
  loss: "with all roles",

  conflicts({ userId }, others) {
    const all = othersOf(userId, others("set of role grants")).map(({ name }) => ({
      property: "userId",
      reason: `has all its roles managed by UserRoleGrants "${name}" already, and the two would remove each other's: put all roles into one of them.`,
    }));
    const singles = othersOf(userId, others("role grant")).map(({ name }) => ({
      property: "userId",
      reason: `has a role granted by UserRoleGrant "${name}", and this resource removes any that it does not name: put all roles into this one and remove the other, or grant each role by a UserRoleGrant.`,
    }));
    return [...all, ...singles];
  },
  check: (olds, { roles }, failures) => ({
    failures,
    notes: noteUnknownRoles(asList(roles), asList(olds.roles)),
  }),

  replacementWarning: ({ userId, roles }) => removalOf(roles, userId),
  impact({ updates }, { userId, roles }, news) {
    if (!updates.includes("roles") || hasUnknown(news.roles)) return [];
    const removal = removalOf(missingIn(news.roles, roles), userId);
    return removal === undefined ? [] : [warning(removal)];
  },

  toState: ({ userId, roles }) => ({ userId, roles: canonicalRoles(roles.map(roleOf)) }),
  collection: {
    describe: ({ userId }) => (userId === undefined ? "roles" : `the roles of ${userId}`),
    scopeOf: ({ userId = "organization" }) => userId,
    async *list({ userId }, { cloud, options }) {
      if (userId !== undefined) {
        const held = await readRolesOf(userId, cloud, options);
        if (held?.roles.some(isGranted)) yield { userId, roles: held.roles };
        return;
      }
      for await (const { user_id, roles } of cloud.roles.list({}, options)) {
        if (roles.some(isGranted)) yield { userId: user_id, roles };
      }
    },
    keyOf: ({ userId }) => userId,
    keyIn: ({ id, userId = id }) => userId,
    // `UserRoleGrant` has them one by one, which leaves alone what is granted later.
    isCoveredByAnother: true,
  },

  create: ({ userId, roles }, call) => inTurn(turnOf(userId), () => setAll(userId, roles, call)),
  async update({ userId }, { roles }, call) {
    return await inTurn(turnOf(userId), () => setAll(userId, roles, call, { isReported: false }));
  },
  isUpdateReadable: true,
  delete: ({ userId }, call) => inTurn(turnOf(userId), () => removeAll(userId, call)),
};

/** @internal */
export const { lifecycle } = defineResource(definition);
/** Loaded by the source in state. @internal */
export const provider = toDynamicProvider(lifecycle);

/** Whether somebody has granted a role; membership comes with the account. */
function isGranted(role: WireRole): boolean {
  return !isMembership(roleOf(role));
}

/** Each role once, in one order, without the membership that goes without saying. */
function canonicalRoles(roles: readonly Role[]): Role[] {
  const texts = roles
    .filter((role) => !isMembership(role))
    .map((role) => JSON.stringify(canonicalRole(role)));
  return [...new Set(texts)].sort().map((text) => JSON.parse(text));
}

/** What `there` has and `wanted` does not. */
function missingIn(wanted: readonly Role[], there: readonly Role[]): Role[] {
  const kept = new Set(canonicalRoles(wanted).map((role) => JSON.stringify(role)));
  return canonicalRoles(there).filter((role) => !kept.has(JSON.stringify(role)));
}

/** Sets the roles of a subject, and reports which others that removes. */
async function setAll(
  userId: string,
  roles: readonly Role[],
  { cloud, options, context }: WriteCall,
  { isReported = true }: { isReported?: boolean } = {},
): Promise<Remote> {
  const held = await cloud.roles.get(userId, options);
  const wanted = [
    // A group has no membership in the organization.
    ...held.roles.filter((role) => !isGranted(role)),
    ...canonicalRoles(roles).map(toWireRole),
  ];
  const removed = missingIn(roles, held.roles.map(roleOf));
  const added = missingIn(held.roles.map(roleOf), roles);
  if (removed.length === 0 && added.length === 0) return { userId, roles: held.roles };
  const now = await put(userId, wanted, { cloud, options });
  if (isReported && removed.length > 0) {
    await context.note(
      "warning",
      `${removed.map(describeRole).join("; ")} of ${userId} was granted before and is removed: this resource has all roles. To keep one, add it to roles.`,
    );
  }
  return { userId, roles: now.roles };
}

/** Sets roles; the same again when there was no response. */
async function put(
  userId: string,
  roles: WireRole[],
  { cloud, options }: Pick<WriteCall, "cloud" | "options">,
): Promise<WireRoles> {
  return await cloud.roles.set(userId, roles, options).catch((error) => {
    if (!mayHaveHadEffect(error)) throw error;
    return cloud.roles.set(userId, roles, options);
  });
}

/** The weakest first: which role a group keeps that cannot be without one. */
const byWeakness = [
  "BILLING_VIEWER",
  "METRICS_VIEWER",
  "CLUSTER_MONITOR",
  "FOLDER_MOVER",
  "CLUSTER_CREATOR",
  "CLUSTER_DEVELOPER",
  "CLUSTER_OPERATOR_WRITER",
  "BILLING_COORDINATOR",
  "FOLDER_ADMIN",
  "CLUSTER_ADMIN",
  "ORG_ADMIN",
];

async function removeAll(userId: string, call: WriteCall): Promise<void> {
  const { cloud, options, context } = call;
  if ((await ownServiceAccountId(cloud, options)) === userId) {
    throw new Error(
      `The roles of ${userId} are not removed: this run authenticates as this account, which would lose the right to go on. Run as another account, or take the resource out of the state with \`pulumi state delete\`.`,
    );
  }
  const held = await heldRolesOf(userId, call);
  if (held === undefined) {
    // A response that says so of a subject that exists must not keep its roles; for one that is deleted, it is 404 again.
    await put(userId, [membershipRole], call);
    return;
  }
  const membership = held.filter((role) => !isGranted(role));
  if (membership.length > 0) {
    // Sent also where none seems to be left: a response that leaves roles out must not keep them.
    await put(userId, membership, call);
    return;
  }
  const [kept] = held.sort((a, b) => byWeakness.indexOf(a.name) - byWeakness.indexOf(b.name));
  if (kept === undefined) return;
  await put(userId, [kept], call);
  await context.note(
    "warning",
    `${describeRole(roleOf(kept))} of ${userId} is not removed, because a group keeps its last role: delete the group, or remove it in the CockroachDB Cloud Console. It is no longer managed here.`,
  );
}

function asList(roles: unknown): unknown[] {
  return Array.isArray(roles) ? roles : [];
}

const membershipRole: WireRole = { name: "ORG_MEMBER", resource: { type: "ORGANIZATION" } };

/**
 * The roles of a subject, undefined where it is deleted. A membership that is missing makes it a group when two reads
 * agree.
 */
async function heldRolesOf(
  userId: string,
  { cloud, options }: Pick<WriteCall, "cloud" | "options">,
): Promise<WireRole[] | undefined> {
  const read = async () => (await readRolesOf(userId, cloud, options))?.roles;
  const first = await read();
  if (first === undefined || !first.every(isGranted)) return first;
  const second = (await read()) ?? [];
  return second.every(isGranted) ? [...first, ...second] : second;
}
