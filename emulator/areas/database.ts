// Databases. Each cluster has some from the start; those cannot be renamed or deleted if SQL would not do it.

import type { ControlledArea, ControlParts } from "../area";
import { readyClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { ApiError, failedPrecondition, invalidValue, notFound } from "../server/errors";
import { page } from "../server/paging";
import type { MessageShape } from "../server/protojson";
import { readMessage } from "../server/protojson";
import { stateOfEachCluster } from "../state";

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

/** Databases outside the API. Cluster ids are UUIDs. */
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

/** The databases of a cluster, by name. */
export const databasesOf = stateOfEachCluster(
  (cluster, { assumptions }: EmulatorContext) =>
    new Map<string, DatabaseRecord>(
      assumptions.firstDatabases.map((name) => [
        name,
        { name, tableCount: 0, createdAt: cluster.createdAt },
      ]),
    ),
  () => new Map(),
);

const createShape: MessageShape = {
  name: "cockroach.cloud.CreateDatabaseRequest",
  fields: { name: "string" },
};

const editShape: MessageShape = {
  name: "cockroach.cloud.UpdateDatabaseRequest",
  fields: { name: "string", new_name: "string" },
};

function listDatabases(call: Call): object {
  const databases = requestedDatabases(call);
  const { items, pagination } = page(call, [...databases.values()], {
    sortKey: (database) => [database.name],
    createdAt: (database) => database.createdAt,
  });
  return { databases: items.map(toWire), pagination };
}

function createDatabase(call: Call): object {
  const { name = "" } = readBody<{ name?: string }>(call, createShape);
  const databases = requestedDatabases(call);
  checkName(name, "name");
  if (databases.has(name)) {
    throw nameTaken(name, call.context);
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
  const databases = requestedDatabases(call);
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
    throw nameTaken(newName, call.context);
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
  requestedDatabases(call).delete(database.name);
  return toWire(database);
}

function requestedDatabases(call: Call): Map<string, DatabaseRecord> {
  return databasesOf(readyClusterOf(call), call.context);
}

function databaseOf(call: Call, name: string): DatabaseRecord {
  const database = requestedDatabases(call).get(name);
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

function nameTaken(name: string, context: EmulatorContext): Error {
  return new ApiError(context.assumptions.duplicateDatabase, `database '${name}' already exists`);
}

function toWire(database: DatabaseRecord): WireDatabase {
  return { name: database.name, table_count: String(database.tableCount) };
}

/** The databases of a cluster. */
export const databaseArea: ControlledArea<DatabaseControls> = {
  operations: {
    CreateDatabase: createDatabase,
    DeleteDatabase: deleteDatabase,
    EditDatabase: editDatabase,
    EditDatabase2: editDatabase2,
    ListDatabases: listDatabases,
  },
  createControls: databaseControls,
};

function databaseControls({ findCluster, context }: ControlParts): DatabaseControls {
  const named = (clusterId: string, name: string): [ClusterRecord, DatabaseRecord] => {
    const cluster = findCluster(clusterId);
    const database = databasesOf(cluster, context).get(name);
    if (database === undefined) {
      throw new Error(`Cluster ${clusterId} has no database "${name}".`);
    }
    return [cluster, database];
  };
  return {
    list: (clusterId) =>
      [...databasesOf(findCluster(clusterId), context).values()]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(toWire),
    add: (clusterId, names, tableCount = 0) => {
      const databases = databasesOf(findCluster(clusterId), context);
      for (const name of typeof names === "string" ? [names] : names) {
        databases.set(name, { name, tableCount, createdAt: context.clock.now() });
      }
    },
    remove: (clusterId, name) => {
      const [cluster] = named(clusterId, name);
      databasesOf(cluster, context).delete(name);
    },
    rename: (clusterId, name, newName) => {
      const [cluster, database] = named(clusterId, name);
      databasesOf(cluster, context).delete(name);
      databasesOf(cluster, context).set(newName, { ...database, name: newName });
    },
  };
}
