/**
 * Makes a cluster exactly once.
 *
 * The API has no idempotency key. So the POST carries a creation mark as a label, and the last act
 * of creating is to take it off: a mark means "made by this resource and not finished". A create
 * first searches for its own mark and adopts that cluster; a POST whose response was lost is never
 * sent again, but searched for.
 */
import type { WireCluster } from "../../sdk/index";
import { ConflictError, undefinedIfNotFound, withAdvice } from "../../sdk/index";
import { InitializationError, ifReplaced, mayHaveHadEffect, messageOf } from "../resource/errors";
import type { Context } from "../resource/lifecycle";
import { searchAfterLoss, withOpenAdvice } from "../resource/lost-create";
import { maxLabels } from "../resource/schema";
import { creationMarkKey } from "./creation-mark";
import { describeDifferences, diffCluster } from "./diff";
import { generatedName } from "./generated-name";
import type { Plan } from "./plan-transitions";
import { toCreateRequest } from "./requests";
import type { Inputs } from "./schema";
import { patch, reconcile, withRegionAdvice } from "./update";
import {
  defaultTimeoutsMs,
  isReady,
  waitForCluster,
  waitUntilDeleted,
  waitUntilReady,
} from "./wait";
import type { State, WriteOnlyInputs } from "./wire";
import {
  isMarkedWith,
  mayBeMarkedWith,
  refuseUnknown,
  toState,
  toWrittenState,
  writeOnlyInputsOf,
} from "./wire";

const lostCreateSearchMs = 30_000;

/** Creates the cluster, or adopts the one that an interrupted run of this resource has created. */
export async function createCluster(
  inputs: Inputs,
  context: Context,
): Promise<{ id: string; outs: State }> {
  const deadline = context.deadline(defaultTimeoutsMs.create[inputs.plan]);
  const wire =
    (await findInterruptedCreate(inputs, context, deadline)) ??
    (await postCluster(inputs, context, deadline));
  const state = await finishCreation(
    wire.id,
    wire,
    inputs,
    writeOnlyInputsOf(inputs),
    context,
    deadline,
  );
  return { id: wire.id, outs: state };
}

/**
 * Waits until the cluster is ready, brings the rest in line and takes the creation mark off: last,
 * because only by its mark does the next run find a cluster whose run has ended without a word. Every
 * failure from here on carries the id.
 */
export async function finishCreation(
  id: string,
  first: WireCluster,
  inputs: Inputs,
  writeOnlyInputs: WriteOnlyInputs,
  context: Context,
  deadline: number,
): Promise<State> {
  let latest = first;
  const stateOf = (wire: WireCluster) =>
    toWrittenState(wire, writeOnlyInputs, inputs, context.mark);
  const seen = (wire: WireCluster) => {
    refuseUnknown(wire);
    latest = wire;
  };
  try {
    if (!isReady(first)) await waitUntilReady(first, inputs.plan, context, deadline, seen);
    const state = stateOf(latest);
    await reportOtherVersion(state, inputs, context);
    const wanted = withoutChosenVersion(inputs, state);
    if (!(creationMarkKey in latest.labels))
      return await reconcile(id, state, wanted, context, deadline, inputs);
    const { labels = state.labels, ...others } = wanted;
    await reconcile(id, state, others, context, deadline, inputs);
    await removeMark(id, labels, inputs.plan, context, deadline, seen);
    return stateOf(latest);
  } catch (error) {
    if (error instanceof InitializationError) throw error;
    const state = stateOf(latest);
    throw new InitializationError(messageOf(error), { id, outs: state, cause: error });
  }
}

async function removeMark(
  id: string,
  labels: Record<string, string>,
  plan: Plan,
  context: Context,
  deadline: number,
  seen: (wire: WireCluster) => void,
): Promise<void> {
  const isUnmarked = (wire: WireCluster) => !(creationMarkKey in wire.labels);
  const response = await patch({ body: { labels } }, id, isUnmarked, context, deadline);
  seen(response);
  if (isUnmarked(response)) return;
  await waitForCluster({
    id,
    plan,
    context,
    deadline,
    waitingFor: "for the labels of the cluster to show",
    isDone(wire) {
      seen(wire);
      return isUnmarked(wire);
    },
  });
}

/** The service chooses the version of a new Standard cluster, so another one is said and not fought. */
async function reportOtherVersion(state: State, inputs: Inputs, { note }: Context): Promise<void> {
  const wanted = inputs.serverless?.cockroachVersion;
  if (
    wanted === undefined ||
    diffCluster(state, { serverless: { cockroachVersion: wanted } }).length === 0
  )
    return;
  await note(
    "warning",
    `The service created the cluster with CockroachDB ${state.cockroachVersion}, and the program asks for ${wanted}: the service chooses the version of a new Standard cluster. The next update tries to change it.`,
  );
}

function withoutChosenVersion(inputs: Inputs, state: State): Inputs {
  if (inputs.serverless?.cockroachVersion === undefined) return inputs;
  const { cockroachVersion } = state;
  return { ...inputs, serverless: { ...inputs.serverless, cockroachVersion } };
}

/** The cluster that carries exactly our mark, when its settings are what the program says. */
async function findInterruptedCreate(
  inputs: Inputs,
  context: Context,
  deadline: number,
): Promise<WireCluster | undefined> {
  const { clusters } = context;
  const shown = await clusters.preCreateSnapshot({ deadline });
  const living = shown.filter(({ state }) => state !== "CREATION_FAILED");
  const own = living.find((wire) => isMarkedWith(wire, context.mark));
  if (own) return await adoptInterrupted(own, inputs, context);
  const uncertain = living.find((wire) => mayBeMarkedWith(wire, context.mark));
  if (uncertain) throw mayBeOurs(uncertain);
  const namesake = living.find(({ name }) => name === inputs.name);
  if (namesake) throw nameIsTaken(namesake);
  return undefined;
}

async function adoptInterrupted(
  wire: WireCluster,
  inputs: Inputs,
  context: Context,
): Promise<WireCluster> {
  const state = toState(wire, writeOnlyInputsOf(inputs), undefined);
  const different = diffCluster(state, inputs).filter(({ kind }) => kind === "replace");
  if (different.length > 0) {
    throw new Error(
      `An interrupted run of this resource created cluster "${wire.name}" (${wire.id}), and the program has changed since: ${describeDifferences(different, state, inputs)}. Put the old settings back and run the update again, which finishes that cluster; or delete it in the CockroachDB Cloud Console, when nobody needs it.`,
    );
  }
  context.recordAdopted(wire.id);
  await context.note(
    "info",
    `An interrupted run of this resource created cluster "${wire.name}" (${wire.id}): it is adopted and finished.`,
  );
  return wire;
}

function nameIsTaken(wire: WireCluster): Error {
  return new Error(
    `A cluster named "${wire.name}" already exists (${wire.id}, plan ${wire.plan}, on ${wire.cloud_provider}), and this resource did not create it. To manage it here, add the option {import: "${wire.id}"} to the resource. ${ifReplaced} If an interrupted replacement is still to delete it, first run the update with the former settings. Otherwise choose another name.`,
  );
}

/** To adopt it could take it away from another stack, and to create another one could leave it to nobody. */
function mayBeOurs(wire: WireCluster): Error {
  return new Error(
    `Cluster "${wire.name}" (${wire.id}) may be what an interrupted run of this resource has created: its creation mark names this resource of a stack of this name, and was made with another API key or in another Pulumi organization. If it is this resource, add the option {import: "${wire.id}"} to adopt and finish it. Otherwise run the update again once the other stack has finished it.`,
  );
}

/**
 * What a 409 is about: a cluster of the name that has come since the list was made, or that the list leaves out. One
 * that carries our mark is adopted; one that the service then failed to create is deleted, which frees the name.
 */
async function ownNamesake(
  name: string,
  conflict: ConflictError,
  inputs: Inputs,
  context: Context,
  deadline: number,
): Promise<WireCluster | undefined> {
  const namesake = await anyNamed(name, context, deadline);
  if (namesake === undefined) {
    throw withAdvice(
      conflict,
      "No other cluster of this name was found: run the update again, or choose another name.",
    );
  }
  if (!isMarkedWith(namesake, context.mark)) {
    throw mayBeMarkedWith(namesake, context.mark) ? mayBeOurs(namesake) : nameIsTaken(namesake);
  }
  if (namesake.state !== "CREATION_FAILED")
    return await adoptInterrupted(namesake, inputs, context);
  await deleteFailed(namesake, inputs, context, deadline);
  return undefined;
}

async function anyNamed(
  name: string,
  { cloud, signal }: Context,
  deadline: number,
): Promise<WireCluster | undefined> {
  for await (const wire of cloud.clusters.list({ showInactive: true }, { signal, deadline })) {
    if (wire.name === name && wire.state !== "DELETED") return wire;
  }
  return undefined;
}

async function deleteFailed(
  { id, name }: WireCluster,
  inputs: Inputs,
  context: Context,
  deadline: number,
): Promise<void> {
  const { cloud, clusters, signal } = context;
  await context.note(
    "warning",
    `An interrupted run of this resource created cluster "${name}" (${id}), and the service failed to create it: the failed cluster is deleted, and another one is created.`,
  );
  await undefinedIfNotFound(cloud.clusters.delete(id, { signal, deadline }));
  clusters.invalidate();
  await waitUntilDeleted(id, inputs.plan, context, deadline);
}

/** Creates a cluster under a name that may be in use by one of our own. */
async function postCluster(
  inputs: Inputs,
  context: Context,
  deadline: number,
): Promise<WireCluster> {
  const name = inputs.name ?? generatedName(context.resourceName);
  try {
    return await sendPost(name, inputs, context, deadline);
  } catch (error) {
    if (!ConflictError.isInstance(error)) throw error;
    const own = await ownNamesake(name, error, inputs, context, deadline);
    return own ?? (await sendPost(name, inputs, context, deadline));
  }
}

/** Sends the one POST. */
async function sendPost(
  name: string,
  inputs: Inputs,
  context: Context,
  deadline: number,
): Promise<WireCluster> {
  const { cloud, clusters, signal, mark } = context;
  try {
    const body = toCreateRequest(inputs, name, markedLabels(inputs, mark?.own));
    return await cloud.clusters.create(body, { signal, deadline });
  } catch (error) {
    if (!mayHaveHadEffect(error)) throw withRegionAdvice(error, inputs);
    clusters.invalidatePreCreateSnapshot();
    return await findLostCreate(name, context, deadline, error);
  } finally {
    clusters.invalidate();
  }
}

/** The labels of a POST; of a full set one makes room for the mark until the creation is finished. */
function markedLabels({ labels = {} }: Inputs, mark: string | undefined): Record<string, string> {
  if (mark === undefined) return labels;
  return Object.fromEntries([
    ...Object.entries(labels).slice(0, maxLabels - 1),
    [creationMarkKey, mark],
  ]);
}

/** Searches for the cluster of a POST whose response was lost. */
async function findLostCreate(
  name: string,
  context: Context,
  deadline: number,
  lost: unknown,
): Promise<WireCluster> {
  const search = async () => {
    const living = await context.clusters.now({ deadline });
    return living.find((wire) => isMarkedWith(wire, context.mark));
  };
  const { found: own, isKnown } = await searchAfterLoss(
    lostCreateSearchMs,
    { context, deadline },
    search,
  );
  if (!isKnown) throw withOpenAdvice(lost, `cluster "${name}"`, context.signal);
  if (own !== undefined) {
    context.recordAdopted(own.id);
    return own;
  }
  throw new Error(
    `${messageOf(lost)} The response was lost, and no cluster "${name}" of this resource has appeared since. Nothing was sent twice. Run the update again: it searches for the cluster once more before it creates one.`,
    { cause: lost },
  );
}
