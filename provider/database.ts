/**
 * A database of a cluster.
 *
 * A database can be renamed, the id of a resource cannot: the id keeps the first name, and everything
 * goes by the name in state. The API shows databases only as a list, and deleting one deletes its data.
 */
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireDatabase } from "../sdk";
import { toDynamicProvider } from "./dynamic/dynamic-provider";
import { CloudResource, getterOf, instanceOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { described } from "./resource/check";
import { namedPartOf } from "./resource/cluster-scoped";
import { defineResource } from "./resource/define-resource";
import type { ResourceDefinition } from "./resource/definition";
import { replacesResource, updatesInPlace } from "./resource/definition";
import type { Note } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { clusterId, textThat } from "./resource/schema";

/** Arguments of a database. */
export interface DatabaseArgs {
  /** The cluster, or its id, of any plan. Changing it replaces this resource: **the data is deleted**. */
  clusterId: ClusterReference;
  /**
   * Name: 1 to 63 letters, digits, `_`, `.` and `-`, not beginning with `.` or `-`; not `system`. SQL needs
   * double quotes around one with capitals, `.` or `-`. Updated in place: the database is renamed.
   */
  name: pulumi.Input<string>;
}

/**
 * A database. Deleting it deletes its data: `protect: true` guards it. API operations: CreateDatabase,
 * ListDatabases, EditDatabase, DeleteDatabase.
 */
export class Database extends CloudResource {
  /** @internal */
  static readonly __pulumiType = typeToken("Database");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** Name. The `id` keeps the first one when the database is renamed. */
  declare readonly name: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the database
   * @param options `import: "<cluster id>:<name>"` takes an existing database over
   */
  constructor(name: string, args: DatabaseArgs, options?: pulumi.CustomResourceOptions) {
    super(definition, name, args, options);
  }

  /** An existing database, which this program reads and does not manage. */
  static readonly get = getterOf(Database);
  /** Whether `value` is a database of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<Database>("Database");
}

const name = textThat(nameProblem);

function nameProblem(value: string): string | undefined {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/.test(value)) {
    return `must have 1 to 63 letters, digits, "_", "." and "-", and not begin with "." or "-"; it is ${described(value)}.`;
  }
  return value === "system"
    ? 'must not be "system": that database belongs to CockroachDB itself.'
    : undefined;
}

/** What every new cluster has. */
const firstDatabases: ReadonlySet<unknown> = new Set(["defaultdb", "postgres"]);

/** @internal */
export const inputsSchema = z.strictObject({
  clusterId,
  name,
});

type Inputs = z.output<typeof inputsSchema>;
type State = Inputs;

const definition: ResourceDefinition<Inputs, State, WireDatabase> = {
  type: "Database",
  noun: "database",
  inputs: inputsSchema,
  arguments: { clusterId: replacesResource, name: updatesInPlace },

  idFormat: "<cluster id>:<name>",
  idOf: ({ clusterId, name }) => `${clusterId}:${name}`,
  placeOf(id, { name }) {
    return { ...namedPartOf(id), ...(name === undefined ? {} : { name }) };
  },
  describe: ({ clusterId, name }) => `database "${name}" of cluster ${clusterId}`,

  check(olds, news, failures, adopt) {
    const isThere =
      olds.name === undefined && adopt === undefined && firstDatabases.has(news["name"]);
    return { failures, notes: isThere ? [isThereNote(news)] : [] };
  },
  loss: "with all its data",
  impact({ replaces }, { clusterId, name }) {
    if (replaces.length === 0) return [];
    return [
      {
        severity: "warning",
        message: `Another cluster means another database: "${name}" of cluster ${clusterId} is deleted with all its data, and the new one is empty.`,
      },
    ];
  },

  toState: ({ name }, { clusterId = "" }) => ({ clusterId, name }),
  collection: {
    describe: ({ clusterId }) => `the databases of cluster ${clusterId}`,
    list: ({ clusterId = "" }, { cloud, options }) => cloud.databases.list(clusterId, {}, options),
    keyOf: ({ name }) => name,
    keyIn: ({ name }) => name,
    isOwnedByService: ({ name }) => name === "system" || firstDatabases.has(name),
  },

  create: ({ clusterId, name }, { cloud, options }) =>
    cloud.databases.create(clusterId, { name }, options),
  lostCreate: {
    // A database that every cluster begins with is not ours, however the request has ended.
    isOurs: ({ name }) => !firstDatabases.has(name),
    foundWarning: ({ name }) =>
      `The answer to creating database "${name}" was lost. A database of this name was found afterwards and is managed here: deleting this resource deletes it with its data.`,
  },
  existsAdvice: "choose another name",

  update: ({ clusterId, name }, after, { cloud, options }) =>
    cloud.databases.rename(clusterId, name, after.name, options),
  isUpdateReadable: true,
  updateConflictAdvice: "Choose another name, or rename or delete the database that has it first.",

  delete: ({ clusterId, name }, { cloud, options }) =>
    cloud.databases.delete(clusterId, name, options),
  deletedNote({ clusterId, name }, response) {
    const tables = (response as WireDatabase | undefined)?.table_count ?? 0;
    return {
      severity: "warning",
      message: `Database "${name}" of cluster ${clusterId} was deleted with all its data${tables > 0 ? ` (tables: ${tables})` : ""}.`,
    };
  },
};

/** @internal */
export const { resource, lifecycle } = defineResource(definition);
/** Loaded by the source in state. @internal */
export const provider = toDynamicProvider(lifecycle);

function isThereNote({ name }: Record<string, unknown>): Note {
  return {
    severity: "warning",
    message: `Every new cluster has the database "${name}": add the option {import: "<cluster id>:${name}"} to manage it here, or use it without a resource.`,
  };
}
