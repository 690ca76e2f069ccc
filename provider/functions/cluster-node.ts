/** Reads the nodes of an Advanced cluster. */
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../program/cluster-reference";
import { omitUndefined } from "../values/omit-undefined";
import { clusterIdIn, collect } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** A node of an Advanced cluster. */
export interface ClusterNode {
  /** Name of the node. */
  name: string;
  /** Region that the node runs in. */
  regionName: string;
  /** `LIVE` or `NOT_READY`. */
  status: string;
}

/** Which nodes. */
export interface ListClusterNodesArgs {
  /** Id of the cluster. */
  clusterId: string;
  /**
   * Region whose nodes are listed.
   * @default nodes of all regions
   */
  regionName?: string;
}

/** Which nodes. */
export interface ListClusterNodesOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /**
   * Region whose nodes are listed.
   * @default nodes of all regions
   */
  regionName?: pulumi.Input<string>;
}

/** Lists the nodes of an Advanced cluster. Basic and Standard clusters have none of their own. */
export function listClusterNodes(
  args: ListClusterNodesArgs,
  options?: FunctionOptions,
): Promise<ClusterNode[]> {
  return callFunction(nodes, args, options);
}

/** `listClusterNodes` for outputs. */
export function listClusterNodesOutput(
  args: ListClusterNodesOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<ClusterNode[]> {
  return callFunctionOutput(nodes, args, options);
}

/** @internal */
export const nodes: ProviderFunction<ListClusterNodesArgs, ClusterNode[]> = {
  name: "listClusterNodes",
  async read({ cloud }, args) {
    const id = clusterIdIn("listClusterNodes", args);
    const wire = await collect(
      cloud.clusters.listNodes(id, omitUndefined({ regionName: args.regionName })),
    );
    return wire.map(({ name, region_name, status }) => ({
      name,
      regionName: region_name,
      status,
    }));
  },
};
