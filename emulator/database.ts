// Databases. Each cluster has some from the start; those cannot be renamed or deleted if SQL would not do it.

import type { Area, Call } from "./call";
import { readBody } from "./call";
import type { ClusterRecord } from "./cluster-record";
import { ApiError, failedPrecondition, invalidValue, notFound } from "./errors";
import type { ClusterFinder } from "./organization";
import { readyClusterOf } from "./organization";
import { page } from "./paging";
import type { MessageShape } from "./protojson";
import { readMessage } from "./protojson";
import type { World } from "./world";

/** A database as it is stored. */
export interface DatabaseRecord {
  readonly name: string;
  tableCount: number;
  readonly createdAt: number;
}

/** A database as the API spells it. */
export interface WireDatabase {
  name: string;
  /** 64-bit integer as text. */
  table_count: string;
}

/** Databases behind the client's back. Cluster ids are UUIDs. */
export interface DatabaseControls {
  /** All databases, sorted by name, those of every cluster included. */
  list(clusterId: string): WireDatabase[];
  /**
   * Adds databases without any rule, or replaces those of the same name.
   * @param names One name or many.
   * @param tableCount Tables of each. @default 0
   */
  add(clusterId: string, names: string | readonly string[], tableCount?: number): void;
  /** Removes a database. @throws when there is none. */
  remove(clusterId: string, name: string): void;
  /** Renames a database. @throws when there is none. */
  rename(clusterId: string, name: string, newName: string): void;
}

const createShape: MessageShape = {
  name: "cockroach.cloud.CreateDatabaseRequest",
  fields: { name: "string" },
};

const editShape: MessageShape = {
  name: "cockroach.cloud.UpdateDatabaseRequest",
  fields: { name: "string", new_name: "string" },
};

function listDatabases(call: Call): object {
  const { belongings } = readyClusterOf(call);
  const { items, pagination } = page(call, [...belongings.databases.values()], {
    sortKey: (database) => [database.name],
    createdAt: (database) => database.createdAt,
  });
  return { databases: items.map(toWire), pagination };
}

function createDatabase(call: Call): object {
  const { name = "" } = readBody<{ name?: string }>(call, createShape);
  const { databases } = readyClusterOf(call).belongings;
  checkName(name, "name");
  if (databases.has(name)) {
    throw taken(name, call.world);
  }
  const database = { name, tableCount: 0, createdAt: call.now };
  databases.set(name, database);
  return toWire(database);
}

/** PATCH with the name in the path. */
function editDatabase(call: Call): object {
  const body = readBody<{ new_name?: string }>(call, editShape);
  return rename(call, call.path["name"] ?? "", body.new_name ?? "");
}

/** PATCH with both names in the body. */
function editDatabase2(call: Call): object {
  const body = readMessage<{ name?: string; new_name?: string }>(call.body, editShape);
  return rename(call, body.name ?? "", body.new_name ?? "");
}

function rename(call: Call, name: string, newName: string): object {
  const { databases } = readyClusterOf(call).belongings;
  if (name === "") {
    throw invalidValue("name is required");
  }
  const database = databaseOf(call, name);
  checkName(newName, "new_name");
  if (newName === name) {
    return toWire(database);
  }
  if (name === "system") {
    throw failedPrecondition("database 'system' cannot be renamed");
  }
  if (databases.has(newName)) {
    throw taken(newName, call.world);
  }
  const renamed = { ...database, name: newName };
  databases.delete(name);
  databases.set(newName, renamed);
  return toWire(renamed);
}

function deleteDatabase(call: Call): object {
  const database = databaseOf(call, call.path["name"] ?? "");
  if (database.name === "system") {
    throw failedPrecondition("database 'system' cannot be deleted");
  }
  readyClusterOf(call).belongings.databases.delete(database.name);
  return toWire(database);
}

function databaseOf(call: Call, name: string): DatabaseRecord {
  const database = readyClusterOf(call).belongings.databases.get(name);
  if (database === undefined) {
    throw notFound(`database '${name}' does not exist`);
  }
  return database;
}

function checkName(name: string, field: string): void {
  if (name === "") {
    throw invalidValue(`${field} is required`);
  }
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,62}$/.test(name)) {
    throw invalidValue(
      `invalid database name '${name}': must be 1-63 characters of letters, digits, underscores, ` +
        "periods and dashes, beginning with a letter, a digit or an underscore",
    );
  }
}

function taken(name: string, world: World): Error {
  return new ApiError(world.assumptions.duplicateDatabase, `database '${name}' already exists`);
}

function toWire(database: DatabaseRecord): WireDatabase {
  return { name: database.name, table_count: String(database.tableCount) };
}

/** The databases of a cluster. */
export const databaseArea: Area = {
  CreateDatabase: createDatabase,
  DeleteDatabase: deleteDatabase,
  EditDatabase: editDatabase,
  EditDatabase2: editDatabase2,
  ListDatabases: listDatabases,
};

/** Makes the controls over databases. @internal */
export function databaseControls(find: ClusterFinder, world: World): DatabaseControls {
  const named = (clusterId: string, name: string): [ClusterRecord, DatabaseRecord] => {
    const cluster = find(clusterId);
    const database = cluster.belongings.databases.get(name);
    if (database === undefined) {
      throw new Error(`Cluster ${clusterId} has no database "${name}".`);
    }
    return [cluster, database];
  };
  return {
    list: (clusterId) =>
      [...find(clusterId).belongings.databases.values()]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(toWire),
    add: (clusterId, names, tableCount = 0) => {
      const { databases } = find(clusterId).belongings;
      for (const name of typeof names === "string" ? [names] : names) {
        databases.set(name, { name, tableCount, createdAt: world.clock.now() });
      }
    },
    remove: (clusterId, name) => {
      const [cluster] = named(clusterId, name);
      cluster.belongings.databases.delete(name);
    },
    rename: (clusterId, name, newName) => {
      const [cluster, database] = named(clusterId, name);
      cluster.belongings.databases.delete(name);
      cluster.belongings.databases.set(newName, { ...database, name: newName });
    },
  };
}
