import type { EgressRuleValues } from "../../../emulator";
import { encryptable } from "../../support/cmek";
import type { RemoteObject, ResourceCases } from "../resource-cases";

const ruleOf = ({ id }: RemoteObject) => id.slice(id.indexOf(":") + 1);

const edited = (values: EgressRuleValues) => (object: RemoteObject) =>
  object.emulator.egressRules.edit(object.clusterId, ruleOf(object), values);

export const cases: ResourceCases = {
  place(emulator, nth) {
    const { id } = encryptable(emulator, { name: `home-${nth}`, regions: ["us-east-1"] });
    emulator.egressRules.setPolicy(id, "DEFAULT_DENY");
    return { clusterId: id };
  },
  plans: ["ADVANCED"],
  minimal: { name: "kafka", type: "FQDN", destination: "kafka.example.com", description: "" },
  full: [
    {
      name: "kafka",
      type: "FQDN",
      destination: "kafka.example.com",
      ports: [443, 9093],
      description: "changefeeds",
    },
  ],
  arguments: {
    name: {
      to: "events",
      onChange: "replace",
      drift: "cannot change",
      wrong: [["", "must not be empty."]],
    },
    type: {
      to: "CIDR",
      along: { destination: "203.0.113.0/24" },
      onChange: "update",
      drift: edited({ type: "CIDR", destination: "198.51.100.0/24" }),
      wrong: [["IP", 'must be one of "FQDN", "CIDR", not the string "IP".']],
    },
    destination: {
      to: "*.example.com",
      onChange: "update",
      drift: edited({ destination: "other.example.com" }),
      wrong: [
        ["", "must not be empty."],
        [
          "https://kafka.example.com:9093",
          'must be a host name such as "kafka.example.com" or "*.example.com", without scheme, port and path, not the string "https://kafka.example.com:9093".',
        ],
      ],
    },
    ports: {
      to: [8443],
      onChange: "update",
      drift: edited({ ports: [80] }),
      wrong: [
        [[0], "must be a TCP port, a whole number from 1 to 65535. It is 0.", "ports[0]"],
        [[65_536], "must be a TCP port, a whole number from 1 to 65535. It is 65536.", "ports[0]"],
      ],
    },
    description: {
      to: "exports",
      onChange: "update",
      drift: edited({ description: "somebody else's" }),
      wrong: [[1, "must be a string, not 1."]],
    },
  },

  missingId: ({ clusterId }) => `${clusterId}:3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11`,

  operations: {
    create: "AddEgressRule",
    read: "ListEgressRules",
    update: "EditEgressRule",
    delete: "DeleteEgressRule",
  },
  createBody: () => ({
    name: "kafka",
    type: "FQDN",
    destination: "kafka.example.com",
    ports: [443, 9093],
    description: "changefeeds",
  }),

  exists: (object) =>
    object.emulator.egressRules.list(object.clusterId).some(({ id }) => id === ruleOf(object)),
  remove: (object) => object.emulator.egressRules.remove(object.clusterId, ruleOf(object)),

  lostCreate: { outcome: "found", isReadOptional: true, isSentAgain: true },
  existing: { outcome: "refused" },
};
