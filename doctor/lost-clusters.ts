/** Clusters that this stack began to create and that are missing from its state: billed and unmanaged. */
import { creationMarkKey, creator, creatorOf } from "../provider/cluster/creation-mark";
import { capitalize } from "../provider/values/capitalize";
import type { WireCluster } from "../sdk";
import type { DiagnosisContext, Finding, Step } from "./finding";
import { describeCluster, isLiving, knownIds, subjectOf } from "./finding";
import type { StateResource } from "./stack-state";
import { markOf } from "./stack-state";

/**
 * All clusters with a mark of this stack that belong to no resource and no pending creation. A pending
 * creation never resumes a failed cluster.
 */
export function lostClusters(context: DiagnosisContext): Finding[] {
  const { state, facts, creators } = context;
  const known = knownIds(state);
  const pending = new Set(state.pending.map(({ resource }) => markOf(resource)));
  return [...facts.clusters.values()].flatMap((cluster) => {
    const mark = cluster.labels[creationMarkKey];
    if (mark === undefined || !creators.has(creatorOf(mark))) return [];
    if (!isLiving(cluster) || known.has(cluster.id)) return [];
    if (pending.has(mark) && cluster.state !== "CREATION_FAILED") return [];
    const owner = state.resources.find((resource) => markOf(resource) === mark);
    return [ofLostCluster(cluster, owner, context)];
  });
}

function ofLostCluster(
  cluster: WireCluster,
  owner: StateResource | undefined,
  context: DiagnosisContext,
): Finding {
  return {
    severity: "error",
    code: "lost-cluster",
    subject: `cluster ${cluster.name}`,
    ...(owner === undefined ? {} : { urn: owner.urn }),
    clusterId: cluster.id,
    clusterName: cluster.name,
    what: `Cluster ${cluster.id} carries a creation mark of this stack, is ${cluster.state} and is missing from the state.`,
    why: `It is billed, and nothing manages it: a run was killed while creating it, and the state has no record of that. The mark is its label ${creationMarkKey}: ${cluster.labels[creationMarkKey]}, whose first half is made of the name of the stack.`,
    fix: fixFor(cluster, owner, context),
  };
}

/** What Pulumi calls the organization of every state that it does not manage itself. */
const selfManaged = "organization/";

/** Whether only this stack can have made the mark: a self-managed state may have a twin of the same name. */
function isOfThisStackAlone(mark: string, fullName: string | undefined): boolean {
  const isNamed = fullName !== undefined && creatorOf(mark) === creator(fullName);
  return isNamed && !fullName.startsWith(selfManaged);
}

function fixFor(
  cluster: WireCluster,
  owner: StateResource | undefined,
  context: DiagnosisContext,
): Step[] {
  const { fullName } = context;
  const mark = cluster.labels[creationMarkKey] ?? "";
  const steps = stepsFor(cluster, owner, mark, context);
  if (isOfThisStackAlone(mark, fullName)) return steps;
  return [
    {
      note: `First make sure that no other stack is creating it: one of the same name in another state, such as that of a colleague or of another computer, makes the same mark. Service account or user ${cluster.creator_id} created the cluster at ${cluster.created_at}.`,
    },
    ...steps,
  ];
}

function stepsFor(
  cluster: WireCluster,
  owner: StateResource | undefined,
  mark: string,
  { facts, fullName, pulumi }: DiagnosisContext,
): Step[] {
  const inConsole = isOfThisStackAlone(mark, fullName)
    ? `delete cluster ${describeCluster(cluster)} in the CockroachDB Cloud Console.`
    : "leave it alone unless you know that it is of this stack.";
  if (cluster.state === "CREATION_FAILED") return [{ note: capitalize(inConsole) }];
  if (fullName !== undefined && creatorOf(mark) !== creator(fullName)) {
    return [
      {
        note: "The stack or its project had another name when it was created. Rename it back: with the current name the next update would create a second cluster.",
      },
      { run: pulumi("up"), note: "then adopts this one and finishes it; rename after that" },
      { note: `Or ${inConsole}` },
    ];
  }
  const otherwise = { note: `Otherwise ${inConsole}` };
  if (owner === undefined) {
    return [
      { run: pulumi("preview"), note: "shows whether the program creates a new cluster" },
      { run: pulumi("up"), note: "if so, adopts this one and finishes it" },
      otherwise,
    ];
  }
  if (!isLiving(facts.clusters.get(owner.id ?? ""))) {
    return [
      { run: pulumi("refresh"), note: `removes the deleted ${subjectOf(owner)} from the state` },
      { run: pulumi("up"), note: "adopts this one and finishes it" },
    ];
  }
  return [
    { run: pulumi("preview"), note: `shows whether ${subjectOf(owner)} is to be replaced` },
    { run: pulumi("up"), note: "if so, adopts this one as the replacement" },
    otherwise,
  ];
}
