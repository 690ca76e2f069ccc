/**
 * A database of a cluster.
 *
 * A database can be renamed, the id of a resource cannot: the id keeps the first name, and everything
 * goes by the name in state. The API shows databases only as a list, and deleting one deletes its data.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { ConflictError, isNotFound, orUndefinedWhenGone, withAdvice } from "../sdk";
import { described, shapeFailures } from "./check";
import { checkImportedId, partTimeoutMs, removed, unlessClusterGone } from "./cluster-parts";
import { whenReady } from "./cluster-readiness";
import type { ClusterReference } from "./cluster-reference";
import { clusterIdOf, onlyOne, partOf } from "./cluster-reference";
import { mayHaveHadEffect } from "./errors";
import type { Context, Lifecycle, Note } from "./lifecycle";
import { serve } from "./lifecycle";
import { isOfType, registered } from "./registration";
import { typeToken } from "./resource-types";
import { hasUnknown } from "./unknown";

/** Arguments of a database. */
export interface DatabaseArgs {
  /**
   * The cluster, or its id. Given the `Cluster`, destroying both makes no request for the database.
   * Changing it replaces this resource, and deletes the data.
   */
  clusterId: ClusterReference;
  /**
   * Name: 1 to 63 letters, digits, `_`, `.` and `-`, not beginning with `.` or `-`. SQL wants one with
   * capitals, `.` or `-` in double quotes. Updated in place: the database is renamed.
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
  /** Name, which may have changed since the `id` was made. */
  declare readonly name: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the database
   * @param options `import: "<cluster id>:<name>"` takes an existing database over
   */
  constructor(name: string, args: DatabaseArgs, options: pulumi.CustomResourceOptions = {}) {
    const inputs = args && { ...args, clusterId: clusterIdOf(args.clusterId) };
    super(
      ...registered(
        {
          type: "Database",
          outputs: ["clusterId", "name"],
        },
        name,
        inputs,
        // The same database cannot be made a second time before the first is gone.
        { ...onlyOne(options), ...partOf(args?.clusterId, options) },
      ),
    );
  }

  /** An existing database, which this program reads and does not manage. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options: pulumi.CustomResourceOptions = {},
  ): Database {
    return new Database(name, undefined as never, { ...options, id });
  }

  /** Whether `value` is a database of this package, also of another copy of it. */
  static override isInstance(value: unknown): value is Database {
    return isOfType(value, Database.__pulumiType);
  }
}

const name = z.string().check((context) => {
  const reason = nameProblem(context.value);
  if (reason) context.issues.push({ code: "custom", message: reason, input: context.value });
});

function nameProblem(value: string): string | undefined {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/.test(value)) {
    return `must have 1 to 63 letters, digits, "_", "." and "-", and not begin with "." or "-"; it is ${described(value)}.`;
  }
  return value === "system"
    ? 'must not be "system": that database belongs to CockroachDB itself.'
    : undefined;
}

/** What every new cluster has. @internal */
export const firstDatabases: ReadonlySet<unknown> = new Set(["defaultdb", "postgres"]);

/** @internal */
export const inputsSchema = z.strictObject({
  clusterId: z.uuid({ error: "must be the id of a cluster, a UUID." }),
  name,
});

type Inputs = z.output<typeof inputsSchema>;
type State = Inputs;

/** What the resource is, without Pulumi's dynamic server. @internal */
export const lifecycle: Lifecycle<Inputs, State> = {
  kind: "database",

  objectOf(id, state) {
    const { clusterId, name } = placeOf(id, state);
    return `${clusterId}:${name}`;
  },

  check(olds, news) {
    const failures = shapeFailures(inputsSchema, news);
    const isThere = olds.name === undefined && firstDatabases.has(news["name"]);
    return { failures, notes: isThere ? [isThereNote(news)] : [] };
  },

  diff(id, { state }, news) {
    const { clusterId, name } = placeOf(id, state);
    const isReplaced = news.clusterId !== clusterId;
    return {
      replaces: isReplaced ? ["clusterId"] : [],
      updates: hasUnknown(news.name) || news.name !== name ? ["name"] : [],
      deleteBeforeReplace: false,
      notes: isReplaced
        ? [
            {
              severity: "warning",
              message: `Another cluster means another database: "${name}" of cluster ${clusterId} is deleted with all its data, and the new one is empty.`,
            },
          ]
        : [],
    };
  },

  async create(inputs, context) {
    const { clusterId } = inputs;
    const id = `${clusterId}:${inputs.name}`;
    if (context.adopt !== undefined) return await adopted(id, inputs, context);
    const deadline = context.deadline(partTimeoutMs);
    await whenReady(clusterId, context, deadline, () => make(inputs, context, deadline));
    return { id, outs: inputs };
  },

  async read(id, { state }, context) {
    const place = placeOf(id, state);
    const list = context.lists.databases(place.clusterId);
    const databases = await unlessClusterGone(place.clusterId, context, list.recentItems());
    return databases?.has(place.name) ? { state: place, inputs: place } : undefined;
  },

  async update(id, { state }, news, context) {
    const { clusterId, name } = placeOf(id, state);
    if (name !== news.name) {
      const deadline = context.deadline(partTimeoutMs);
      await whenReady(clusterId, context, deadline, () =>
        rename({ clusterId, name }, news.name, context, deadline),
      );
    }
    return { clusterId, name: news.name };
  },

  async delete(id, { state }, context) {
    const { clusterId, name } = placeOf(id, state);
    const { cloud, lists } = context;
    const databases = lists.databases(clusterId);
    try {
      const deleted = await removed(
        clusterId,
        context,
        async (options) => {
          const wire = await cloud.databases.delete(clusterId, name, options);
          return { tables: wire?.table_count ?? 0 };
        },
        (options) => databases.isThere(name, options),
      );
      if (deleted) {
        const tables = deleted.tables > 0 ? ` (tables: ${deleted.tables})` : "";
        await context.note(
          "warning",
          `Database "${name}" of cluster ${clusterId} was deleted with all its data${tables}.`,
        );
      }
    } finally {
      databases.wrote();
    }
  },
};

/** What the text in state asks for. @internal */
export const provider = serve(lifecycle);

function isThereNote({ name }: Record<string, unknown>): Note {
  return {
    severity: "warning",
    message: `Every new cluster has the database "${name}": add the option {import: "<cluster id>:${name}"} to manage it here, or use it without a resource.`,
  };
}

/** Sends the one POST; when its answer is lost, looks for the database. */
async function make(
  { clusterId, name }: Inputs,
  context: Context,
  deadline: number,
): Promise<void> {
  const { cloud, lists, signal } = context;
  const databases = lists.databases(clusterId);
  try {
    await cloud.databases.create(clusterId, { name }, { signal, deadline, whenBusy: "fail" });
  } catch (error) {
    if (ConflictError.isInstance(error)) {
      throw withAdvice(
        error,
        `To manage the database here, add the option {import: "${clusterId}:${name}"} to the resource; otherwise choose another name.`,
      );
    }
    // A database that every cluster begins with is not ours, however the request has ended.
    if (!mayHaveHadEffect(error) || firstDatabases.has(name)) throw error;
    databases.wrote();
    if (!(await databases.recentItems({ deadline })).has(name)) throw error;
    await context.note(
      "warning",
      `The answer to creating database "${name}" was lost. A database of this name was found afterwards and is managed here: deleting this resource deletes it with its data.`,
    );
  } finally {
    databases.wrote();
  }
}

/** Renames; when the answer is lost, or an earlier one was, looks under which name the database is. */
async function rename(
  { clusterId, name }: State,
  newName: string,
  { cloud, lists, signal }: Context,
  deadline: number,
): Promise<void> {
  const databases = lists.databases(clusterId);
  try {
    await cloud.databases.rename(clusterId, name, newName, {
      signal,
      deadline,
      whenBusy: "fail",
    });
  } catch (error) {
    if (ConflictError.isInstance(error)) {
      throw withAdvice(
        error,
        "Choose another name, or rename or delete the database that has it first.",
      );
    }
    if (!isNotFound(error) && !mayHaveHadEffect(error)) throw error;
    databases.wrote();
    const present = await orUndefinedWhenGone(databases.recentItems({ deadline }));
    if (!present?.has(newName) || present.has(name)) throw error;
  } finally {
    databases.wrote();
  }
}

async function adopted(
  id: string,
  inputs: Inputs,
  context: Context,
): Promise<{ id: string; outs: State }> {
  checkImportedId(context, "database", id, "<cluster id>:<name>");
  const { clusterId, name } = inputs;
  const list = context.lists.databases(clusterId);
  const databases = await orUndefinedWhenGone(list.recentItems());
  if (!databases?.has(name)) {
    throw new Error(
      `Importing database "${name}" failed: there is no such database on cluster ${clusterId}, or this key may not see the cluster. Check the option import, or remove it to create the database.`,
    );
  }
  return { id, outs: inputs };
}

/** Where the database is: its cluster by the id, its name by the state, since it may have been renamed. */
function placeOf(id: string, state: Partial<State>): State {
  const colon = id.indexOf(":");
  return { clusterId: id.slice(0, colon), name: state.name ?? id.slice(colon + 1) };
}
