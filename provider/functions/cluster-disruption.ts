/** Reads what of an Advanced cluster is down on purpose. */
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../program/cluster-reference";
import { clusterIdIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** What is down in a region: all of it, or zones and nodes of it. */
export interface RegionalDisruption {
  /** A region of the cluster, as its cloud spells it: `us-east1`. */
  regionCode: string;
  /** Whether the whole region is down. */
  isWholeRegion: boolean;
  /** Zones of the region that are down: `us-east1-a`. */
  azs: string[];
  /** Nodes of the region that are down, by the names that `listClusterNodes` returns. */
  pods: string[];
}

/** The disruption of a cluster. */
export interface ClusterDisruptionInfo {
  /** What is down, by region; empty while nothing is disrupted. */
  regionalDisruptorSpecifications: RegionalDisruption[];
}

/** Whose disruption. */
export interface GetClusterDisruptionArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Whose disruption. */
export interface GetClusterDisruptionOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Reads what of an Advanced cluster is down on purpose, with an empty list while nothing is. The organization must be enrolled. API operation: GetClusterDisruptionInfo. */
export function getClusterDisruption(
  args: GetClusterDisruptionArgs,
  options?: FunctionOptions,
): Promise<ClusterDisruptionInfo> {
  return callFunction(disruption, args, options);
}

/** `getClusterDisruption` for outputs. */
export function getClusterDisruptionOutput(
  args: GetClusterDisruptionOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<ClusterDisruptionInfo> {
  return callFunctionOutput(disruption, args, options);
}

/** @internal */
export const disruption: ProviderFunction<GetClusterDisruptionArgs, ClusterDisruptionInfo> = {
  name: "getClusterDisruption",
  async read({ cloud }, args) {
    const id = clusterIdIn("getClusterDisruption", args);
    const { regional_disruptor_specifications: regions } = await cloud.clusterDisruptions.get(id);
    return {
      regionalDisruptorSpecifications: regions.map((region) => ({
        regionCode: region.region_code,
        isWholeRegion: region.is_whole_region,
        azs: region.azs,
        pods: region.pods,
      })),
    };
  },
};
