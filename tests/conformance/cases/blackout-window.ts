import type { RemoteObject, ResourceCases } from "../resource-cases";

// The emulator begins on 2026-06-01.
const full = { startTime: "2026-06-20T00:00:00Z", endTime: "2026-06-22T00:00:00Z" };

const windowIdIn = ({ id }: RemoteObject) => id.slice(id.indexOf(":") + 1);

export const cases: ResourceCases = {
  plans: ["ADVANCED"],
  minimal: full,
  full: [full],
  arguments: {
    startTime: {
      to: "2026-06-21T00:00:00Z",
      onChange: "update",
      drift: (object) =>
        object.emulator.blackoutWindows.edit(object.clusterId, windowIdIn(object), {
          startTime: "2026-06-20T06:00:00Z",
        }),
      wrong: [
        ["tomorrow", 'must be a time such as "2026-12-15T00:00:00Z", not the string "tomorrow".'],
        [
          "2026-12-15 00:00:00 +0000 UTC",
          'must be a time such as "2026-12-15T00:00:00Z", not the string "2026-12-15 00:00:00 +0000 UTC". In Pulumi.<stack>.yaml it must stand in quotes.',
        ],
        ["2026-06-23T00:00:00Z", "must be after startTime, 2026-06-23T00:00:00Z.", "endTime"],
      ],
    },
    endTime: {
      to: "2026-06-23T00:00:00Z",
      onChange: "update",
      drift: (object) =>
        object.emulator.blackoutWindows.edit(object.clusterId, windowIdIn(object), {
          endTime: "2026-06-21T06:00:00Z",
        }),
      wrong: [
        ["2026-06-20T00:00:00Z", "must be after startTime, 2026-06-20T00:00:00Z."],
        [
          "2026-07-04T00:00:01Z",
          "must be at most 14 days after startTime, 2026-06-20T00:00:00Z: create several windows.",
        ],
      ],
    },
  },

  missingId: ({ clusterId }) => `${clusterId}:00000000-0000-4000-8000-000000000000`,

  operations: {
    create: "CreateBlackoutWindow",
    read: "ListBlackoutWindows",
    update: "UpdateBlackoutWindow",
    delete: "DeleteBlackoutWindow",
  },
  createBody: () => ({ start_time: full.startTime, end_time: full.endTime }),

  exists: (object) =>
    object.emulator.blackoutWindows
      .list(object.clusterId)
      .some(({ id }) => id === windowIdIn(object)),
  remove: (object) => object.emulator.blackoutWindows.remove(object.clusterId, windowIdIn(object)),

  lostCreate: { outcome: "found", isReadOptional: true, warning: /was lost. A window from/ },
  existing: { outcome: "refused" },
};
