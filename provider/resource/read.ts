/** Reads the object of a defined resource for a refresh. */
import { readOfCluster, undefinedIfClusterDeleted } from "./cluster-scoped";
import type { Driver } from "./driver";
import type { ReadContext, Stored } from "./lifecycle";
import { notFoundMsOn } from "./not-found";

/** Undefined when the object, or the cluster that it belongs to, is deleted. */
export async function read<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  id: string,
  { state, asked }: Stored<Inputs, State>,
  context: ReadContext,
): Promise<{ state: State; inputs: Inputs } | undefined> {
  const { definition, compare } = driver;
  const { collection, setting, noun, idFormat } = definition;
  const place = driver.known(id, state);
  if (collection !== undefined && collection.keyIn(place) === undefined) {
    throw new Error(`"${id}" is no id of a ${noun}, which is ${idFormat}.`);
  }
  const clusterId = driver.clusterOf(place);
  const find = () => driver.find(place, context);
  const remote = await (clusterId === undefined
    ? find()
    : setting === undefined
      ? undefinedIfClusterDeleted(clusterId, context, find, notFoundMsOn(state))
      : readOfCluster(clusterId, context, find, { forMs: notFoundMsOn(state) }));
  if (remote === undefined) {
    // The static `get` of a class passes no state.
    const isStored = Object.keys(state).length > 0;
    const isKept = isStored && (await definition.isKept?.(place, context)) === true;
    return isKept ? { state, inputs: compare.refreshedInputs(asked, state) } : undefined;
  }
  const found = definition.toState(remote, place);
  return { state: found, inputs: compare.refreshedInputs(asked, found) };
}
