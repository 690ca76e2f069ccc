// Disruptions of Advanced clusters, for tests of what depends on them.

import { z } from "zod";
import type { Caller } from "../http/call";
import { operation } from "../http/operation";
import { path } from "../http/path";
import { flagSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** What is disrupted in a region: all of it, zones or nodes. */
export interface WireRegionalDisruption {
  region_code: string;
  /** Not together with zones or nodes. */
  is_whole_region: boolean;
  /** Zones of the region: `us-east-1a`. */
  azs: string[];
  /** Nodes of the region, by the names that the list of nodes has. */
  pods: string[];
}

/** The disruption of a cluster. */
export interface WireClusterDisruption {
  /** Empty while nothing is disrupted. */
  regional_disruptor_specifications: WireRegionalDisruption[];
}

/** A region in the body of `set`. */
export interface RegionalDisruptionRequest {
  region_code: string;
  is_whole_region: boolean;
  azs?: string[];
  pods?: string[];
}

/** @internal */
export const clusterDisruptionSchema = z.object({
  regional_disruptor_specifications: z
    .array(
      z.object({
        region_code: z.string().min(1),
        is_whole_region: flagSchema,
        azs: z.array(z.string()).default([]),
        pods: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});

const permitted = permission(["CA", "CO"], everywhere);

function disruption(clusterId: string) {
  return {
    path: path`/api/v1/clusters/${clusterId}/disrupt`,
    object: `the disruption of cluster ${clusterId}`,
    schema: clusterDisruptionSchema,
  };
}

/** Disruptions of Advanced clusters. The organization must be enrolled for them. */
export class ClusterDisruptionsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Reads what is disrupted. */
  async get(clusterId: string, options?: RequestOptions): Promise<WireClusterDisruption> {
    return await this.#caller.run(operation("GET", disruption(clusterId), permitted), options);
  }

  /**
   * Disrupts these regions and lets all others recover; none ends the disruption. The response comes before
   * the work is done, which shows in the cluster's `operation_status`.
   */
  async set(
    clusterId: string,
    regions: readonly RegionalDisruptionRequest[],
    options?: RequestOptions,
  ): Promise<WireClusterDisruption> {
    const body = { regional_disruptor_specifications: regions };
    const call = operation("PUT", disruption(clusterId), permitted, { body });
    return await this.#caller.run(call, options);
  }
}
