import type { ResourceCases } from "../resource-cases";

export const cases: ResourceCases = {
  plans: ["STANDARD", "ADVANCED"],
  minimal: {},
  full: [{}],
  arguments: {},

  idOf: ({ clusterId }) => String(clusterId),
  missingId: ({ clusterId }) => String(clusterId),

  operations: {
    create: "EnablePrometheusMetricExport",
    read: "GetPrometheusMetricExportInfo",
    delete: "DeletePrometheusMetricExport",
  },
  createBody: () => undefined,

  exists: ({ emulator, clusterId }) =>
    emulator.metricExports.get(clusterId, "prometheus") !== undefined,
  remove: ({ emulator, clusterId }) => emulator.metricExports.clear(clusterId, "prometheus"),

  lostCreate: { outcome: "found" },
  // It has no settings that could differ.
  existing: { outcome: "adopted" },
};
