/**
 * Brings a cluster in line with its arguments, one change after another.
 *
 * The API takes some changes only alone (version, plan, upgrade type) and responds before a change is
 * done. So each step is one small PATCH, followed by a wait until the cluster shows what the step
 * was for; what is left is found by comparing again, and never from memory.
 */

import { isDeepStrictEqual } from "node:util";
import { durationText } from "../../sdk/http/duration-text";
import type { WireCluster } from "../../sdk/index";
import { BadRequestError, isNotFound, withAdvice } from "../../sdk/index";
import { InitializationError, mayHaveHadEffect, messageOf } from "../resource/errors";
import type { Context } from "../resource/lifecycle";
import { describeDifferences, diffCluster } from "./diff";
import { machineIn, regionsToMove } from "./machines";
import type { Plan } from "./plan-transitions";
import type { UpdateStep } from "./requests";
import { nextStep, regionMachinesProperty } from "./requests";
import type { Inputs, Unchecked } from "./schema";
import { getExisting, retryWhileBusy, waitForCluster } from "./wait";
import type { State } from "./wire";
import { toWrittenState, writeOnlyInputsOf } from "./wire";

/**
 * Applies every step that is left, and returns the state after the last one. `previousInputs` are the arguments
 * that `start` came from, where they are known.
 */
export async function reconcile(
  id: string,
  start: State,
  news: Inputs,
  context: Context,
  deadline: number,
  previousInputs: Unchecked = {},
): Promise<State> {
  let state = start;
  let known = previousInputs;
  for (let step = nextStep(state, news, known); step; step = nextStep(state, news, known)) {
    try {
      state = await applyStep(step, id, state, news, context, deadline);
      // From here on the machine is what the service has given for the program's, whichever type the service has chosen.
      if (step.properties.some(isOfMachines)) known = news;
    } catch (error) {
      // Before the API has accepted anything, the state is what it was and the error says it all.
      if (state === start || error instanceof InitializationError) throw error;
      throw new InitializationError(messageOf(error), { id, outs: state, cause: error });
    }
  }
  return state;
}

async function applyStep(
  step: UpdateStep,
  id: string,
  state: State,
  news: Inputs,
  context: Context,
  deadline: number,
): Promise<State> {
  const writeOnly = writeOnlyInputsOf(state);
  const stateOf = (wire: WireCluster) => toWrittenState(wire, writeOnly, news, context.mark);
  const left = (wire: WireCluster, previousInputs: Unchecked = {}) =>
    diffCluster(stateOf(wire), news, previousInputs).filter(({ property }) =>
      step.properties.includes(property),
    );
  const isMoved = (wire: WireCluster) => isIdle(wire) && hasOtherMachines(stateOf(wire), state);
  // A step that only prepares another one leaves no difference of its own: it is done when it is due no more.
  const isApplied = (wire: WireCluster) => {
    const known = isMoved(wire) ? news : {};
    const next = nextStep(stateOf(wire), news, known);
    return left(wire, known).length === 0 && !isDeepStrictEqual(next?.body, step.body);
  };
  const response = await patch(step, id, isApplied, context, deadline).catch((error: unknown) => {
    throw withPlanAdvice(withRegionAdvice(error, news), state, news);
  });
  if (isApplied(response) && (!step.isAsync || isIdle(response))) {
    await reportOtherMachine(left(response), stateOf(response), news, context);
    return stateOf(response);
  }
  let latest = stateOf(response);
  const due = left(response).map(({ property }) => property);
  try {
    const done = await waitForStep(
      step,
      due.length === 0 ? step.properties : due,
      response,
      id,
      state.plan,
      isApplied,
      (wire) => describeDifferences(left(wire), stateOf(wire), news),
      context,
      deadline,
      (wire) => {
        latest = stateOf(wire);
      },
    );
    await reportOtherMachine(left(done), stateOf(done), news, context);
    return stateOf(done);
  } catch (error) {
    throw new InitializationError(messageOf(error), { id, outs: latest, cause: error });
  }
}

/** What helps where a change of plan is refused. When the 48 hours end, the API does not say. */
function withPlanAdvice(error: unknown, { plan, name }: State, news: Inputs): unknown {
  if (!BadRequestError.isInstance(error)) return error;
  if (plan === "STANDARD" && news.plan === "BASIC" && /export/i.test(error.message)) {
    return withAdvice(
      error,
      "Take the log and metric exports out of the program in one update, and change the plan in the next: an update changes the cluster before it deletes what belongs to it.",
    );
  }
  const isTooSoon = plan === "BASIC" && news.plan === "STANDARD" && /48 hours/.test(error.message);
  if (!isTooSoon) return error;
  return withAdvice(
    error,
    `The API does not say when they end: 48 hours after the update that made cluster "${name}" BASIC. Until then write plan: "BASIC", with usageLimits as BASIC has them or none; nothing else of the cluster is updated otherwise.`,
  );
}

/** Which regions there are, only the API knows: a refusal of one leads to the function that lists them. */
export function withRegionAdvice(error: unknown, { cloudProvider, plan }: Inputs): unknown {
  if (!BadRequestError.isInstance(error) || !/\bregion/i.test(error.message)) return error;
  if (/egress private endpoint/i.test(error.message)) {
    return withAdvice(
      error,
      "Take the EgressPrivateEndpoint out of the program in one update, and the region out of the cluster in the next: an update changes the cluster before it deletes what belongs to it.",
    );
  }
  const serverless = plan === "ADVANCED" ? "" : ", serverless: true";
  return withAdvice(
    error,
    `listAvailableRegions({ provider: "${cloudProvider}"${serverless} }) lists the regions in which the cluster can run.`,
  );
}

const machineProperty = "dedicated.hardware.machineSpec";

function isOfMachines(property: string): boolean {
  return property === machineProperty || property === regionMachinesProperty;
}

/** Whether a region is new or has another machine than before. */
function hasOtherMachines(is: State, was: State): boolean {
  return Object.keys(is.dedicated?.regionNodes ?? {}).some(
    (region) =>
      !(region in (was.dedicated?.regionNodes ?? {})) ||
      machineIn(is, region)?.machineType !== machineIn(was, region)?.machineType,
  );
}

/** The service may give another machine of the same size than the one asked for: reported, and not retried. */
async function reportOtherMachine(
  left: readonly { property: string }[],
  state: State,
  news: Inputs,
  { note }: Context,
): Promise<void> {
  if (!left.some(({ property }) => isOfMachines(property))) return;
  const moved = regionsToMove(state, news, {});
  const isByRegion = news.dedicated?.regionMachineSpecs !== undefined;
  for (const region of isByRegion ? moved : moved.slice(0, 1)) {
    const { machineType, numVirtualCpus } = machineIn(state, region);
    const wanted = machineIn(news, region).machineType;
    const where = isByRegion ? ` in ${region}` : "";
    await note(
      "warning",
      `The service runs the nodes of cluster "${state.name}"${where} on machines of type ${machineType} with ${numVirtualCpus} vCPUs, and the program asks for ${wanted}: the service may choose another family. The program may stay as it is; numVirtualCpus in place of machineType leaves the choice to the service.`,
    );
  }
}

/** Pauses, each twice as long as the one before, after which a request is sent again: two minutes in all. */
const firstPauseMs = 1_000;
const maxPauseMs = 64_000;
/** The same after a 404, from a replica that has not caught up. */
const maxNotFoundPauseMs = 4_000;

/**
 * Sends the request. When its response is lost, the cluster shows whether it took effect; it is sent
 * again only when it did not, and it names values and not steps, so that twice is the same as once.
 * A 404 for a cluster that exists is from a replica that has not caught up.
 */
export async function patch(
  { body }: Pick<UpdateStep, "body">,
  id: string,
  isApplied: (wire: WireCluster) => boolean,
  context: Context,
  deadline: number,
): Promise<WireCluster> {
  const { cloud, clusters, clock, signal } = context;
  // What is under way may be this change or somebody else's: its end shows.
  const waitUntilIdle = async () => {
    const wire = await getExisting(id, context, deadline);
    if (isApplied(wire) || isIdle(wire)) return wire;
    return await waitForCluster({
      id,
      plan: wire.plan as Plan,
      context,
      deadline,
      waitingFor: "for the cluster to be free",
      isDone: isIdle,
    });
  };
  const send = async () => {
    try {
      return await cloud.clusters.update(id, body, { signal, deadline, whenBusy: "fail" });
    } finally {
      clusters.invalidate();
    }
  };
  return await retryWhileBusy(id, context, deadline, async (seen) => {
    // What kept the cluster busy may have been this very change, sent by an interrupted run.
    if (seen !== undefined && isApplied(seen)) return seen;
    for (let pause = firstPauseMs; ; pause *= 2) {
      try {
        return await send();
      } catch (error) {
        const isLost = mayHaveHadEffect(error);
        const isRetryable = isLost || isNotFound(error);
        // A refusal may only say that it is so already, as with the version of an upgraded cluster.
        if (!isRetryable && !BadRequestError.isInstance(error)) throw error;
        const wire = isLost ? await waitUntilIdle() : await getExisting(id, context, deadline);
        if (isApplied(wire)) return wire;
        const longest = isLost ? maxPauseMs : maxNotFoundPauseMs;
        if (!isRetryable || pause > longest || clock.now() + pause >= deadline) throw error;
        await clock.sleep(pause, signal).catch(() => {
          throw error;
        });
      }
    }
  });
}

async function waitForStep(
  step: UpdateStep,
  properties: readonly string[],
  response: WireCluster,
  id: string,
  plan: State["plan"],
  isApplied: (wire: WireCluster) => boolean,
  differences: (wire: WireCluster) => string,
  context: Context,
  deadline: number,
  onPoll: (wire: WireCluster) => void,
): Promise<WireCluster> {
  const what = properties.join(", ");
  const { clock } = context;
  const respondedAt = clock.now();
  const isFailedResponse = isFailed(response) && isCarriedOutBy(step, response.operation_status);
  let hasRun = isRunning(response);
  return await waitForCluster({
    id,
    plan,
    context,
    deadline,
    waitingFor: `for the change of ${what}`,
    doing: `changing ${what}`,
    stall: {
      isIdle,
      describe: (wire, idleMs) =>
        `The service has accepted the change of ${what} of cluster ${id} but does not carry it out: nothing has run on the cluster for ${durationText(idleMs)}, and ${differences(wire)}. The next update sends it again; if that fails too, ask CockroachDB Cloud support about this cluster.`,
    },
    isDone(wire) {
      onPoll(wire);
      hasRun ||= isRunning(wire);
      // A failure from before this change may still stand there until the change is visible or begins.
      const isNews =
        !isOlder(wire, response) &&
        (hasRun ||
          wire.operation_status !== response.operation_status ||
          (isFailedResponse && !isApplied(wire) && clock.now() - respondedAt >= failedResponseMs));
      if (isFailed(wire) && isNews) {
        throw new Error(
          `Changing ${what} of cluster ${id} failed: the service reports ${wire.operation_status}. The next update retries it; if it fails again, ask CockroachDB Cloud support about this cluster.`,
        );
      }
      return isApplied(wire) && (!step.isAsync || isIdle(wire));
    },
  });
}

/** Whether a poll shows the cluster as it was before a response: every change moves the time. */
function isOlder(polled: WireCluster, response: WireCluster): boolean {
  return Date.parse(polled.updated_at ?? "") < Date.parse(response.updated_at ?? "");
}

/** Operations that carry out what this module asks for; others may fail without touching it. */
const ownOperations =
  /^(CRDB_SCALE|CRDB_EDIT_CLUSTER|CRDB_INSTANCE_UPDATE|CRDB_MAJOR_UPGRADE|CRDB_MAJOR_ROLLBACK)_/;

function isFailed({ operation_status }: WireCluster): boolean {
  return /_FAILED$/.test(operation_status) && ownOperations.test(operation_status);
}

/** For so long a failure that the response to a change reports may be one of before: the operation may begin late. */
const failedResponseMs = 10_000;

/** Whether the service carries out a step by this operation, so that it shows while the step is under way. */
function isCarriedOutBy({ body }: UpdateStep, operation: string): boolean {
  const isOfUpgrade = /^CRDB_MAJOR_/.test(operation);
  return isOfUpgrade
    ? body.cockroach_version !== undefined || body.upgrade_status !== undefined
    : body.dedicated !== undefined;
}

function isRunning(wire: WireCluster): boolean {
  return (
    /_RUNNING$/.test(wire.operation_status) ||
    wire.upgrade_status === "MAJOR_UPGRADE_RUNNING" ||
    wire.upgrade_status === "ROLLBACK_RUNNING"
  );
}

/** Nothing that we asked for is under way. */
function isIdle(wire: WireCluster): boolean {
  return (
    wire.state === "CREATED" &&
    !(
      isRunning(wire) &&
      (ownOperations.test(wire.operation_status) || wire.operation_status === "UNSPECIFIED")
    )
  );
}
