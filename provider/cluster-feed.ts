/**
 * Looks at clusters with as few requests as can be: many readers and waiters share one list.
 *
 * Reads arrive spread over time, at most `--parallel` at once, so there is nothing to batch. What
 * fits is one list in flight for everyone, kept for a while and dropped after writes of our own. The
 * list leaves out failed and deleted clusters, so an id that is missing from it is confirmed by a GET.
 */
import { orUndefinedWhenGone, systemClock } from "../sdk";
import type { Clock, CockroachCloudClient, RequestOptions, WireCluster } from "../sdk";

const readableForMs = 30_000;

interface Snapshot {
  startedAt: number;
  clusters: Promise<ReadonlyMap<string, WireCluster>>;
}

export class ClusterFeed {
  readonly #cloud: CockroachCloudClient;
  readonly #clock: Clock;
  readonly #adopted = new Set<string>();
  #latest: Snapshot | undefined;
  #beforeCreating: Snapshot | undefined;
  #lastWriteAt = Number.NEGATIVE_INFINITY;
  #waiting = 0;

  readonly #signal: AbortSignal | undefined;

  /** Lists that are shared end with `signal`, never with the operation of one of those that share them. */
  constructor(cloud: CockroachCloudClient, clock: Clock = systemClock, signal?: AbortSignal) {
    this.#cloud = cloud;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** The cluster, or undefined when it is gone; for a refresh, from a list that all its reads share. */
  async lookUp(id: string, options?: RequestOptions): Promise<WireCluster | undefined> {
    const since = Math.max(this.#lastWriteAt, this.#clock.now() - readableForMs);
    const listed = (await this.#snapshot(since).clusters).get(id);
    return listed ?? (await this.get(id, options));
  }

  /** The cluster by one GET, or undefined when it is gone. */
  async get(id: string, options?: RequestOptions): Promise<WireCluster | undefined> {
    const cluster = await orUndefinedWhenGone(this.#cloud.clusters.get(id, options));
    return cluster?.state === "DELETED" ? undefined : cluster;
  }

  /** Living clusters as they were before this process made any: one list for all creates of a run. */
  async beforeCreating(): Promise<WireCluster[]> {
    this.#beforeCreating ??= this.#snapshot(this.#lastWriteAt);
    return [...(await this.#beforeCreating.clusters).values()];
  }

  /** Living clusters as they are now. */
  async now(): Promise<WireCluster[]> {
    return [...(await this.#snapshot(this.#clock.now()).clusters).values()];
  }

  /** To be called when a name has become free or a create has an unknown end: the next create looks again. */
  forgetBeforeCreating(): void {
    this.#beforeCreating = undefined;
  }

  /** To be called after every write: lists from before it no longer count. */
  wrote(): void {
    this.#lastWriteAt = this.#clock.now();
  }

  /** Notes that this process took the cluster over for a new resource, so that nothing here deletes it. */
  adopt(id: string): void {
    this.#adopted.add(id);
  }

  isAdopted(id: string): boolean {
    return this.#adopted.has(id);
  }

  /**
   * A way for one waiter to look at its cluster again and again: by GET while it waits alone, from a
   * shared list of at most the given age while others wait too.
   */
  async whileWaiting<Result>(
    id: string,
    wait: (observe: (ageMs: number) => Promise<WireCluster | undefined>) => Promise<Result>,
    options?: RequestOptions,
  ): Promise<Result> {
    const since = this.#clock.now();
    this.#waiting += 1;
    try {
      return await wait(async (ageMs) => {
        if (this.#waiting === 1) return await this.get(id, options);
        const snapshot = this.#snapshot(Math.max(since, this.#clock.now() - ageMs));
        return (await snapshot.clusters).get(id) ?? (await this.get(id, options));
      });
    } finally {
      this.#waiting -= 1;
    }
  }

  /** The latest list when it was asked for at or after `since` and after our last write, else a new one. */
  #snapshot(since: number): Snapshot {
    const latest = this.#latest;
    if (latest && latest.startedAt >= since && latest.startedAt > this.#lastWriteAt) return latest;
    const snapshot: Snapshot = { startedAt: this.#clock.now(), clusters: this.#list() };
    this.#latest = snapshot;
    // The failure itself reaches everyone who waits for this list; here it only must not be kept.
    snapshot.clusters.catch(() => {
      if (this.#latest === snapshot) this.#latest = undefined;
      if (this.#beforeCreating === snapshot) this.#beforeCreating = undefined;
    });
    return snapshot;
  }

  async #list(): Promise<ReadonlyMap<string, WireCluster>> {
    const clusters = new Map<string, WireCluster>();
    const options = this.#signal === undefined ? {} : { signal: this.#signal };
    for await (const cluster of this.#cloud.clusters.list({}, options)) clusters.set(cluster.id, cluster);
    return clusters;
  }
}
