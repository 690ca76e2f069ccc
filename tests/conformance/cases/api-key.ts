import type { ResourceCases } from "../resource-cases";

export const cases: ResourceCases = {
  place: (emulator, nth) => ({ serviceAccountId: emulator.serviceAccounts.add(`home ${nth}`) }),
  minimal: { name: "ci" },
  full: [{ name: "ci", keepers: { month: "1" } }],
  arguments: {
    name: {
      to: "cd",
      onChange: "update",
      drift: ({ emulator, id }) => emulator.apiKeys.rename(id, "cx"),
      wrong: [["", "must not be empty."]],
    },
    keepers: {
      to: { month: "2" },
      onChange: "replace",
      drift: "is not returned",
      wrong: [[{ month: 1 }, "must be a string, not 1.", "keepers.month"]],
    },
  },
  createsFirst: true,

  missingId: () => "CCDB1_0123456789abcdefghijkl",

  operations: {
    create: "CreateApiKey",
    completeCreate: "UpdateApiKey",
    read: "ListApiKeys",
    update: "UpdateApiKey",
    delete: "DeleteApiKey",
  },
  createBody: ({ serviceAccountId }, mark) => ({
    name: `ci (pulumi-creating ${mark})`,
    service_account_id: serviceAccountId,
  }),
  secretOutputs: ["secret"],

  exists: ({ emulator, id }) => emulator.apiKeys.list().some((key) => key.id === id),
  remove: ({ emulator, id }) => emulator.apiKeys.remove(id),

  // A key without a known secret is deleted, and another one created.
  lostCreate: { outcome: "found", isReadOptional: true, isSentAgain: true },
  existing: { outcome: "another" },
};
