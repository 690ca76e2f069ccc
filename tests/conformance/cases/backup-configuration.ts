import type { RemoteObject, ResourceCases } from "../resource-cases";

const full = { enabled: true, frequencyMinutes: 30, retentionDays: 7 };

/** Changes a setting as somebody else would. */
const drift =
  (change: Parameters<RemoteObject["emulator"]["backups"]["configure"]>[1]) =>
  ({ emulator, clusterId }: RemoteObject) =>
    emulator.backups.configure(clusterId, change);

export const cases: ResourceCases = {
  plans: ["STANDARD", "ADVANCED"],
  minimal: { enabled: true },
  full: [full],
  arguments: {
    enabled: {
      to: false,
      onChange: "update",
      drift: drift({ enabled: false }),
      wrong: [["yes", 'must be true or false, not the string "yes".']],
    },
    frequencyMinutes: {
      to: 240,
      onChange: "update",
      drift: drift({ frequency_minutes: 5 }),
      wrong: [[120, "must be one of 5, 10, 15, 30, 60, 240, 1440."]],
    },
    retentionDays: {
      // Each cluster has one change, which the first arguments must not use up.
      before: { enabled: true, frequencyMinutes: 30 },
      to: 90,
      onChange: "update",
      drift: "cannot change",
      wrong: [[60, "must be one of 2, 7, 30, 90, 365."]],
    },
  },

  idOf: ({ clusterId }) => String(clusterId),
  missingId: () => "00000000-0000-4000-8000-000000000000",

  operations: {
    create: "UpdateBackupConfiguration",
    read: "GetBackupConfiguration",
    update: "UpdateBackupConfiguration",
  },
  createBody: () => ({ frequency_minutes: 30, retention_days: 7 }),

  exists: ({ emulator, clusterId }) => emulator.clusters.list().some(({ id }) => id === clusterId),
  // Every cluster has one, so it goes only with the cluster.
  remove: ({ emulator, clusterId }) => emulator.clusters.forget(clusterId),

  lostCreate: { outcome: "found" },
  existing: { outcome: "changed", warning: /already had other backup settings/ },
};
