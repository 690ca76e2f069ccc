import type { ResourceCases } from "../resource-cases";

const password = "a first password";

export const cases: ResourceCases = {
  minimal: { name: "app" },
  full: [{ name: "app", password, keepers: { month: "1" } }],
  arguments: {
    name: {
      to: "report",
      onChange: "replace",
      drift: "identifies the object",
      wrong: [
        [
          "pg_app",
          'is reserved: admin, node, none, public, root, and what begins with "pg_" or "crdb_internal", are for CockroachDB itself.',
        ],
        ["App", 'must be lowercase, because SQL folds capitals: "app".'],
      ],
    },
    password: {
      to: "a second password",
      onChange: "update",
      drift: "is not returned",
      wrong: [["too short", "must have 12 to 500 characters, and has 9."]],
    },
    keepers: {
      to: { month: "2" },
      onChange: "update",
      // The program's own password stays.
      sends: [],
      drift: "is not returned",
      wrong: [[{ month: 1 }, "must be a string, not 1.", "keepers.month"]],
    },
  },
  managedWhenAbsent: ["keepers"],

  idOf: ({ clusterId, name }) => `${clusterId}:${name}`,
  missingId: ({ clusterId }) => `${clusterId}:nobody`,

  operations: {
    create: "CreateSQLUser",
    read: "ListSQLUsers",
    update: "UpdateSQLUserPassword",
    delete: "DeleteSQLUser",
  },
  createBody: () => ({ name: "app", password: "[redacted]" }),
  secretOutputs: ["password"],

  exists: ({ emulator, clusterId, id }) => emulator.sqlUsers.list(clusterId).includes(nameOf(id)),
  remove: ({ emulator, clusterId, id }) => emulator.sqlUsers.remove(clusterId, nameOf(id)),

  lostCreate: { outcome: "found", warning: /The user was found afterwards/, isReadOptional: true },
  existing: { outcome: "refused" },
};

const nameOf = (id: string) => id.slice(id.indexOf(":") + 1);
