import type { AllowlistEdit } from "../../../emulator";
import type { RemoteObject, ResourceCases } from "../resource-cases";

const rangeOf = ({ id }: RemoteObject) => id.slice(id.indexOf(":") + 1);

const edited = (edit: AllowlistEdit) => (object: RemoteObject) =>
  object.emulator.allowlist.edit(object.clusterId, rangeOf(object), edit);

export const cases: ResourceCases = {
  minimal: { cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false },
  full: [{ cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false, name: "office" }],
  arguments: {
    cidrIp: {
      to: "198.51.100.0",
      onChange: "replace",
      drift: "identifies the object",
      wrong: [
        [
          "2001:db8::",
          'must be an IPv4 address, because the API takes no others, not the string "2001:db8::".',
        ],
        [
          "203.0.113.9",
          'must be the first address of its network: write cidrIp: "203.0.113.0" for the network with cidrMask: 24, or cidrMask: 32 for 203.0.113.9 alone.',
        ],
      ],
    },
    cidrMask: {
      to: 25,
      onChange: "replace",
      drift: "identifies the object",
      wrong: [[33, "must be a whole number from 0 to 32."]],
    },
    ui: {
      to: true,
      onChange: "update",
      drift: edited({ ui: true }),
      wrong: [[1, "must be true or false, not 1."]],
    },
    sql: {
      to: false,
      onChange: "update",
      drift: edited({ sql: false }),
      wrong: [["yes", 'must be true or false, not the string "yes".']],
    },
    name: {
      to: "headquarters",
      onChange: "update",
      drift: edited({ name: "somebody else's" }),
      wrong: [[1, "must be a string, not 1."]],
    },
  },

  idOf: ({ clusterId, cidrIp, cidrMask }) => `${clusterId}:${cidrIp}/${cidrMask}`,
  missingId: ({ clusterId }) => `${clusterId}:198.51.100.0/24`,

  operations: {
    create: "AddAllowlistEntry",
    read: "ListAllowlistEntries",
    update: "UpdateAllowlistEntry",
    delete: "DeleteAllowlistEntry",
  },
  createBody: () => ({
    cidr_ip: "203.0.113.0",
    cidr_mask: 24,
    name: "office",
    sql: true,
    ui: false,
  }),

  exists: (object) =>
    object.emulator.allowlist
      .list(object.clusterId)
      .some(({ cidr_ip, cidr_mask }) => `${cidr_ip}/${cidr_mask}` === rangeOf(object)),
  remove: (object) => object.emulator.allowlist.remove(object.clusterId, rangeOf(object)),

  lostCreate: { outcome: "found" },
  isUpdateReadable: true,
  existing: { outcome: "refused" },
};
