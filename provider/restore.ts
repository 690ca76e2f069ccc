/**
 * A restore from a managed backup: something that was done once, and no thing that can be changed or deleted.
 *
 * A second one by accident would overwrite what has come since. So nothing that a read finds makes a difference, one that the
 * API no longer lists stays in state, and one that was begun and has got no response is found again.
 */
import * as pulumi from "@pulumi/pulumi";
import type { WireRestore } from "../sdk";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { namedPartOf } from "./resource/cluster-scoped";
import type { ArgumentRule, ResourceDefinition } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { cachedListOf } from "./resource/driver";
import { warning } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { conflictsIn, droppedOptions, notesOn } from "./restore/check";
import { runOnce } from "./restore/create";
import type { Inputs, Item, Options } from "./restore/schema";
import { inputs } from "./restore/schema";
import { argumentsOf, failureOf, setOptions, sortedObjects } from "./restore/wire";
import { omitUndefined } from "./values/omit-undefined";
import { hasUnknown } from "./values/unknown";

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
    super(...registrationOf(definition, name, args, options));
  }

  /** A restore that was run, which this program reads and does not manage. */
  static readonly get = getterOf(Restore);
  /** Whether `value` is a restore of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<Restore>("Restore");
}

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
      ...omitUndefined({ restoreId: name }),
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
  impact({ replaces }, { destinationClusterId, destinationClusterName }, news) {
    const changed = replaces.filter((argument) => !hasUnknown(news[argument]));
    if (changed.length === 0) return [];
    const name = destinationClusterName ? `"${destinationClusterName}" ` : "";
    return [
      warning(
        `A change of ${changed.join(", ")} runs another restore, into cluster ${name}(${destinationClusterId}). What was restored before stays.`,
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
      ...omitUndefined({ sourceClusterId, objects, restoreOptions, eraseDestination, keepers }),
      restoreId: remote.id,
      status: remote.status,
      ...omitUndefined({
        createdAt: remote.created_at,
        completedAt: remote.completed_at,
        backupEndTime: remote.backup_end_time,
      }),
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

  create: (inputs, call) => {
    const { destinationClusterId } = inputs;
    return runOnce(inputs, call, cachedListOf(definition, { destinationClusterId }, call.context));
  },
  existsAdvice: "run the update again",
  // Only eraseDestination changes, which is not sent.
  async update() {
    return undefined;
  },
  async delete({ destinationClusterId, restoreId, status }, { context }) {
    if (status !== "PENDING") return;
    await context.note(
      "warning",
      `Restore ${restoreId} into cluster ${destinationClusterId} cannot be canceled: it continues in CockroachDB Cloud, and is no longer managed here.`,
    );
  },

  trouble: (remote) =>
    remote.status === "FAILED"
      ? {
          code: "operation-failed",
          what: "Its status is FAILED.",
          why: failureOf(remote),
          update: "runs another one, once the cause is removed",
        }
      : undefined,

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
