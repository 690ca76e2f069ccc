// How often a cluster is backed up, and for how long the backups are kept. Daily for 30 days on BASIC, which a cluster that
// becomes STANDARD keeps until somebody changes it.

import { stateOfEachCluster } from "../state";
import type { Plan } from "./wire";

/** The settings of one cluster. */
export interface BackupSettings {
  enabled: boolean;
  frequencyMinutes: number;
  retentionDays: number;
  /** Whether the retention has been changed, which is possible once. */
  isRetentionSet: boolean;
}

const onBasic = { enabled: true, frequencyMinutes: 1440, retentionDays: 30 };

/** The settings of a cluster; its plan counts when they are first read. */
export const backupSettingsOf = stateOfEachCluster(
  ({ plan }): BackupSettings => ({
    ...onBasic,
    frequencyMinutes: plan === "BASIC" ? onBasic.frequencyMinutes : 60,
    isRetentionSet: false,
  }),
);

/** What a change of the plan does to the settings. */
export function followPlan(settings: BackupSettings, plan: Plan): void {
  Object.assign(settings, plan === "BASIC" ? onBasic : {});
}
