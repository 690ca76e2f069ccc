/**
 * One list for everybody who wants to know.
 *
 * Reads arrive spread over time, at most `--parallel` at once, so there is nothing to batch. What fits
 * is one list in flight for all, kept for a while and dropped after writes of our own.
 */
import type { Clock, RequestOptions } from "../../sdk/index";

/** How a list is read, and the key of an item. */
export interface ListSource<Item> {
  /** Completes "Listing … failed": `Listing clusters`. */
  operation: string;
  list(options: RequestOptions): List<Item>;
  keyOf(item: Item): string;
}

/** What a list says of itself. */
export interface ListEnd {
  /** What the service still does to put its last changes into force: `propagating`. */
  readonly pending?: string;
}

/** The items one by one, and at the end what their list says of itself, if anything. */
// biome-ignore lint/suspicious/noConfusingVoidType: this is what a generator without `return` returns.
export type List<Item> = AsyncIterable<Item, ListEnd | void>;

/** All items by key, and what their list says of itself. */
export interface Listed<Item> extends ListEnd {
  readonly items: ReadonlyMap<string, Item>;
}

/** How one of many who wait reads the list. */
export interface Watch<Item> {
  /** A list that was begun after the watch, and after all that it has returned before; by whomever. */
  next(options?: ReaderOptions): Promise<Listed<Item>>;
  /** Pauses for `ms`, or until somebody's list is here: of many who wait, the most impatient one asks. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

/** How fresh a list must be. */
export interface Freshness {
  /** Clock time before which it must not have been asked for. */
  since: number;
  /** Whether it may be from before a write of our own. @default false */
  ignoresWrites?: boolean;
}

/** Until when one reader waits: a list ends with its own signal, not with that of a reader. */
export type ReaderOptions = Pick<RequestOptions, "deadline">;

/** How long a list serves readers when nothing was written. */
export const readableForMs = 30_000;

interface Snapshot<Item> {
  /** Counted from 1: which of two lists was begun first. */
  number: number;
  startedAt: number;
  /** Writes of our own before it was asked for. */
  writesBefore: number;
  listed: Promise<Listed<Item>>;
  waiters: Set<Waiter>;
}

/** A caller whose time may be up before the list is here. */
interface Waiter {
  deadline: number;
  reject(error: Error): void;
}

export class CachedList<Item> {
  readonly #source: ListSource<Item>;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #latest: Snapshot<Item> | undefined;
  #previous: Snapshot<Item> | undefined;
  #writes = 0;
  #begun = 0;
  readonly #pausing = new Set<AbortController>();

  /** The list ends with `signal`, never with the operation of one of those who wait for it. */
  constructor(source: ListSource<Item>, clock: Clock, signal: AbortSignal) {
    this.#source = source;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** To be called after every write: lists from before it no longer count. */
  invalidate(): void {
    this.#writes += 1;
  }

  /** All items by key, as they were at some time since `since`. Fails when the caller's deadline comes first. */
  async items(
    freshness: Freshness,
    options: ReaderOptions = {},
  ): Promise<ReadonlyMap<string, Item>> {
    const latest = this.#latest;
    const isFresh = latest !== undefined && this.#isFresh(latest, freshness);
    return (await this.#within(isFresh ? latest : this.#start(), options)).items;
  }

  /** All items by key, from a list that readers share. */
  async recentItems(options?: ReaderOptions): Promise<ReadonlyMap<string, Item>> {
    return await this.items(this.#recent(), options);
  }

  /**
   * Whether two lists lack an item that a reader has not found in `recentItems`: a replica that has not caught up may
   * have sent the first one. The second is begun after `pauseMs`, and serves all who miss something.
   */
  async isMissingTwice(key: string, pauseMs: number, signal: AbortSignal): Promise<boolean> {
    const recent = [this.#previous, this.#latest].filter(
      (one) => one !== undefined && this.#isFresh(one, this.#recent()),
    );
    const lists = await Promise.all(recent.map((one) => one?.listed));
    if (lists.some((list) => list?.items.has(key))) return false;
    if (lists.length > 1) return true;
    const watch = this.watch();
    await this.#clock.sleep(pauseMs, signal);
    return !(await watch.next()).items.has(key);
  }

  #recent(): Freshness {
    return { since: this.#clock.now() - readableForMs };
  }

  #isFresh(snapshot: Snapshot<Item>, { since, ignoresWrites = false }: Freshness): boolean {
    return snapshot.startedAt >= since && (ignoresWrites || snapshot.writesBefore === this.#writes);
  }

  /** To be called when the wait begins, after the write that it waits for. */
  watch(): Watch<Item> {
    let last = this.#begun;
    return {
      next: async (options = {}) => {
        const latest = this.#latest;
        const next = latest !== undefined && latest.number > last ? latest : this.#start();
        last = next.number;
        return await this.#within(next, options);
      },
      pause: (ms, signal) => this.#pause(ms, signal),
    };
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const news = new AbortController();
    this.#pausing.add(news);
    try {
      await this.#clock.sleep(ms, AbortSignal.any([signal, news.signal]));
    } catch (error) {
      if (!news.signal.aborted || signal.aborted) throw error;
    } finally {
      this.#pausing.delete(news);
    }
  }

  #start(): Snapshot<Item> {
    const waiters = new Set<Waiter>();
    this.#begun += 1;
    const snapshot: Snapshot<Item> = {
      number: this.#begun,
      startedAt: this.#clock.now(),
      writesBefore: this.#writes,
      listed: this.#collect(waiters),
      waiters,
    };
    this.#previous = this.#latest;
    this.#latest = snapshot;
    // The failure itself reaches everyone who waits for this list; here it only must not be kept.
    snapshot.listed.then(
      () => {
        for (const news of this.#pausing) news.abort();
      },
      () => {
        if (this.#latest === snapshot) this.#latest = undefined;
      },
    );
    return snapshot;
  }

  async #collect(waiters: ReadonlySet<Waiter>): Promise<Listed<Item>> {
    const items = new Map<string, Item>();
    const { operation, list, keyOf } = this.#source;
    const options: RequestOptions = {
      signal: this.#signal,
      onWait: ({ ms, error }) => {
        const end = this.#clock.now() + ms;
        for (const { deadline, reject } of waiters) {
          if (end < deadline) continue;
          reject(
            error ?? new Error(`${operation} failed: there was no response within the time-out.`),
          );
        }
      },
    };
    const reader = list(options)[Symbol.asyncIterator]();
    while (true) {
      const next = await reader.next();
      if (next.done === true) return { ...next.value, items };
      items.set(keyOf(next.value), next.value);
    }
  }

  async #within(
    { listed, waiters }: Snapshot<Item>,
    { deadline }: ReaderOptions,
  ): Promise<Listed<Item>> {
    if (deadline === undefined) return await listed;
    return await new Promise((resolve, reject) => {
      const caller: Waiter = { deadline, reject };
      waiters.add(caller);
      listed.then(resolve, reject).finally(() => waiters.delete(caller));
    });
  }
}
