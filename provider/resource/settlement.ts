/** Waits until the service has put a write into force, which repeated reads of the shared list show. */
import { undefinedIfNotFound } from "../../sdk/index";
import { waitUntil } from "../cache/polling";
import { readOfCluster } from "./cluster-scoped";
import type { Known } from "./definition";
import type { Driver } from "./driver";
import { callOf } from "./driver";
import type { Context } from "./lifecycle";
import { notFoundWaitMs } from "./not-found";

/** Objects that were written together wait together, so that one list serves all. */
const minPollIntervalMs = 3_000;

/** For how long an object in force may still show what it was before: reads of the API may be stale. */
const staleReadMs = 60_000;

interface Written<Inputs, State> {
  readonly id: string;
  readonly inputs: Inputs;
  readonly state: State;
}

/**
 * Returns when the object is in force with the arguments. Throws when it can no longer come into force.
 * @param onSeen receives the state of every read
 */
export async function untilSettled<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  { id, inputs, state }: Written<Inputs, State>,
  context: Context,
  onSeen: (state: State) => void,
): Promise<void> {
  const { definition, compare } = driver;
  const { settlement } = definition;
  if (settlement === undefined) return;
  const place = driver.known(id, state);
  const object = definition.describe(place);
  let seen = state;
  let inForceSince: number | undefined;
  await poll(driver, place, context, {
    waitingFor: `for ${object} to be in force`,
    stageOf(remote, waitedMs) {
      if (remote !== undefined) {
        seen = definition.toState(remote, place);
        onSeen(seen);
      }
      const stage = settlement.pending(remote, { place, waitedMs });
      if (stage !== undefined) return stage;
      const { updates } = compare.changes(seen, inputs);
      if (updates.length === 0) return undefined;
      inForceSince ??= waitedMs;
      if (waitedMs - inForceSince >= staleReadMs) {
        throw new Error(
          `${capitalized(object)} is in force with another ${updates.join(", ")} than was written: something else may have changed it. Run \`pulumi refresh\`, then the update again.`,
        );
      }
      return `waiting for ${updates.join(", ")} to be in force`;
    },
    advice: "It is in the stack's state, and the next update continues the wait.",
  });
  const note = settlement.note?.(seen);
  if (note !== undefined) await context.note(note.severity, note.message);
}

/** Returns when the object is deleted. */
export async function untilDeletionSettled<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  place: Known<State>,
  context: Context,
): Promise<void> {
  const { definition } = driver;
  const { settlement, collection } = definition;
  const pendingDeletion = settlement?.pendingDeletion;
  if (pendingDeletion === undefined) return;
  await undefinedIfNotFound(
    poll(driver, place, context, {
      waitingFor: `for the deletion of ${definition.describe(place)}`,
      stageOf: (remote, waitedMs) =>
        remote === undefined || collection?.isAbsent?.(remote) === true
          ? undefined
          : pendingDeletion(remote, { place, waitedMs }),
      advice: "Run the operation again to continue the wait.",
    }),
  );
}

interface Poll<Remote> {
  readonly waitingFor: string;
  readonly advice: string;
  /** What goes on; undefined when the wait is over. */
  stageOf(remote: Remote | undefined, waitedMs: number): string | undefined;
}

interface Observation {
  readonly stage: string | undefined;
}

async function poll<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  place: Known<State>,
  context: Context,
  { waitingFor, advice, stageOf }: Poll<Remote>,
): Promise<void> {
  const { clock, signal, progress } = context;
  const { deadline } = callOf(context, driver.definition.timeoutMs);
  const list = driver.listOf(place, context);
  const key = driver.definition.collection?.keyIn(place);
  if (list === undefined || key === undefined) return;
  const clusterId = driver.clusterOf(place);
  const start = clock.now();
  await waitUntil<Observation>({
    ...{ clock, signal, deadline, start },
    shortestPauseMs: minPollIntervalMs,
    startsAtOnce: true,
    pause: (ms) => list.pause(ms, signal),
    async observe(since) {
      const read = () => list.items({ since, heedsWrites: false }, { deadline });
      const items = await (clusterId === undefined
        ? read()
        : readOfCluster(clusterId, context, read, { forMs: notFoundWaitMs, deadline }));
      return { stage: stageOf(items.get(key), clock.now() - start) };
    },
    isDone: ({ stage }) => stage === undefined,
    describe: (last) =>
      `${signal.aborted ? "Stopped waiting" : "Gave up waiting"} ${waitingFor}: the service goes on.${last?.stage === undefined ? "" : ` It was last seen ${last.stage}.`} ${advice}`,
    onProgress: ({ stage = "" }, waitedMs) => progress(stage, waitedMs),
  });
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
