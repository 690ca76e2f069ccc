import type { ResourceCases } from "../resource-cases";

const missing = "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11";

export const cases: ResourceCases = {
  minimal: { name: "payments" },
  full: [{ name: "payments", parentId: "root", labels: { team: "payments" } }],
  arguments: {
    name: {
      to: "billing",
      onChange: "update",
      drift: ({ emulator, id }) => emulator.folders.rename(id, "finance"),
      wrong: [
        [
          "a/b",
          "must have 3 to 40 letters, digits, spaces, dashes, underscores and apostrophes, and begin and end with a letter or digit.",
        ],
      ],
    },
    parentId: {
      to: ({ folders }) => folders.add("company"),
      onChange: "update",
      drift: ({ emulator, id }) => emulator.folders.move(id, emulator.folders.add("holding")),
      wrong: [
        [
          "company",
          'must be "root" or the id of a folder, a UUID, not the string "company". getFolder({ path: "/payments" }) reads the id of an existing folder.',
        ],
      ],
    },
    labels: {
      to: {},
      onChange: "update",
      drift: ({ emulator, id }) => emulator.folders.label(id, { team: "finance" }),
      wrong: [
        [
          { Team: "payments" },
          "must have a key that begins with a lowercase letter and has at most 63 lowercase letters, digits, dashes and underscores.",
          "labels.Team",
        ],
      ],
    },
  },

  missingId: () => missing,

  operations: {
    create: "CreateFolder",
    read: "ListFolders",
    update: "UpdateFolder",
    delete: "DeleteFolder",
  },
  createBody: () => ({ name: "payments", parent_id: "root", labels: { team: "payments" } }),

  exists: ({ emulator, id }) =>
    emulator.folders.list().some(({ resource_id }) => resource_id === id),
  remove: ({ emulator, id }) => emulator.folders.remove(id),

  lostCreate: { outcome: "found", warning: /A folder of this name was found afterwards/ },
  isUpdateReadable: true,
  existing: { outcome: "refused" },
};
