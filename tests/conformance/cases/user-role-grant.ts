import type { RoleGrant } from "../../../emulator";
import type { ResourceCases } from "../resource-cases";

const role = { roleName: "BILLING_VIEWER", resourceType: "ORGANIZATION" };

export const cases: ResourceCases = {
  place: (emulator, nth) => ({ userId: emulator.serviceAccounts.add(`home ${nth}`) }),
  minimal: { role },
  full: [
    { role },
    {
      role: {
        roleName: "CLUSTER_ADMIN",
        resourceType: "CLUSTER",
        resourceId: "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d13",
      },
    },
  ],
  arguments: {
    role: {
      to: { roleName: "CLUSTER_CREATOR", resourceType: "ORGANIZATION" },
      onChange: "replace",
      drift: "identifies the object",
      wrong: [
        [
          { roleName: "ORG_MEMBER", resourceType: "ORGANIZATION" },
          "must be another role than ORG_MEMBER, which every person and service account has and nobody can lose: remove this resource.",
        ],
        [
          { roleName: "ORG_ADMIN", resourceType: "PLANET" },
          'must be one of "ORGANIZATION", "FOLDER", "CLUSTER", not the string "PLANET".',
          "role.resourceType",
        ],
      ],
    },
  },
  createsFirst: true,

  idOf: ({ userId, role: args }) => {
    const { roleName, resourceType, resourceId } = args as Record<string, string>;
    return [userId, roleName, resourceType, ...(resourceId ? [resourceId] : [])].join(",");
  },
  missingId: ({ userId }) => `${userId},ORG_ADMIN,ORGANIZATION`,

  operations: { create: "AddUserToRole", read: "GetAllRolesForUser", delete: "RemoveUserFromRole" },
  createBody: () => undefined,

  exists: ({ emulator, id }) => {
    const [userId = "", name] = id.split(",");
    return emulator.roles.of(userId).some((held) => held.name === name);
  },
  remove: ({ emulator, id }) => {
    const [userId = "", name] = id.split(",");
    emulator.roles.revoke(userId, { role: name as RoleGrant["role"] });
  },

  optionalRequests: { create: ["GetAllRolesForUser"] },
  lostCreate: { outcome: "found" },
  existing: { outcome: "changed", warning: /was granted to .* before this resource/ },
};
