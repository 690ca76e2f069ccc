/**
 * A restore from a managed backup: something that was done once, and no thing that can be changed or deleted.
 *
 * A second one by accident would overwrite what has come since. So nothing that a read finds makes a difference, one that the
 * API no longer lists stays in state, and one that was begun and has got no response is found again.
 */
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { CreateRestoreRequest, WireRestore } from "../sdk";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registeredAs } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { namedPartOf } from "./resource/cluster-scoped";
import type { ArgumentRule, ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { sharedListOf } from "./resource/driver";
import { refuseToErase } from "./resource/erased-data";
import { mayHaveHadEffect } from "./resource/errors";
import type { CheckOutcome, Note } from "./resource/lifecycle";
import { warning } from "./resource/lifecycle";
import { advised } from "./resource/lost-create";
import { typeToken } from "./resource/resource-types";
import { clusterId, nonEmptyText, uuidOf } from "./resource/schema";
import { hasUnknown, isUnknown } from "./values/unknown";

/** A database or table that is restored. */
export interface RestoreObject {
  /** Name of the database. */
  database: pulumi.Input<string>;
  /**
   * Schema of the table, for `type: "TABLE"`.
   * @default `public`
   */
  schema?: pulumi.Input<string>;
  /**
   * Name of the table, required for `type: "TABLE"`.
   * @default none
   */
  table?: pulumi.Input<string>;
}

/** How databases and tables are restored. */
export interface RestoreOptions {
  /**
   * Database that tables are restored into; it must exist.
   * @default the one that they come from
   */
  intoDb?: pulumi.Input<string>;
  /**
   * Another name for the one database that is restored.
   * @default its own
   */
  newDbName?: pulumi.Input<string>;
  /**
   * Restores the schema without the data.
   * @default false
   */
  schemaOnly?: pulumi.Input<boolean>;
  /**
   * Restores although the regions of the clusters differ.
   * @default false
   */
  skipLocalitiesCheck?: pulumi.Input<boolean>;
  /**
   * Removes foreign keys to tables that are not restored.
   * @default false
   */
  skipMissingForeignKeys?: pulumi.Input<boolean>;
  /**
   * Restores columns without the sequences that are missing.
   * @default false
   */
  skipMissingSequences?: pulumi.Input<boolean>;
  /**
   * Leaves out views of tables that are not restored.
   * @default false
   */
  skipMissingViews?: pulumi.Input<boolean>;
}

/** Arguments of a restore. */
export interface RestoreArgs {
  /**
   * The cluster that is restored into, or its id: on plans BASIC and STANDARD the one that the backup is of. Changing it
   * replaces this resource: another restore is run.
   */
  destinationClusterId: ClusterReference;
  /**
   * What is restored: `"CLUSTER"`, everything into an empty cluster, on all plans; `"DATABASE"` or `"TABLE"`, on plan
   * ADVANCED. Changing it replaces this resource: another restore is run.
   */
  type: pulumi.Input<"CLUSTER" | "DATABASE" | "TABLE">;
  /**
   * The cluster that the backup is of, or its id: of the same plan. Changing it replaces this resource: another restore is
   * run.
   * @default the destination, or the cluster that `backupId` is of
   */
  sourceClusterId?: ClusterReference;
  /**
   * The backup, as `listBackups` returns it. Changing it replaces this resource: another restore is run.
   * @default the newest backup of the source, which must be of the last 7 days
   */
  backupId?: pulumi.Input<string>;
  /**
   * The databases or tables, for types `"DATABASE"` and `"TABLE"`, in any order. Changing it replaces this resource: another
   * restore is run.
   * @default none
   */
  objects?: pulumi.Input<pulumi.Input<RestoreObject>[]>;
  /**
   * How they are restored. Changing it replaces this resource: another restore is run.
   * @default as the members say
   */
  restoreOptions?: pulumi.Input<RestoreOptions>;
  /**
   * Whether a restore of type `"CLUSTER"` may be run although the destination holds databases. The service refuses
   * it then, and may delete them. Updated in place, without a request.
   * @default false
   */
  eraseDestination?: pulumi.Input<boolean>;
  /**
   * Any texts. Changing it replaces this resource: another restore is run.
   * @default none
   */
  keepers?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/**
 * A restore of a backup into a cluster. Creating the resource runs it and waits for its end; deleting the resource sends
 * nothing, and what was restored stays. API operations: CreateRestore, ListRestores, GetRestore.
 */
export class Restore extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("Restore");

  /** Id of the cluster that was restored into. */
  declare readonly destinationClusterId: pulumi.Output<string>;
  /** What was restored. */
  declare readonly type: pulumi.Output<string>;
  /** As in the arguments. */
  declare readonly sourceClusterId: pulumi.Output<string | undefined>;
  /** The backup that was restored. */
  declare readonly backupId: pulumi.Output<string>;
  /** The databases or tables. */
  declare readonly objects: pulumi.Output<RestoreObject[] | undefined>;
  /** How they were restored. */
  declare readonly restoreOptions: pulumi.Output<RestoreOptions | undefined>;
  /** As in the arguments. */
  declare readonly eraseDestination: pulumi.Output<boolean | undefined>;
  /** As in the arguments. */
  declare readonly keepers: pulumi.Output<{ [key: string]: string } | undefined>;
  /** UUID of the restore. */
  declare readonly restoreId: pulumi.Output<string>;
  /** `SUCCESS`, or `PENDING` or `FAILED` where the resource is not finished. */
  declare readonly status: pulumi.Output<string>;
  /** RFC 3339. */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  /** RFC 3339. */
  declare readonly completedAt: pulumi.Output<string | undefined>;
  /** The moment whose data was restored, RFC 3339. */
  declare readonly backupEndTime: pulumi.Output<string | undefined>;
  /** Id of the job in the destination. */
  declare readonly crdbJobId: pulumi.Output<string>;
  /** Name of the cluster that the backup is of. */
  declare readonly sourceClusterName: pulumi.Output<string>;
  /** Name of the cluster that was restored into. */
  declare readonly destinationClusterName: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the restore
   * @param options `import: "<destination cluster id>:<restore id>"` adopts a restore that was run, and runs none;
   * `customTimeouts` bounds the wait, 2 hours by default
   */
  constructor(name: string, args: RestoreArgs, options?: pulumi.CustomResourceOptions) {
    super(...registeredAs(definition, name, args, options));
  }

  /** A restore that was run, which this program reads and does not manage. */
  static readonly get = getterOf(Restore);
  /** Whether `value` is a restore of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<Restore>("Restore");
}

const inputs = z.strictObject({
  destinationClusterId: clusterId,
  type: z.enum(["CLUSTER", "DATABASE", "TABLE"]),
  sourceClusterId: clusterId.optional(),
  backupId: uuidOf("a backup", () => "listBackups({ clusterId }) lists them.").optional(),
  objects: z
    .array(
      z.strictObject({
        database: nonEmptyText,
        schema: nonEmptyText.optional(),
        table: nonEmptyText.optional(),
      }),
    )
    .min(1, { error: "must have at least one database or table, or be left out." })
    .optional(),
  restoreOptions: z
    .strictObject({
      intoDb: nonEmptyText.optional(),
      newDbName: nonEmptyText.optional(),
      schemaOnly: z.boolean().optional(),
      skipLocalitiesCheck: z.boolean().optional(),
      skipMissingForeignKeys: z.boolean().optional(),
      skipMissingSequences: z.boolean().optional(),
      skipMissingViews: z.boolean().optional(),
    })
    .optional(),
  eraseDestination: z.boolean().optional(),
  keepers: z.record(z.string(), z.string()).optional(),
});

type Inputs = z.output<typeof inputs>;
type Item = NonNullable<Inputs["objects"]>[number];
type Options = NonNullable<Inputs["restoreOptions"]>;

interface State extends Inputs {
  backupId: string;
  restoreId: string;
  status: string;
  createdAt?: string;
  completedAt?: string;
  backupEndTime?: string;
  crdbJobId: string;
  sourceClusterName: string;
  destinationClusterName: string;
}

const timeoutMs = 2 * 60 * 60_000;
const lostPollMs = 10_000;
const lostPollPauseMs = 3_000;

const runAnother = "The restore stays as it was run; to run another one, change keepers.";

const runsAnother: ArgumentRule = { onChange: "replace", reset: runAnother };

const definition: ResourceDefinition<Inputs, State, WireRestore> = {
  type: "Restore",
  noun: "restore",
  inputs,
  arguments: {
    destinationClusterId: replacesResource,
    type: replacesResource,
    sourceClusterId: { ...runsAnother, isWriteOnly: true },
    backupId: runsAnother,
    objects: {
      ...runsAnother,
      canonical: (objects) => objects && sortedObjects(objects as Item[]),
    },
    restoreOptions: {
      ...runsAnother,
      canonical: (options) => options && setOptions(options as Options),
    },
    eraseDestination: {
      onChange: "update",
      isWriteOnly: true,
      reset: "It counts when a restore is run.",
    },
    keepers: { ...runsAnother, isWriteOnly: true },
  },
  outputs: [
    "restoreId",
    "status",
    "createdAt",
    "completedAt",
    "backupEndTime",
    "crdbJobId",
    "sourceClusterName",
    "destinationClusterName",
  ],

  idFormat: "<destination cluster id>:<restore id>",
  idInTerraform: ({ destination_cluster_id, id }) => `${destination_cluster_id}:${id}`,
  idOf: ({ destinationClusterId }, remote) => remote && `${destinationClusterId}:${remote.id}`,
  placeOf(id) {
    const { clusterId, name } = namedPartOf(id);
    return {
      destinationClusterId: clusterId,
      ...(name === undefined ? {} : { restoreId: name }),
    };
  },
  describe: ({ destinationClusterId, restoreId }) =>
    restoreId === undefined
      ? `the restore into cluster ${destinationClusterId}`
      : `restore ${restoreId} into cluster ${destinationClusterId}`,

  check: (olds, news, failures, adopt) => ({
    failures: [...failures, ...conflictsIn(news as Partial<Inputs>), ...droppedOptions(olds, news)],
    notes: notesOn(olds, news as Partial<Inputs>, adopt),
  }),
  impact({ replaces }, { destinationClusterId, destinationClusterName }) {
    if (replaces.length === 0) return [];
    const name = destinationClusterName ? `"${destinationClusterName}" ` : "";
    return [
      warning(
        `A change of ${replaces.join(", ")} runs another restore, into cluster ${name}(${destinationClusterId}). What was restored before stays.`,
      ),
    ];
  },
  replacedBecause: ({ status, restoreId }) =>
    status === "FAILED" ? `Restore ${restoreId} has failed: another one is run.` : undefined,

  sample: ({ destinationClusterId = "" }) => ({
    type: "CLUSTER",
    backupId: "5ba5ed00-0000-4000-8000-0000000000ba",
    restoreId: "5ba5ed00-0000-4000-8000-0000000000e5",
    status: "SUCCESS",
    createdAt: "2026-06-01T00:00:00Z",
    completedAt: "2026-06-01T00:15:00Z",
    backupEndTime: "2026-05-31T23:00:00Z",
    crdbJobId: "1000000000000000000",
    sourceClusterName: "source",
    destinationClusterName: `cluster ${destinationClusterId}`,
  }),
  toState(remote, known) {
    const { destinationClusterId = "", sourceClusterId, eraseDestination, keepers } = known;
    // The arguments of a restore that this resource has run are those of the program, however the API returns them.
    const isAdopted = known.restoreId !== undefined && known.status === undefined;
    const { objects, restoreOptions } = isAdopted ? argumentsOf(remote) : known;
    return {
      destinationClusterId,
      type: remote.type as Inputs["type"],
      backupId: remote.backup_id,
      ...(sourceClusterId === undefined ? {} : { sourceClusterId }),
      ...(objects === undefined ? {} : { objects }),
      ...(restoreOptions === undefined ? {} : { restoreOptions }),
      ...(eraseDestination === undefined ? {} : { eraseDestination }),
      ...(keepers === undefined ? {} : { keepers }),
      restoreId: remote.id,
      status: remote.status,
      ...(remote.created_at === undefined ? {} : { createdAt: remote.created_at }),
      ...(remote.completed_at === undefined ? {} : { completedAt: remote.completed_at }),
      ...(remote.backup_end_time === undefined ? {} : { backupEndTime: remote.backup_end_time }),
      crdbJobId: remote.crdb_job_id,
      sourceClusterName: remote.source_cluster_name,
      destinationClusterName: remote.destination_cluster_name,
    };
  },
  collection: {
    list: ({ destinationClusterId = "" }, { cloud, options }) =>
      cloud.restores.list(destinationClusterId, {}, options),
    keyOf: ({ id }) => id,
    keyIn: ({ restoreId }) => restoreId,
    get: ({ destinationClusterId = "", restoreId = "" }, { cloud, options }) =>
      cloud.restores.get(destinationClusterId, restoreId, options),
    isHistory: true,
  },

  create: runOnce,
  existsAdvice: "run the update again",
  // Only eraseDestination changes, which is not sent.
  async update() {
    return undefined;
  },
  async delete({ destinationClusterId, restoreId, status }, { context }) {
    if (status !== "PENDING") return;
    await context.note(
      "warning",
      `Restore ${restoreId} into cluster ${destinationClusterId} cannot be canceled: it goes on, and is no longer managed here.`,
    );
  },

  timeoutMs,
  settlement: {
    pending(remote) {
      if (remote === undefined) return "PENDING";
      const { status, completion_percent: fraction } = remote;
      if (status === "FAILED") throw new Error(failureOf(remote));
      return status === "PENDING" ? `PENDING · ${Math.floor(fraction * 100)} %` : undefined;
    },
    awaited: ({ status }) => (status === "PENDING" ? ["status", "completedAt"] : []),
    // The time of the end shows somewhat later than the end itself.
    lacks: ({ completed_at }) => (completed_at === undefined ? "completedAt" : undefined),
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

/** What the API refuses, where it is known. */
function conflictsIn(args: Partial<Inputs>): CheckOutcome["failures"] {
  const { type, objects, restoreOptions: options = {} } = args;
  const failures: CheckOutcome["failures"] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  if (isUnknown(type) || !["CLUSTER", "DATABASE", "TABLE"].includes(type as string)) return [];
  if (type === "CLUSTER") {
    if (objects !== undefined && !isUnknown(objects)) {
      fail("objects", 'is for types "DATABASE" and "TABLE" only: leave it out.');
    }
  } else if (objects === undefined) {
    fail("objects", `is required for type "${type}": name the databases or tables.`);
  }
  for (const [index, item] of Array.isArray(objects) ? objects.entries() : []) {
    if (typeof item !== "object" || item === null || hasUnknown(item)) continue;
    if (type === "TABLE" && item.table === undefined) {
      fail(`objects[${index}].table`, 'is required for type "TABLE".');
    }
    const extra = ["schema", "table"].find((name) => Reflect.get(item, name) !== undefined);
    if (type === "DATABASE" && extra !== undefined) {
      fail(`objects[${index}].${extra}`, 'is for type "TABLE" only: leave it out.');
    }
  }
  if (typeof options !== "object" || options === null || isUnknown(options)) return failures;
  if (options.intoDb !== undefined && type !== "TABLE") {
    fail("restoreOptions.intoDb", 'is for type "TABLE" only: leave it out.');
  }
  if (options.newDbName !== undefined && type !== "DATABASE") {
    fail("restoreOptions.newDbName", 'is for type "DATABASE" only: leave it out.');
  } else if (options.newDbName !== undefined && Array.isArray(objects) && objects.length > 1) {
    fail("restoreOptions.newDbName", "is for one database only: use a restore for each.");
  }
  return failures;
}

/** Without this, leaving out a member would run another restore. */
function droppedOptions(
  { restoreOptions: before }: Partial<Inputs>,
  { restoreOptions: after }: Record<string, unknown>,
): CheckOutcome["failures"] {
  if (typeof after !== "object" || after === null || isUnknown(after)) return [];
  return Object.entries(setOptions(before ?? {}))
    .filter(([name]) => Reflect.get(after, name) === undefined)
    .map(([name, value]) => ({
      property: `restoreOptions.${name}`,
      reason: `was ${JSON.stringify(value)} in the restore that was run: keep it, or leave out restoreOptions; to run another restore, change keepers.`,
    }));
}

function notesOn(olds: Partial<Inputs>, news: Partial<Inputs>, adopt: string | undefined): Note[] {
  const isNew = olds.destinationClusterId === undefined && adopt === undefined;
  if (!isNew) return [];
  const { type, objects, destinationClusterId } = news;
  const notes: Note[] = [];
  if (type === "CLUSTER") {
    const cluster = isUnknown(destinationClusterId)
      ? "The destination"
      : `Cluster ${destinationClusterId}`;
    notes.push(
      warning(
        `${cluster} must be empty, is unavailable while it is restored, and has the SQL users and passwords of the backup afterwards.`,
      ),
    );
  }
  const isPublic =
    type === "TABLE" &&
    Array.isArray(objects) &&
    objects.some((item) => typeof item === "object" && item !== null && !("schema" in item));
  if (isPublic) notes.push(warning("A table without a schema is taken from the schema public."));
  return notes;
}

/**
 * Sends the one POST; without a response, finds the one restore that has appeared. One that a killed run has left running
 * is waited for: beside it, another one with the same arguments could only fail.
 */
async function runOnce(inputs: Inputs, call: WriteCall): Promise<WireRestore> {
  const { cloud, options, context, deadline } = call;
  const { destinationClusterId: destination, type, eraseDestination } = inputs;
  const list = sharedListOf(definition, { destinationClusterId: destination }, context);
  const listed = [...((await list?.recentItems({ deadline }))?.values() ?? [])];
  const known = new Set(listed.map(({ id }) => id));
  const equal = await equalRestores(listed, inputs, call);
  const running = equal.find(({ status }) => status === "PENDING");
  if (running !== undefined) {
    await context.note(
      "warning",
      `Restore ${running.id} into cluster ${destination} is running with the same arguments: it is managed here, and no other one is run. To run another one when it has finished, change keepers.`,
    );
    return running;
  }
  const finished = equal.findLast(({ status }) => status === "SUCCESS");
  const orImport =
    finished === undefined
      ? ""
      : ` Restore ${finished.id} with the same arguments has finished${finished.completed_at === undefined ? "" : ` at ${finished.completed_at}`}: to manage that one here, add the option {import: "${destination}:${finished.id}"} to the resource.`;
  if (type === "CLUSTER" && eraseDestination !== true) {
    await refuseToErase(
      destination,
      {
        operation: `Creating a restore into cluster ${destination}`,
        advice: `A restore of the whole cluster needs an empty one: restore into another cluster, or delete them. If they may be lost, write eraseDestination: true.${orImport}`,
      },
      call,
    );
  }
  if (type === "DATABASE" && finished !== undefined) {
    await refuseExistingDatabase(inputs, orImport, call);
  }
  try {
    return await cloud.restores.create(destination, toRequest(inputs), options);
  } catch (error) {
    if (!mayHaveHadEffect(error)) throw error;
    const end = Math.min(context.clock.now() + lostPollMs, deadline);
    while (true) {
      list?.wrote();
      const listed = await list?.recentItems({ deadline }).catch(() => undefined);
      const appeared = [...(listed?.values() ?? [])].filter(
        (remote) => !known.has(remote.id) && isRestoreOf(remote, inputs),
      );
      const [only, ...others] = appeared;
      if (only !== undefined && others.length === 0) return only;
      if (only !== undefined) {
        const ids = appeared.map(({ id }) => `${destination}:${id}`).join(", ");
        throw advised(
          error,
          `Several such restores have appeared: ${ids}. To manage one of them here, add the option {import: "<its id>"} to the resource.`,
        );
      }
      if (context.clock.now() >= end || context.signal.aborted) {
        throw advised(error, "No such restore has appeared: run the update again.");
      }
      await context.clock.sleep(lostPollPauseMs, context.signal).catch(() => {});
    }
  }
}

/** Those of a list with exactly these arguments, the oldest first. */
async function equalRestores(
  listed: readonly WireRestore[],
  inputs: Inputs,
  { context, deadline }: WriteCall,
): Promise<WireRestore[]> {
  const { objects = [], restoreOptions = {}, backupId, destinationClusterId } = inputs;
  const wanted = { objects: sortedObjects(objects), restoreOptions: setOptions(restoreOptions) };
  const alike = listed.filter((remote) => {
    const { objects: restored = [], restoreOptions: options = {} } = argumentsOf(remote);
    return (
      isRestoreOf(remote, inputs) &&
      isDeepStrictEqual({ objects: restored, restoreOptions: options }, wanted)
    );
  });
  if (alike.length === 0 || backupId !== undefined) return alike;
  const sourceId = inputs.sourceClusterId ?? destinationClusterId;
  const source = await context.clusters.getCached(sourceId, { deadline });
  return alike.filter((remote) => remote.source_cluster_name === source?.name);
}

/** Throws when a database is there under the name that it would be restored with, which the service fails at later. */
async function refuseExistingDatabase(
  { destinationClusterId, objects = [], restoreOptions }: Inputs,
  advice: string,
  { cloud, options }: WriteCall,
): Promise<void> {
  const names = objects.map(({ database }) => restoreOptions?.newDbName ?? database);
  for await (const { name } of cloud.databases.list(destinationClusterId, {}, options)) {
    if (!names.includes(name)) continue;
    throw new Error(
      `Creating a restore into cluster ${destinationClusterId} failed before anything was sent: it has a database ${JSON.stringify(name)}.${advice} To run another one, delete the database first.`,
    );
  }
}

function isRestoreOf(remote: WireRestore, { type, backupId, objects }: Inputs): boolean {
  const databases = (items: readonly { database: string }[] = []) =>
    items
      .map(({ database }) => database)
      .sort()
      .join();
  return (
    remote.type === type &&
    (backupId === undefined || remote.backup_id === backupId) &&
    databases(remote.objects) === databases(objects)
  );
}

function toRequest({
  type,
  sourceClusterId,
  backupId,
  objects,
  restoreOptions,
}: Inputs): CreateRestoreRequest {
  const options = setOptions(restoreOptions ?? {});
  const toSend = Object.entries(options).map(([name, value]) => [wireNames[name as Name], value]);
  return {
    type,
    ...(sourceClusterId === undefined ? {} : { source_cluster_id: sourceClusterId }),
    ...(backupId === undefined ? {} : { backup_id: backupId }),
    ...(objects === undefined ? {} : { objects: objects.map(withoutAbsent) }),
    ...(toSend.length === 0 ? {} : { restore_opts: Object.fromEntries(toSend) }),
  };
}

type Name = keyof Options;

const wireNames = {
  intoDb: "into_db",
  newDbName: "new_db_name",
  schemaOnly: "schema_only",
  skipLocalitiesCheck: "skip_localities_check",
  skipMissingForeignKeys: "skip_missing_foreign_keys",
  skipMissingSequences: "skip_missing_sequences",
  skipMissingViews: "skip_missing_views",
} as const satisfies Record<Name, keyof NonNullable<CreateRestoreRequest["restore_opts"]>>;

/** The arguments that show in a restore. */
function argumentsOf({ objects, restore_opts }: WireRestore) {
  const options = Object.entries(wireNames).map(([name, wireName]) => [
    name,
    restore_opts?.[wireName],
  ]);
  const set = setOptions(Object.fromEntries(options) as Options);
  return {
    ...(objects.length === 0 ? {} : { objects: sortedObjects(objects) }),
    ...(Object.keys(set).length === 0 ? {} : { restoreOptions: set }),
  };
}

/** The options that are not as without them. */
function setOptions(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => Boolean(value)));
}

function withoutAbsent({ database, schema, table }: Item) {
  return { database, ...(schema ? { schema } : {}), ...(table ? { table } : {}) };
}

/** In the one order and spelling that all orders and spellings have. */
function sortedObjects(objects: readonly Item[]): Item[] {
  const text = ({ database, schema = "", table = "" }: Item) =>
    JSON.stringify([database, schema, table]);
  return objects
    .map((item) => (item.table ? { ...item, schema: item.schema || "public" } : item))
    .map(withoutAbsent)
    .sort((one, other) => (text(one) < text(other) ? -1 : 1));
}

function failureOf(remote: WireRestore): string {
  const { id, client_error_code: code, client_error_message: message, crdb_job_id: job } = remote;
  const why = message === "" ? "" : `: ${message.replace(/\.$/, "")}`;
  const details = [
    ...(code === 0 ? [] : [`code ${code}`]),
    ...(job === "" ? [] : [`job ${job}`]),
  ].join(", ");
  return `Restore ${id} has failed${why}${details === "" ? "" : ` (${details})`}. Correct the cause and run the update again, which runs another restore.`;
}
