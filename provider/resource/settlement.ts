/** Waits until the service has put a write of a defined resource into force. */
import { BadRequestError, isNotFound } from "../../sdk/index";
import type { ListEnd } from "../cache/cached-list";
import { waitUntil } from "../cache/polling";
import { capitalize } from "../values/capitalize";
import { readOfCluster } from "./cluster-scoped";
import type { Known, SettlementWait } from "./definition";
import type { Driver } from "./driver";
import { callOf } from "./driver";
import { DeletedError, InitializationError, messageOf } from "./errors";
import type { Context } from "./lifecycle";
import { notFoundWaitMs } from "./not-found";

/** Objects that were written together wait together, so that one list serves all. */
const minPollIntervalMs = 6_000;
/** For how long an object in force may still show what it was before: reads of the API may be stale. */
const staleReadMs = 60_000;
/** For how long an object in force may lack what only shows somewhat later. */
const lackMs = 30_000;

/** The lists of which a note was reported. */
const notedLists = new WeakSet<object>();

interface Written<Inputs, State> {
  readonly id: string;
  readonly inputs: Inputs;
  readonly state: State;
}

/**
 * Returns the state once the object is in force with the arguments. It exists, so a failure leaves it in state, as it was
 * last seen.
 */
export async function waitUntilSettled<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  { id, inputs, state }: Written<Inputs, State>,
  context: Context,
): Promise<State> {
  const { definition, compare } = driver;
  const { settlement } = definition;
  if (settlement === undefined) return state;
  const place = driver.known(id, state);
  const object = definition.describe(place);
  let seen = state;
  let inForceSince: number | undefined;
  try {
    const { items } = await poll(driver, place, context, {
      waitingFor: `for ${object} to be in force`,
      isDeletion: false,
      stageOf(remote, wait) {
        if (remote !== undefined) seen = driver.stateAfter(remote, inputs, place);
        const stage = settlement.pending(remote, wait);
        if (stage !== undefined) return stage;
        inForceSince ??= wait.waitedMs;
        const inForceMs = wait.waitedMs - inForceSince;
        const { updates } = compare.changes(seen, inputs);
        if (updates.length > 0 && inForceMs >= staleReadMs) {
          throw new Error(
            `${capitalize(object)} is in force with another ${updates.join(", ")} than was written: something else may have changed it. Run \`pulumi refresh\`, then the update again.`,
          );
        }
        if (updates.length > 0) return `waiting for ${updates.join(", ")} to be in force`;
        const lacking = remote === undefined ? undefined : settlement.lacks?.(remote);
        return lacking === undefined || inForceMs >= lackMs ? undefined : `waiting for ${lacking}`;
      },
      advice: "It is in the stack's state, and the next update continues the wait.",
    });
    const note = settlement.note?.(seen);
    if (note !== undefined) await context.note(note.severity, note.message);
    const list = driver.listOf(place, context);
    const listNote = settlement.listNote?.(seen, items);
    if (list !== undefined && listNote !== undefined && !notedLists.has(list)) {
      notedLists.add(list);
      await context.note(listNote.severity, listNote.message);
    }
    return seen;
  } catch (error) {
    throw new InitializationError(messageOf(error), { id, outs: seen, cause: error });
  }
}

/** Returns when the object is deleted, or its cluster with it. */
export async function waitUntilDeletionSettled<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  place: Known<State>,
  context: Context,
): Promise<void> {
  const { definition } = driver;
  const { settlement, collection } = definition;
  const pendingDeletion = settlement?.pendingDeletion;
  if (pendingDeletion === undefined) return;
  try {
    await poll(driver, place, context, {
      waitingFor: `for the deletion of ${definition.describe(place)} to be in force`,
      isDeletion: true,
      stageOf: (remote, wait) =>
        remote === undefined || collection?.isAbsent?.(remote) === true
          ? undefined
          : pendingDeletion(remote, wait),
      advice: "Run the operation again to continue the wait.",
    });
  } catch (error) {
    if (isNotFound(error) || error instanceof DeletedError) return;
    // What belonged to a deleted cluster may be refused in another way.
    const clusterId = driver.clusterOf(place);
    if (clusterId === undefined || !BadRequestError.isInstance(error)) throw error;
    const cluster = await context.clusters.get(clusterId, callOf(context).options);
    if (cluster !== undefined) throw error;
  }
}

interface Poll<State, Remote> extends Pick<SettlementWait<State>, "isDeletion"> {
  readonly waitingFor: string;
  readonly advice: string;
  /** What goes on; undefined when the wait is over. */
  stageOf(remote: Remote | undefined, wait: SettlementWait<State>): string | undefined;
}

/** What one poll has read. */
interface PollOutcome<Remote> extends ListEnd {
  readonly items: ReadonlyMap<string, Remote>;
  readonly remote: Remote | undefined;
}

/** Polls until the wait is over, and returns the last that was read. */
async function poll<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  place: Known<State>,
  context: Context,
  { waitingFor, advice, isDeletion, stageOf }: Poll<State, Remote>,
): Promise<PollOutcome<Remote>> {
  const { clock, signal, progress } = context;
  const { settlement, collection, timeoutMs } = driver.definition;
  const call = callOf(context, timeoutMs);
  const { deadline } = call;
  const start = clock.now();
  const wait = (): SettlementWait<State> => ({ place, isDeletion, waitedMs: clock.now() - start });
  const key = collection?.keyIn(place) ?? "";
  const watch = driver.listOf(place, context)?.watch();
  const read = async (): Promise<PollOutcome<Remote>> => {
    const remote = await settlement?.read?.(wait(), call);
    if (watch === undefined || remote !== undefined) return { remote, items: new Map() };
    const listed = await watch.next({ deadline });
    return { ...listed, remote: listed.items.get(key) };
  };
  const clusterId = driver.clusterOf(place);
  let stage: string | undefined;
  return await waitUntil<PollOutcome<Remote>>({
    ...{ clock, signal, deadline, start },
    minPauseMs: minPollIntervalMs,
    startsAtOnce: true,
    ...(watch && { pause: (ms: number) => watch.pause(ms, signal) }),
    observe: () =>
      clusterId === undefined
        ? read()
        : readOfCluster(clusterId, context, read, { forMs: notFoundWaitMs, deadline }),
    isDone({ remote, pending }) {
      stage = pending ?? stageOf(remote, wait());
      return stage === undefined;
    },
    describe: () =>
      `${signal.aborted ? "Stopped waiting" : "Timed out waiting"} ${waitingFor}: the operation continues in CockroachDB Cloud.${stage === undefined ? "" : ` It was last seen ${stage}.`} ${advice}`,
    onProgress: (_outcome, waitedMs) => progress(stage ?? "", waitedMs),
  });
}
