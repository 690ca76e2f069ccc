/** The lists that the resources of a process share, each by its name. */
import type { Clock } from "../../sdk/index";
import type { ListSource } from "./cached-list";
import { CachedList } from "./cached-list";

export class ResourceLists {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #lists = new Map<string, CachedList<never>>();

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** The list of this name, which all who ask for it share. */
  of<Item>(name: string, source: ListSource<Item>): CachedList<Item> {
    const lists = this.#lists as unknown as Map<string, CachedList<Item>>;
    const list = lists.get(name) ?? new CachedList(source, this.#clock, this.#signal);
    lists.set(name, list);
    return list;
  }
}
