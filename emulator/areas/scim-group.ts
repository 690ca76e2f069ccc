// The groups of an organization by SCIM. Their roles go to all members, also of groups that are in them.

import { randomUUID } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import { groupsOf, principalOf } from "../organization/grants";
import type { Organization } from "../organization/organization";
import type { GroupRecord } from "../organization/principals";
import { nameOf } from "../organization/principals";
import { groupProfile } from "../organization/profiles";
import { scimOperations } from "../scim/resources";
import { ApiError, invalidValue } from "../server/errors";
import type { MessageShape } from "../server/protojson";

/** A group as the controls describe it. */
export interface ScimGroupDetails {
  displayName: string;
  externalId: string;
  /** Ids of persons, service accounts and other groups. */
  members: string[];
}

/** Groups of all organizations by SCIM, as an identity provider changes them. */
export interface ScimGroupControls {
  /** All groups, in the order in which they were created. */
  list(): (ScimGroupDetails & { id: string })[];
  /** Adds a group to the first organization. Returns its UUID. */
  add(displayName: string, members?: readonly string[]): string;
  /** @throws when there is no such group. */
  edit(id: string, details: Partial<ScimGroupDetails>): void;
  /** @throws when there is no such group. */
  remove(id: string): void;
}

/** What can be written of a group. */
interface GroupAttributes {
  displayName: string;
  externalId: string;
  members: readonly { value?: string }[];
}

const urn = "urn:ietf:params:scim:schemas:core:2.0:Group";

const shape: MessageShape = {
  name: "cockroach.cloud.ScimGroup",
  fields: {
    schemas: { list: "string" },
    displayName: "string",
    externalId: "string",
    members: {
      list: {
        message: {
          name: "cockroach.cloud.ScimResource",
          fields: { value: "string", display: "string", type: "string", ref: "string" },
        },
      },
    },
  },
};

const memberTypes = {
  group: "Group",
  person: "User",
  "service account": "ServiceAccount",
} as const;

const groups = scimOperations<GroupRecord, GroupAttributes>({
  kind: "Group",
  urn,
  shape,
  readOnly: [],
  // The API's document requires it of every group.
  always: ["displayName"],
  recordsOf: ({ organization }) => organization.groups,
  attributesOf: (group) => ({
    displayName: group.name,
    externalId: groupProfile(group).externalId,
    members: [...group.members].map((value) => ({ value })),
  }),
  created: (group) => ({ createdAt: group.createdAt, ...groupProfile(group) }),

  checked({ organization }, { displayName = "", externalId = "", members = [] }, group) {
    if (displayName === "") {
      throw invalidValue("displayName is required");
    }
    const isTaken = [...organization.groups.values()].some(
      (other) => other !== group && other.name === displayName,
    );
    if (isTaken) {
      throw new ApiError({ status: 409, code: 6 }, `group '${displayName}' already exists`);
    }
    const around = group === undefined ? [] : [group, ...groupsOf(organization, group.id)];
    for (const { value = "" } of members) {
      if (principalOf(organization, value) === undefined) {
        throw invalidValue(`member '${value}' does not exist`);
      }
      if (around.some(({ id }) => id === value)) {
        throw invalidValue("a group cannot contain itself");
      }
    }
    return { displayName, externalId, members };
  },

  create(call, attributes) {
    const group = newGroup(attributes.displayName, call.now);
    write(group, attributes, call.now);
    return group;
  },

  update: (call, group, attributes) => write(group, attributes, call.now),

  afterDelete({ organization }, group) {
    leaveGroups(organization, group.id);
  },

  derived: ({ organization }, group) => ({ members: membersToWire(organization, group) }),
});

function newGroup(name: string, now: number): GroupRecord {
  return { kind: "group", id: randomUUID(), createdAt: now, grants: [], name, members: new Set() };
}

function write(group: GroupRecord, attributes: GroupAttributes, now: number): void {
  group.name = attributes.displayName;
  group.members.clear();
  for (const { value } of attributes.members) {
    group.members.add(value ?? "");
  }
  Object.assign(groupProfile(group), { externalId: attributes.externalId, modifiedAt: now });
}

function leaveGroups(organization: Organization, id: string): void {
  for (const group of organization.groups.values()) {
    group.members.delete(id);
  }
}

function membersToWire(organization: Organization, group: GroupRecord): object[] {
  return [...group.members].flatMap((value) => {
    const member = principalOf(organization, value);
    if (member === undefined) {
      return [];
    }
    const type = memberTypes[member.kind];
    const ref = member.kind === "service account" ? "" : `/api/scim/v2/${type}s/${value}`;
    return [{ value, display: nameOf(member), type, ref }];
  });
}

function scimGroupControls({ organizations, context }: ControlParts): ScimGroupControls {
  const ownerOf = (id: string): { organization: Organization; group: GroupRecord } => {
    for (const organization of organizations) {
      const group = organization.groups.get(id);
      if (group !== undefined) {
        return { organization, group };
      }
    }
    throw new Error(`The emulator has no group ${id}.`);
  };
  const detailsOf = (group: GroupRecord) => ({
    displayName: group.name,
    externalId: groupProfile(group).externalId,
    members: [...group.members],
  });
  const edit = (group: GroupRecord, details: Partial<ScimGroupDetails>) => {
    const { members, ...others } = { ...detailsOf(group), ...details };
    const values = members.map((value) => ({ value }));
    write(group, { ...others, members: values }, context.clock.now());
  };
  return {
    list: () =>
      organizations
        .flatMap(({ groups: all }) => [...all.values()])
        .map((group) => ({ id: group.id, ...detailsOf(group) })),
    add: (displayName, members = []) => {
      const group = newGroup(displayName, context.clock.now());
      edit(group, { members: [...members] });
      organizations[0]?.groups.set(group.id, group);
      return group.id;
    },
    edit: (id, details) => edit(ownerOf(id).group, details),
    remove: (id) => {
      const { organization } = ownerOf(id);
      organization.groups.delete(id);
      leaveGroups(organization, id);
    },
  };
}

/** Groups, by SCIM. */
export const scimGroupArea: ControlledArea<ScimGroupControls> = {
  operations: {
    CreateGroup: groups.create,
    DeleteGroup: groups.delete,
    GetGroup: groups.get,
    GetGroup2: groups.searchOne,
    GetGroups: groups.list,
    GetGroups2: groups.searchAll,
    PatchGroup: groups.patch,
    SearchGroup: groups.searchOne,
    SearchGroups: groups.searchAll,
    UpdateGroup: groups.update,
  },
  createControls: scimGroupControls,
};
