/** Clusters that this stack has begun to create and that no state knows: billed, and managed by nobody. */
import { creationMarkKey, creator, creatorOf } from "../provider/cluster/creation-mark";
import type { WireCluster } from "../sdk";
import type { Case, Finding, Step } from "./finding";
import { described, isLiving, knownIds, subjectOf } from "./finding";
import type { StateResource } from "./stack-state";
import { markOf } from "./stack-state";

/**
 * All clusters with a mark of this stack that neither a resource nor a pending creation accounts for. A
 * pending creation never comes back to a failed one.
 */
export function lostClusters(one: Case): Finding[] {
  const { state, facts, creators } = one;
  const known = knownIds(state);
  const pending = new Set(state.pending.map(({ resource }) => markOf(resource)));
  return [...facts.clusters.values()].flatMap((wire) => {
    const mark = wire.labels[creationMarkKey];
    if (mark === undefined || !creators.has(creatorOf(mark))) return [];
    if (!isLiving(wire) || known.has(wire.id)) return [];
    if (pending.has(mark) && wire.state !== "CREATION_FAILED") return [];
    const owner = state.resources.find((resource) => markOf(resource) === mark);
    return [ofLostCluster(wire, owner, one)];
  });
}

function ofLostCluster(wire: WireCluster, owner: StateResource | undefined, one: Case): Finding {
  return {
    severity: "error",
    code: "lost-cluster",
    subject: `cluster ${wire.name}`,
    ...(owner === undefined ? {} : { urn: owner.urn }),
    clusterId: wire.id,
    clusterName: wire.name,
    what: `Cluster ${wire.id} carries a creation mark of this stack, is ${wire.state} and is in no state.`,
    why: "It is billed, and nothing manages it: a run was killed while it created the cluster, and the state forgot that.",
    mend: remedy(wire, owner, one),
  };
}

function remedy(
  wire: WireCluster,
  owner: StateResource | undefined,
  { facts, fullName, pulumi }: Case,
): Step[] {
  const inConsole = `elete cluster ${described(wire)} in the CockroachDB Cloud Console.`;
  if (wire.state === "CREATION_FAILED") return [{ note: `D${inConsole}` }];
  const mark = wire.labels[creationMarkKey] ?? "";
  if (fullName !== undefined && creatorOf(mark) !== creator(fullName)) {
    return [
      {
        note: "The stack or its project had another name when it was created. Rename it back: under the present name the next update would create a second cluster.",
      },
      { run: pulumi("up"), note: "then takes this one over and finishes it; rename after that" },
      { note: `Or d${inConsole}` },
    ];
  }
  const otherwise = { note: `Otherwise nobody needs it: d${inConsole}` };
  if (owner === undefined) {
    return [
      { run: pulumi("preview"), note: "shows whether the program wants a new cluster" },
      { run: pulumi("up"), note: "if so, takes this one over and finishes it" },
      otherwise,
    ];
  }
  if (!isLiving(facts.clusters.get(owner.id ?? ""))) {
    return [
      { run: pulumi("refresh"), note: `takes the gone ${subjectOf(owner)} out of the state` },
      { run: pulumi("up"), note: "takes this one over and finishes it" },
    ];
  }
  return [
    { run: pulumi("preview"), note: `shows whether ${subjectOf(owner)} is to be replaced` },
    { run: pulumi("up"), note: "if so, takes this one over as the replacement" },
    otherwise,
  ];
}
