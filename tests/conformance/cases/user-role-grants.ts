import type { ResourceCases } from "../resource-cases";

const billing = { roleName: "BILLING_VIEWER", resourceType: "ORGANIZATION" };
const creator = { roleName: "CLUSTER_CREATOR", resourceType: "ORGANIZATION" };

export const cases: ResourceCases = {
  place: (emulator, nth) => ({ userId: emulator.serviceAccounts.add(`home ${nth}`) }),
  minimal: { roles: [billing] },
  full: [
    { roles: [billing, creator] },
    {
      roles: [
        {
          roleName: "CLUSTER_ADMIN",
          resourceType: "CLUSTER",
          resourceId: "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d13",
        },
      ],
    },
  ],
  arguments: {
    roles: {
      to: [{ roleName: "FOLDER_MOVER", resourceType: "ORGANIZATION" }],
      onChange: "update",
      drift: ({ emulator, place }) =>
        emulator.roles.grant(String(place["userId"]), { role: "ORG_ADMIN" }),
      wrong: [
        [[], "must have a role beside ORG_MEMBER: to leave none, remove this resource."],
        [
          [{ ...billing, resourceType: "PLANET" }],
          'must be one of "ORGANIZATION", "FOLDER", "CLUSTER", not the string "PLANET".',
          "roles[0].resourceType",
        ],
      ],
    },
  },
  createsFirst: true,

  idOf: ({ userId }) => String(userId),
  missingId: () => "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d12",

  operations: {
    create: "SetRolesForUser",
    read: "GetAllRolesForUser",
    update: "SetRolesForUser",
    delete: "SetRolesForUser",
  },
  createBody: () => ({
    roles: [
      { name: "ORG_MEMBER", resource: { type: "ORGANIZATION" } },
      { name: "BILLING_VIEWER", resource: { type: "ORGANIZATION" } },
      { name: "CLUSTER_CREATOR", resource: { type: "ORGANIZATION" } },
    ],
  }),

  exists: ({ emulator, id }) => emulator.roles.of(id).length > 1,
  remove: ({ emulator, id }) => {
    for (const { name } of emulator.roles.of(id)) emulator.roles.revoke(id, { role: name });
  },

  optionalRequests: { delete: ["GetApiKey"] },
  lostCreate: { outcome: "found", isReadOptional: true, isSentAgain: true },
  existing: { outcome: "changed", warning: /was granted before and is removed/ },
};
