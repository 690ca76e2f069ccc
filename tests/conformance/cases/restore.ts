import { encryptable } from "../../support/cmek";
import type { TestEmulator } from "../../support/emulator";
import type { RemoteObject, ResourceCases } from "../resource-cases";

const tables = [{ database: "shop", schema: "public", table: "orders" }];

const options = {
  intoDb: "shop",
  schemaOnly: true,
  skipLocalitiesCheck: true,
  skipMissingForeignKeys: true,
  skipMissingSequences: true,
  skipMissingViews: true,
};

const full = {
  type: "TABLE",
  objects: tables,
  restoreOptions: options,
  eraseDestination: true,
  keepers: { run: "1" },
};

const minimal = { type: "TABLE", objects: [{ database: "shop", table: "orders" }] };

/** A cluster with a database of which it has a backup. */
function backedUp(emulator: TestEmulator, name: string): string {
  const { id } = encryptable(emulator, { name, regions: ["us-east-1"] });
  emulator.databases.add(id, "shop", 3);
  emulator.backups.take(id);
  return id;
}

const destinationOf = ({ id }: RemoteObject) => id.slice(0, id.indexOf(":"));

export const cases: ResourceCases = {
  place: (emulator, nth) => ({ destinationClusterId: backedUp(emulator, `home-${nth}`) }),
  minimal,
  full: [
    full,
    { type: "DATABASE", objects: [{ database: "shop" }], restoreOptions: { newDbName: "copy" } },
  ],
  arguments: {
    type: {
      before: minimal,
      to: "DATABASE",
      along: { objects: [{ database: "shop" }], restoreOptions: { newDbName: "copy" } },
      onChange: "replace",
      drift: "cannot change",
      wrong: [
        ["ALL", 'must be one of "CLUSTER", "DATABASE", "TABLE", not the string "ALL".'],
        ["CLUSTER", 'is for types "DATABASE" and "TABLE" only: leave it out.', "objects"],
      ],
    },
    sourceClusterId: {
      before: minimal,
      to: (emulator) => backedUp(emulator, "elsewhere"),
      onChange: "replace",
      drift: "is not returned",
      wrong: [
        [
          "orders",
          'must be the id of a cluster, a UUID, not the string "orders". Pass the Cluster of the program, or its id; getCluster({ name: "orders" }) reads the id of an existing one.',
        ],
      ],
    },
    backupId: {
      before: minimal,
      to: (emulator) => emulator.backups.take(emulator.clusters.list()[0]?.id ?? ""),
      onChange: "replace",
      drift: "cannot change",
      wrong: [
        [
          "newest",
          'must be the id of a backup, a UUID, not the string "newest". listBackups({ clusterId }) lists them.',
        ],
      ],
    },
    objects: {
      to: [{ database: "shop", table: "customers" }],
      onChange: "replace",
      drift: "cannot change",
      wrong: [
        [[], "must have at least one database or table, or be left out."],
        [[{ database: "shop" }], 'is required for type "TABLE".', "objects[0].table"],
        [
          [{ database: "", table: "orders" }],
          'must not be empty. It is the string "".',
          "objects[0].database",
        ],
      ],
    },
    restoreOptions: {
      before: { ...minimal, restoreOptions: { intoDb: "shop" } },
      to: { intoDb: "shop", schemaOnly: true },
      onChange: "replace",
      drift: "cannot change",
      wrong: [
        [
          { newDbName: "copy" },
          'is for type "DATABASE" only: leave it out.',
          "restoreOptions.newDbName",
        ],
      ],
    },
    eraseDestination: {
      before: minimal,
      to: true,
      onChange: "update",
      sends: [],
      drift: "is not returned",
      wrong: [["yes", 'must be true or false, not the string "yes".']],
    },
    keepers: {
      to: { run: "2" },
      onChange: "replace",
      drift: "is not returned",
      wrong: [[5, "must be an object, not 5."]],
    },
  },

  missingId: ({ destinationClusterId }) =>
    `${destinationClusterId}:00000000-0000-4000-8000-000000000000`,

  operations: { create: "CreateRestore", read: "ListRestores" },
  createBody: () => ({
    type: "TABLE",
    objects: tables,
    restore_opts: {
      into_db: "shop",
      schema_only: true,
      skip_localities_check: true,
      skip_missing_foreign_keys: true,
      skip_missing_sequences: true,
      skip_missing_views: true,
    },
  }),

  // What was done is not undone: it goes only with the cluster.
  exists: (object) =>
    object.emulator.clusters.list().some(({ id }) => id === destinationOf(object)),
  remove: (object) => object.emulator.clusters.forget(destinationOf(object)),

  lostCreate: { outcome: "found", isReadOptional: true },
  existing: { outcome: "another" },
};
