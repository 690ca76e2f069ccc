import type { ResourceCases } from "../resource-cases";

const whole = { regionCode: "us-east-1", isWholeRegion: true };
const zones = { regionCode: "us-east-1", isWholeRegion: false, azs: ["us-east-1b", "us-east-1a"] };

export const cases: ResourceCases = {
  plans: ["ADVANCED"],
  minimal: { regionalDisruptorSpecifications: [{ regionCode: "us-east-1" }] },
  full: [
    { regionalDisruptorSpecifications: [zones] },
    { regionalDisruptorSpecifications: [whole] },
  ],
  arguments: {
    regionalDisruptorSpecifications: {
      to: [{ regionCode: "us-east-1", isWholeRegion: false, pods: ["cockroachdb-us-east-1-00"] }],
      onChange: "update",
      drift: ({ emulator, clusterId }) =>
        emulator.clusterDisruptions.set(clusterId, [
          { region_code: "us-east-1", is_whole_region: true, azs: [], pods: [] },
        ]),
      wrong: [
        [[], "must have at least one region: remove the resource to let all recover."],
        [
          [{ regionCode: "" }],
          'must not be empty. It is the string "".',
          "regionalDisruptorSpecifications[0].regionCode",
        ],
        [
          [whole, whole],
          'must be there once, and "us-east-1" is there twice.',
          "regionalDisruptorSpecifications[1].regionCode",
        ],
        [
          [{ ...zones, isWholeRegion: true }],
          "must be false or left out beside azs and pods.",
          "regionalDisruptorSpecifications[0].isWholeRegion",
        ],
        [
          [{ ...whole, isWholeRegion: false }],
          "must be true or left out without azs and pods.",
          "regionalDisruptorSpecifications[0].isWholeRegion",
        ],
      ],
    },
  },

  idOf: ({ clusterId }) => String(clusterId),
  missingId: ({ clusterId }) => String(clusterId),

  operations: {
    create: "UpdateClusterDisruption",
    read: "GetClusterDisruptionInfo",
    update: "UpdateClusterDisruption",
    delete: "UpdateClusterDisruption",
  },
  createBody: () => ({
    regional_disruptor_specifications: [
      { region_code: "us-east-1", is_whole_region: false, azs: ["us-east-1a", "us-east-1b"] },
    ],
  }),

  exists: ({ emulator, clusterId }) => emulator.clusterDisruptions.get(clusterId).length > 0,
  remove: ({ emulator, clusterId }) => emulator.clusterDisruptions.set(clusterId, []),

  lostCreate: { outcome: "found", isSentAgain: true },
  existing: { outcome: "adopted" },
};
