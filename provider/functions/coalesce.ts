/**
 * One list for all who ask before it is begun, so that it is never older than a question.
 *
 * The provider's lists may be some seconds old, because the provider knows of its own writes. The
 * program does not: a response from before an update would be wrong after it.
 */
import { setImmediate } from "node:timers/promises";

export class CoalescedList<Item> {
  readonly #list: () => Promise<Item[]>;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<Item[]> | undefined;

  constructor(list: () => Promise<Item[]>) {
    this.#list = list;
  }

  /** All items, as they are now or a little later. */
  async items(): Promise<Item[]> {
    this.#next ??= this.#begin();
    return await this.#next;
  }

  async #begin(): Promise<Item[]> {
    await this.#running;
    // Those who ask at the same time share it.
    await setImmediate();
    this.#next = undefined;
    const items = this.#list();
    this.#running = items.catch(() => {});
    return await items;
  }
}
