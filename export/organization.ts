/**
 * What an organization has, with as few requests as can be: one list of all clusters, and for each cluster
 * one list of each kind of part; of an Advanced one also its window, its deferral and its keys.
 */
import {
  resource as allowlistEntries,
  lifecycle as allowlistEntry,
} from "../provider/allowlist-entry";
import { lifecycle as cluster } from "../provider/cluster";
import { clusterArguments } from "../provider/cluster-arguments";
import type { State as ClusterOutputs } from "../provider/cluster-state";
import { refuseUnknown, toState, unansweredOf } from "../provider/cluster-state";
import { lifecycle as cmekConfig } from "../provider/cmek-config";
import { creationMarkKey } from "../provider/creation-mark";
import { lifecycle as database, resource as databases, firstDatabases } from "../provider/database";
import type { Lifecycle, ReadContext } from "../provider/lifecycle";
import { lifecycle as maintenanceWindow } from "../provider/maintenance-window";
import { lifecycle as sqlUser, resource as sqlUsers } from "../provider/sql-user";
import { lifecycle as versionDeferral } from "../provider/version-deferral";
import type { RequestOptions, WireCluster } from "../sdk";
import { PermissionDeniedError } from "../sdk";
import type { ExportedResource, LeftOut, PartType, Target } from "./exported-resource";
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
  const several = Object.entries(listedParts(wire, context)).map(([kinds, list]) =>
    unlessDenied(`${kinds} of cluster "${wire.name}"`, async () => {
      const targets = await list();
      return together(await Promise.all(targets.map((target) => partFrom(target, context))));
    }),
  );
  const single = singleParts(wire).map((target) =>
    unlessDenied(describe(target), () => partFrom(target, context)),
  );
  const found = await Promise.all([...several, ...single]);
  return together([self, ...found.map(withoutDefaults)]);
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

/** Parts of which a cluster has several. */
function listedParts(
  { id, name }: WireCluster,
  context: ReadContext,
): Record<string, () => Promise<Target[]>> {
  const place = { clusterId: id };
  return {
    "SQL users": async () =>
      [...(await sqlUsers.list(place, context).recentItems()).keys()].map(
        (user): Target => ({ type: "SqlUser", id: `${id}:${user}`, name: `${name}-${user}` }),
      ),
    databases: async () =>
      [...(await databases.list(place, context).recentItems()).keys()]
        .filter((one) => one !== "system" && !firstDatabases.has(one))
        .map((one): Target => ({ type: "Database", id: `${id}:${one}`, name: `${name}-${one}` })),
    "allowlist entries": async () =>
      [...(await allowlistEntries.list(place, context).recentItems())].map(
        ([range, entry]): Target => ({
          type: "AllowlistEntry",
          id: `${id}:${range}`,
          name: `${name}-${entry.name || range}`,
        }),
      ),
  };
}

/** Parts of which an Advanced cluster may have one. */
function singleParts({ id, name, plan, network_visibility }: WireCluster): Target[] {
  if (plan !== "ADVANCED") return [];
  return [
    // A cluster with public addresses takes no keys.
    ...(network_visibility === "PUBLIC"
      ? []
      : [{ type: "CmekConfig" as const, id, name: `${name}-keys` }]),
    { type: "MaintenanceWindow", id, name: `${name}-window` },
    { type: "VersionDeferral", id, name: `${name}-deferral` },
  ];
}

/** Every Advanced cluster has a deferral; that it is none need not be said. */
function withoutDefaults({ resources, leftOut }: Found): Found {
  const isDefault = ({ type, inputs }: ExportedResource) =>
    type === "VersionDeferral" && inputs["deferralPolicy"] === "NOT_DEFERRED";
  return { resources: resources.filter((resource) => !isDefault(resource)), leftOut };
}

/** The objects of these ids, in this order. */
export async function theseOf(
  targets: readonly Target[],
  clusters: ReadonlyMap<string, WireCluster>,
  context: ReadContext,
): Promise<Found> {
  const byCluster = new Map<string, Target[]>();
  for (const target of targets) {
    const clusterId = clusterIdIn(target.id);
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

async function oneFrom(
  target: Target,
  wire: WireCluster | undefined,
  context: ReadContext,
): Promise<Found> {
  const what = describe(target);
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
  const found = await unlessDenied(what, () => partFrom(target, context));
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
    clusterId: id,
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

type PartLifecycle = Pick<Lifecycle<object, object>, "kind" | "check" | "diff" | "read">;

const parts: Readonly<Record<PartType, PartLifecycle>> = {
  SqlUser: sqlUser,
  Database: database,
  AllowlistEntry: allowlistEntry,
  CmekConfig: cmekConfig,
  MaintenanceWindow: maintenanceWindow,
  VersionDeferral: versionDeferral,
};

const nothing: Found = { resources: [], leftOut: [] };

/** A part as a refresh would read it; nothing when it is not there. */
async function partFrom(target: Target, context: ReadContext): Promise<Found> {
  const { type, id } = target;
  const found = await parts[type as PartType].read(
    id,
    { state: {}, asked: {}, isForeign: false },
    context,
  );
  if (found === undefined) return nothing;
  const inputs = { ...found.inputs };
  return accepted(describe(target), parts[type as PartType], {
    ...target,
    clusterId: clusterIdIn(id),
    inputs,
    state: found.state,
  });
}

function describe({ type, id, origin }: Target): string {
  const object = type === "Cluster" ? `cluster ${id}` : `${parts[type].kind} ${id}`;
  return origin === undefined ? object : `${origin} (${object})`;
}

/** Only what this package takes as it is, and leaves as it is in the first update. */
function accepted(what: string, { check, diff }: PartLifecycle, resource: ExportedResource): Found {
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

function together(all: readonly Found[]): Found {
  return {
    resources: all.flatMap(({ resources }) => resources),
    leftOut: all.flatMap(({ leftOut }) => leftOut),
  };
}
