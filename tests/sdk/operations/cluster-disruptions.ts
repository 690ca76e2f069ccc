import type { WireClusterDisruption } from "../../../sdk";
import type { clusterDisruptionSchema } from "../../../sdk/resources/cluster-disruptions";
import { advanced } from "../../emulator/caller";
import type { OperationArea, Reads } from "../operation";
import { base, id, ofCluster } from "../operation";

const object = "the disruption of cluster c/1";
const regions = [{ region_code: "us-east-1", is_whole_region: false, azs: ["us-east-1a"] }];
const disruption = { regional_disruptor_specifications: [{ ...regions[0], pods: [] }] };

export const area: OperationArea = {
  wireTypes: [true satisfies Reads<typeof clusterDisruptionSchema, WireClusterDisruption>],

  operations: [
    {
      name: "clusterDisruptions.get",
      operation: `Reading ${object}`,
      object,
      call: ({ clusterDisruptions }) => clusterDisruptions.get(id),
      method: "GET",
      template: `${ofCluster}/disrupt`,
      url: `${base}/disrupt`,
      response: disruption,
      result: disruption,
    },
    {
      name: "clusterDisruptions.set",
      operation: `Setting ${object}`,
      object,
      call: ({ clusterDisruptions }) => clusterDisruptions.set(id, regions),
      method: "PUT",
      template: `${ofCluster}/disrupt`,
      url: `${base}/disrupt`,
      body: { regional_disruptor_specifications: regions },
      response: disruption,
      result: disruption,
    },
  ],

  async callEach({ client: { clusterDisruptions }, emulator }) {
    const { id } = emulator.clusters.create(advanced("orders"));
    await clusterDisruptions.set(id, regions);
    await clusterDisruptions.get(id);
  },
};
