/**
 * Reads an organization with the minimum number of requests: one list of all clusters, one list of each type of
 * which the organization or a cluster has several objects, and one read of each type of which a cluster has one.
 */
import { lifecycle as clusterLifecycle } from "../provider/cluster";
import { creationMarkKey } from "../provider/cluster/creation-mark";
import { clusterArguments } from "../provider/cluster/to-program";
import type { State as ClusterOutputs } from "../provider/cluster/wire";
import { refuseUnknown, toState, writeOnlyInputsOf } from "../provider/cluster/wire";
import type { Lifecycle, ReadContext } from "../provider/resource/lifecycle";
import { ownServiceAccountId } from "../provider/resource/own-credential";
import { resources } from "../provider/resource/registry";
import type { ResourceType } from "../provider/resource/resource-types";
import { allResourceTypes, isOfCluster, resourceTypes } from "../provider/resource/resource-types";
import type { RequestOptions, WireCluster } from "../sdk";
import { PermissionDeniedError } from "../sdk";
import type { ExportedResource, LeftOut, Target } from "./exported-resource";
import { clusterIdIn } from "./exported-resource";

/** What is exported, and what is not. */
export interface Found {
  readonly resources: readonly ExportedResource[];
  readonly leftOut: readonly LeftOut[];
}

/** All clusters of the organization by id, also failed and deleted ones. */
export async function listClusters(
  { cloud }: ReadContext,
  options: RequestOptions,
): Promise<ReadonlyMap<string, WireCluster>> {
  const clusters = new Map<string, WireCluster>();
  for await (const cluster of cloud.clusters.list({ showInactive: true }, options)) {
    clusters.set(cluster.id, cluster);
  }
  return clusters;
}

/** These clusters, by name, each followed by everything that belongs to it. */
export async function readClusters(
  clusters: Iterable<WireCluster>,
  context: ReadContext,
): Promise<Found> {
  const all = [...clusters].sort((a, b) => (a.name < b.name ? -1 : 1));
  const living = all.filter(({ state }) => state !== "DELETED");
  const found = await mapClusters(living, (cluster) => readClusterWithParts(cluster, context));
  const deleted = all.length - living.length;
  const leftOut: LeftOut[] =
    deleted === 0
      ? []
      : [{ what: `${deleted} deleted cluster${deleted === 1 ? "" : "s"}`, why: "" }];
  return mergeFound([...found, { resources: [], leftOut }]);
}

async function readClusterWithParts(cluster: WireCluster, context: ReadContext): Promise<Found> {
  const { id, name } = cluster;
  const self = clusterFrom(cluster, { type: "Cluster", id, name }, `cluster "${name}" (${id})`);
  if (self.resources.length === 0) return self;
  const found = await Promise.all(
    allResourceTypes
      .filter(isOfCluster)
      .map((type) =>
        readAllOf(
          type,
          cluster,
          `${resourceTypes[type].plural} of cluster "${cluster.name}"`,
          context,
        ),
      ),
  );
  return mergeFound([self, ...found]);
}

/** The objects of the organization that belong to no cluster, by name. */
export async function readOrganization(context: ReadContext): Promise<Found> {
  const types = allResourceTypes.filter((type) => type !== "Cluster" && !isOfCluster(type));
  const found = mergeFound(
    await Promise.all(
      types.map((type) => readAllOf(type, undefined, resourceTypes[type].plural, context)),
    ),
  );
  return await withoutOwnAccount(found, context);
}

/** No program should manage what it authenticates with: the account of the key, with its keys and roles. */
async function withoutOwnAccount(
  { resources: all, leftOut }: Found,
  { cloud, signal }: ReadContext,
): Promise<Found> {
  const own = all.find(({ type, id }) => type === "ApiKey" && id === cloud.apiKeyId);
  const accountId =
    own === undefined
      ? await ownServiceAccountId(cloud, { signal })
      : own.inputs["serviceAccountId"];
  if (accountId === undefined) return { resources: all, leftOut };
  const isOwn = ({ id, inputs }: ExportedResource) =>
    [id, inputs["serviceAccountId"], inputs["userId"]].includes(accountId);
  return { resources: all.filter((one) => !isOwn(one)), leftOut };
}

/** The objects of one type that a program may manage; not those at their default. */
async function readAllOf(
  type: ResourceType,
  cluster: WireCluster | undefined,
  what: string,
  context: ReadContext,
): Promise<Found> {
  return await unlessDenied(what, async () => {
    const candidates = await resources[type].findCandidates(cluster, context);
    const found = await Promise.all(
      candidates.map((candidate) => objectFrom({ type, ...candidate }, context)),
    );
    const { resources: all, leftOut } = mergeFound(found);
    return {
      resources: all.filter(({ state }) => resources[type].isDefault?.(state) !== true),
      leftOut,
    };
  });
}

/** What `find` returns; left out where the key has access to the cluster and not to this. */
async function unlessDenied(what: string, find: () => Promise<Found>): Promise<Found> {
  try {
    return await find();
  } catch (error) {
    if (!PermissionDeniedError.isInstance(error)) throw error;
    return leaveOut(what, error.message);
  }
}

/** The objects of these ids, in this order. */
export async function readTargets(
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
  await mapClusters([...byCluster], async ([clusterId, some]) => {
    const cluster = clusters.get(clusterId);
    const read = async (target: Target) =>
      found.set(target, await readTarget(target, cluster, context));
    await Promise.all(some.map(read));
  });
  return mergeFound(targets.flatMap((target) => found.get(target) ?? []));
}

/** Whether a target is a cluster or belongs to one. */
function belongsToCluster({ type }: Target): boolean {
  return type === "Cluster" || isOfCluster(type);
}

async function readTarget(
  target: Target,
  cluster: WireCluster | undefined,
  context: ReadContext,
): Promise<Found> {
  const what = describe(target);
  if (!belongsToCluster(target)) return await readExisting(target, what, context);
  if (cluster === undefined || cluster.state === "DELETED") {
    const clusterId = clusterIdIn(target.id);
    return leaveOut(
      what,
      `the organization has no cluster ${clusterId}, or the credential does not have access to it`,
    );
  }
  if (target.type === "Cluster") return clusterFrom(cluster, target, what);
  const problem = problemOf(cluster);
  if (problem !== undefined) return leaveOut(what, `of its cluster, ${problem}`);
  return await readExisting(target, what, context);
}

async function readExisting(target: Target, what: string, context: ReadContext): Promise<Found> {
  const found = await unlessDenied(what, () => objectFrom(target, context));
  return found === notFound ? leaveOut(what, "it no longer exists") : found;
}

/** Enough to use the whole rate limit; more would only queue. */
const clustersAtOnce = 10;

async function mapClusters<Item, Result>(
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

function clusterFrom(cluster: WireCluster, target: Target, what: string): Found {
  const problem = problemOf(cluster);
  if (problem !== undefined) return leaveOut(what, problem);
  const inputs = clusterArguments(toState(cluster, {}, undefined));
  const state: ClusterOutputs = toState(cluster, writeOnlyInputsOf(inputs), undefined);
  return acceptOrLeaveOut(what, clusterLifecycle, { ...target, inputs: { ...inputs }, state });
}

/** Why a cluster cannot be exported. */
function problemOf(cluster: WireCluster): string | undefined {
  if (cluster.state === "CREATION_FAILED") {
    return "the service failed to create it: delete it in the Cloud Console, or with the stack that created it";
  }
  if (creationMarkKey in cluster.labels) {
    return "its creation by Pulumi is not finished: run pulumi up in the stack that creates it, then export again";
  }
  if (cluster.state === "CREATING") return "it is being created: export again when it is ready";
  try {
    refuseUnknown(cluster);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return undefined;
}

const notFound: Found = { resources: [], leftOut: [] };

/** An object as a refresh would read it; nothing when it does not exist. */
async function objectFrom(target: Target, context: ReadContext): Promise<Found> {
  const { type, id } = target;
  const { lifecycle } = resources[type];
  const found = await lifecycle.read(id, { state: {}, inputs: {}, isFromBridge: false }, context);
  if (found === undefined) return notFound;
  return acceptOrLeaveOut(describe(target), lifecycle, {
    ...target,
    inputs: { ...found.inputs },
    state: found.state,
  });
}

function describe({ type, id, origin }: Target): string {
  const object = `${resources[type].lifecycle.kind} ${id}`;
  return origin === undefined ? object : `${origin} (${object})`;
}

/** Exports only what this package accepts, and leaves unchanged in the first update. */
function acceptOrLeaveOut(
  what: string,
  { check, diff, secrets = [] }: Pick<Lifecycle<object, object>, "check" | "diff" | "secrets">,
  resource: ExportedResource,
): Found {
  const { id, inputs, state } = resource;
  // As after the import, where existing values are accepted.
  const { failures } = check(inputs, inputs);
  const isUnreadable = (name: string) => secrets.includes(name) && !(name in inputs);
  const others = failures.filter(({ property }) => !isUnreadable(property));
  if (others.length > 0) {
    const reasons = others.map(({ property, reason }) => `${property} ${reason}`);
    return leaveOut(what, reasons.join(" "));
  }
  const unreadable = failures.map(({ property }) => property);
  const { updates, replaces } = diff(id, { state, inputs, isFromBridge: false }, inputs);
  return updates.length + replaces.length === 0
    ? { resources: [{ ...resource, unreadable }], leftOut: [] }
    : leaveOut(what, "an operation on it is running or has failed: export again when it has ended");
}

function leaveOut(what: string, why: string): Found {
  return { resources: [], leftOut: [{ what, why }] };
}

/** Several results as one. */
export function mergeFound(all: readonly Found[]): Found {
  return {
    resources: all.flatMap(({ resources }) => resources),
    leftOut: all.flatMap(({ leftOut }) => leftOut),
  };
}
