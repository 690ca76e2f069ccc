/**
 * Looks at clusters with as few requests as can be: many readers and waiters share one list.
 *
 * Reads arrive spread over time, at most `--parallel` at once, so there is nothing to batch. What
 * fits is one list in flight for everyone, kept for a while and dropped after writes of our own. The
 * list leaves out failed and deleted clusters, so an id that is missing from it is confirmed by a GET.
 */

import type { Clock, CockroachCloudClient, RequestOptions, WireCluster } from "../sdk";
import { orUndefinedWhenGone, systemClock } from "../sdk";

const readableForMs = 30_000;
const shortestNodesPauseMs = 8_000;
const nodesPausePerWaited = 0.25;

/** Who has more time than this waits as long as the client is patient. */
const patienceMs = 15 * 60_000;

interface Snapshot {
  startedAt: number;
  /** When the list is given up at the latest; infinite for callers who have time. */
  deadline: number;
  isHere: boolean;
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
  #nodesListedAt = Number.NEGATIVE_INFINITY;

  readonly #signal: AbortSignal | undefined;

  /** Lists that are shared end with `signal`, or at the deadline of the caller with the least time. */
  constructor(cloud: CockroachCloudClient, clock: Clock = systemClock, signal?: AbortSignal) {
    this.#cloud = cloud;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** The cluster, or undefined when it is gone; for a refresh, from a list that all its reads share. */
  async lookUp(id: string, options?: RequestOptions): Promise<WireCluster | undefined> {
    const since = Math.max(this.#lastWriteAt, this.#clock.now() - readableForMs);
    const listed = (await this.#snapshot(since, options).clusters).get(id);
    return listed ?? (await this.get(id, options));
  }

  /** The cluster by one GET, or undefined when it is gone. */
  async get(id: string, options?: RequestOptions): Promise<WireCluster | undefined> {
    const cluster = await orUndefinedWhenGone(this.#cloud.clusters.get(id, options));
    return cluster?.state === "DELETED" ? undefined : cluster;
  }

  /** Living clusters as they were before this process made any: one list for all creates of a run. */
  async beforeCreating(options?: RequestOptions): Promise<WireCluster[]> {
    if (!this.#beforeCreating || !this.#isInTimeFor(this.#beforeCreating, options))
      this.#beforeCreating = this.#snapshot(this.#lastWriteAt, options);
    return [...(await this.#beforeCreating.clusters).values()];
  }

  /** Living clusters as they are now. */
  async now(options?: RequestOptions): Promise<WireCluster[]> {
    return [...(await this.#snapshot(this.#clock.now(), options).clusters).values()];
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
        // Writes to other clusters change nothing about this one.
        const snapshot = this.#snapshot(
          Math.max(since, this.#clock.now() - ageMs),
          options,
          Number.NEGATIVE_INFINITY,
        );
        return (await snapshot.clusters).get(id) ?? (await this.get(id, options));
      });
    } finally {
      this.#waiting -= 1;
    }
  }

  /**
   * Whether the nodes of a cluster that has waited for so long may be listed now. They are shown and
   * decide nothing, so it is seldom, and no more often when many clusters wait.
   */
  mayListNodes(waitedMs: number): boolean {
    const now = this.#clock.now();
    if (now - this.#nodesListedAt < Math.max(shortestNodesPauseMs, waitedMs * nodesPausePerWaited))
      return false;
    this.#nodesListedAt = now;
    return true;
  }

  /** The latest list when it was asked for at or after `since` and after the last write that counts, else a new one. */
  #snapshot(
    since: number,
    options: RequestOptions | undefined,
    lastWriteAt = this.#lastWriteAt,
  ): Snapshot {
    const latest = this.#latest;
    const isFresh = latest && latest.startedAt >= since && latest.startedAt > lastWriteAt;
    if (isFresh && this.#isInTimeFor(latest, options)) return latest;
    const deadline = this.#deadlineOf(options);
    const snapshot: Snapshot = {
      startedAt: this.#clock.now(),
      deadline,
      isHere: false,
      clusters: this.#list(deadline),
    };
    this.#latest = snapshot;
    snapshot.clusters.then(
      () => {
        snapshot.isHere = true;
      },
      // The failure itself reaches everyone who waits for this list; here it only must not be kept.
      () => {
        if (this.#latest === snapshot) this.#latest = undefined;
        if (this.#beforeCreating === snapshot) this.#beforeCreating = undefined;
      },
    );
    return snapshot;
  }

  /** Whether the caller can wait for this list: it is here, or is given up neither too late nor too early for him. */
  #isInTimeFor({ isHere, deadline }: Snapshot, options: RequestOptions | undefined): boolean {
    const own = this.#deadlineOf(options);
    return isHere || deadline === own || (own < Number.POSITIVE_INFINITY && deadline < own);
  }

  #deadlineOf({ deadline = Number.POSITIVE_INFINITY }: RequestOptions = {}): number {
    return deadline - this.#clock.now() > patienceMs ? Number.POSITIVE_INFINITY : deadline;
  }

  async #list(deadline: number): Promise<ReadonlyMap<string, WireCluster>> {
    const clusters = new Map<string, WireCluster>();
    const options = {
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
      ...(deadline === Number.POSITIVE_INFINITY ? {} : { deadline }),
    };
    for await (const cluster of this.#cloud.clusters.list({}, options))
      clusters.set(cluster.id, cluster);
    return clusters;
  }
}
