/**
 * What CockroachDB Cloud says about the clusters of a stack and their parts, with as few requests as
 * can be: one list of all clusters, one look at each that the list leaves out, and one list of each
 * kind of part for each cluster that has parts of that kind in state.
 */
import type { ResourceType } from "../provider/resource-types";
import type { CockroachCloudClient, RequestOptions, WireCluster } from "../sdk";
import { orUndefinedWhenGone, RequestError } from "../sdk";

/** What there is of one kind of part on one cluster. */
export interface Parts {
  /** By the keys that tell them apart; the empty key stands for a part of which there is only one. */
  readonly present: ReadonlySet<string>;
  /** What has failed with it, in the service's words. */
  readonly failure?: string;
}

/** Something that could not be looked at. */
export interface Unseen {
  readonly what: string;
  readonly why: string;
}

export interface OrganizationFacts {
  /** All clusters that were seen, also failed and deleted ones. */
  readonly clusters: ReadonlyMap<string, WireCluster>;
  /** By cluster, then by kind; a kind is missing where it was not asked for or could not be seen. */
  readonly parts: ReadonlyMap<string, ReadonlyMap<ResourceType, Parts>>;
  /** Clusters of which nobody can say whether they are there. */
  readonly hidden: ReadonlySet<string>;
  readonly unseen: readonly Unseen[];
}

/** What is asked: the kinds of parts by cluster; none for a cluster that is only looked at itself. */
export type Question = ReadonlyMap<string, ReadonlySet<ResourceType>>;

/** Looks at the organization. Throws when its clusters cannot be listed. */
export async function lookAt(
  cloud: CockroachCloudClient,
  question: Question,
  options: RequestOptions,
): Promise<OrganizationFacts> {
  const clusters = new Map<string, WireCluster>();
  const parts = new Map<string, Map<ResourceType, Parts>>();
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
  await Promise.all([...question.keys()].filter((id) => !clusters.has(id)).map(lookAtCluster));

  const lookAtParts = async (id: string, type: ResourceType, look: Look) => {
    const answer = await attempt(look(cloud, id, options));
    if ("failure" in answer) {
      unseen.push({ what: `${pluralOf[type]} of cluster ${id}`, why: answer.failure });
    } else {
      const ofCluster = parts.get(id) ?? new Map<ResourceType, Parts>();
      parts.set(id, ofCluster.set(type, answer.result));
    }
  };
  await Promise.all(
    [...question].flatMap(([id, types]) =>
      hasParts(clusters.get(id))
        ? [...types].flatMap((type) => {
            const look = looks[type];
            return look === undefined ? [] : [lookAtParts(id, type, look)];
          })
        : [],
    ),
  );
  return { clusters, parts, hidden, unseen };
}

/** The API answers for the parts of a cluster only once it is there. */
function hasParts(wire: WireCluster | undefined): boolean {
  return wire?.state === "CREATED" || wire?.state === "LOCKED";
}

async function attempt<Result>(
  look: Promise<Result>,
): Promise<{ result: Result } | { failure: string }> {
  try {
    return { result: await look };
  } catch (error) {
    if (!RequestError.isInstance(error)) throw error;
    return { failure: error.message };
  }
}

type Look = (
  cloud: CockroachCloudClient,
  clusterId: string,
  options: RequestOptions,
) => Promise<Parts>;

const theOnlyOne: ReadonlySet<string> = new Set([""]);
const none: ReadonlySet<string> = new Set();

/** A cluster is listed with all others, and a version deferral is there for as long as its cluster is. */
const looks: Partial<Record<ResourceType, Look>> = {
  SqlUser: async (cloud, id, options) =>
    keysOf(cloud.sqlUsers.list(id, {}, options), ({ name }) => name),
  Database: async (cloud, id, options) =>
    keysOf(cloud.databases.list(id, {}, options), ({ name }) => name),
  AllowlistEntry: async (cloud, id, options) =>
    keysOf(
      cloud.allowlist.list(id, {}, options),
      ({ cidr_ip, cidr_mask }) => `${cidr_ip}/${cidr_mask}`,
    ),
  MaintenanceWindow: async (cloud, id, options) => ({
    present: (await cloud.maintenanceWindows.get(id, options)) === undefined ? none : theOnlyOne,
  }),
  CmekConfig: async (cloud, id, options) => {
    const info = await orUndefinedWhenGone(cloud.cmek.get(id, options));
    const regions = info?.region_infos ?? [];
    const isEnabled = [info, ...regions].some((one) => (one?.status ?? "DISABLED") !== "DISABLED");
    const failed = regions.filter(({ status }) => status.endsWith("_FAILED"));
    const failure = failed.map(({ region, status, key_infos }) => {
      const message = key_infos.find(({ user_message }) => user_message !== "")?.user_message;
      return `${region} ${status}${message === undefined ? "" : ` (${message})`}`;
    });
    return {
      present: isEnabled ? theOnlyOne : none,
      ...(failure.length === 0 ? {} : { failure: failure.join(", ") }),
    };
  },
};

const pluralOf: Readonly<Record<ResourceType, string>> = {
  Cluster: "clusters",
  SqlUser: "SQL users",
  Database: "databases",
  AllowlistEntry: "allowlist entries",
  MaintenanceWindow: "maintenance window",
  VersionDeferral: "version deferral",
  CmekConfig: "encryption keys",
};

async function keysOf<Item>(
  items: AsyncIterable<Item>,
  keyOf: (item: Item) => string,
): Promise<Parts> {
  const present = new Set<string>();
  for await (const item of items) present.add(keyOf(item));
  return { present };
}
