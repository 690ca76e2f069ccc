/**
 * Reads the resources of a stack from CockroachDB Cloud with the minimum number of requests: one list of all
 * clusters, one read of each cluster that the list omits, and one list of each type in state, of the
 * organization or of each cluster that has resources of that type.
 */
import { resources } from "../provider/resource/registry";
import type { Existing } from "../provider/resource/resource";
import type { ResourceType } from "../provider/resource/resource-types";
import { resourceTypes } from "../provider/resource/resource-types";
import type { CockroachCloudClient, RequestOptions, WireCluster } from "../sdk";
import { RequestError, undefinedIfNotFound } from "../sdk";
import type { Place } from "./stack-state";
import { organization } from "./stack-state";

/** Something that could not be checked. */
export interface Unchecked {
  readonly what: string;
  readonly why: string;
}

export interface OrganizationFacts {
  /** All clusters, also failed and deleted ones. */
  readonly clusters: ReadonlyMap<string, WireCluster>;
  /** By place, then by type; a type is missing where it was not queried or could not be read. */
  readonly existing: ReadonlyMap<Place, ReadonlyMap<ResourceType, Existing>>;
  /** Clusters that may or may not exist: reading them failed. */
  readonly unreadable: ReadonlySet<string>;
  readonly unchecked: readonly Unchecked[];
}

/** What to read: the keys by place and type; a place stands for the cluster itself, too. */
export type Query = ReadonlyMap<Place, ReadonlyMap<ResourceType, ReadonlySet<string>>>;

/** Reads the organization. Throws when its clusters cannot be listed. */
export async function readOrganization(
  cloud: CockroachCloudClient,
  query: Query,
  options: RequestOptions,
  now: number,
): Promise<OrganizationFacts> {
  const clusters = new Map<string, WireCluster>();
  const existing = new Map<Place, Map<ResourceType, Existing>>();
  const unreadable = new Set<string>();
  const unchecked: Unchecked[] = [];
  for await (const cluster of cloud.clusters.list({ showInactive: true }, options))
    clusters.set(cluster.id, cluster);

  const readCluster = async (id: string) => {
    const response = await attempt(undefinedIfNotFound(cloud.clusters.get(id, options)));
    if ("failure" in response) {
      unreadable.add(id);
      unchecked.push({ what: `cluster ${id}`, why: response.failure });
    } else if (response.result !== undefined) {
      clusters.set(id, response.result);
    }
  };
  const places = [...query.keys()].filter((place) => place !== organization);
  await Promise.all(places.filter((id) => !clusters.has(id)).map(readCluster));

  const findObjects = async (place: Place, type: ResourceType, keys: ReadonlySet<string>) => {
    const clusterId = place === organization ? undefined : place;
    const response = await attempt(
      resources[type].findExisting?.(clusterId, keys, { cloud, options }, now),
    );
    if ("failure" in response) {
      const where = clusterId === undefined ? "of the organization" : `of cluster ${clusterId}`;
      unchecked.push({ what: `${resourceTypes[type].plural} ${where}`, why: response.failure });
    } else if (response.result !== undefined) {
      const ofPlace = existing.get(place) ?? new Map<ResourceType, Existing>();
      existing.set(place, ofPlace.set(type, response.result));
    }
  };
  await Promise.all(
    [...query].flatMap(([place, types]) =>
      place === organization || hasParts(clusters.get(place))
        ? [...types].map(([type, keys]) => findObjects(place, type, keys))
        : [],
    ),
  );
  for (const id of places) {
    const cluster = clusters.get(id);
    const found = cluster && resources.Cluster.found?.(cluster);
    if (found === undefined) continue;
    const ofPlace = existing.get(id) ?? new Map<ResourceType, Existing>();
    const own = { keys: new Set([id]), objects: new Map([[id, found]]) };
    existing.set(id, ofPlace.set("Cluster", own));
  }
  return { clusters, existing, unreadable, unchecked };
}

/** The API returns the subresources of a cluster only once it is created. */
function hasParts(cluster: WireCluster | undefined): boolean {
  return cluster?.state === "CREATED" || cluster?.state === "LOCKED";
}

async function attempt<Result>(
  request: Promise<Result> | undefined,
): Promise<{ result: Result | undefined } | { failure: string }> {
  try {
    return { result: await request };
  } catch (error) {
    if (!RequestError.isInstance(error)) throw error;
    return { failure: error.message };
  }
}
