import type { TestEmulator } from "../../support/emulator";
import type { ResourceCases } from "../resource-cases";

export const cases: ResourceCases = {
  minimal: { name: "shop" },
  full: [{ name: "shop" }],
  arguments: {
    name: {
      to: "store",
      onChange: "update",
      drift: "identifies the object",
      wrong: [
        ["system", 'must not be "system": that database belongs to CockroachDB itself.'],
        [
          ".shop",
          'must have 1 to 63 letters, digits, "_", "." and "-", and not begin with "." or "-"; it is the string ".shop".',
        ],
      ],
    },
  },

  idOf: ({ clusterId, name }) => `${clusterId}:${name}`,
  missingId: ({ clusterId }) => `${clusterId}:none`,

  operations: {
    create: "CreateDatabase",
    read: "ListDatabases",
    update: "EditDatabase",
    delete: "DeleteDatabase",
  },
  createBody: () => ({ name: "shop" }),

  exists: ({ emulator, clusterId, id }) => namesIn(emulator, clusterId).includes(nameOf(id)),
  remove: ({ emulator, clusterId, id }) => emulator.databases.remove(clusterId, nameOf(id)),

  lostCreate: { outcome: "found", warning: /A database of this name was found afterwards/ },
  isUpdateReadable: true,
  existing: { outcome: "refused" },
};

const nameOf = (id: string) => id.slice(id.indexOf(":") + 1);

const namesIn = ({ databases }: TestEmulator, clusterId: string) =>
  databases.list(clusterId).map(({ name }) => name);
