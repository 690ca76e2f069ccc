/**
 * Operations that a killed run has left pending: the state does not record their outcome.
 *
 * Pulumi drops most of them at the next run. A pending creation stays until it is cleared, and destroy then
 * leaves behind what was created.
 */
import { creationMark, creationMarkKey } from "../provider/cluster/creation-mark";
import { isGeneratedFor } from "../provider/cluster/generated-name";
import type { WireCluster } from "../sdk";
import type { DiagnosisContext, Finding, Step } from "./finding";
import { about, describeCluster, isLiving, knownIds } from "./finding";
import type { PendingOperation, StateResource } from "./stack-state";
import { clusterIdInState, keyOf, markOf, organization, placeOf, textIn } from "./stack-state";

/** What an interrupted operation has left, and how to complete it. */
export function ofPending(operation: PendingOperation, context: DiagnosisContext): Finding {
  const { kind, resource } = operation;
  if (kind !== "creating") return ofPendingChange(operation, context);
  return resource.type === "Cluster"
    ? ofPendingCluster(resource, context)
    : ofPendingPart(resource, context);
}

function ofPendingCluster(resource: StateResource, context: DiagnosisContext): Finding {
  const { facts, state, pulumi } = context;
  const living = [...facts.clusters.values()].filter(isLiving);
  const mark = markOf(resource);
  // The next update searches in the same way: it ignores failed clusters.
  const own = living.find(
    ({ labels, state: is }) =>
      mark !== undefined && labels[creationMarkKey] === mark && is !== "CREATION_FAILED",
  );
  if (own !== undefined) {
    const isKnown = knownIds(state).has(own.id);
    return {
      severity: "error",
      code: "interrupted-creation",
      ...about(resource, own),
      what: `Its creation was interrupted. Cluster ${describeCluster(own)} carries its mark, is ${own.state}${isKnown ? "" : " and is missing from the state"}.`,
      why: "The cluster is billed. `pulumi destroy` now would leave it behind, and so would --import-pending-creates.",
      fix: [unlock(context), ...finish(resource, mark, context), clearPending(context)],
    };
  }
  const leftovers = isInState(resource, context)
    ? []
    : living.filter(isLeftoverOf(resource, context));
  if (leftovers.length > 0) return ofLeftovers(resource, leftovers, context);
  return {
    severity: "warning",
    code: "pending-operation",
    ...about(resource),
    what: "Its creation was interrupted, and no usable cluster carries its mark.",
    why: "Either nothing was created, or a later update has finished it. Pulumi warns about it on every run until it is cleared.",
    fix: [
      unlock(context),
      { run: pulumi("up"), note: "creates the cluster, if it is still missing" },
      clearPending(context),
    ],
  };
}

/**
 * Whether a cluster may be the result of this creation, when the run was killed after the mark was removed
 * and before the state was written.
 */
function isLeftoverOf(resource: StateResource, { state }: DiagnosisContext) {
  const known = knownIds(state);
  const { inputs } = resource;
  const wanted = textIn(inputs, "name");
  return (cluster: WireCluster): boolean =>
    !known.has(cluster.id) &&
    !(creationMarkKey in cluster.labels) &&
    cluster.plan === inputs["plan"] &&
    cluster.cloud_provider === inputs["cloudProvider"] &&
    (wanted === undefined ? isGeneratedFor(resource.name, cluster.name) : cluster.name === wanted);
}

function ofLeftovers(
  resource: StateResource,
  leftovers: readonly WireCluster[],
  context: DiagnosisContext,
): Finding {
  const [first] = leftovers;
  const names = leftovers.map(describeCluster).join(", ");
  return {
    severity: "hint",
    code: "possible-leftover",
    ...about(resource, leftovers.length === 1 ? first : undefined),
    what: `Its creation was interrupted, and ${names} ${leftovers.length === 1 ? "is" : "are"} missing from the state, without a mark, and with the name of this resource.`,
    why: `Plan, cloud and name are all that suggests it. If the run was killed just after it had finished the cluster, this may be it, and an update would not find it; a stack with a resource of this name may have created it as well. ${leftovers.map(({ name, creator_id, created_at }) => `Service account or user ${creator_id} created ${name} at ${created_at}.`).join(" ")}`,
    fix: [
      unlock(context),
      ...leftovers.map(({ id }) => ({
        edit: `import: "${id}"`,
        note: "as an option of the resource, if this stack created the cluster",
      })),
      { run: context.pulumi("up"), note: "adopts it; without the option, creates a cluster" },
      clearPending(context),
    ],
  };
}

function ofPendingPart(resource: StateResource, context: DiagnosisContext): Finding {
  const { facts, pulumi } = context;
  const { type } = resource;
  const place = placeOf(resource);
  const key = keyOf(resource);
  const existing = place === undefined ? undefined : facts.existing.get(place)?.get(type);
  const exists = key !== undefined && existing?.keys.has(key) === true;
  // There can be several; an existing one may belong to someone else.
  const isNamed = key !== "";
  if (exists && isNamed && !isInState(resource, context)) {
    return {
      severity: "error",
      code: "interrupted-creation",
      ...about(resource),
      what: `Its creation was interrupted. ${place === organization ? "The organization" : `Cluster ${place}`} already has ${key}, which is missing from the state.`,
      why: "The next update stops, because it cannot know whether this resource created it.",
      fix: [
        unlock(context),
        {
          edit: `import: "${place === organization ? key : `${place}:${key}`}"`,
          note: "as an option of the resource",
        },
        { run: pulumi("up"), note: "adopts it; afterwards remove the option" },
        clearPending(context),
      ],
    };
  }
  return {
    severity: "warning",
    code: "pending-operation",
    ...about(resource),
    what: "Its creation was interrupted.",
    why: "The state does not record how it ended. Pulumi warns about it on every run until it is cleared.",
    fix: [
      unlock(context),
      { run: pulumi("up"), note: "creates it, if it is still missing" },
      clearPending(context),
    ],
  };
}

function ofPendingChange({ kind, resource }: PendingOperation, context: DiagnosisContext): Finding {
  const { pulumi } = context;
  const interrupted = kind === "deleting" ? "deletion" : kind === "updating" ? "update" : kind;
  const again: Step =
    kind === "deleting"
      ? { note: "Repeat the up or destroy that was interrupted." }
      : { run: pulumi("up"), note: "completes it" };
  return {
    severity: "warning",
    code: "pending-operation",
    ...about(resource, context.facts.clusters.get(clusterIdInState(resource) ?? "")),
    what: `Its ${interrupted} was interrupted.`,
    why: "The state does not record how it ended, and may be incomplete.",
    fix: [
      unlock(context),
      {
        run: pulumi("refresh"),
        note: "reads what exists, and clears the interrupted operation",
      },
      again,
    ],
  };
}

/** Whether a later run has brought the resource of a pending creation into state. */
function isInState({ urn, type }: StateResource, { state, facts }: DiagnosisContext): boolean {
  return state.resources.some(
    (resource) =>
      resource.urn === urn &&
      !resource.isReplaced &&
      !resource.isAwaitingReplacement &&
      (type !== "Cluster" || isLiving(facts.clusters.get(resource.id ?? ""))),
  );
}

/** The next update searches for the mark of the current names, and would create a second cluster without it. */
function finish(
  resource: StateResource,
  mark: string | undefined,
  { fullName, pulumi }: DiagnosisContext,
): Step[] {
  const isRenamed = fullName !== undefined && creationMark(fullName, resource.urn) !== mark;
  if (!isRenamed) {
    return [
      {
        run: pulumi("up"),
        note: `adopts the cluster and finishes it, as long as the program still has the resource "${resource.name}"`,
      },
    ];
  }
  return [
    {
      note: "Rename the stack, the project or the resource back to what it was when the creation was interrupted. With the current names the next update would create a second cluster.",
    },
    { run: pulumi("up"), note: "then adopts the cluster and finishes it; rename after that" },
  ];
}

function unlock({ pulumi }: DiagnosisContext): Step {
  return {
    run: pulumi("cancel"),
    note: "only when the stack is locked and no update is running",
  };
}

function clearPending({ pulumi }: DiagnosisContext): Step {
  return {
    run: pulumi("refresh --clear-pending-creates"),
    note: "clears the interrupted operation",
  };
}
