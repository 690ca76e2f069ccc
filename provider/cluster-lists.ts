/** The lists of what belongs to clusters, one for each cluster and kind, shared by all resources of a process. */
import type {
  AllowlistReading,
  Clock,
  CockroachCloudClient,
  WireAllowlistEntry,
  WireDatabase,
  WireSqlUser,
} from "../sdk";
import { SharedList } from "./shared-list";

export class ClusterLists {
  readonly #cloud: CockroachCloudClient;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #sqlUsers = new Map<string, SharedList<WireSqlUser>>();
  readonly #databases = new Map<string, SharedList<WireDatabase>>();
  readonly #allowlists = new Map<string, SharedList<WireAllowlistEntry>>();
  readonly #allowlistReadings = new Map<string, SharedList<AllowlistReading>>();

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
  allowlist(clusterId: string): SharedList<WireAllowlistEntry> {
    return shared(this.#allowlists, clusterId, () =>
      this.#newList({
        operation: `Listing the allowlist of cluster ${clusterId}`,
        list: (options) => this.#cloud.allowlist.list(clusterId, {}, options),
        keyOf: ({ cidr_ip, cidr_mask }) => `${cidr_ip}/${cidr_mask}`,
      }),
    );
  }

  /** The only item: the allowlist as a whole, which also tells, when it is empty, what is on its way. */
  allowlistReading(clusterId: string): SharedList<AllowlistReading> {
    const { allowlist } = this.#cloud;
    return shared(this.#allowlistReadings, clusterId, () =>
      this.#newList({
        operation: `Listing the allowlist of cluster ${clusterId}`,
        async *list(options) {
          yield await allowlist.read(clusterId, {}, options);
        },
        keyOf: () => clusterId,
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
