import type { RemoteObject, ResourceCases } from "../resource-cases";

const ownerOf = ({ id }: RemoteObject) => id.slice(id.indexOf(":") + 1);

export const cases: ResourceCases = {
  plans: ["ADVANCED"],
  minimal: { externalOwnerId: "012345678901" },
  full: [{ externalOwnerId: "012345678901" }],
  arguments: {
    externalOwnerId: {
      to: "*",
      onChange: "replace",
      drift: "cannot change",
      wrong: [
        [12345678901, "must be a string, not 12345678901."],
        [
          "1234",
          'must be the 12 digits of an AWS account, or "*" for every account, not the string "1234".',
        ],
        [
          "12345678901",
          'must be the 12 digits of an AWS account, or "*" for every account, not the string "12345678901". In Pulumi.<stack>.yaml it must stand in quotes.',
        ],
      ],
    },
  },

  missingId: ({ clusterId }) => `${clusterId}:3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11`,

  operations: {
    create: "AddPrivateEndpointTrustedOwner",
    read: "ListPrivateEndpointTrustedOwners",
    delete: "RemovePrivateEndpointTrustedOwner",
  },
  createBody: () => ({ type: "AWS_ACCOUNT_ID", external_owner_id: "012345678901" }),

  exists: (object) =>
    object.emulator.privateEndpointTrustedOwners
      .list(object.clusterId)
      .some(({ id }) => id === ownerOf(object)),
  remove: (object) =>
    object.emulator.privateEndpointTrustedOwners.remove(object.clusterId, ownerOf(object)),

  lostCreate: { outcome: "found" },
  existing: { outcome: "refused" },
};
