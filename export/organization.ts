/**
 * What an organization has, with as few requests as can be: one list of all clusters, one of each type of
 * which the organization or a cluster has several, and one read of each of which a cluster has one.
 */
import { lifecycle as cluster } from "../provider/cluster";
import { creationMarkKey } from "../provider/cluster/creation-mark";
import { clusterArguments } from "../provider/cluster/to-program";
import type { State as ClusterOutputs } from "../provider/cluster/wire";
import { refuseUnknown, toState, unansweredOf } from "../provider/cluster/wire";
import type { Lifecycle, ReadContext } from "../provider/resource/lifecycle";
import { resources } from "../provider/resource/registry";
import type { ResourceType } from "../provider/resource/resource-types";
import { allResourceTypes, isOfCluster, resourceTypes } from "../provider/resource/resource-types";
import type { RequestOptions, WireCluster } from "../sdk";
import { PermissionDeniedError } from "../sdk";
import type { ExportedResource, LeftOut, Target } from "./exported-resource";
import { clusterIdIn } from "./exported-resource";

/** What is taken over, and what is not. */
export interface Found {
  readonly resources: readonly ExportedResource[];
  readonly leftOut: readonly LeftOut[];
}

/** All clusters of the organization by id, also failed and deleted ones. */
export async function clustersOf(
  { cloud }: ReadContext,
  options: RequestOptions,
): Promise<ReadonlyMap<string, WireCluster>> {
  const clusters = new Map<string, WireCluster>();
  for await (const wire of cloud.clusters.list({ showInactive: true }, options)) {
    clusters.set(wire.id, wire);
  }
  return clusters;
}

/** These clusters, by name, each followed by everything that belongs to it. */
export async function everythingOf(
  clusters: Iterable<WireCluster>,
  context: ReadContext,
): Promise<Found> {
  const all = [...clusters].sort((a, b) => (a.name < b.name ? -1 : 1));
  const living = all.filter(({ state }) => state !== "DELETED");
  const found = await fewAtOnce(living, (wire) => oneWithItsParts(wire, context));
  const deleted = all.length - living.length;
  const leftOut: LeftOut[] =
    deleted === 0
      ? []
      : [{ what: `${deleted} deleted cluster${deleted === 1 ? "" : "s"}`, why: "" }];
  return together([...found, { resources: [], leftOut }]);
}

async function oneWithItsParts(wire: WireCluster, context: ReadContext): Promise<Found> {
  const self = clusterFrom(wire, wire.name);
  if (self.resources.length === 0) return self;
  const found = await Promise.all(
    allResourceTypes
      .filter(isOfCluster)
      .map((type) =>
        allOf(type, wire, `${resourceTypes[type].plural} of cluster "${wire.name}"`, context),
      ),
  );
  return together([self, ...found]);
}

/** The objects of the organization that belong to no cluster, by name. */
export async function outsideClusters(context: ReadContext): Promise<Found> {
  const types = allResourceTypes.filter((type) => type !== "Cluster" && !isOfCluster(type));
  return together(
    await Promise.all(
      types.map((type) => allOf(type, undefined, resourceTypes[type].plural, context)),
    ),
  );
}

/** What a program may manage of one type, as it is; not what need not be said. */
async function allOf(
  type: ResourceType,
  wire: WireCluster | undefined,
  what: string,
  context: ReadContext,
): Promise<Found> {
  return await unlessDenied(what, async () => {
    const candidates = await resources[type].findCandidates(wire, context);
    const found = await Promise.all(
      candidates.map((candidate) => objectFrom({ type, ...candidate }, context)),
    );
    const { resources: all, leftOut } = together(found);
    return {
      resources: all.filter(({ state }) => resources[type].isDefault?.(state) !== true),
      leftOut,
    };
  });
}

/** What is found; left out where the key may see the cluster and not this. */
async function unlessDenied(what: string, find: () => Promise<Found>): Promise<Found> {
  try {
    return await find();
  } catch (error) {
    if (!PermissionDeniedError.isInstance(error)) throw error;
    return leaveOut(what, error.message);
  }
}

/** The objects of these ids, in this order. */
export async function theseOf(
  targets: readonly Target[],
  clusters: ReadonlyMap<string, WireCluster>,
  context: ReadContext,
): Promise<Found> {
  const byCluster = new Map<string, Target[]>();
  for (const target of targets) {
    const clusterId = belongsToCluster(target) ? clusterIdIn(target.id) : "";
    byCluster.set(clusterId, [...(byCluster.get(clusterId) ?? []), target]);
  }
  const found = new Map<Target, Found>();
  await fewAtOnce([...byCluster], async ([clusterId, some]) => {
    const wire = clusters.get(clusterId);
    const look = async (target: Target) => found.set(target, await oneFrom(target, wire, context));
    await Promise.all(some.map(look));
  });
  return together(targets.flatMap((target) => found.get(target) ?? []));
}

/** Whether a target is a cluster or belongs to one. */
function belongsToCluster({ type }: Target): boolean {
  return type === "Cluster" || isOfCluster(type);
}

async function oneFrom(
  target: Target,
  wire: WireCluster | undefined,
  context: ReadContext,
): Promise<Found> {
  const what = describe(target);
  if (!belongsToCluster(target)) return await thatOne(target, what, context);
  if (wire === undefined || wire.state === "DELETED") {
    const clusterId = clusterIdIn(target.id);
    return leaveOut(
      what,
      `the organization has no cluster ${clusterId}, or the key may not see it`,
    );
  }
  if (target.type === "Cluster") return clusterFrom(wire, target.name, what);
  const problem = problemOf(wire);
  if (problem !== undefined) return leaveOut(what, `of its cluster, ${problem}`);
  return await thatOne(target, what, context);
}

async function thatOne(target: Target, what: string, context: ReadContext): Promise<Found> {
  const found = await unlessDenied(what, () => objectFrom(target, context));
  return found === nothing ? leaveOut(what, "it is not there any more") : found;
}

/** Enough to use up what the API grants; more would only queue, and what waits too long is read again. */
const clustersAtOnce = 10;

async function fewAtOnce<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: clustersAtOnce }, worker));
  return results;
}

function clusterFrom(
  wire: WireCluster,
  name: string,
  what = `cluster "${wire.name}" (${wire.id})`,
): Found {
  const problem = problemOf(wire);
  if (problem !== undefined) return leaveOut(what, problem);
  const inputs = clusterArguments(toState(wire, {}, undefined));
  const state: ClusterOutputs = toState(wire, unansweredOf(inputs), undefined);
  const { id } = wire;
  return accepted(what, cluster, {
    type: "Cluster",
    id,
    name,
    inputs: { ...inputs },
    state,
  });
}

/** Why a cluster cannot be taken over. */
function problemOf(wire: WireCluster): string | undefined {
  if (wire.state === "CREATION_FAILED") {
    return "the service failed to create it: delete it in the Cloud Console, or with the stack that has made it";
  }
  if (creationMarkKey in wire.labels) {
    return "its creation by Pulumi is not finished: run pulumi up in the stack that makes it, then export again";
  }
  if (wire.state === "CREATING") return "it is being created: export again when it is ready";
  try {
    refuseUnknown(wire);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return undefined;
}

const nothing: Found = { resources: [], leftOut: [] };

/** An object as a refresh would read it; nothing when it does not exist. */
async function objectFrom(target: Target, context: ReadContext): Promise<Found> {
  const { type, id } = target;
  const { lifecycle } = resources[type];
  const found = await lifecycle.read(id, { state: {}, asked: {}, isForeign: false }, context);
  if (found === undefined) return nothing;
  return accepted(describe(target), lifecycle, {
    ...target,
    inputs: { ...found.inputs },
    state: found.state,
  });
}

function describe({ type, id, origin }: Target): string {
  const object = `${resources[type].lifecycle.kind} ${id}`;
  return origin === undefined ? object : `${origin} (${object})`;
}

/** Only what this package takes as it is, and leaves as it is in the first update. */
function accepted(
  what: string,
  { check, diff }: Pick<Lifecycle<object, object>, "check" | "diff">,
  resource: ExportedResource,
): Found {
  const { id, inputs, state } = resource;
  // As after the import, when what is there already may be as it is.
  const { failures } = check(inputs, inputs);
  if (failures.length > 0) {
    const reasons = failures.map(({ property, reason }) => `${property} ${reason}`);
    return leaveOut(what, reasons.join(" "));
  }
  const { updates, replaces } = diff(id, { state, asked: inputs, isForeign: false }, inputs);
  return updates.length + replaces.length === 0
    ? { resources: [resource], leftOut: [] }
    : leaveOut(
        what,
        "an operation on it is under way or has failed: export again when it has ended",
      );
}

function leaveOut(what: string, why: string): Found {
  return { resources: [], leftOut: [{ what, why }] };
}

/** Several finds as one. */
export function together(all: readonly Found[]): Found {
  return {
    resources: all.flatMap(({ resources }) => resources),
    leftOut: all.flatMap(({ leftOut }) => leftOut),
  };
}
