/**
 * A database of a cluster.
 *
 * A database can be renamed, the id of a resource cannot: the id keeps the first name, and everything
 * goes by the name in state.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireDatabase } from "../sdk";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { byName, namedInCluster } from "./resource/cluster-scoped";
import type { ResourceDefinition } from "./resource/definition";
import { replacesResource, updatesInPlace } from "./resource/definition";
import { warning } from "./resource/lifecycle";
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
export class Database extends pulumi.CustomResource {
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
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing database, which this program reads and does not manage. */
  static readonly get = getterOf(Database);
  /** Whether `value` is a database of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<Database>("Database");
}

/** What every new cluster has. */
const firstDatabases: ReadonlySet<unknown> = new Set(["defaultdb", "postgres"]);

const inputs = z.strictObject({
  clusterId,
  name: textThat((name, shown) => {
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/.test(name)) {
      return `must have 1 to 63 letters, digits, "_", "." and "-", and not begin with "." or "-"; it is ${shown}.`;
    }
    if (name !== "system") return undefined;
    return 'must not be "system": that database belongs to CockroachDB itself.';
  }),
});

type Inputs = z.output<typeof inputs>;
type State = Inputs;

const definition: ResourceDefinition<Inputs, State, WireDatabase> = {
  type: "Database",
  ...namedInCluster("database"),
  inputs,
  arguments: { clusterId: replacesResource, name: updatesInPlace },

  check(olds, { name }, failures, adopt) {
    const exists = olds.name === undefined && adopt === undefined && firstDatabases.has(name);
    const advice = `Every new cluster has the database "${name}": add the option {import: "<cluster id>:${name}"} to manage it here, or use it without a resource.`;
    return { failures, notes: exists ? [warning(advice)] : [] };
  },
  loss: "with all its data",
  replacementWarning: ({ clusterId, name }) =>
    `Another cluster means another database: "${name}" of cluster ${clusterId} is deleted with all its data, and the new one is empty.`,

  toState: ({ name }, { clusterId = "" }) => ({ clusterId, name }),
  collection: {
    list: ({ clusterId = "" }, { cloud, options }) => cloud.databases.list(clusterId, {}, options),
    ...byName,
    isOwnedByService: ({ name }) => name === "system" || firstDatabases.has(name),
  },

  create: ({ clusterId, name }, { cloud, options }) =>
    cloud.databases.create(clusterId, { name }, options),
  lostCreate: {
    // A database that every cluster begins with is not ours, however the request has ended.
    isOurs: ({ name }) => !firstDatabases.has(name),
    foundWarning: ({ name }) =>
      `The response to creating database "${name}" was lost. A database of this name was found afterwards and is managed here: deleting this resource deletes it with its data.`,
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
    return warning(
      `Database "${name}" of cluster ${clusterId} was deleted with all its data${tables > 0 ? ` (tables: ${tables})` : ""}.`,
    );
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);
