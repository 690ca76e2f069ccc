/**
 * Operations that a run has begun and whose end the state does not tell, because the run was killed.
 *
 * Pulumi drops the other ones by itself at the next run; a pending creation stays until it is cleared,
 * and destroy then leaves behind what was created.
 */
import { creationMark, creationMarkKey } from "../provider/cluster/creation-mark";
import { isGeneratedFor } from "../provider/cluster/generated-name";
import type { WireCluster } from "../sdk";
import type { Case, Finding, Step } from "./finding";
import { about, described, isLiving, knownIds } from "./finding";
import type { PendingOperation, StateResource } from "./stack-state";
import { clusterIdOf, keyOf, markOf, organization, placeOf, textIn } from "./stack-state";

/** What an interrupted operation has left, and how it is brought to its end. */
export function ofPending(operation: PendingOperation, one: Case): Finding {
  const { kind, resource } = operation;
  if (kind !== "creating") return ofPendingChange(operation, one);
  return resource.type === "Cluster"
    ? ofPendingCluster(resource, one)
    : ofPendingPart(resource, one);
}

function ofPendingCluster(resource: StateResource, one: Case): Finding {
  const { facts, state, pulumi } = one;
  const living = [...facts.clusters.values()].filter(isLiving);
  const mark = markOf(resource);
  // As the next update does it, which looks past failed clusters.
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
      what: `Its creation was interrupted. Cluster ${described(own)} carries its mark, is ${own.state}${isKnown ? "" : " and is in no state"}.`,
      why: "The cluster is billed. `pulumi destroy` now would leave it behind, and so would --import-pending-creates.",
      mend: [unlock(one), ...finishing(resource, mark, one), clearing(one)],
    };
  }
  const leftovers = isInState(resource, one) ? [] : living.filter(isLeftoverOf(resource, one));
  if (leftovers.length > 0) return ofLeftovers(resource, leftovers, one);
  return {
    severity: "warning",
    code: "pending-operation",
    ...about(resource),
    what: "Its creation was interrupted, and no usable cluster carries its mark.",
    why: "Either nothing was created, or a later update has finished it. Pulumi warns about it at every run until it is cleared.",
    mend: [
      unlock(one),
      { run: pulumi("up"), note: "makes the cluster, if it is still missing" },
      clearing(one),
    ],
  };
}

/**
 * Whether a cluster may be what is left of this creation, when the run was killed between taking the
 * mark off and writing the state.
 */
function isLeftoverOf(resource: StateResource, { state }: Case) {
  const known = knownIds(state);
  const { inputs } = resource;
  const wanted = textIn(inputs, "name");
  return (wire: WireCluster): boolean =>
    !known.has(wire.id) &&
    !(creationMarkKey in wire.labels) &&
    wire.plan === inputs["plan"] &&
    wire.cloud_provider === inputs["cloudProvider"] &&
    (wanted === undefined ? isGeneratedFor(resource.name, wire.name) : wire.name === wanted);
}

function ofLeftovers(
  resource: StateResource,
  leftovers: readonly WireCluster[],
  one: Case,
): Finding {
  const [first] = leftovers;
  const names = leftovers.map(described).join(", ");
  return {
    severity: "hint",
    code: "possible-leftover",
    ...about(resource, leftovers.length === 1 ? first : undefined),
    what: `Its creation was interrupted, and ${names} ${leftovers.length === 1 ? "is" : "are"} in no state, without a mark and of the wanted name.`,
    why: "If the run was killed in the moment after it had finished the cluster, this is it, and an update would not find it.",
    mend: [
      unlock(one),
      ...leftovers.map(({ id }) => ({
        edit: `import: "${id}"`,
        note: "as an option of the resource, if the cluster was made by this stack",
      })),
      { run: one.pulumi("up"), note: "takes it over; without the option it makes a cluster" },
      clearing(one),
    ],
  };
}

function ofPendingPart(resource: StateResource, one: Case): Finding {
  const { facts, pulumi } = one;
  const { type } = resource;
  const place = placeOf(resource);
  const key = keyOf(resource);
  const existing = place === undefined ? undefined : facts.existing.get(place)?.get(type);
  const isThere = key !== undefined && existing?.keys.has(key) === true;
  // Of these the service keeps several; what is already there may be somebody else's.
  const isNamed = key !== "";
  if (isThere && isNamed && !isInState(resource, one)) {
    return {
      severity: "error",
      code: "interrupted-creation",
      ...about(resource),
      what: `Its creation was interrupted. ${place === organization ? "The organization" : `Cluster ${place}`} has ${key} already, and no state knows it.`,
      why: "The next update stops, because it cannot tell whether this resource made it.",
      mend: [
        unlock(one),
        {
          edit: `import: "${place === organization ? key : `${place}:${key}`}"`,
          note: "as an option of the resource",
        },
        { run: pulumi("up"), note: "takes it over; afterwards remove the option" },
        clearing(one),
      ],
    };
  }
  return {
    severity: "warning",
    code: "pending-operation",
    ...about(resource),
    what: "Its creation was interrupted.",
    why: "The state does not tell how it ended. Pulumi warns about it at every run until it is cleared.",
    mend: [
      unlock(one),
      { run: pulumi("up"), note: "makes it, if it is still missing" },
      clearing(one),
    ],
  };
}

function ofPendingChange({ kind, resource }: PendingOperation, one: Case): Finding {
  const { pulumi } = one;
  const interrupted = kind === "deleting" ? "deletion" : kind === "updating" ? "update" : kind;
  const again: Step =
    kind === "deleting"
      ? { note: "Repeat the up or destroy that was interrupted." }
      : { run: pulumi("up"), note: "does what is left of it" };
  return {
    severity: "warning",
    code: "pending-operation",
    ...about(resource, one.facts.clusters.get(clusterIdOf(resource) ?? "")),
    what: `Its ${interrupted} was interrupted.`,
    why: "The state does not tell how it ended, and may say less than what is there.",
    mend: [
      unlock(one),
      {
        run: pulumi("refresh"),
        note: "looks what is there, and forgets the interrupted operation",
      },
      again,
    ],
  };
}

/** Whether a later run has brought the resource of a pending creation into state. */
function isInState({ urn, type }: StateResource, { state, facts }: Case): boolean {
  return state.resources.some(
    (resource) =>
      resource.urn === urn &&
      !resource.isReplaced &&
      !resource.isAwaitingReplacement &&
      (type !== "Cluster" || isLiving(facts.clusters.get(resource.id ?? ""))),
  );
}

/** The next update looks for the mark that the names of now make, and would create a second cluster without it. */
function finishing(
  resource: StateResource,
  mark: string | undefined,
  { fullName, pulumi }: Case,
): Step[] {
  const isRenamed = fullName !== undefined && creationMark(fullName, resource.urn) !== mark;
  if (!isRenamed) {
    return [
      {
        run: pulumi("up"),
        note: `takes the cluster over and finishes it, while the program still names the resource "${resource.name}"`,
      },
    ];
  }
  return [
    {
      note: "Rename the stack, the project or the resource back to what it was when the creation was interrupted. Under the present names the next update would create a second cluster.",
    },
    { run: pulumi("up"), note: "then takes the cluster over and finishes it; rename after that" },
  ];
}

function unlock({ pulumi }: Case): Step {
  return {
    run: pulumi("cancel"),
    note: "only when the stack is locked and no update is running",
  };
}

function clearing({ pulumi }: Case): Step {
  return {
    run: pulumi("refresh --clear-pending-creates"),
    note: "forgets the interrupted operation",
  };
}
