// Restores from managed backups: a whole cluster into an empty one, or single databases and tables; on Basic and Standard
// only a cluster into itself. Only names are kept, so a restore brings back names.

import { randomUUID } from "node:crypto";
import type { Area } from "../area";
import { checkNotBusy, clustersOf, liveClusterOf, readyClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import { applyDueSteps, schedule, startJob } from "../cluster/timeline";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { failedPrecondition, invalidArgument, invalidValue, notFound } from "../server/errors";
import { momentKey, page } from "../server/paging";
import { float32, timestamp } from "../server/protobuf-values";
import type { MessageShape } from "../server/protojson";
import { timeParameter } from "../server/query";
import type { RestoreFailure } from "../server/queued-failures";
import { stateOfEachCluster } from "../state";
import type { BackupRecord } from "./backup";
import { backupsOf } from "./backup";
import { databasesOf } from "./database";
import { sqlUsersOf } from "./sql-user";

const dayMs = 24 * 60 * 60 * 1000;

/** What is restored. */
export type RestoreType = "CLUSTER" | "DATABASE" | "TABLE";

/** A database or table to restore. */
export interface WireRestoreItem {
  database: string;
  schema?: string;
  table?: string;
}

interface WireRestoreOptions {
  into_db?: string;
  new_db_name?: string;
  schema_only?: boolean;
  skip_localities_check?: boolean;
  skip_missing_foreign_keys?: boolean;
  skip_missing_sequences?: boolean;
  skip_missing_views?: boolean;
}

interface WireRestoreRequest {
  backup_id?: string;
  objects?: Partial<WireRestoreItem>[];
  restore_opts?: WireRestoreOptions;
  source_cluster_id?: string;
  type?: RestoreType;
}

/** A restore as it is stored. */
export interface RestoreRecord {
  readonly id: string;
  readonly type: RestoreType;
  readonly backup: BackupRecord;
  readonly sourceName: string;
  readonly createdAt: number;
  readonly endsAt: number;
  readonly objects: readonly WireRestoreItem[];
  readonly options: WireRestoreOptions;
  readonly jobId: string;
  /** undefined while it runs. */
  completedAt: number | undefined;
  failure: RestoreFailure | undefined;
}

/** The restores into a cluster, by id. */
const restoresOf = stateOfEachCluster(() => new Map<string, RestoreRecord>());

const shape: MessageShape = {
  name: "cockroach.cloud.CreateRestoreRequest",
  fields: {
    backup_id: "string",
    objects: {
      list: {
        message: {
          name: "cockroach.cloud.RestoreItem",
          fields: { database: "string", schema: "string", table: "string" },
        },
      },
    },
    restore_opts: {
      message: {
        name: "cockroach.cloud.RestoreOpts",
        fields: {
          into_db: "string",
          new_db_name: "string",
          schema_only: "bool",
          skip_localities_check: "bool",
          skip_missing_foreign_keys: "bool",
          skip_missing_sequences: "bool",
          skip_missing_views: "bool",
        },
      },
    },
    source_cluster_id: "string",
    type: { enumeration: ["CLUSTER", "DATABASE", "TABLE"] },
  },
};

function createRestore(call: Call): object {
  const body = readBody<WireRestoreRequest>(call, shape);
  const destination = readyClusterOf(call);
  const { type, restore_opts: options = {} } = body;
  if (type === undefined) {
    throw invalidArgument("invalid argument: type is required");
  }
  checkNotBusy(destination, call.context);
  const { source, backup } = sourceOf(call, body, destination);
  const objects = checkedObjects(type, body.objects ?? []);
  checkOptions(type, objects, options);
  checkPlans(type, source, destination);
  const problem =
    type === "CLUSTER"
      ? clusterRestoreProblem(destination, call.context)
      : objectRestoreProblem(type, objects, options, source, destination, call.context);
  const failure = call.context.queued.consumeRestoreFailure() ?? problem;
  const durationMs = call.context.durations.restoreMs;
  const restore: RestoreRecord = {
    id: randomUUID(),
    type,
    backup,
    sourceName: source.name,
    createdAt: call.now,
    endsAt: call.now + durationMs,
    objects,
    options,
    jobId: String(BigInt(Math.round(call.now)) * 1_000_000n),
    completedAt: undefined,
    failure: undefined,
  };
  restoresOf(destination).set(restore.id, restore);
  const end = (at: number) => {
    restore.completedAt = at;
    restore.failure = failure;
    if (failure === undefined) {
      bringBack(restore, source, destination, call.context);
    }
  };
  if (type === "CLUSTER") {
    startJob(destination, call.now, {
      operation:
        destination.plan === "ADVANCED"
          ? "DEDICATED_FULL_CLUSTER_RESTORE_RUNNING"
          : "TENANT_RESTORE_RUNNING",
      durationMs,
      locks: true,
      fails: failure !== undefined,
      succeed: end,
      fail: end,
    });
  } else {
    schedule(destination, { at: restore.endsAt, name: "restore", run: end });
    applyDueSteps(destination, call.now);
  }
  return toWire(restore, destination, call);
}

function sourceOf(
  call: Call,
  body: WireRestoreRequest,
  destination: ClusterRecord,
): { source: ClusterRecord; backup: BackupRecord } {
  const { organization, context } = call;
  const { backup_id: backupId = "", source_cluster_id: sourceId = "" } = body;
  const clusters = clustersOf(organization, context);
  if (sourceId === "" && backupId !== "") {
    for (const source of clusters) {
      const backup = backupsOf(source, context).find(({ id }) => id === backupId);
      if (backup !== undefined) {
        return { source, backup };
      }
    }
    throw notFound(`backup '${backupId}' does not exist`);
  }
  const source = sourceId === "" ? destination : clusters.find(({ id }) => id === sourceId);
  if (source === undefined || source.phase === "deleted") {
    throw notFound(`internal call failed: cluster '${sourceId}' is not found`);
  }
  const backups = backupsOf(source, context);
  const backup = backupId === "" ? backups.at(-1) : backups.find(({ id }) => id === backupId);
  if (backup === undefined) {
    throw backupId === ""
      ? failedPrecondition(`cluster '${source.id}' has no backup yet`)
      : notFound(`backup '${backupId}' does not exist`);
  }
  const { restoreBackupMaxAgeDays: maxAgeDays } = context.assumptions;
  if (backupId === "" && backup.at < call.now - maxAgeDays * dayMs) {
    throw failedPrecondition(
      `cluster '${source.id}' has no backup of the last ${maxAgeDays} days; backup_id is required`,
    );
  }
  return { source, backup };
}

function checkedObjects(
  type: RestoreType,
  objects: readonly Partial<WireRestoreItem>[],
): WireRestoreItem[] {
  if (type === "CLUSTER" && objects.length > 0) {
    throw invalidValue("objects are not supported for restores of type CLUSTER");
  }
  if (type !== "CLUSTER" && objects.length === 0) {
    throw invalidValue(`objects are required for restores of type ${type}`);
  }
  return objects.map((object) => {
    if (!object.database) {
      throw invalidValue("objects: database is required");
    }
    if (type === "TABLE" && !object.table) {
      throw invalidValue("objects: table is required for restores of type TABLE");
    }
    return { ...object, database: object.database };
  });
}

function checkOptions(
  type: RestoreType,
  objects: readonly WireRestoreItem[],
  { into_db: intoDb, new_db_name: newName }: WireRestoreOptions,
): void {
  if (intoDb && type !== "TABLE") {
    throw invalidValue("into_db is supported for restores of type TABLE only");
  }
  if (newName && type !== "DATABASE") {
    throw invalidValue("new_db_name is supported for restores of type DATABASE only");
  }
  if (newName && objects.length > 1) {
    throw invalidValue("new_db_name is supported for restores of a single database only");
  }
}

function checkPlans(type: RestoreType, source: ClusterRecord, destination: ClusterRecord): void {
  if (destination.plan !== "ADVANCED" && type !== "CLUSTER") {
    throw failedPrecondition(`restores of type ${type} are supported for advanced clusters only`);
  }
  if (source.plan !== destination.plan) {
    throw failedPrecondition(
      `a backup of a ${source.plan} cluster cannot be restored into a ${destination.plan} cluster`,
    );
  }
  if (destination.plan !== "ADVANCED" && source !== destination) {
    throw failedPrecondition(
      `backups of ${source.plan} clusters can be restored into the same cluster only`,
    );
  }
}

/** Why a whole cluster cannot be restored here, which the service finds out at once or by trying. */
function clusterRestoreProblem(
  destination: ClusterRecord,
  context: EmulatorContext,
): RestoreFailure | undefined {
  const { firstDatabases, clusterRestoreIntoData } = context.assumptions;
  const databases = [...databasesOf(destination, context).values()];
  const inTheWay = databases.filter(
    ({ name, tableCount }) => !firstDatabases.includes(name) || tableCount > 0,
  );
  if (inTheWay.length === 0 || clusterRestoreIntoData === "wiped") {
    return undefined;
  }
  const names = inTheWay.map(({ name }) => name).join(", ");
  const message =
    "full cluster restore can only be run on a cluster with no tables or databases but found " +
    `${inTheWay.length} descriptors: [${names}]`;
  if (clusterRestoreIntoData === "refused") {
    throw failedPrecondition(message);
  }
  return { code: 9, message };
}

/** Why databases or tables cannot be restored here, which the service finds out by trying. */
function objectRestoreProblem(
  type: RestoreType,
  objects: readonly WireRestoreItem[],
  options: WireRestoreOptions,
  source: ClusterRecord,
  destination: ClusterRecord,
  context: EmulatorContext,
): RestoreFailure | undefined {
  const databases = databasesOf(destination, context);
  let problem: RestoreFailure | undefined;
  for (const { database } of objects) {
    if (!databasesOf(source, context).has(database)) {
      throw invalidValue(`the backup has no database '${database}'`);
    }
    const target = (type === "TABLE" ? options.into_db : options.new_db_name) || database;
    if (type === "DATABASE" && databases.has(target)) {
      problem ??= { code: 6, message: `database "${target}" already exists` };
    }
    if (type === "TABLE" && !databases.has(target)) {
      problem ??= { code: 5, message: `database "${target}" does not exist` };
    }
  }
  return problem;
}

function bringBack(
  restore: RestoreRecord,
  source: ClusterRecord,
  destination: ClusterRecord,
  context: EmulatorContext,
): void {
  const databases = databasesOf(destination, context);
  const sqlUsers = sqlUsersOf(destination);
  if (restore.type === "CLUSTER") {
    const content = [...databasesOf(source, context).values()].map((one) => ({ ...one }));
    const users = [...sqlUsersOf(source).values()].map((one) => ({ ...one }));
    databases.clear();
    sqlUsers.clear();
    for (const database of content) {
      databases.set(database.name, database);
    }
    for (const user of users) {
      sqlUsers.set(user.name, user);
    }
  } else if (restore.type === "DATABASE") {
    for (const { database } of restore.objects) {
      const name = restore.options.new_db_name || database;
      const tableCount = databasesOf(source, context).get(database)?.tableCount ?? 0;
      databases.set(name, { name, tableCount, createdAt: restore.completedAt ?? restore.endsAt });
    }
  } else {
    for (const { database } of restore.objects) {
      const target = databases.get(restore.options.into_db || database);
      if (target !== undefined) {
        target.tableCount += 1;
      }
    }
  }
}

function getRestore(call: Call): object {
  const cluster = liveClusterOf(call);
  const { restore_id: id = "" } = call.path;
  const restore = restoresOf(cluster).get(id);
  if (restore === undefined) {
    throw notFound(`restore '${id}' does not exist`);
  }
  return toWire(restore, cluster, call);
}

function listRestores(call: Call): object {
  const start = timeParameter(call.query, "start_time") ?? Number.NEGATIVE_INFINITY;
  const end = timeParameter(call.query, "end_time") ?? Number.POSITIVE_INFINITY;
  const cluster = liveClusterOf(call);
  const { items, pagination } = page(
    call,
    [...restoresOf(cluster).values()].filter(
      ({ createdAt }) => createdAt >= start && createdAt < end,
    ),
    {
      sortKey: ({ createdAt, id }) => [momentKey(createdAt), id],
      createdAt: ({ createdAt }) => createdAt,
    },
  );
  return { restores: items.map((restore) => toWire(restore, cluster, call)), pagination };
}

function toWire(
  restore: RestoreRecord,
  destination: ClusterRecord,
  { now, context }: Call,
): object {
  const { completedAt, failure, createdAt, endsAt } = restore;
  // The status comes first, the time of a success a little later.
  const lateBy = failure === undefined ? context.durations.restoreCompletedAtMs : 0;
  const showsEnd = completedAt !== undefined && now >= completedAt + lateBy;
  const progress = endsAt <= createdAt ? 1 : Math.min(1, (now - createdAt) / (endsAt - createdAt));
  return {
    id: restore.id,
    backup_id: restore.backup.id,
    backup_end_time: timestamp(restore.backup.at),
    status: completedAt === undefined ? "PENDING" : failure === undefined ? "SUCCESS" : "FAILED",
    type: restore.type,
    created_at: timestamp(createdAt),
    completed_at: showsEnd ? timestamp(completedAt) : null,
    completion_percent: float32(completedAt !== undefined && failure === undefined ? 1 : progress),
    source_cluster_name: restore.sourceName,
    destination_cluster_name: destination.name,
    crdb_job_id: restore.jobId,
    objects: restore.objects,
    restore_opts: restore.options,
    ...(failure && { client_error_code: failure.code, client_error_message: failure.message }),
  };
}

/** The restores into a cluster. */
export const restoreArea: Area = {
  operations: {
    CreateRestore: createRestore,
    GetRestore: getRestore,
    ListRestores: listRestores,
  },
};
