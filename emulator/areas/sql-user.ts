// SQL users. The API shows their names and nothing else: no roles, no times, no password, and no GET for one user.

import { createHash } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import { readyClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { ApiError, invalidValue, notFound } from "../server/errors";
import { page } from "../server/paging";
import type { MessageShape } from "../server/protojson";
import { readMessage } from "../server/protojson";
import { stateOfEachCluster } from "../state";

/** A user as it is stored. */
export interface SqlUserRecord {
  readonly name: string;
  /** Hash of the password. */
  passwordHash: string;
  readonly createdAt: number;
}

/** A user in a response. */
interface WireSqlUser {
  name: string;
}

/** SQL users outside the API. Cluster ids are UUIDs. */
export interface SqlUserControls {
  /** The names, sorted. */
  list(clusterId: string): string[];
  /**
   * Adds users without any rule, or replaces those of the same name.
   * @param names One name or many.
   * @param password Of all of them. @default "password of somebody else"
   */
  add(clusterId: string, names: string | readonly string[], password?: string): void;
  /** Removes a user. @throws when there is none. */
  remove(clusterId: string, name: string): void;
  /** Renames a user, who keeps the password. @throws when there is none. */
  rename(clusterId: string, name: string, newName: string): void;
  /** Changes a password. @throws when there is no such user. */
  setPassword(clusterId: string, name: string, password: string): void;
  /** Whether this is the user's password; the password itself is not kept. */
  hasPassword(clusterId: string, name: string, password: string): boolean;
}

/** The SQL users of a cluster, by name. */
export const sqlUsersOf = stateOfEachCluster(() => new Map<string, SqlUserRecord>());

const createShape: MessageShape = {
  name: "cockroach.cloud.CreateSQLUserRequest",
  fields: { name: "string", password: "string" },
};

const passwordShape: MessageShape = {
  name: "cockroach.cloud.UpdateSQLUserPasswordRequest",
  fields: { password: "string" },
};

function listSqlUsers(call: Call): object {
  const sqlUsers = sqlUsersOf(readyClusterOf(call));
  const { items, pagination } = page(call, [...sqlUsers.values()], {
    sortKey: (user) => [user.name],
    createdAt: (user) => user.createdAt,
  });
  return { users: items.map(toWire), pagination };
}

function createSqlUser(call: Call): object {
  const body = readMessage<{ name?: string; password?: string }>(call.body, createShape);
  const sqlUsers = sqlUsersOf(readyClusterOf(call));
  const name = storedName(body.name ?? "", call.context);
  const passwordHash = checkedPassword(body.password ?? "", call.context);
  if (sqlUsers.has(name)) {
    throw new ApiError(call.context.assumptions.duplicateUser, `user '${name}' already exists`);
  }
  const user = { name, passwordHash, createdAt: call.now };
  sqlUsers.set(name, user);
  return toWire(user);
}

function updateSqlUserPassword(call: Call): object {
  const body = readBody<{ password?: string }>(call, passwordShape);
  const user = namedUser(call);
  user.passwordHash = checkedPassword(body.password ?? "", call.context);
  return toWire(user);
}

function deleteSqlUser(call: Call): object {
  const user = namedUser(call);
  sqlUsersOf(readyClusterOf(call)).delete(user.name);
  return toWire(user);
}

function namedUser(call: Call): SqlUserRecord {
  const sqlUsers = sqlUsersOf(readyClusterOf(call));
  const { name = "" } = call.path;
  const folds = call.context.assumptions.upperCaseUsers === "folded";
  const user = sqlUsers.get(folds ? name.toLowerCase() : name);
  if (user === undefined) {
    throw notFound(`user '${name}' does not exist`);
  }
  return user;
}

/** The name as it is stored: SQL folds it to lower case. @throws when it is no name of a user. */
function storedName(name: string, context: EmulatorContext): string {
  if (name === "") {
    throw invalidValue("name is required");
  }
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,62}$/.test(name)) {
    throw invalidValue(
      `invalid username '${name}': must be 1-63 characters of letters, digits, underscores, ` +
        "periods and dashes, beginning with a letter, a digit or an underscore",
    );
  }
  const folded = name.toLowerCase();
  if (folded !== name && context.assumptions.upperCaseUsers === "refused") {
    throw invalidValue(`invalid username '${name}': must be lower case`);
  }
  if (folded === "none" || folded.startsWith("pg_") || folded.startsWith("crdb_internal")) {
    throw invalidValue(`username '${name}' is reserved`);
  }
  return folded;
}

function checkedPassword(password: string, context: EmulatorContext): string {
  if (password === "") {
    throw invalidValue("password is required");
  }
  const { passwordMin } = context.assumptions;
  if (password.length < passwordMin) {
    throw invalidValue(`password must be at least ${passwordMin} characters`);
  }
  return hashOf(password);
}

function hashOf(password: string): string {
  return createHash("sha256").update(password).digest("hex");
}

function toWire(user: SqlUserRecord): WireSqlUser {
  return { name: user.name };
}

/** The SQL users of a cluster. */
export const sqlUserArea: ControlledArea<SqlUserControls> = {
  operations: {
    CreateSQLUser: createSqlUser,
    DeleteSQLUser: deleteSqlUser,
    ListSQLUsers: listSqlUsers,
    UpdateSQLUserPassword: updateSqlUserPassword,
  },
  createControls: sqlUserControls,
};

function sqlUserControls({ findCluster, context }: ControlParts): SqlUserControls {
  const named = (clusterId: string, name: string): [ClusterRecord, SqlUserRecord] => {
    const cluster = findCluster(clusterId);
    const user = sqlUsersOf(cluster).get(name);
    if (user === undefined) {
      throw new Error(`Cluster ${clusterId} has no SQL user "${name}".`);
    }
    return [cluster, user];
  };
  return {
    list: (clusterId) => [...sqlUsersOf(findCluster(clusterId)).keys()].sort(),
    add: (clusterId, names, password = "password of somebody else") => {
      const sqlUsers = sqlUsersOf(findCluster(clusterId));
      const passwordHash = hashOf(password);
      for (const name of typeof names === "string" ? [names] : names) {
        sqlUsers.set(name, { name, passwordHash, createdAt: context.clock.now() });
      }
    },
    remove: (clusterId, name) => {
      const [cluster] = named(clusterId, name);
      sqlUsersOf(cluster).delete(name);
    },
    rename: (clusterId, name, newName) => {
      const [cluster, user] = named(clusterId, name);
      sqlUsersOf(cluster).delete(name);
      sqlUsersOf(cluster).set(newName, { ...user, name: newName });
    },
    setPassword: (clusterId, name, password) => {
      const [, user] = named(clusterId, name);
      user.passwordHash = hashOf(password);
    },
    hasPassword: (clusterId, name, password) =>
      sqlUsersOf(findCluster(clusterId)).get(name)?.passwordHash === hashOf(password),
  };
}
