import type { RemoteObject, ResourceCases } from "../resource-cases";

const windowIn = ({ emulator, clusterId }: RemoteObject) =>
  emulator.maintenanceWindows.get(clusterId) ?? { offset_duration: "", window_duration: "" };

export const cases: ResourceCases = {
  plans: ["ADVANCED"],
  minimal: { offsetDuration: "172800s", windowDuration: "21600s" },
  full: [{ offsetDuration: "172800s", windowDuration: "21600s" }],
  arguments: {
    offsetDuration: {
      to: "0s",
      onChange: "update",
      drift: (object) =>
        object.emulator.maintenanceWindows.set(object.clusterId, {
          ...windowIn(object),
          offset_duration: "86400s",
        }),
      wrong: [
        [
          "2d",
          'must be a number of seconds and an "s", such as "172800s", not the string "2d": write "172800s".',
        ],
        [
          "604800s",
          'must be at least "0s" and less than a week, "604800s", not the string "604800s".',
        ],
      ],
    },
    windowDuration: {
      to: "43200s",
      onChange: "update",
      drift: (object) =>
        object.emulator.maintenanceWindows.set(object.clusterId, {
          ...windowIn(object),
          window_duration: "25200s",
        }),
      wrong: [
        [
          "3600s",
          'must be at least six hours, "21600s", and less than a week, "604800s", not the string "3600s".',
        ],
      ],
    },
  },

  idOf: ({ clusterId }) => String(clusterId),
  missingId: ({ clusterId }) => String(clusterId),

  operations: {
    create: "SetMaintenanceWindow",
    read: "GetMaintenanceWindow",
    update: "SetMaintenanceWindow",
    delete: "DeleteMaintenanceWindow",
  },
  createBody: () => ({ offset_duration: "172800s", window_duration: "21600s" }),

  exists: ({ emulator, clusterId }) => emulator.maintenanceWindows.get(clusterId) !== undefined,
  remove: ({ emulator, clusterId }) => emulator.maintenanceWindows.clear(clusterId),

  lostCreate: { outcome: "found" },
  existing: { outcome: "changed", warning: /already had a maintenance window/ },
};
