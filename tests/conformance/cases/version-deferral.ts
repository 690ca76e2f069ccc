import type { ResourceCases } from "../resource-cases";

export const cases: ResourceCases = {
  plans: ["ADVANCED"],
  minimal: { deferralPolicy: "DEFERRAL_60_DAYS" },
  full: [{ deferralPolicy: "DEFERRAL_60_DAYS" }],
  arguments: {
    deferralPolicy: {
      to: "DEFERRAL_90_DAYS",
      onChange: "update",
      drift: ({ emulator, clusterId }) =>
        emulator.versionDeferrals.set(clusterId, "DEFERRAL_30_DAYS"),
      wrong: [
        [
          "SOMETIMES",
          'must be one of "NOT_DEFERRED", "DEFERRAL_30_DAYS", "DEFERRAL_60_DAYS", "DEFERRAL_90_DAYS", "FIXED_DEFERRAL", not the string "SOMETIMES".',
        ],
      ],
    },
  },

  idOf: ({ clusterId }) => String(clusterId),
  missingId: () => "00000000-0000-4000-8000-000000000000",

  operations: {
    create: "SetClusterVersionDeferral",
    read: "GetClusterVersionDeferral",
    update: "SetClusterVersionDeferral",
    delete: "SetClusterVersionDeferral",
  },
  createBody: () => ({ deferral_policy: "DEFERRAL_60_DAYS" }),

  exists: ({ emulator, clusterId }) =>
    emulator.versionDeferrals.get(clusterId).deferral_policy !== "NOT_DEFERRED",
  // Every cluster has one, so it goes only with the cluster.
  remove: ({ emulator, clusterId }) => emulator.clusters.forget(clusterId),

  lostCreate: { outcome: "found" },
  existing: { outcome: "changed", warning: /already had the deferral policy/ },
};
