/**
 * A group of the organization, by SCIM.
 *
 * Its roles go to all members. Members change one by one, so that two who change different members do not undo
 * each other's work.
 */
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ScimPatchOperation, WireScimGroup } from "../sdk";
import { BadRequestError, scimGroupUrn } from "../sdk";
import { toDynamicProvider } from "./dynamic/dynamic-provider";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { MemberReference } from "./program/reference";
import { defineResource } from "./resource/define-resource";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { updatesInPlace } from "./resource/definition";
import { warning } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { nonEmptyText, uuidOf } from "./resource/schema";
import { assignment, createdWhereOn, listedWhereOn, patchOf } from "./resource/scim";
import { omitUndefined } from "./values/omit-undefined";
import { hasUnknown } from "./values/unknown";

/** Arguments of a group. */
export interface ProvisionedGroupArgs {
  /** Name, which no other group of the organization has. Updated in place. */
  displayName: pulumi.Input<string>;
  /**
   * Members: users, service accounts and other groups, as resources of the program or by their ids. Their order
   * does not matter. Updated in place, by adding and removing single members.
   * @default not managed; `[]` means none
   */
  members?: pulumi.Input<MemberReference[]>;
  /**
   * Id of the group in your identity provider. Updated in place; `""` clears it.
   * @default not managed
   */
  externalId?: pulumi.Input<string>;
}

/**
 * A group of persons, service accounts and other groups, provisioned by SCIM. Roles that are granted to it go to
 * all members, beside their own; the id of the group is the `userId` of a grant. Takes Cloud Organization SSO and
 * the role Organization Admin. Deleting it takes its roles from the members. API operations: CreateGroup,
 * GetGroups, GetGroup, PatchGroup, DeleteGroup.
 */
export class ProvisionedGroup extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("ProvisionedGroup");

  /** Name. */
  declare readonly displayName: pulumi.Output<string>;
  /** Ids of the members. */
  declare readonly members: pulumi.Output<string[]>;
  /** Id of the group in the identity provider; may be empty. */
  declare readonly externalId: pulumi.Output<string>;
  /** When the group was created, in RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the group
   * @param options `import: "<group id>"` adopts an existing group and writes nothing
   */
  constructor(name: string, args: ProvisionedGroupArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing group, which this program reads and does not manage. */
  static readonly get = getterOf(ProvisionedGroup);
  /** Whether `value` is a group of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<ProvisionedGroup>("ProvisionedGroup");
}

const inputs = z.strictObject({
  displayName: nonEmptyText,
  members: z
    .array(
      uuidOf(
        "a user, a service account or a group",
        () => "listScimUsers, listServiceAccounts and listScimGroups list them.",
      ),
    )
    .optional(),
  externalId: z.string().optional(),
});

type Inputs = z.output<typeof inputs>;

interface State {
  displayName: string;
  members: string[];
  externalId: string;
  createdAt: string;
}

const definition: ResourceDefinition<Inputs, State, WireScimGroup> = {
  type: "ProvisionedGroup",
  noun: "provisioned group",
  inputs,
  arguments: {
    displayName: updatesInPlace,
    members: {
      onChange: "update",
      unset: [],
      canonical: (members) => sortMembers(members as string[]),
      reset: "To remove all members, write members: [].",
    },
    externalId: { onChange: "update", unset: "", reset: 'To clear it, write externalId: "".' },
  },
  outputs: ["createdAt"],

  idFormat: "<group id>",
  idOf: (_inputs, remote) => remote?.id,
  describe: ({ id, displayName }) =>
    displayName === undefined ? `group ${id}` : `group "${displayName}"`,
  claims: ({ displayName }) => [{ displayName }],

  loss: "with the roles that its members have by it",

  impact({ updates }, { displayName, members }, news) {
    if (!updates.includes("members") || hasUnknown(news.members)) return [];
    const kept = sortMembers(news.members ?? []);
    const removed = members.filter((member) => !kept.includes(member));
    const loss = `These members of group "${displayName}" lose the roles that they have by it: ${removed.join(", ")}.`;
    return removed.length === 0 ? [] : [warning(loss)];
  },

  sample: () => ({ createdAt: "2026-06-01T00:00:00Z" }),
  toState: ({ displayName, members, externalId, meta }) => ({
    ...{ displayName, externalId },
    members: idsOf(members),
    createdAt: meta.created,
  }),
  collection: {
    list: (_place, { cloud, options }) => listedWhereOn(cloud.scimGroups.list({}, options)),
    keyOf: ({ id }) => id,
    keyIn: ({ id }) => id,
    nameOf: ({ displayName }) => displayName,
    matches: (remote, { displayName }) => remote.displayName === displayName,
    get: ({ id = "" }, { cloud, options }) => cloud.scimGroups.get(id, {}, options),
  },

  create: ({ displayName, members = [], externalId }, { cloud, options }) =>
    createdWhereOn(
      cloud.scimGroups.create(
        {
          ...{ schemas: [scimGroupUrn], displayName, members: references(members) },
          ...omitUndefined({ externalId }),
        },
        options,
      ),
    ),
  lostCreate: {
    isOurs: (remote, { members = [], externalId = "" }) =>
      isDeepStrictEqual(idsOf(remote.members), sortMembers(members)) &&
      remote.externalId === externalId,
    foundWarning: ({ displayName }) =>
      `The response to creating group "${displayName}" was lost. A group of this name was found afterwards and is managed here.`,
  },
  existsAdvice: "choose another displayName",

  async update({ id, members: before }, group, call, changed) {
    const { displayName, externalId = "", members = [] } = group;
    const others = [
      ...(changed.includes("displayName") ? [assignment("displayName", displayName)] : []),
      ...(changed.includes("externalId") ? [assignment("externalId", externalId)] : []),
    ];
    if (!changed.includes("members")) return await patch(id, others, call);
    const changes = memberChanges(before, members);
    try {
      return await patch(id, [...others, ...changes], call);
    } catch (error) {
      // The API's document has no path with a filter.
      const hasFilter = changes.some(({ op }) => op === "remove");
      if (!BadRequestError.isInstance(error) || !hasFilter) throw error;
      return await patch(id, [...others, assignment("members", references(members))], call);
    }
  },
  isUpdateReadable: true,
  updateConflictAdvice: "Choose another displayName: another group has it.",

  delete: ({ id }, { cloud, options }) => cloud.scimGroups.delete(id, options),
};

/** @internal */
export const { lifecycle } = defineResource(definition);
/** Loaded by the source in state. @internal */
export const provider = toDynamicProvider(lifecycle);

function patch(
  id: string,
  operations: ScimPatchOperation[],
  { cloud, options }: WriteCall,
): Promise<WireScimGroup> {
  return cloud.scimGroups.patch(id, patchOf(operations), options);
}

function memberChanges(before: readonly string[], after: readonly string[]): ScimPatchOperation[] {
  const wanted = sortMembers(after);
  const added = wanted.filter((member) => !before.includes(member));
  const removed = before.filter((member) => !wanted.includes(member));
  return [
    ...(added.length === 0
      ? []
      : [{ op: "add" as const, path: "members", value: references(added) }]),
    ...removed.map((member) => ({
      op: "remove" as const,
      path: `members[value eq ${JSON.stringify(member)}]`,
    })),
  ];
}

function references(members: readonly string[]): { value: string }[] {
  return members.map((value) => ({ value }));
}

function idsOf(members: WireScimGroup["members"]): string[] {
  return sortMembers(members.map(({ value }) => value));
}

function sortMembers(members: readonly string[]): string[] {
  return [...new Set(members.map((member) => member.toLowerCase()))].sort();
}
