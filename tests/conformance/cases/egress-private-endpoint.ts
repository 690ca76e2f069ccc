import { encryptable } from "../../support/cmek";
import type { RemoteObject, ResourceCases } from "../resource-cases";

const endpointOf = ({ id }: RemoteObject) => id.slice(id.indexOf(":") + 1);

const logs = "com.amazonaws.us-east-1.logs";
const kafka = "arn:aws:kafka:us-east-1:123456789012:cluster/events/0-1";

export const cases: ResourceCases = {
  place: (emulator, nth) => ({
    clusterId: encryptable(emulator, {
      name: `home-${nth}`,
      regions: ["eu-west-1", "us-east-1", "us-west-2"],
    }).id,
  }),
  plans: ["ADVANCED"],
  minimal: {
    region: "us-east-1",
    targetServiceIdentifier: logs,
    targetServiceType: "PRIVATE_SERVICE",
  },
  full: [
    { region: "us-east-1", targetServiceIdentifier: logs, targetServiceType: "PRIVATE_SERVICE" },
  ],
  arguments: {
    region: {
      to: "us-west-2",
      onChange: "replace",
      drift: "cannot change",
      wrong: [["", "must not be empty."]],
    },
    targetServiceIdentifier: {
      to: "com.amazonaws.us-east-1.monitoring",
      onChange: "replace",
      drift: "cannot change",
      wrong: [["", "must not be empty."]],
    },
    targetServiceType: {
      to: "MSK_TLS",
      along: { targetServiceIdentifier: kafka },
      onChange: "replace",
      drift: "cannot change",
      wrong: [
        [
          "KAFKA",
          'must be one of "PRIVATE_SERVICE", "MSK_SASL_SCRAM", "MSK_SASL_IAM", "MSK_TLS", not the string "KAFKA".',
        ],
        [
          "MSK_TLS",
          'must be the ARN of a provisioned MSK cluster, arn:aws:kafka:…, for targetServiceType "MSK_TLS".',
          "targetServiceIdentifier",
        ],
      ],
    },
  },

  missingId: ({ clusterId }) => `${clusterId}:3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11`,

  operations: {
    create: "CreateEgressPrivateEndpoint",
    read: "ListEgressPrivateEndpoints",
    delete: "DeleteEgressPrivateEndpoint",
  },
  createBody: () => ({
    region: "us-east-1",
    target_service_identifier: logs,
    target_service_type: "PRIVATE_SERVICE",
  }),

  exists: (object) =>
    object.emulator.egressPrivateEndpoints
      .list(object.clusterId)
      .some(({ id }) => id === endpointOf(object)),
  remove: (object) =>
    object.emulator.egressPrivateEndpoints.remove(object.clusterId, endpointOf(object)),

  lostCreate: { outcome: "found" },
  existing: { outcome: "refused" },
};
