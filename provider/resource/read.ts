/** Reads the object of a defined resource for a refresh. */

import { BadRequestError, undefinedIfNotFound } from "../../sdk/index";
import { isInState } from "../values/state-values";
import { readOfCluster, undefinedIfClusterDeleted } from "./cluster-scoped";
import type { Known } from "./definition";
import type { Driver } from "./driver";
import { nameForId } from "./errors";
import { withArticle } from "./id-form";
import type { ReadContext, Stored } from "./lifecycle";
import { notFoundMsOn, notFoundRefreshMs } from "./not-found";

/** What a read has found: nothing where two lists lack the object. */
interface ReadOutcome<Remote> {
  readonly remote: Remote | undefined;
}

/** Undefined when the object, or the cluster that it belongs to, is deleted. */
export async function read<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  id: string,
  { state, inputs }: Stored<Inputs, State>,
  context: ReadContext,
): Promise<{ state: State; inputs: Inputs } | undefined> {
  const { definition, compare } = driver;
  const { collection, setting, noun, idFormat } = definition;
  const place = driver.known(id, state);
  if (collection !== undefined && collection.keyIn(place) === undefined) {
    throw new Error(`"${id}" is no id of ${withArticle(noun)}, which is ${idFormat}.`);
  }
  const clusterId = driver.clusterOf(place);
  const inCluster = collection?.inCluster;
  const find = async () => {
    if (inCluster === undefined || clusterId === undefined)
      return await driver.find(place, context);
    const cluster = await context.clusters.getCached(clusterId);
    const remote = cluster && inCluster(cluster);
    return remote === undefined || collection?.isAbsent?.(remote) === true ? undefined : remote;
  };
  // An import and the static `get` of a class pass no state.
  const isStored = isInState(state);
  const findTwice = async (): Promise<ReadOutcome<Remote> | undefined> => {
    const remote = await find();
    if (remote !== undefined) return { remote };
    const list = inCluster === undefined ? driver.listOf(place, context) : undefined;
    const key = collection?.keyIn(place);
    // Without a list to compare, the same read is repeated.
    if (!isStored || list === undefined || key === undefined || collection?.get !== undefined)
      return undefined;
    const isMissing = await list.isMissingTwice(key, notFoundRefreshMs, context.signal);
    return { remote: isMissing ? undefined : await find() };
  };
  const forMs = notFoundMsOn(state);
  const reading =
    clusterId === undefined
      ? findTwice()
      : setting === undefined
        ? undefinedIfClusterDeleted(clusterId, context, findTwice, forMs)
        : readOfCluster(clusterId, context, findTwice, { forMs });
  const outcome = await (isStored
    ? reading
    : reading.catch(async (error: unknown) => {
        // The service may refuse what has not the form of an id.
        if (BadRequestError.isInstance(error)) await refuseName(driver, place, context);
        throw error;
      }));
  const remote = outcome?.remote;
  if (remote === undefined) {
    if (!isStored) await refuseName(driver, place, context);
    const kept = isStored ? await keptState(driver, place, state, context) : undefined;
    return kept && { state: kept, inputs: compare.refreshedInputs(inputs, kept) };
  }
  const found = definition.toState(remote, place);
  return { state: found, inputs: compare.refreshedInputs(inputs, found) };
}

/** Throws with the ids of the objects whose name was given in the place of an id. */
async function refuseName<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  place: Known<State>,
  context: ReadContext,
): Promise<void> {
  const { noun, idFormat, idOf, collection } = driver.definition;
  const name = collection?.keyIn(place);
  // That of a setting of a cluster.
  if (name === undefined || name === "") return;
  const list = driver.listOf(place, context);
  const items = list && (await undefinedIfNotFound(list.recentItems()));
  const ids = [...(items?.values() ?? [])]
    .filter((remote) => collection?.nameOf?.(remote) === name)
    .flatMap((remote) => idOf(place as unknown as Inputs, remote) ?? []);
  if (ids.length > 0) throw nameForId(noun, name, idFormat, ids);
}

/** The state of an object that is not found and exists all the same: history of a cluster, or what is coming into force. */
async function keptState<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  place: Known<State>,
  state: State,
  context: ReadContext,
): Promise<State | undefined> {
  const { collection, settlement } = driver.definition;
  const clusterId = driver.clusterOf(place);
  if (collection?.isHistory === true && clusterId !== undefined) {
    return (await context.clusters.getCached(clusterId)) && state;
  }
  return await settlement?.stateUnderWay?.(place, context);
}
