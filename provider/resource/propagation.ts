/**
 * Waits until the changes of a cluster that are read as one list are in force. The service carries them out after its
 * response, and whoever changes something at the same time waits on the same reads.
 */
import { undefinedIfNotFound } from "../../sdk/index";
import type { SharedList } from "../cache/cached-list";
import { waitUntil } from "../cache/polling";
import type { ResourceLists } from "../cache/resource-lists";
import { readOfCluster } from "./cluster-scoped";
import type { WriteCall } from "./definition";
import { notFoundWaitMs } from "./not-found";

interface Propagation<State, Reading> {
  /** The list whose only item, under the id of the cluster, says whether a change is on its way. */
  listOf(clusterId: string, lists: ResourceLists): SharedList<Reading>;
  isDone(reading: Reading): boolean;
  describe(state: State): string;
  /** Called when a write is in force; undefined where the cluster has no list. */
  inForce(state: State, reading: Reading | undefined, call: WriteCall): Promise<void>;
}

/** Objects that were written together wait together, so that one read serves all. */
const minPollIntervalMs = 2_000;

/** The waits of a definition. */
export function propagation<State extends { clusterId: string }, Reading>({
  listOf,
  isDone,
  describe,
  inForce,
}: Propagation<State, Reading>) {
  async function wait(
    { clusterId }: State,
    { context, deadline }: WriteCall,
    what: string,
  ): Promise<Reading | undefined> {
    const { clock, lists, signal, progress } = context;
    const list = listOf(clusterId, lists);
    return await waitUntil<Reading | undefined>({
      ...{ clock, signal, deadline, shortestPauseMs: minPollIntervalMs },
      pause: (ms) => list.pause(ms, signal),
      observe(since) {
        const freshness = { since, heedsWrites: false };
        const read = async () => (await list.items(freshness, { deadline })).get(clusterId);
        return readOfCluster(clusterId, context, read, { forMs: notFoundWaitMs, deadline });
      },
      isDone: (reading) => reading === undefined || isDone(reading),
      describe: () =>
        `${signal.aborted ? "Stopped" : "Timed out"} waiting for ${what} to be in force. It continues in CockroachDB Cloud: run the operation again to resume waiting.`,
      onProgress: (_reading, waitedMs) => progress("propagating", waitedMs),
    });
  }

  return {
    async untilInForce(state: State, call: WriteCall): Promise<void> {
      const reading = await wait(state, call, `the change of ${describe(state)}`);
      await inForce(state, reading, call);
    },
    async untilDeleted(place: State, call: WriteCall): Promise<void> {
      await undefinedIfNotFound(wait(place, call, `the deletion of ${describe(place)}`));
    },
  };
}
