/**
 * Regions, zones or nodes of a cluster that are down on purpose, to test what depends on them.
 *
 * The API takes the whole disruption at once and carries it out afterwards, which shows in the cluster's
 * `operation_status`: only then does a read return it.
 */
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { RegionalDisruptionRequest, WireCluster, WireClusterDisruption } from "../sdk";
import { BusyError } from "../sdk";
import { regionFailures } from "./cluster/declared";
import { getExisting, waitForCluster } from "./cluster/wait";
import { dynamicResource } from "./dynamic/dynamic-resource";
import type { ClusterInRun } from "./engine/run-record";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { oneInCluster } from "./resource/cluster-scoped";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { asGiven, replacesResource } from "./resource/definition";
import { explainEnrollment } from "./resource/enrollment";
import type { CheckOutcome } from "./resource/lifecycle";
import { warning } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { clusterId, nonEmptyText } from "./resource/schema";
import { hasUnknown } from "./values/unknown";

/** What is disrupted in a region: all of it, or zones and nodes of it. */
export interface RegionalDisruptorSpecification {
  /** A region of the cluster, as its cloud spells it: `us-east1`. */
  regionCode: pulumi.Input<string>;
  /**
   * Whether the whole region is down.
   * @default true without `azs` and `pods`, otherwise false
   */
  isWholeRegion?: pulumi.Input<boolean>;
  /**
   * Zones of the region, as the localities of the DB Console name them: `us-east1-a`. In any order.
   * @default none
   */
  azs?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Nodes of the region, by the names that `listClusterNodes` returns. In any order.
   * @default none
   */
  pods?: pulumi.Input<pulumi.Input<string>[]>;
}

/** Arguments of a cluster disruption. */
export interface ClusterDisruptionArgs {
  /**
   * The cluster, or its id, of plan ADVANCED. Changing it replaces this resource: the old cluster recovers first.
   */
  clusterId: ClusterReference;
  /**
   * What is down, at least one region, in any order. Updated in place: what is left out recovers.
   */
  regionalDisruptorSpecifications: pulumi.Input<pulumi.Input<RegionalDisruptorSpecification>[]>;
}

/**
 * A disruption of an Advanced cluster, for a test of what depends on it; a cluster has one. It lasts until the resource is
 * deleted. The organization must be enrolled. API operations: UpdateClusterDisruption, GetClusterDisruptionInfo.
 */
export class ClusterDisruption extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("ClusterDisruption");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** What is down. */
  declare readonly regionalDisruptorSpecifications: pulumi.Output<RegionalDisruptorSpecification[]>;

  /**
   * @param name name of the resource
   * @param args the disruption
   * @param options `import: "<cluster id>"` adopts an existing disruption and writes nothing
   */
  constructor(name: string, args: ClusterDisruptionArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** The disruption of a cluster by the cluster's id, which this program reads and does not manage. */
  static readonly get = getterOf(ClusterDisruption);
  /** Whether `value` is a cluster disruption of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<ClusterDisruption>("ClusterDisruption");
}

const inputs = z.strictObject({
  clusterId,
  regionalDisruptorSpecifications: z
    .array(
      z.strictObject({
        regionCode: nonEmptyText,
        isWholeRegion: z.boolean().optional(),
        azs: z.array(nonEmptyText).optional(),
        pods: z.array(nonEmptyText).optional(),
      }),
    )
    .min(1, { error: "must have at least one region: remove the resource to let all recover." }),
});

type Inputs = z.output<typeof inputs>;
type Region = Inputs["regionalDisruptorSpecifications"][number];
type State = Inputs;
type Remote = WireClusterDisruption & Partial<Pick<WireCluster, "operation_status">>;

interface CanonicalRegion {
  regionCode: string;
  isWholeRegion: boolean;
  azs?: string[];
  pods?: string[];
}

const timeoutMs = 30 * 60_000;

const running = "CRDB_CLUSTER_DISRUPTION_RUNNING";
const failed = "CRDB_CLUSTER_DISRUPTION_FAILED";

const definition: ResourceDefinition<Inputs, State, Remote> = {
  type: "ClusterDisruption",
  ...oneInCluster("disruption"),
  inputs,
  arguments: {
    clusterId: replacesResource,
    regionalDisruptorSpecifications: {
      onChange: "update",
      canonical: (regions) => sortedRegions((regions ?? []) as Region[]),
      returned: asGiven,
    },
  },

  check: (_olds, news, failures, _adopt, cluster) => ({
    failures: [...failures, ...conflictsIn(news as Partial<Inputs>, cluster)],
    notes: [
      warning(
        "Parts of the cluster are down on purpose for as long as this resource exists: remove it from the program to let them recover.",
      ),
    ],
  }),

  sample: () => ({
    regionalDisruptorSpecifications: [{ regionCode: "us-east-1", isWholeRegion: true }],
  }),
  toState: ({ regional_disruptor_specifications: regions }, { clusterId = "" }) => ({
    clusterId,
    regionalDisruptorSpecifications: sortedRegions(
      regions.map(({ region_code, is_whole_region, azs, pods }) => ({
        regionCode: region_code,
        isWholeRegion: is_whole_region,
        azs,
        pods,
      })),
    ),
  }),
  setting: {
    async get({ clusterId = "" }, { cloud, options }) {
      const found = await cloud.clusterDisruptions.get(clusterId, options);
      return found.regional_disruptor_specifications.length === 0 ? undefined : found;
    },
    plans: ["ADVANCED"],
    name: "disruption",
  },

  create: disrupt,
  update: (_before, after, call) => disrupt(after, call),
  delete: ({ clusterId }, { cloud, options }) =>
    cloud.clusterDisruptions.set(clusterId, [], options),

  timeoutMs,
  settlement: {
    async read({ place: { clusterId }, isDeletion }, call) {
      const heading = isDeletion ? "recovering" : "disrupting";
      const { operation_status } = await untilNotRunning(clusterId, heading, call);
      const found = await call.cloud.clusterDisruptions.get(clusterId, call.options);
      return { ...found, operation_status };
    },
    pending(remote, { place }) {
      assertCarriedOut(remote, place);
      return undefined;
    },
    pendingDeletion(remote, { place }) {
      assertCarriedOut(remote, place);
      return remote.regional_disruptor_specifications.length === 0 ? undefined : "recovering";
    },
    // The service has accepted it, and nothing is down yet.
    async stateUnderWay({ clusterId }, { clusters }) {
      const cluster = await clusters.getCached(clusterId);
      if (cluster?.operation_status !== running) return undefined;
      return { clusterId, regionalDisruptorSpecifications: [] };
    },
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

/** What the API refuses, where it is known. */
function conflictsIn(
  { regionalDisruptorSpecifications: regions }: Partial<Inputs>,
  cluster: ClusterInRun | undefined,
): CheckOutcome["failures"] {
  if (!Array.isArray(regions)) return [];
  return (regions as readonly Partial<Region>[]).flatMap((region, index) => {
    if (typeof region !== "object" || region === null || hasUnknown(region)) return [];
    const { regionCode, isWholeRegion, azs = [], pods = [] } = region;
    const property = `regionalDisruptorSpecifications[${index}]`;
    const isSecond =
      typeof regionCode === "string" &&
      regions.findIndex((other) => other?.regionCode === regionCode) < index;
    if (isSecond) {
      return [
        {
          property: `${property}.regionCode`,
          reason: `must be there once, and ${JSON.stringify(regionCode)} is there twice.`,
        },
      ];
    }
    const hasParts = azs.length + pods.length > 0;
    if (isWholeRegion === true && hasParts) {
      return [
        {
          property: `${property}.isWholeRegion`,
          reason: "must be false or left out beside azs and pods.",
        },
      ];
    }
    if (isWholeRegion === false && !hasParts) {
      return [
        {
          property: `${property}.isWholeRegion`,
          reason: "must be true or left out without azs and pods.",
        },
      ];
    }
    return regionFailures(`${property}.regionCode`, regionCode, cluster);
  });
}

async function disrupt(
  { clusterId, regionalDisruptorSpecifications }: Inputs,
  call: WriteCall,
): Promise<WireClusterDisruption> {
  const { cloud, options, context, deadline } = call;
  const regions = sortedRegions(regionalDisruptorSpecifications).map(
    ({ regionCode, isWholeRegion, ...parts }): RegionalDisruptionRequest => ({
      region_code: regionCode,
      is_whole_region: isWholeRegion,
      ...parts,
    }),
  );
  try {
    return await explainEnrollment(cloud.clusterDisruptions.set(clusterId, regions, options));
  } catch (error) {
    if (!BusyError.isInstance(error)) throw error;
    // A repeat after a lost response is refused for as long as the first one is being carried out.
    const cluster = await getExisting(clusterId, context, deadline);
    if (cluster.operation_status !== running) throw error;
    await untilNotRunning(clusterId, "disrupting", call);
    const found = await cloud.clusterDisruptions.get(clusterId, options);
    const state = definition.toState(found, { clusterId });
    if (isSame(state.regionalDisruptorSpecifications, regionalDisruptorSpecifications)) {
      return found;
    }
    throw error;
  }
}

async function untilNotRunning(
  clusterId: string,
  heading: string,
  { context, deadline }: WriteCall,
): Promise<WireCluster> {
  return await waitForCluster({
    ...{ id: clusterId, plan: "ADVANCED", context, deadline, heading },
    waitingFor: `for ${definition.describe({ clusterId })} to be carried out`,
    isDone: ({ operation_status }) => operation_status !== running,
  });
}

function assertCarriedOut(remote: Remote | undefined, place: Partial<State>): void {
  if (remote?.operation_status !== failed) return;
  throw new Error(
    `The service failed to carry out ${definition.describe(place)}: the status of the cluster is ${failed}. Run the operation again; if it fails again, ask CockroachDB Cloud support about this cluster.`,
  );
}

function isSame(one: readonly Region[], other: readonly Region[]): boolean {
  return isDeepStrictEqual(sortedRegions(one), sortedRegions(other));
}

/** Regions in the one order and spelling that all orders and spellings have. */
function sortedRegions(regions: readonly Region[]): CanonicalRegion[] {
  return regions
    .map(({ regionCode, isWholeRegion, azs = [], pods = [] }) => ({
      regionCode,
      isWholeRegion: isWholeRegion ?? azs.length + pods.length === 0,
      ...(azs.length === 0 ? {} : { azs: [...new Set(azs)].sort() }),
      ...(pods.length === 0 ? {} : { pods: [...new Set(pods)].sort() }),
    }))
    .sort((one, other) => (one.regionCode < other.regionCode ? -1 : 1));
}
