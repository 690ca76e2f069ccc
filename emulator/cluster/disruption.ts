// What of a cluster is disrupted. The nodes of a region are in three zones in turn.

import { stateOfEachCluster } from "../state";
import type { ClusterRecord, RegionRecord } from "./record";

/** A region of a disruption, as the API spells it. */
export interface WireRegionalDisruption {
  region_code: string;
  is_whole_region: boolean;
  /** Zones, for example "us-east-1a". */
  azs: string[];
  /** Nodes. */
  pods: string[];
}

/** The disruption of a cluster. */
export const disruptionOf = stateOfEachCluster((): { regions: WireRegionalDisruption[] } => ({
  regions: [],
}));

/** The nodes of a region by name, with the last letter of the zone that each is in. */
export function zonesOfNodes({
  name,
  nodes,
}: Pick<RegionRecord, "name" | "nodes">): Map<string, string> {
  return new Map(
    Array.from({ length: nodes }, (_, index) => [
      `cockroachdb-${name}-${String(index).padStart(2, "0")}`,
      "abc".charAt(index % 3),
    ]),
  );
}

/** Whether a node is down. */
export function isDisrupted(cluster: ClusterRecord, regionName: string, node: string): boolean {
  const region = cluster.regions.find(({ name }) => name === regionName);
  const zone = region && zonesOfNodes(region).get(node);
  return disruptionOf(cluster).regions.some(
    ({ region_code, is_whole_region, azs, pods }) =>
      region_code === regionName &&
      (is_whole_region || pods.includes(node) || azs.some((az) => zoneLetter(az) === zone)),
  );
}

/** The last letter of a zone: "us-east-1a", "us-east1-a" and Azure's "eastus-1" are the first zones of their regions. */
export function zoneLetter(zone: string): string {
  const last = zone.slice(-1);
  return { "1": "a", "2": "b", "3": "c" }[last] ?? last;
}
