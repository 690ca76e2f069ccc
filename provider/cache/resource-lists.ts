/** The lists that the resources of a process share, each by its name. */
import type { AllowlistReading, Clock, CockroachCloudClient } from "../../sdk/index";
import { SharedList } from "./cached-list";

export class ResourceLists {
  readonly #cloud: CockroachCloudClient;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #allowlistReadings = new Map<string, SharedList<AllowlistReading>>();

  readonly #others = new Map<string, SharedList<never>>();

  constructor(cloud: CockroachCloudClient, clock: Clock, signal: AbortSignal) {
    this.#cloud = cloud;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** The only item: the allowlist as a whole, which also says, when it is empty, what is on its way. */
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

  /** The list of this name, which all who ask for it share. */
  of<Item>(
    name: string,
    source: ConstructorParameters<typeof SharedList<Item>>[0],
  ): SharedList<Item> {
    const lists = this.#others as unknown as Map<string, SharedList<Item>>;
    return shared(lists, name, () => this.#newList(source));
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
