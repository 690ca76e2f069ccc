// What belongs to a cluster and goes with it: users, databases, addresses, windows, keys, backups. Each is kept
// here as its area needs it; the areas hold the rules.

import type { AllowlistState } from "./allowlist-entry";
import type { BackupState } from "./backup";
import type { CmekState } from "./cmek-config";
import type { DatabaseRecord } from "./database";
import type { MaintenanceWindow } from "./patch-schedule";
import type { RestoreRecord } from "./restore";
import type { SqlUserRecord } from "./sql-user";
import type { DeferralPolicy } from "./version-deferral";

/** Everything that belongs to one cluster. */
export interface Belongings {
  /** By name. */
  readonly sqlUsers: Map<string, SqlUserRecord>;
  /** By name. */
  readonly databases: Map<string, DatabaseRecord>;
  readonly allowlist: AllowlistState;
  maintenanceWindow: MaintenanceWindow | undefined;
  /** undefined = never set. */
  deferralPolicy: DeferralPolicy | undefined;
  readonly cmek: CmekState;
  readonly backups: BackupState;
  /** Restores into this cluster, by id. */
  readonly restores: Map<string, RestoreRecord>;
}

/** What a cluster begins with. */
export interface FirstBelongings {
  /** Whether 0.0.0.0/0 is allowed. */
  readonly isOpen: boolean;
  /** The databases that every cluster has. */
  readonly databases: readonly string[];
  readonly now: number;
}

/** The belongings of a new cluster. */
export function newBelongings(first: FirstBelongings): Belongings {
  const everywhere = {
    ip: "0.0.0.0",
    mask: 0,
    name: "",
    sql: true,
    ui: true,
    createdAt: first.now,
  };
  return {
    sqlUsers: new Map(),
    databases: new Map(
      first.databases.map((name) => [name, { name, tableCount: 0, createdAt: first.now }]),
    ),
    allowlist: { entries: first.isOpen ? [everywhere] : [], propagatingUntil: 0 },
    maintenanceWindow: undefined,
    deferralPolicy: undefined,
    cmek: { status: "DISABLED", regions: [] },
    backups: {
      enabled: true,
      frequencyMinutes: 60,
      retentionDays: 30,
      isRetentionSet: false,
      taken: [],
      scheduledUntil: first.now,
    },
    restores: new Map(),
  };
}

/** What is left of them when the cluster is deleted: nothing. */
export function noBelongings(now: number): Belongings {
  return newBelongings({ isOpen: false, databases: [], now });
}
