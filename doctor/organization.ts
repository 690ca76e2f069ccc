/**
 * What CockroachDB Cloud says about the resources of a stack, with as few requests as can be: one list of
 * all clusters, one read of each that the list leaves out, and one list of each type that is in state, of
 * the organization or of each cluster that has resources of that type.
 */
import { resources } from "../provider/resource/registry";
import type { Existing } from "../provider/resource/resource";
import type { ResourceType } from "../provider/resource/resource-types";
import { resourceTypes } from "../provider/resource/resource-types";
import type { CockroachCloudClient, RequestOptions, WireCluster } from "../sdk";
import { orUndefinedWhenGone, RequestError } from "../sdk";
import type { Place } from "./stack-state";
import { organization } from "./stack-state";

/** Something that could not be looked at. */
export interface Unseen {
  readonly what: string;
  readonly why: string;
}

export interface OrganizationFacts {
  /** All clusters that were seen, also failed and deleted ones. */
  readonly clusters: ReadonlyMap<string, WireCluster>;
  /** By place, then by type; a type is missing where it was not asked for or could not be seen. */
  readonly existing: ReadonlyMap<Place, ReadonlyMap<ResourceType, Existing>>;
  /** Clusters of which nobody can say whether they are there. */
  readonly hidden: ReadonlySet<string>;
  readonly unseen: readonly Unseen[];
}

/** What is asked: the keys by place and type; a cluster itself is asked for by its place. */
export type Question = ReadonlyMap<Place, ReadonlyMap<ResourceType, ReadonlySet<string>>>;

/** Looks at the organization. Throws when its clusters cannot be listed. */
export async function lookAt(
  cloud: CockroachCloudClient,
  question: Question,
  options: RequestOptions,
): Promise<OrganizationFacts> {
  const clusters = new Map<string, WireCluster>();
  const existing = new Map<Place, Map<ResourceType, Existing>>();
  const hidden = new Set<string>();
  const unseen: Unseen[] = [];
  for await (const wire of cloud.clusters.list({ showInactive: true }, options))
    clusters.set(wire.id, wire);

  const lookAtCluster = async (id: string) => {
    const answer = await attempt(orUndefinedWhenGone(cloud.clusters.get(id, options)));
    if ("failure" in answer) {
      hidden.add(id);
      unseen.push({ what: `cluster ${id}`, why: answer.failure });
    } else if (answer.result !== undefined) {
      clusters.set(id, answer.result);
    }
  };
  const places = [...question.keys()].filter((place) => place !== organization);
  await Promise.all(places.filter((id) => !clusters.has(id)).map(lookAtCluster));

  const lookAtType = async (place: Place, type: ResourceType, keys: ReadonlySet<string>) => {
    const clusterId = place === organization ? undefined : place;
    const answer = await attempt(
      resources[type].findExisting?.(clusterId, keys, { cloud, options }),
    );
    if ("failure" in answer) {
      const where = clusterId === undefined ? "of the organization" : `of cluster ${clusterId}`;
      unseen.push({ what: `${resourceTypes[type].plural} ${where}`, why: answer.failure });
    } else if (answer.result !== undefined) {
      const ofPlace = existing.get(place) ?? new Map<ResourceType, Existing>();
      existing.set(place, ofPlace.set(type, answer.result));
    }
  };
  await Promise.all(
    [...question].flatMap(([place, types]) =>
      place === organization || hasParts(clusters.get(place))
        ? [...types].map(([type, keys]) => lookAtType(place, type, keys))
        : [],
    ),
  );
  return { clusters, existing, hidden, unseen };
}

/** The API answers for the parts of a cluster only once it is there. */
function hasParts(wire: WireCluster | undefined): boolean {
  return wire?.state === "CREATED" || wire?.state === "LOCKED";
}

async function attempt<Result>(
  look: Promise<Result> | undefined,
): Promise<{ result: Result | undefined } | { failure: string }> {
  try {
    return { result: await look };
  } catch (error) {
    if (!RequestError.isInstance(error)) throw error;
    return { failure: error.message };
  }
}
