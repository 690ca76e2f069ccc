import type { ResourceCases } from "../resource-cases";

const email = { value: "ada@example.com", display: "Ada", primary: true, type: "work" };
const attributes = {
  userName: "ada@example.com",
  displayName: "Ada",
  externalId: "e1",
  active: true,
};
const name = { givenName: "Ada", familyName: "Lovelace" };

export const cases: ResourceCases = {
  minimal: { userName: "ada@example.com" },
  full: [{ ...attributes, emails: [email], name }],
  arguments: {
    userName: {
      to: "countess@example.com",
      onChange: "update",
      drift: ({ emulator, id }) =>
        emulator.scimUsers.edit(id, { userName: "lovelace@example.com" }),
      wrong: [["", "must not be empty."]],
    },
    emails: {
      to: [{ value: "countess@example.com" }, email],
      onChange: "update",
      drift: ({ emulator, id }) =>
        emulator.scimUsers.edit(id, { emails: [{ ...email, value: "lovelace@example.com" }] }),
      wrong: [
        [[], "must have at least one e-mail address."],
        [
          [{ value: "ada" }],
          'must be an e-mail address. It is the string "ada".',
          "emails[0].value",
        ],
        [
          [email, { ...email, value: "countess@example.com" }],
          "must have one primary address at most.",
        ],
      ],
    },
    displayName: {
      to: "",
      onChange: "update",
      drift: ({ emulator, id }) => emulator.scimUsers.edit(id, { displayName: "Countess" }),
      wrong: [],
    },
    name: {
      to: { familyName: "King" },
      onChange: "update",
      drift: ({ emulator, id }) => emulator.scimUsers.edit(id, { name: { givenName: "Augusta" } }),
      wrong: [],
    },
    externalId: {
      to: "e2",
      onChange: "update",
      drift: ({ emulator, id }) => emulator.scimUsers.edit(id, { externalId: "e3" }),
      wrong: [],
    },
    active: {
      to: false,
      onChange: "update",
      drift: ({ emulator, id }) => emulator.scimUsers.edit(id, { active: false }),
      wrong: [],
    },
  },
  managedWhenAbsent: ["name.givenName", "name.familyName"],

  missingId: () => "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11",

  operations: { create: "CreateUser", read: "GetUsers", update: "PatchUser", delete: "DeleteUser" },
  createBody: () => ({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    ...attributes,
    emails: [email],
    name,
  }),

  exists: ({ emulator, id }) => emulator.persons.list().some((person) => person.id === id),
  remove: ({ emulator, id }) => emulator.persons.remove(id),

  lostCreate: { outcome: "found", warning: /A user of this name was found afterwards/ },
  existing: { outcome: "refused" },
};
