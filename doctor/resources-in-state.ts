/** Resources in state whose object is gone, failed, locked or not finished. */
import { creationMarkKey } from "../provider/cluster/creation-mark";
import { resources } from "../provider/resource/registry";
import { isOfCluster } from "../provider/resource/resource-types";
import type { WireCluster } from "../sdk";
import type { Case, Finding, Step } from "./finding";
import { about, described, isLiving, knownIds, subjectOf } from "./finding";
import type { Place, StateResource } from "./stack-state";
import { clusterIdOf, keyOf, markOf, organization, placeOf } from "./stack-state";

/** What is wrong with a resource; nothing where nobody can tell. */
export function ofResource(resource: StateResource, one: Case): Finding[] {
  const place = placeOf(resource);
  if (place === undefined || one.facts.hidden.has(place)) return [];
  if (resource.isExternal) return ofLookedUp(resource, place, one);
  if (resource.isReplaced || resource.isAwaitingReplacement) return [ofReplaced(resource, one)];
  if (resource.type === "Cluster") return ofCluster(resource, one.facts.clusters.get(place), one);
  return place === organization
    ? ofObject(resource, one, () => notFound(resource))
    : ofPart(resource, place, one);
}

function ofLookedUp(resource: StateResource, place: Place, one: Case): Finding[] {
  if (!isGone(resource, place, one)) return [];
  return [
    {
      severity: "error",
      code: "gone",
      ...about(resource),
      what: `The program looks it up by the id ${resource.id}, and there is nothing of this id.`,
      why: "The next update fails at this look-up.",
      mend: [
        { note: "Correct the id in the program, or take the look-up out." },
        { run: one.pulumi("up"), note: "after that" },
      ],
    },
  ];
}

function isGone(resource: StateResource, place: Place, { facts }: Case): boolean {
  if (place !== organization && !isLiving(facts.clusters.get(place))) return true;
  const existing = facts.existing.get(place)?.get(resource.type);
  const key = keyOf(resource);
  return existing !== undefined && key !== undefined && !existing.keys.has(key);
}

function ofReplaced(resource: StateResource, one: Case): Finding {
  const { facts, pulumi } = one;
  const wire = facts.clusters.get(clusterIdOf(resource) ?? "");
  const isBilled = resource.type === "Cluster" && resource.isReplaced && isLiving(wire);
  return {
    severity: "warning",
    code: "unfinished-replacement",
    ...about(resource, wire),
    what: resource.isReplaced
      ? "It was replaced, and the old one is still to be deleted."
      : "It was deleted to be replaced, and the new one was not made.",
    why: isBilled
      ? `Cluster ${described(wire)} is billed until it is deleted.`
      : "A run ended in the middle of the replacement.",
    mend: [{ run: pulumi("up"), note: "finishes the replacement" }],
  };
}

function ofCluster(resource: StateResource, wire: WireCluster | undefined, one: Case): Finding[] {
  const { pulumi } = one;
  if (!isLiving(wire)) return [ofGoneCluster(resource, wire, one)];
  const it = about(resource, wire);
  const refresh: Step = { run: pulumi("refresh"), note: "writes it into the state" };
  if (wire.state === "CREATION_FAILED") {
    const isWritten = resource.outputs["state"] === "CREATION_FAILED";
    return [
      {
        severity: "error",
        code: "creation-failed",
        ...it,
        what: "The service failed to create the cluster: its state is CREATION_FAILED.",
        why: "It will never be usable. If the next one fails too, ask CockroachDB Cloud support about this id.",
        mend: [
          ...(isWritten ? [] : [refresh]),
          { run: pulumi("up"), note: "replaces it; pulumi destroy deletes it" },
        ],
      },
    ];
  }
  if (wire.operation_status.endsWith("_FAILED")) {
    return [
      {
        severity: "error",
        code: "operation-failed",
        ...it,
        what: `The last operation on the cluster failed: ${wire.operation_status}.`,
        why: "The cluster may be only partly changed.",
        mend: [
          refresh,
          {
            run: pulumi("up"),
            note: "repeats what is left; if it fails again, ask CockroachDB Cloud support about this id",
          },
        ],
      },
    ];
  }
  const isMarked =
    creationMarkKey in wire.labels && wire.labels[creationMarkKey] === markOf(resource);
  if (isMarked || wire.state === "CREATING" || resource.initErrors.length > 0) {
    return [ofUnfinished(resource, wire.state, it, one)];
  }
  if (wire.state === "LOCKED") {
    const isNamed = wire.operation_status !== "UNSPECIFIED";
    return [
      {
        severity: "warning",
        code: "locked",
        ...it,
        what: `The cluster is LOCKED${isNamed ? ` by ${wire.operation_status}` : ""}.`,
        why: "The service refuses changes until that ends; updates wait for it.",
        mend: [
          {
            note: "Wait and look again. If it stays locked for hours, ask CockroachDB Cloud support about this id.",
          },
        ],
      },
    ];
  }
  return [];
}

function ofGoneCluster(resource: StateResource, wire: WireCluster | undefined, one: Case): Finding {
  const parts = one.state.resources.filter(
    (part) => part.type !== "Cluster" && clusterIdOf(part) === resource.id,
  );
  const along =
    parts.length === 0 ? "" : ` With it went ${parts.map(subjectOf).sort().join(", ")}.`;
  return {
    severity: "error",
    code: "gone",
    ...about(resource, wire),
    what: `${goneSentence(resource.id, wire)}${along}`,
    why: "The state still counts on it, so updates of it fail.",
    mend: [
      ...(wire === undefined ? [checkTheKey(resource)] : []),
      { run: one.pulumi("refresh"), note: "takes it out of the state" },
      { run: one.pulumi("up"), note: "makes a new one, which is empty" },
    ],
  };
}

/** With the key of another organization everything looks gone, and a refresh would forget it all. */
function checkTheKey({ type }: StateResource): Step {
  const object = isOfCluster(type) ? "cluster" : resources[type].lifecycle.kind;
  return {
    note: `Check first that the key is one of the organization that has the ${object}: with a wrong key a refresh forgets what is there.`,
  };
}

function goneSentence(id: string | undefined, wire: WireCluster | undefined): string {
  if (wire === undefined) {
    return `The organization has no cluster ${id}, or this key may not see it.`;
  }
  const at = wire.deleted_at === undefined ? "" : ` at ${wire.deleted_at}`;
  return `Cluster ${described(wire)} was deleted${at}.`;
}

function ofPart(resource: StateResource, clusterId: string, one: Case): Finding[] {
  const { facts, state } = one;
  const wire = facts.clusters.get(clusterId);
  // The finding about the cluster names its parts.
  if (!isLiving(wire) && knownIds(state).has(clusterId)) return [];
  return ofObject(resource, one, () =>
    isLiving(wire)
      ? { what: `Cluster ${described(wire)} does not have it any more.`, isPlaceThere: true }
      : { what: goneSentence(clusterId, wire), isPlaceThere: false },
  );
}

/** What is said of an object that does not exist, and whether what it belongs to does. */
interface Missing {
  readonly what: string;
  readonly isPlaceThere: boolean;
}

function notFound({ type, id }: StateResource): Missing {
  const { kind } = resources[type].lifecycle;
  return {
    what: `The organization has no ${kind} ${id}, or this key may not see it.`,
    isPlaceThere: true,
  };
}

/** An object other than a cluster. */
function ofObject(resource: StateResource, one: Case, missing: () => Missing): Finding[] {
  const { facts, pulumi } = one;
  const place = placeOf(resource) ?? organization;
  const wire = facts.clusters.get(place);
  if (isGone(resource, place, one)) {
    const { what, isPlaceThere } = missing();
    return [
      {
        severity: "error",
        code: "gone",
        ...about(resource, wire),
        what,
        why: "The state still counts on it.",
        mend: [
          ...(wire === undefined ? [checkTheKey(resource)] : []),
          { run: pulumi("refresh"), note: "takes it out of the state" },
          isPlaceThere
            ? { run: pulumi("up"), note: "makes it anew" }
            : { note: "Give the resource another cluster in the program." },
        ],
      },
    ];
  }
  const failure = facts.existing.get(place)?.get(resource.type)?.failure;
  if (failure !== undefined) {
    return [
      {
        severity: "error",
        code: "operation-failed",
        ...about(resource, wire),
        what: `The last operation on it failed: ${failure}.`,
        why: "The cluster may be only partly changed.",
        mend: [
          { run: pulumi("refresh"), note: "writes it into the state" },
          { run: pulumi("up"), note: "tries again, once the reason is mended" },
        ],
      },
    ];
  }
  if (resource.initErrors.length === 0) return [];
  return [ofUnfinished(resource, undefined, about(resource, wire), one)];
}

const printedErrorLength = 400;

function ofUnfinished(
  { initErrors }: StateResource,
  clusterState: string | undefined,
  it: ReturnType<typeof about>,
  { pulumi }: Case,
): Finding {
  const [reason = ""] = initErrors;
  const shown =
    reason.length > printedErrorLength ? `${reason.slice(0, printedErrorLength)}…` : reason;
  return {
    severity: "warning",
    code: "unfinished",
    ...it,
    what: `Its last creation or update was not finished${shown === "" ? "." : `: ${shown}`}`,
    why:
      clusterState === undefined
        ? "It may be only partly as the program says."
        : `The cluster is ${clusterState}, and may be only partly as the program says.`,
    mend: [{ run: pulumi("up"), note: "takes it up where it was left" }],
  };
}
