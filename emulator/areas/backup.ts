// Managed backups: how often, how long, and the backups that have been taken by now. Nothing runs for them; who
// looks gets those that were due. Daily and fixed on BASIC.

import { randomUUID } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import { backupSettingsOf } from "../cluster/backup-settings";
import { changeableClusterOf, checkNotBusy, liveClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { failedPrecondition, invalidValue } from "../server/errors";
import { momentKey, page } from "../server/paging";
import { timestamp } from "../server/protobuf-values";
import type { MessageShape } from "../server/protojson";
import { timeParameter } from "../server/query";
import { stateOfEachCluster } from "../state";

const minuteMs = 60 * 1000;
const dayMs = 24 * 60 * minuteMs;
const frequencies = [5, 10, 15, 30, 60, 240, 1440];
const retentions = [2, 7, 30, 90, 365];

/** A backup as it is stored. */
export interface BackupRecord {
  readonly id: string;
  /** The moment to which it leads back. */
  readonly at: number;
  /** Until then it is kept. */
  readonly expiresAt: number;
}

/** The backups of one cluster. */
interface BackupState {
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

/** Backups outside the API. Cluster ids are UUIDs. */
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

const backupStateOf = stateOfEachCluster(
  ({ createdAt }): BackupState => ({ taken: [], scheduledUntil: createdAt }),
);

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
  const settings = backupSettingsOf(cluster);
  const { disableAlone, retentionResendCounts, backupsWhileBusy } = call.context.assumptions;
  if (!backupsWhileBusy) {
    checkNotBusy(cluster, call.context);
  }
  if (cluster.plan === "BASIC") {
    throw failedPrecondition("backup configuration cannot be changed on BASIC clusters");
  }
  if (frequency !== undefined && !frequencies.includes(frequency)) {
    throw invalidValue(`frequency_minutes ${frequency} must be one of ${frequencies.join(", ")}`);
  }
  if (retention !== undefined && !retentions.includes(retention)) {
    throw invalidValue(`retention_days ${retention} must be one of ${retentions.join(", ")}`);
  }
  if (disableAlone && body.enabled === false && (frequency ?? retention) !== undefined) {
    throw invalidValue("enabled cannot be set to false together with other fields");
  }
  const changesRetention = retention !== undefined && retention !== settings.retentionDays;
  if (changesRetention && settings.isRetentionSet) {
    throw failedPrecondition(
      "cluster already has a retention policy set, open a support ticket to change it",
    );
  }
  settings.isRetentionSet ||=
    changesRetention || (retentionResendCounts && retention !== undefined);
  const changesFrequency = frequency !== undefined && frequency !== settings.frequencyMinutes;
  configure(cluster, body, call.context);
  if (settings.enabled && (changesFrequency || changesRetention)) {
    take(cluster, call.now);
  }
  return toWire(cluster);
}

function listBackups(call: Call): object {
  const start = timeParameter(call.query, "start_time") ?? Number.NEGATIVE_INFINITY;
  const end = timeParameter(call.query, "end_time") ?? Number.POSITIVE_INFINITY;
  const backups = backupsOf(liveClusterOf(call), call.context);
  const { items, pagination } = page(
    call,
    backups.filter(({ at }) => at >= start && at < end),
    {
      sortKey: ({ at, id }) => [momentKey(at), id],
      createdAt: ({ at }) => at,
      order: call.context.assumptions.backupOrder === "newest-first" ? "DESC" : "ASC",
    },
  );
  return { backups: items.map(toWireBackup), pagination };
}

/** The backups of a cluster that exist now, oldest first. */
export function backupsOf(
  cluster: ClusterRecord,
  context: EmulatorContext,
): readonly BackupRecord[] {
  const backups = backupStateOf(cluster);
  const now = context.clock.now();
  const { enabled, frequencyMinutes: frequency, retentionDays } = backupSettingsOf(cluster);
  const retentionMs = retentionDays * dayMs;
  const intervalMs = frequency * minuteMs;
  if (enabled && cluster.phase === "created") {
    // Those that would have expired by now are not made up first.
    const skipped = Math.ceil((now - retentionMs - backups.scheduledUntil) / intervalMs) - 1;
    backups.scheduledUntil += Math.max(0, skipped) * intervalMs;
    while (backups.scheduledUntil + intervalMs <= now) {
      backups.scheduledUntil += intervalMs;
      const at = backups.scheduledUntil;
      backups.taken.push({ id: randomUUID(), at, expiresAt: at + retentionMs });
    }
  }
  backups.taken = backups.taken
    .filter(({ expiresAt }) => expiresAt >= now)
    .sort((a, b) => a.at - b.at);
  return backups.taken;
}

function configure(
  cluster: ClusterRecord,
  changes: Partial<WireBackupConfiguration>,
  context: EmulatorContext,
): void {
  const settings = backupSettingsOf(cluster);
  // What was due under the former configuration has been taken under it.
  backupsOf(cluster, context);
  if (changes.enabled === true && !settings.enabled) {
    backupStateOf(cluster).scheduledUntil = context.clock.now();
  }
  settings.enabled = changes.enabled ?? settings.enabled;
  settings.frequencyMinutes = changes.frequency_minutes ?? settings.frequencyMinutes;
  settings.retentionDays = changes.retention_days ?? settings.retentionDays;
}

function take(cluster: ClusterRecord, at: number): string {
  const expiresAt = at + backupSettingsOf(cluster).retentionDays * dayMs;
  const backup = { id: randomUUID(), at, expiresAt };
  backupStateOf(cluster).taken.push(backup);
  return backup.id;
}

function toWire(cluster: ClusterRecord): WireBackupConfiguration {
  const { enabled, frequencyMinutes, retentionDays } = backupSettingsOf(cluster);
  return { enabled, frequency_minutes: frequencyMinutes, retention_days: retentionDays };
}

function toWireBackup(backup: BackupRecord): WireBackup {
  return { id: backup.id, as_of_time: timestamp(backup.at) };
}

/** The backups of a cluster and their configuration. */
export const backupArea: ControlledArea<BackupControls> = {
  operations: {
    GetBackupConfiguration: getBackupConfiguration,
    ListBackups: listBackups,
    UpdateBackupConfiguration: updateBackupConfiguration,
  },
  createControls: backupControls,
};

function backupControls({ findCluster, context }: ControlParts): BackupControls {
  return {
    configuration: (clusterId) => toWire(findCluster(clusterId)),
    configure: (clusterId, changes) => {
      const cluster = findCluster(clusterId);
      if (cluster.plan !== "BASIC") {
        configure(cluster, changes, context);
      }
    },
    list: (clusterId) => backupsOf(findCluster(clusterId), context).map(toWireBackup),
    take: (clusterId) => take(findCluster(clusterId), context.clock.now()),
  };
}
