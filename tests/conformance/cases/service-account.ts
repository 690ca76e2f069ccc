import type { ResourceCases } from "../resource-cases";

export const cases: ResourceCases = {
  minimal: { name: "ci" },
  full: [{ name: "ci", description: "deploys" }],
  arguments: {
    name: {
      to: "cd",
      onChange: "update",
      drift: ({ emulator, id }) => emulator.serviceAccounts.edit(id, { name: "cx" }),
      wrong: [["", "must not be empty."]],
    },
    description: {
      to: "",
      onChange: "update",
      drift: ({ emulator, id }) => emulator.serviceAccounts.edit(id, { description: "tests" }),
      wrong: [[1, "must be a string, not 1."]],
    },
  },

  missingId: () => "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d12",

  operations: {
    create: "CreateServiceAccount",
    read: "ListServiceAccounts",
    update: "UpdateServiceAccount",
    delete: "DeleteServiceAccount",
  },
  createBody: () => ({ name: "ci", description: "deploys", roles: [] }),

  exists: ({ emulator, id }) =>
    emulator.serviceAccounts.list().some((account) => account.id === id),
  remove: ({ emulator, id }) => emulator.serviceAccounts.remove(id),

  optionalRequests: { delete: ["GetApiKey"] },
  lostCreate: { outcome: "found", isReadOptional: true },
  existing: { outcome: "refused" },
};
