import { awsKey } from "../../support/cmek";
import type { ResourceCases } from "../resource-cases";

const key = awsKey("us-east-1");

export const cases: ResourceCases = {
  plans: ["ADVANCED"],
  minimal: { regionSpecs: [key] },
  full: [
    { regionSpecs: [key], revokeOnDelete: true },
    { regionSpecs: [key], revoked: true },
  ],
  arguments: {
    regionSpecs: {
      to: [awsKey("us-east-1", "second")],
      onChange: "update",
      drift: ({ emulator, clusterId }) => {
        const { type, uri, authPrincipal } = awsKey("us-east-1", "third").keySpec;
        emulator.cmek.rotate(clusterId, "us-east-1", {
          type: type as "AWS_KMS",
          uri,
          auth_principal: authPrincipal,
        });
      },
      wrong: [
        [[], "must have a key for each region of the cluster."],
        [
          [awsKey("us-east-1", "no key")],
          'must be the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>, for type AWS_KMS, not the string "arn:aws:kms:us-east-1:111122223333:key/no key".',
          "regionSpecs[0].keySpec.uri",
        ],
      ],
    },
    revoked: {
      to: true,
      onChange: "update",
      sends: ["UpdateCMEKStatus"],
      // Only the support can take it back, so that no update repairs it.
      drift: "cannot change",
      wrong: [["yes", 'must be true or false, not the string "yes".']],
    },
    revokeOnDelete: {
      to: false,
      onChange: "update",
      sends: [],
      drift: "is not returned",
      wrong: [["yes", 'must be true or false, not the string "yes".']],
    },
  },
  managedWhenAbsent: ["revokeOnDelete"],

  idOf: ({ clusterId }) => String(clusterId),
  missingId: ({ clusterId }) => String(clusterId),

  operations: {
    create: "EnableCMEKSpec",
    read: "GetCMEKClusterInfo",
    update: "UpdateCMEKSpec",
    delete: "UpdateCMEKStatus",
  },
  createBody: () => ({
    region_specs: [
      {
        region: "us-east-1",
        key_spec: {
          type: key.keySpec.type,
          uri: key.keySpec.uri,
          auth_principal: key.keySpec.authPrincipal,
        },
      },
    ],
  }),

  exists: ({ emulator, clusterId }) => emulator.cmek.get(clusterId).status === "ENABLED",
  // There is no way back from encryption but that the cluster goes.
  remove: ({ emulator, clusterId }) => emulator.clusters.forget(clusterId),

  lostCreate: { outcome: "found", isReadOptional: true },
  isEndedByStray404: true,
  existing: { outcome: "adopted" },
};
