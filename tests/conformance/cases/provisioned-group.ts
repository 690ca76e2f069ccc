import type { TestEmulator } from "../../support/emulator";
import type { ResourceCases } from "../resource-cases";

function person(emulator: TestEmulator, nth: number): string {
  const { id } = emulator.persons.list()[nth] ?? { id: "" };
  return id;
}

export const cases: ResourceCases = {
  minimal: { displayName: "dba" },
  full: [{ displayName: "dba", members: [], externalId: "e1" }],
  arguments: {
    displayName: {
      to: "admins",
      onChange: "update",
      drift: ({ emulator, id }) => emulator.scimGroups.edit(id, { displayName: "operators" }),
      wrong: [["", "must not be empty."]],
    },
    members: {
      to: (emulator) => [person(emulator, 1), person(emulator, 0)],
      onChange: "update",
      drift: ({ emulator, id }) => emulator.scimGroups.edit(id, { members: [person(emulator, 0)] }),
      wrong: [
        [
          ["ada@example.com"],
          'must be the id of a user, a service account or a group, a UUID, not the string "ada@example.com". listScimUsers, listServiceAccounts and listScimGroups list them.',
          "members[0]",
        ],
      ],
    },
    externalId: {
      to: "",
      onChange: "update",
      drift: ({ emulator, id }) => emulator.scimGroups.edit(id, { externalId: "e3" }),
      wrong: [],
    },
  },

  missingId: () => "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11",

  operations: {
    create: "CreateGroup",
    read: "GetGroups",
    update: "PatchGroup",
    delete: "DeleteGroup",
  },
  createBody: () => ({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: "dba",
    members: [],
    externalId: "e1",
  }),

  exists: ({ emulator, id }) => emulator.scimGroups.list().some((group) => group.id === id),
  remove: ({ emulator, id }) => emulator.scimGroups.remove(id),

  lostCreate: { outcome: "found", warning: /A group of this name was found afterwards/ },
  existing: { outcome: "refused" },
};
