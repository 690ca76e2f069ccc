import type { ResourceCases } from "../resource-cases";

export const cases: ResourceCases = {
  plans: ["ADVANCED"],
  minimal: { allowAll: false },
  full: [{ allowAll: false }],
  arguments: {
    allowAll: {
      to: true,
      onChange: "update",
      drift: ({ emulator, clusterId }) => emulator.egressRules.setPolicy(clusterId, "ALLOW_ALL"),
      wrong: [["no", 'must be true or false, not the string "no".']],
    },
  },

  idOf: ({ clusterId }) => String(clusterId),
  missingId: () => "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11",

  operations: {
    create: "SetEgressTrafficPolicy",
    read: "GetCluster",
    update: "SetEgressTrafficPolicy",
    delete: "SetEgressTrafficPolicy",
  },
  createBody: () => ({ allow_all: false }),

  exists: ({ emulator, clusterId }) =>
    emulator.clusters.get(clusterId)?.egress_traffic_policy === "DEFAULT_DENY",
  remove: ({ emulator, clusterId }) => emulator.clusters.forget(clusterId),

  lostCreate: { outcome: "found", isReadOptional: true, isSentAgain: true },
  existing: { outcome: "shared" },
};
