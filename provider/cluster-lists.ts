/** The lists of what belongs to clusters, one for each cluster and kind, shared by all resources of a process. */
import type {
  Clock,
  CockroachCloudClient,
  RequestOptions,
  WireAllowlistEntry,
  WireDatabase,
  WireSqlUser,
} from "../sdk";
import { SharedList } from "./shared-list";

/** An entry of an allowlist, as one reading of the whole list found it. */
export interface ListedAllowlistEntry extends WireAllowlistEntry {
  /** Whether changes of the list were still on their way to the cluster. */
  isPropagating: boolean;
}

export class ClusterLists {
  readonly #cloud: CockroachCloudClient;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #sqlUsers = new Map<string, SharedList<WireSqlUser>>();
  readonly #databases = new Map<string, SharedList<WireDatabase>>();
  readonly #allowlists = new Map<string, SharedList<ListedAllowlistEntry>>();

  constructor(cloud: CockroachCloudClient, clock: Clock, signal: AbortSignal) {
    this.#cloud = cloud;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** The SQL users of a cluster by name. */
  sqlUsers(clusterId: string): SharedList<WireSqlUser> {
    return shared(this.#sqlUsers, clusterId, () =>
      this.#newList({
        operation: `Listing the SQL users of cluster ${clusterId}`,
        list: (options) => this.#cloud.sqlUsers.list(clusterId, {}, options),
        keyOf: ({ name }) => name,
      }),
    );
  }

  /** The databases of a cluster by name. */
  databases(clusterId: string): SharedList<WireDatabase> {
    return shared(this.#databases, clusterId, () =>
      this.#newList({
        operation: `Listing the databases of cluster ${clusterId}`,
        list: (options) => this.#cloud.databases.list(clusterId, {}, options),
        keyOf: ({ name }) => name,
      }),
    );
  }

  /** The allowlist of a cluster by address and mask: `203.0.113.0/24`. */
  allowlist(clusterId: string): SharedList<ListedAllowlistEntry> {
    return shared(this.#allowlists, clusterId, () =>
      this.#newList({
        operation: `Listing the allowlist of cluster ${clusterId}`,
        list: (options) => this.#allowlistEntries(clusterId, options),
        keyOf: ({ cidr_ip, cidr_mask }) => `${cidr_ip}/${cidr_mask}`,
      }),
    );
  }

  async *#allowlistEntries(
    clusterId: string,
    options: RequestOptions,
  ): AsyncIterable<ListedAllowlistEntry> {
    const { entries, propagating } = await this.#cloud.allowlist.read(clusterId, {}, options);
    for (const entry of entries) yield { ...entry, isPropagating: propagating };
  }

  #newList<Item>(source: ConstructorParameters<typeof SharedList<Item>>[0]): SharedList<Item> {
    return new SharedList(source, this.#clock, this.#signal);
  }
}

function shared<List>(lists: Map<string, List>, clusterId: string, make: () => List): List {
  const list = lists.get(clusterId) ?? make();
  lists.set(clusterId, list);
  return list;
}
