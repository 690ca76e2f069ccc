import type { ResourceCases } from "../resource-cases";

const secret = `CCDB1_0123456789abcdefghijkl_${"a".repeat(40)}`;

export const cases: ResourceCases = {
  place: (emulator, nth) => ({ serviceAccountId: emulator.serviceAccounts.add(`home ${nth}`) }),
  minimal: { name: "ci" },
  full: [{ name: "ci", keepers: { month: "1" } }],
  changes: [{ name: "ci", secret }],
  arguments: {
    secret: {
      // Only the id of the key that these have created says which secret is its own.
      before: () => ({ name: "ci", keepers: { month: "1" } }),
      to: ({ apiKeys }) =>
        `${apiKeys.list().find(({ name }) => name === "ci")?.id}_${"a".repeat(40)}`,
      onChange: "update",
      sends: [],
      drift: "is not returned",
      wrong: [
        ["CCDB1_a", 'must be the whole secret of an API key: its id, "_" and the rest.'],
        [
          secret,
          "is for a key that is imported, and this one is created: remove secret, which the service chooses. To manage the key of this secret instead, add the option import with its id.",
        ],
      ],
    },
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
