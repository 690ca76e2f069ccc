import type { ResourceCases } from "../resource-cases";

const full = { site: "US1", apiKey: "0123456789abcdef" };
const wire = { site: full.site, api_key: full.apiKey };

export const cases: ResourceCases = {
  plans: ["STANDARD", "ADVANCED"],
  minimal: full,
  full: [full],
  arguments: {
    site: {
      to: "EU1",
      onChange: "update",
      drift: ({ emulator, clusterId }) =>
        emulator.metricExports.set(clusterId, "datadog", { ...wire, site: "US5" }),
      wrong: [
        ["AP1", 'must be one of "US1", "US3", "US5", "US1_GOV", "EU1", not the string "AP1".'],
      ],
    },
    apiKey: {
      to: "fedcba9876543210",
      onChange: "update",
      drift: ({ emulator, clusterId }) =>
        emulator.metricExports.set(clusterId, "datadog", { ...wire, api_key: "another-key-9876" }),
      wrong: [
        ["", "must not be empty."],
        [5_550_123_456_789, "must be a string, not a number. Write it in quotes."],
      ],
    },
  },

  idOf: ({ clusterId }) => String(clusterId),
  missingId: ({ clusterId }) => String(clusterId),

  operations: {
    create: "EnableDatadogMetricExport",
    read: "GetDatadogMetricExportInfo",
    update: "EnableDatadogMetricExport",
    delete: "DeleteDatadogMetricExport",
  },
  createBody: () => ({ site: "US1", api_key: "[redacted]" }),
  secretOutputs: ["apiKey"],

  exists: ({ emulator, clusterId }) =>
    emulator.metricExports.get(clusterId, "datadog") !== undefined,
  remove: ({ emulator, clusterId }) => emulator.metricExports.clear(clusterId, "datadog"),

  lostCreate: { outcome: "found" },
  existing: { outcome: "adopted" },
};
