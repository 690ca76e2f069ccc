/** The lists of what belongs to clusters, one for each cluster and kind, shared by all resources of a process. */
import type { Clock, CockroachCloudClient, WireSqlUser } from "../sdk";
import { SharedList } from "./shared-list";

export class ClusterLists {
  readonly #cloud: CockroachCloudClient;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #sqlUsers = new Map<string, SharedList<WireSqlUser>>();

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

  #newList<Item>(source: ConstructorParameters<typeof SharedList<Item>>[0]): SharedList<Item> {
    return new SharedList(source, this.#clock, this.#signal);
  }
}

function shared<List>(lists: Map<string, List>, clusterId: string, make: () => List): List {
  const list = lists.get(clusterId) ?? make();
  lists.set(clusterId, list);
  return list;
}
