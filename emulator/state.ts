// State that an area keeps of objects which do not know the area. It is created when it is first read, and ends with
// the object.

import type { ClusterRecord } from "./cluster/record";

/** Reads the state of an object; `needs` is what creating it takes beside the object. */
type StateReader<Owner, Needs extends unknown[], State> = (owner: Owner, ...needs: Needs) => State;

/** Keeps a state for each object. */
export function stateOfEach<Owner extends object, Needs extends unknown[], State extends object>(
  create: StateReader<Owner, Needs, State>,
): StateReader<Owner, Needs, State> {
  const states = new WeakMap<Owner, State>();
  return (owner, ...needs) => {
    const state = states.get(owner) ?? create(owner, ...needs);
    states.set(owner, state);
    return state;
  };
}

/**
 * Keeps a state for each cluster. A deleted cluster has lost it.
 * @param create The state of a new cluster.
 * @param createEmpty What a deleted cluster has instead. @default the state of a new cluster
 */
export function stateOfEachCluster<Needs extends unknown[], State extends object>(
  create: StateReader<ClusterRecord, Needs, State>,
  createEmpty: StateReader<ClusterRecord, NoInfer<Needs>, NoInfer<State>> = create,
): StateReader<ClusterRecord, Needs, State> {
  const ofLive = stateOfEach(create);
  const ofDeleted = stateOfEach<ClusterRecord, Needs, State>(createEmpty);
  return (cluster, ...needs) =>
    (cluster.phase === "deleted" ? ofDeleted : ofLive)(cluster, ...needs);
}
