// Disruptions of Advanced clusters: regions, zones or nodes that are down because somebody wants to see what happens.

import type { ControlledArea, ControlParts } from "../area";
import type { WireRegionalDisruption } from "../cluster/disruption";
import { disruptionOf, zoneLetter, zonesOfNodes } from "../cluster/disruption";
import { changeableClusterOf, checkNotBusy, liveClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import { startJob } from "../cluster/timeline";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { checkEnrolled } from "../server/enrollment";
import { failedPrecondition, invalidValue } from "../server/errors";
import type { MessageShape } from "../server/protojson";

/** Disruptions outside the API. Cluster ids are UUIDs. */
export interface ClusterDisruptionControls {
  /** What is disrupted. */
  get(clusterId: string): WireRegionalDisruption[];
  /** Disrupts at once, without any rule; an empty list ends it. */
  set(clusterId: string, regions: readonly WireRegionalDisruption[]): void;
}

const shape: MessageShape = {
  name: "cockroach.cloud.UpdateClusterDisruptionRequest",
  fields: {
    regional_disruptor_specifications: {
      list: {
        message: {
          name: "cockroach.cloud.RegionalDisruptorSpecification",
          fields: {
            region_code: "string",
            is_whole_region: "bool",
            azs: { list: "string" },
            pods: { list: "string" },
          },
        },
      },
    },
  },
};

function getClusterDisruptionInfo(call: Call): object {
  return toWire(disruptionOf(advancedOf(call, liveClusterOf(call))).regions);
}

function updateClusterDisruption(call: Call): object {
  const body = readBody<{ regional_disruptor_specifications?: Partial<WireRegionalDisruption>[] }>(
    call,
    shape,
  );
  const cluster = advancedOf(call, changeableClusterOf(call));
  checkNotBusy(cluster, call.context);
  const regions = checkedRegions(body.regional_disruptor_specifications ?? [], cluster);
  startJob(cluster, call.now, {
    operation: "CRDB_CLUSTER_DISRUPTION_RUNNING",
    durationMs: call.context.durations.disruptionMs,
    locks: false,
    fails: call.context.queued.consumeJobFailure(),
    succeed: () => {
      disruptionOf(cluster).regions = regions;
    },
  });
  return toWire(regions);
}

function advancedOf(call: Call, cluster: ClusterRecord): ClusterRecord {
  checkEnrolled(call.context);
  if (cluster.plan !== "ADVANCED") {
    throw failedPrecondition("cluster disruption is supported for advanced clusters only");
  }
  return cluster;
}

function checkedRegions(
  asked: readonly Partial<WireRegionalDisruption>[],
  cluster: ClusterRecord,
): WireRegionalDisruption[] {
  const seen = new Set<string>();
  return asked.map(({ region_code: code = "", is_whole_region = false, azs = [], pods = [] }) => {
    const region = cluster.regions.find(({ name }) => name === code);
    if (region === undefined) {
      throw invalidValue(`the cluster has no region '${code}'`);
    }
    if (seen.has(code)) {
      throw invalidValue(`region '${code}' is named twice`);
    }
    seen.add(code);
    const isPart = azs.length > 0 || pods.length > 0;
    if (is_whole_region === isPart) {
      throw invalidValue(
        is_whole_region
          ? `region '${code}' is disrupted as a whole, so azs and pods must be empty`
          : `region '${code}': is_whole_region, azs or pods is required`,
      );
    }
    const nodes = zonesOfNodes(region);
    const zones = new Set(nodes.values());
    const zone = azs.find((name) => !name.startsWith(code) || !zones.has(zoneLetter(name)));
    if (zone !== undefined) {
      throw invalidValue(`region '${code}' has no zone '${zone}'`);
    }
    const node = pods.find((name) => !nodes.has(name));
    if (node !== undefined) {
      throw invalidValue(`region '${code}' has no node '${node}'`);
    }
    return { region_code: code, is_whole_region, azs, pods };
  });
}

function toWire(regions: readonly WireRegionalDisruption[]): object {
  return { regional_disruptor_specifications: regions };
}

/** The disruption of a cluster. */
export const clusterDisruptionArea: ControlledArea<ClusterDisruptionControls> = {
  operations: {
    GetClusterDisruptionInfo: getClusterDisruptionInfo,
    UpdateClusterDisruption: updateClusterDisruption,
  },
  createControls: ({ findCluster }: ControlParts): ClusterDisruptionControls => ({
    get: (clusterId) => disruptionOf(findCluster(clusterId)).regions,
    set: (clusterId, regions) => {
      disruptionOf(findCluster(clusterId)).regions = [...regions];
    },
  }),
};
