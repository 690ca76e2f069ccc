import { encryptable } from "../../support/cmek";
import type { RemoteObject, ResourceCases } from "../resource-cases";

const endpointOf = ({ id }: RemoteObject) => id.slice(id.indexOf(":") + 1);

export const cases: ResourceCases = {
  place(emulator, nth) {
    const { id } = encryptable(emulator, { name: `home-${nth}`, regions: ["us-east-1"] });
    const target = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";
    const endpointId = emulator.egressPrivateEndpoints.add(id, "us-east-1", target);
    return { clusterId: id, endpointId };
  },
  plans: ["ADVANCED"],
  minimal: { domainNames: ["kafka.example.com"] },
  full: [{ domainNames: ["*.example.com", "kafka.example.com"] }],
  arguments: {
    domainNames: {
      to: ["events.example.com"],
      onChange: "update",
      drift: (object) =>
        object.emulator.egressPrivateEndpoints.setDomainNames(
          object.clusterId,
          endpointOf(object),
          ["other.example.com"],
        ),
      wrong: [
        [[], "must have a name; to have none, remove the resource."],
        [
          ["https://kafka"],
          'must be a host name such as "kafka.example.com" or "*.example.com", not the string "https://kafka".',
          "domainNames[0]",
        ],
      ],
    },
  },

  idOf: ({ clusterId, endpointId }) => `${clusterId}:${endpointId}`,
  missingId: ({ clusterId }) => `${clusterId}:3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11`,

  operations: {
    create: "UpdateEgressPrivateEndpoint",
    read: "ListEgressPrivateEndpoints",
    update: "UpdateEgressPrivateEndpoint",
    delete: "UpdateEgressPrivateEndpoint",
  },
  createBody: () => ({ domain_names: ["*.example.com", "kafka.example.com"] }),

  exists: (object) =>
    object.emulator.egressPrivateEndpoints
      .list(object.clusterId)
      .some(({ id, domain_names }) => id === endpointOf(object) && domain_names.length > 0),
  remove: (object) =>
    object.emulator.egressPrivateEndpoints.setDomainNames(object.clusterId, endpointOf(object), []),

  lostCreate: { outcome: "found" },
  existing: { outcome: "adopted" },
};
