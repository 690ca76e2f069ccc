// Managed backups: how often, how long, and the backups that have been taken by now. Nothing runs for them; who
// looks gets those that were due. Daily and fixed on BASIC.

import { randomUUID } from "node:crypto";
import type { Area, Call } from "./call";
import { readBody } from "./call";
import type { ClusterRecord } from "./cluster-record";
import { failedPrecondition, invalidValue } from "./errors";
import type { ClusterFinder } from "./organization";
import { changeableClusterOf, liveClusterOf } from "./organization";
import { momentKey, page } from "./paging";
import { timestamp } from "./protobuf-values";
import type { MessageShape } from "./protojson";
import { timeParameter } from "./query";
import type { World } from "./world";

const minuteMs = 60 * 1000;
const dayMs = 24 * 60 * minuteMs;
const frequencies = [5, 10, 15, 30, 60, 240, 1440];
const retentions = [2, 7, 30, 90, 365];

/** A backup as it is stored. */
export interface BackupRecord {
  readonly id: string;
  /** The moment to which it leads back. */
  readonly at: number;
}

/** The backups of one cluster. */
export interface BackupState {
  enabled: boolean;
  frequencyMinutes: number;
  retentionDays: number;
  /** Whether the retention has been changed, which is possible once. */
  isRetentionSet: boolean;
  /** Oldest first. */
  taken: BackupRecord[];
  /** When the last one was due. */
  scheduledUntil: number;
}

/** A configuration as the API spells it. */
export interface WireBackupConfiguration {
  enabled: boolean;
  /** 5, 10, 15, 30, 60, 240 or 1440. */
  frequency_minutes: number;
  /** 2, 7, 30, 90 or 365. */
  retention_days: number;
}

/** A backup as the API spells it. */
export interface WireBackup {
  id: string;
  /** RFC 3339. */
  as_of_time: string;
}

/** Backups behind the client's back. Cluster ids are UUIDs. */
export interface BackupControls {
  /** The configuration of the cluster. */
  configuration(clusterId: string): WireBackupConfiguration;
  /** Changes the configuration without any rule. No effect on BASIC. */
  configure(clusterId: string, changes: Partial<WireBackupConfiguration>): void;
  /** The backups that have not expired, oldest first. */
  list(clusterId: string): WireBackup[];
  /** Takes a backup now, whatever the schedule. Returns its id. */
  take(clusterId: string): string;
}

const shape: MessageShape = {
  name: "cockroach.cloud.UpdateBackupConfigurationSpec",
  fields: { enabled: "bool", frequency_minutes: "int32", retention_days: "int32" },
};

function getBackupConfiguration(call: Call): object {
  return toWire(liveClusterOf(call));
}

function updateBackupConfiguration(call: Call): object {
  const body = readBody<Partial<WireBackupConfiguration>>(call, shape);
  const cluster = changeableClusterOf(call);
  const { frequency_minutes: frequency, retention_days: retention } = body;
  const { backups } = cluster.belongings;
  if (cluster.plan === "BASIC") {
    throw failedPrecondition("backup configuration cannot be changed on BASIC clusters");
  }
  if (frequency !== undefined && !frequencies.includes(frequency)) {
    throw invalidValue(`frequency_minutes ${frequency} must be one of ${frequencies.join(", ")}`);
  }
  if (retention !== undefined && !retentions.includes(retention)) {
    throw invalidValue(`retention_days ${retention} must be one of ${retentions.join(", ")}`);
  }
  const changesRetention = retention !== undefined && retention !== backups.retentionDays;
  if (changesRetention && backups.isRetentionSet) {
    throw failedPrecondition(
      "cluster already has a retention policy set, open a support ticket to change it",
    );
  }
  backups.isRetentionSet ||= changesRetention;
  configure(cluster, body, call.world);
  return toWire(cluster);
}

function listBackups(call: Call): object {
  const start = timeParameter(call.query, "start_time") ?? Number.NEGATIVE_INFINITY;
  const end = timeParameter(call.query, "end_time") ?? Number.POSITIVE_INFINITY;
  const backups = backupsOf(liveClusterOf(call), call.world);
  const { items, pagination } = page(
    call,
    backups.filter(({ at }) => at >= start && at < end),
    { sortKey: ({ at, id }) => [momentKey(at), id], createdAt: ({ at }) => at },
  );
  return { backups: items.map(toWireBackup), pagination };
}

/** The backups of a cluster that exist now, oldest first. */
export function backupsOf(cluster: ClusterRecord, world: World): readonly BackupRecord[] {
  const { backups } = cluster.belongings;
  const now = world.clock.now();
  const { enabled, frequency_minutes: frequency, retention_days: retention } = toWire(cluster);
  const oldest = now - retention * dayMs;
  const intervalMs = frequency * minuteMs;
  if (enabled && cluster.phase === "created") {
    // Those that would have expired by now are not made up first.
    const skipped = Math.ceil((oldest - backups.scheduledUntil) / intervalMs) - 1;
    backups.scheduledUntil += Math.max(0, skipped) * intervalMs;
    while (backups.scheduledUntil + intervalMs <= now) {
      backups.scheduledUntil += intervalMs;
      backups.taken.push({ id: randomUUID(), at: backups.scheduledUntil });
    }
  }
  backups.taken = backups.taken.filter(({ at }) => at >= oldest).sort((a, b) => a.at - b.at);
  return backups.taken;
}

function configure(
  cluster: ClusterRecord,
  changes: Partial<WireBackupConfiguration>,
  world: World,
): void {
  const { backups } = cluster.belongings;
  // What was due under the former configuration has been taken under it.
  backupsOf(cluster, world);
  if (changes.enabled === true && !backups.enabled) {
    backups.scheduledUntil = world.clock.now();
  }
  backups.enabled = changes.enabled ?? backups.enabled;
  backups.frequencyMinutes = changes.frequency_minutes ?? backups.frequencyMinutes;
  backups.retentionDays = changes.retention_days ?? backups.retentionDays;
}

function toWire(cluster: ClusterRecord): WireBackupConfiguration {
  const { enabled, frequencyMinutes, retentionDays } = cluster.belongings.backups;
  return cluster.plan === "BASIC"
    ? { enabled: true, frequency_minutes: 1440, retention_days: 30 }
    : { enabled, frequency_minutes: frequencyMinutes, retention_days: retentionDays };
}

function toWireBackup(backup: BackupRecord): WireBackup {
  return { id: backup.id, as_of_time: timestamp(backup.at) };
}

/** The backups of a cluster and their configuration. */
export const backupArea: Area = {
  GetBackupConfiguration: getBackupConfiguration,
  ListBackups: listBackups,
  UpdateBackupConfiguration: updateBackupConfiguration,
};

/** Makes the controls over backups. @internal */
export function backupControls(find: ClusterFinder, world: World): BackupControls {
  return {
    configuration: (clusterId) => toWire(find(clusterId)),
    configure: (clusterId, changes) => configure(find(clusterId), changes, world),
    list: (clusterId) => backupsOf(find(clusterId), world).map(toWireBackup),
    take: (clusterId) => {
      const backup = { id: randomUUID(), at: world.clock.now() };
      find(clusterId).belongings.backups.taken.push(backup);
      return backup.id;
    },
  };
}
