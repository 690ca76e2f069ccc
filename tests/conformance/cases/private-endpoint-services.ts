import { encryptable } from "../../support/cmek";
import type { ResourceCases } from "../resource-cases";

const regions = ["eu-west-1", "us-east-1", "us-west-2"];

export const cases: ResourceCases = {
  place: (emulator, nth) => ({
    clusterId: encryptable(emulator, { name: `home-${nth}`, regions }).id,
  }),
  plans: ["STANDARD", "ADVANCED"],
  minimal: {},
  full: [{ regions }],
  arguments: {
    regions: {
      to: ["us-west-2"],
      onChange: "update",
      // Every region has its service already.
      sends: [],
      drift: "is not returned",
      wrong: [
        [[], "must have a region; leave it out for all regions of the cluster."],
        [[""], 'must not be empty. It is the string "".', "regions[0]"],
      ],
    },
  },

  idOf: ({ clusterId }) => String(clusterId),
  missingId: ({ clusterId }) => String(clusterId),

  operations: { create: "CreatePrivateEndpointServices", read: "ListPrivateEndpointServices" },
  createBody: () => undefined,

  exists: ({ emulator, clusterId }) => emulator.privateEndpointServices.list(clusterId).length > 0,
  remove: ({ emulator, clusterId }) => emulator.clusters.forget(clusterId),

  lostCreate: { outcome: "found" },
  existing: { outcome: "shared" },
};
