/**
 * Reads clusters with as few requests as possible: many readers and waiters share one list.
 *
 * The list leaves out failed and deleted clusters, so an id that is missing from it is confirmed by a
 * GET before it counts as deleted.
 */
import type { Clock, CockroachCloudClient, RequestOptions, WireCluster } from "../../sdk/index";
import { undefinedIfNotFound } from "../../sdk/index";
import { notFoundWaitMs, retryNotFound } from "../resource/not-found";
import type { ReaderOptions } from "./cached-list";
import { CachedList, readableForMs } from "./cached-list";
import { CreationForecast } from "./creation-forecast";

const minNodesPauseMs = 60_000;
const minInformativeNodesPauseMs = 45_000;
const nodesPausePerWaited = 0.5;

/** How one of many waiters polls its cluster. */
export interface ClusterPoll {
  /** The cluster as it was at some time since it was last observed, or undefined when it is deleted. */
  observe(): Promise<WireCluster | undefined>;
  /** Pauses for so long, or until somebody has polled. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export class ClusterCache {
  readonly #cloud: CockroachCloudClient;
  readonly #clock: Clock;
  readonly #list: CachedList<WireCluster>;
  readonly #signal: AbortSignal;
  /** By id, reads of clusters that a list has left out: all that belongs to one shares its read. */
  readonly #missing = new Map<string, { at: number; cluster: Promise<WireCluster | undefined> }>();
  /** Ids that the service, when last asked, did not find, of clusters that this run has not seen. */
  readonly #unheardOf = new Set<string>();
  #preCreateSnapshotSince: number | undefined;
  /** By kind of cluster. */
  readonly #forecasts = new Map<string, CreationForecast>();
  #nodesListedAt = Number.NEGATIVE_INFINITY;
  #waiting = 0;

  /** What is shared ends with `signal`. */
  constructor(cloud: CockroachCloudClient, clock: Clock, signal: AbortSignal) {
    this.#cloud = cloud;
    this.#clock = clock;
    this.#signal = signal;
    this.#list = new CachedList(
      {
        operation: "Listing clusters",
        list: (options) => cloud.clusters.list({}, options),
        keyOf: ({ id }) => id,
      },
      clock,
      signal,
    );
  }

  /** The cluster, or undefined when it is deleted; for a refresh, from a list that all its reads share. */
  async getCached(id: string, options?: ReaderOptions): Promise<WireCluster | undefined> {
    const listed = this.#unlessDeleted((await this.#list.recentItems(options)).get(id));
    if (listed) return listed;
    const known = this.#missing.get(id);
    if (known && this.#clock.now() - known.at < readableForMs) return await known.cluster;
    const read = { at: this.#clock.now(), cluster: this.get(id, { signal: this.#signal }) };
    this.#missing.set(id, read);
    try {
      return await read.cluster;
    } catch (error) {
      if (this.#missing.get(id) === read) this.#missing.delete(id);
      throw error;
    }
  }

  /** The cluster by one GET, or undefined when it is deleted. */
  async get(id: string, options?: RequestOptions): Promise<WireCluster | undefined> {
    const found = await undefinedIfNotFound(this.#cloud.clusters.get(id, options));
    if (found === undefined) this.#unheardOf.add(id);
    return this.#unlessDeleted(found);
  }

  /** The same for a cluster that this run has created or seen: a 404 counts only when it lasts. */
  async getSeen(id: string, options: RequestOptions = {}): Promise<WireCluster | undefined> {
    const { signal = this.#signal, deadline } = options;
    const read = retryNotFound(() => this.#cloud.clusters.get(id, options), {
      clock: this.#clock,
      signal,
      forMs: notFoundWaitMs,
      deadline,
    });
    return this.#unlessDeleted(await undefinedIfNotFound(read));
  }

  /**
   * Whether the service, when last asked, did not find the cluster, which this run has not seen. It finds deleted ones, so
   * this key's organization has probably never had it.
   */
  isUnheardOf(id: string): boolean {
    return this.#unheardOf.has(id);
  }

  /** Living clusters as they were before this process made any: one list for all creates of a run. */
  async preCreateSnapshot(options?: ReaderOptions): Promise<WireCluster[]> {
    this.#preCreateSnapshotSince ??= this.#clock.now();
    const freshness = { since: this.#preCreateSnapshotSince, ignoresWrites: true };
    return [...(await this.#list.items(freshness, options)).values()];
  }

  /** Living clusters as they are now. */
  async now(options?: ReaderOptions): Promise<WireCluster[]> {
    return [...(await this.#list.items({ since: this.#clock.now() }, options)).values()];
  }

  /** To be called when a name has become free or a create has an unknown end: the next create lists again. */
  invalidatePreCreateSnapshot(): void {
    this.#preCreateSnapshotSince = undefined;
  }

  /** To be called after every write: lists from before it no longer count. */
  invalidate(): void {
    this.#list.invalidate();
    this.#missing.clear();
  }

  /**
   * A way for one waiter to poll its cluster: by GET while it waits alone, from a
   * list of all who wait while others do too. A list that one of them asks for ends the pauses of all.
   */
  async whileWaiting<Result>(
    id: string,
    wait: (poll: ClusterPoll) => Promise<Result>,
    options?: RequestOptions,
  ): Promise<Result> {
    this.#waiting += 1;
    let watch = this.#list.watch();
    try {
      return await wait({
        observe: async () => {
          if (this.#waiting === 1) {
            watch = this.#list.watch();
            return await this.getSeen(id, options);
          }
          const { items } = await watch.next(options);
          return this.#unlessDeleted(items.get(id)) ?? (await this.getSeen(id, options));
        },
        pause: (ms, signal) => watch.pause(ms, signal),
      });
    } finally {
      this.#waiting -= 1;
    }
  }

  /** What is known of the creation of clusters like this one. */
  forecastFor({ cloud_provider, regions }: WireCluster): CreationForecast {
    const kind = [cloud_provider, ...regions.map(({ node_count }) => node_count).sort()].join(" ");
    const forecast = this.#forecasts.get(kind) ?? new CreationForecast();
    this.#forecasts.set(kind, forecast);
    return forecast;
  }

  /**
   * Whether the nodes of a cluster that has waited for so long may be listed now. They decide nothing, so it is
   * seldom, and no more often when many clusters wait.
   *
   * @param isInformative they would show better when the wait ends
   */
  mayListNodes(waitedMs: number, isInformative = false): boolean {
    const now = this.#clock.now();
    const pauseMs = isInformative
      ? minInformativeNodesPauseMs
      : Math.max(minNodesPauseMs, waitedMs * nodesPausePerWaited);
    if (now - this.#nodesListedAt < pauseMs) return false;
    this.#nodesListedAt = now;
    return true;
  }

  /** What was found, which is not unheard of. A deleted cluster is still found by its id. */
  #unlessDeleted(found: WireCluster | undefined): WireCluster | undefined {
    if (found !== undefined) this.#unheardOf.delete(found.id);
    return found?.state === "DELETED" ? undefined : found;
  }
}
