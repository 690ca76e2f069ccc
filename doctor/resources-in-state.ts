/** Resources in state whose object is deleted, failed, locked or unfinished. */
import { creationMarkKey } from "../provider/cluster/creation-mark";
import { readEntry } from "../provider/engine/state-entry";
import { resources } from "../provider/resource/registry";
import type { Trouble } from "../provider/resource/resource";
import { isOfCluster } from "../provider/resource/resource-types";
import { valueAt } from "../provider/values/property-value";
import { hasUnknown, leadsToUnknown } from "../provider/values/unknown";
import type { WireCluster } from "../sdk";
import type { DiagnosisContext, Finding, Step } from "./finding";
import { about, describeCluster, isLiving, knownIds, subjectOf } from "./finding";
import type { Place, StateResource } from "./stack-state";
import { clusterIdInState, keyOf, markOf, organization, placeOf, plainValues } from "./stack-state";

/** What is wrong with a resource; nothing where that is unknown. */
export function ofResource(resource: StateResource, context: DiagnosisContext): Finding[] {
  const place = placeOf(resource);
  if (place === undefined || context.facts.unreadable.has(place)) return [];
  if (resource.isExternal) return ofExternal(resource, place, context);
  if (resource.isReplaced || resource.isAwaitingReplacement) return [ofReplaced(resource, context)];
  if (resource.type === "Cluster")
    return ofCluster(resource, context.facts.clusters.get(place), context);
  return place === organization
    ? ofObject(resource, context, () => notFound(resource))
    : ofPart(resource, place, context);
}

function ofExternal(resource: StateResource, place: Place, context: DiagnosisContext): Finding[] {
  if (!isMissing(resource, place, context)) return [];
  return [
    {
      severity: "error",
      code: "not-found",
      ...about(resource),
      what: `The program reads it by the id ${resource.id}, and no object with this id exists.`,
      why: "The next update fails when it reads this object.",
      fix: [
        { note: "Correct the id in the program, or remove the call that reads it." },
        { run: context.pulumi("up"), note: "after that" },
      ],
    },
  ];
}

function isMissing(resource: StateResource, place: Place, { facts }: DiagnosisContext): boolean {
  if (place !== organization && !isLiving(facts.clusters.get(place))) return true;
  const existing = facts.existing.get(place)?.get(resource.type);
  const key = keyOf(resource);
  return existing !== undefined && key !== undefined && !existing.keys.has(key);
}

function ofReplaced(resource: StateResource, context: DiagnosisContext): Finding {
  const { facts, pulumi } = context;
  const cluster = facts.clusters.get(clusterIdInState(resource) ?? "");
  const isBilled = resource.type === "Cluster" && resource.isReplaced && isLiving(cluster);
  return {
    severity: "warning",
    code: "unfinished-replacement",
    ...about(resource, cluster),
    what: resource.isReplaced
      ? "It was replaced, and the old one has not been deleted yet."
      : "It was deleted to be replaced, and the new one was not created.",
    why: isBilled
      ? `Cluster ${describeCluster(cluster)} is billed until it is deleted.`
      : "A run ended in the middle of the replacement.",
    fix: [{ run: pulumi("up"), note: "finishes the replacement" }],
  };
}

function ofCluster(
  resource: StateResource,
  cluster: WireCluster | undefined,
  context: DiagnosisContext,
): Finding[] {
  const { pulumi } = context;
  if (!isLiving(cluster)) return [ofDeletedCluster(resource, cluster, context)];
  const it = about(resource, cluster);
  const refresh: Step = { run: pulumi("refresh"), note: "updates the state" };
  if (cluster.state === "CREATION_FAILED") {
    const isWritten = resource.outputs["state"] === "CREATION_FAILED";
    return [
      {
        severity: "error",
        code: "creation-failed",
        ...it,
        what: "The service failed to create the cluster: its state is CREATION_FAILED.",
        why: "It will never be usable. If the next one fails too, ask CockroachDB Cloud support about this id.",
        fix: [
          ...(isWritten ? [] : [refresh]),
          { run: pulumi("up"), note: "replaces it; pulumi destroy deletes it" },
        ],
      },
    ];
  }
  if (cluster.operation_status.endsWith("_FAILED")) {
    return [
      {
        severity: "error",
        code: "operation-failed",
        ...it,
        what: `The last operation on the cluster failed: ${cluster.operation_status}.`,
        why: "The cluster may be partially changed.",
        fix: [
          refresh,
          {
            run: pulumi("up"),
            note: "completes the change; if it fails again, ask CockroachDB Cloud support about this id",
          },
        ],
      },
    ];
  }
  const isMarked =
    creationMarkKey in cluster.labels && cluster.labels[creationMarkKey] === markOf(resource);
  if (isMarked || cluster.state === "CREATING" || resource.initErrors.length > 0) {
    return [ofUnfinished(resource, cluster.state, it, context)];
  }
  if (cluster.state === "LOCKED") {
    const isNamed = cluster.operation_status !== "UNSPECIFIED";
    return [
      {
        severity: "warning",
        code: "locked",
        ...it,
        what: `The cluster is LOCKED${isNamed ? ` by ${cluster.operation_status}` : ""}.`,
        why: "The service rejects changes until the lock ends; updates wait for it.",
        fix: [
          {
            note: "Wait, then run doctor again. If it stays locked for hours, ask CockroachDB Cloud support about this id.",
          },
        ],
      },
    ];
  }
  return ofDrift(resource, cluster, context);
}

/** Arguments that somebody else has changed. Their values stay out of the report: some are secrets. */
function ofDrift(
  resource: StateResource,
  cluster: WireCluster | undefined,
  { facts, pulumi }: DiagnosisContext,
): Finding[] {
  const { id, type, isFromBridge } = resource;
  const found = facts.existing
    .get(placeOf(resource) ?? organization)
    ?.get(type)
    ?.objects?.get(keyOf(resource) ?? "");
  if (found === undefined || id === undefined || isFromBridge) return [];
  const inputs = plainValues(resource.inputs);
  const { state: outputs } = readEntry(plainValues(resource.outputs));
  const others = found
    .driftFrom({ id, inputs, outputs })
    .filter((path) => !isSecretAt(inputs, path.split(".")));
  if (others.length === 0) return [];
  return [
    {
      severity: "warning",
      code: "drift",
      ...about(resource, cluster),
      what: `The service has another value than the last update for ${others.join(", ")}.`,
      why: "Somebody has changed it outside of the stack, or the last update did not take effect.",
      fix: [
        { run: pulumi("preview --refresh --diff"), note: "shows the difference" },
        {
          run: pulumi("up --refresh"),
          note: "writes the values of the program; to keep the others, write them in the program first",
        },
      ],
    },
  ];
}

/** Whether a secret of the state is at the path, above or below it. */
function isSecretAt(inputs: object, path: readonly string[]): boolean {
  return leadsToUnknown(inputs, path) || hasUnknown(valueAt(inputs, path));
}

function ofDeletedCluster(
  resource: StateResource,
  cluster: WireCluster | undefined,
  context: DiagnosisContext,
): Finding {
  const parts = context.state.resources.filter(
    (part) => part.type !== "Cluster" && clusterIdInState(part) === resource.id,
  );
  const along =
    parts.length === 0 ? "" : ` Deleted with it: ${parts.map(subjectOf).sort().join(", ")}.`;
  return {
    severity: "error",
    code: "not-found",
    ...about(resource, cluster),
    what: `${notFoundSentence(resource.id, cluster)}${along}`,
    why: "The state still has it, so updates of it fail.",
    fix: [
      ...(cluster === undefined ? [checkTheCredential(resource)] : []),
      { run: context.pulumi("refresh"), note: "removes it from the state" },
      { run: context.pulumi("up"), note: "creates a new, empty one" },
    ],
  };
}

/** With a credential of another organization everything looks deleted, and a refresh would drop it all from the state. */
function checkTheCredential({ type }: StateResource): Step {
  const object = isOfCluster(type) ? "cluster" : resources[type].lifecycle.kind;
  return {
    note: `First check that the credential belongs to the organization of the ${object}: with a wrong one, a refresh drops existing resources from the state.`,
  };
}

function notFoundSentence(id: string | undefined, cluster: WireCluster | undefined): string {
  if (cluster === undefined) {
    return `The organization has no cluster ${id}, or this credential does not have access to it.`;
  }
  const at = cluster.deleted_at === undefined ? "" : ` at ${cluster.deleted_at}`;
  return `Cluster ${describeCluster(cluster)} was deleted${at}.`;
}

function ofPart(resource: StateResource, clusterId: string, context: DiagnosisContext): Finding[] {
  const { facts, state } = context;
  const cluster = facts.clusters.get(clusterId);
  // The finding about the cluster names its parts.
  if (!isLiving(cluster) && knownIds(state).has(clusterId)) return [];
  return ofObject(resource, context, () =>
    isLiving(cluster)
      ? { what: `Cluster ${describeCluster(cluster)} no longer has it.`, doesPlaceExist: true }
      : { what: notFoundSentence(clusterId, cluster), doesPlaceExist: false },
  );
}

/** What to report about an object that does not exist, and whether its cluster or organization does. */
interface Missing {
  readonly what: string;
  readonly doesPlaceExist: boolean;
}

function notFound({ type, id }: StateResource): Missing {
  const { kind } = resources[type].lifecycle;
  return {
    what: `The organization has no ${kind} ${id}, or this credential does not have access to it.`,
    doesPlaceExist: true,
  };
}

/** An object other than a cluster. */
function ofObject(
  resource: StateResource,
  context: DiagnosisContext,
  missing: () => Missing,
): Finding[] {
  const { facts, pulumi } = context;
  const place = placeOf(resource) ?? organization;
  const cluster = facts.clusters.get(place);
  const trouble = facts.existing
    .get(place)
    ?.get(resource.type)
    ?.troubles?.get(keyOf(resource) ?? "");
  const hint = trouble?.code === "unused" ? [ofTrouble(resource, cluster, trouble, context)] : [];
  if (trouble !== undefined && hint.length === 0)
    return [ofTrouble(resource, cluster, trouble, context)];
  if (isMissing(resource, place, context)) {
    const { what, doesPlaceExist } = missing();
    return [
      {
        severity: "error",
        code: "not-found",
        ...about(resource, cluster),
        what,
        why: "The state still has it.",
        fix: [
          ...(cluster === undefined ? [checkTheCredential(resource)] : []),
          { run: pulumi("refresh"), note: "removes it from the state" },
          doesPlaceExist
            ? { run: pulumi("up"), note: "creates it again" }
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
        ...about(resource, cluster),
        what: `The last operation on it failed: ${failure}.`,
        why: "The cluster may be partially changed.",
        fix: [
          { run: pulumi("refresh"), note: "updates the state" },
          { run: pulumi("up"), note: "retries, once the cause is fixed" },
        ],
      },
    ];
  }
  if (resource.initErrors.length === 0) {
    const drift = ofDrift(resource, cluster, context);
    return drift.length > 0 ? drift : hint;
  }
  return [ofUnfinished(resource, undefined, about(resource, cluster), context)];
}

const severityOf: Readonly<Record<Trouble["code"], Finding["severity"]>> = {
  broken: "error",
  "operation-failed": "error",
  expiring: "warning",
  unfinished: "warning",
  unused: "hint",
};

function ofTrouble(
  resource: StateResource,
  cluster: WireCluster | undefined,
  { code, what, why, byHand, update }: Trouble,
  { pulumi }: DiagnosisContext,
): Finding {
  return {
    severity: severityOf[code],
    code,
    ...about(resource, cluster),
    what,
    why,
    fix: [
      ...(byHand === undefined ? [] : [{ note: byHand }]),
      ...(update === undefined
        ? []
        : [
            { run: pulumi("refresh"), note: "updates the state" },
            { run: pulumi("up"), note: update },
          ]),
    ],
  };
}

const printedErrorLength = 400;

function ofUnfinished(
  { initErrors }: StateResource,
  clusterState: string | undefined,
  it: ReturnType<typeof about>,
  { pulumi }: DiagnosisContext,
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
        ? "It may not fully match the program."
        : `The cluster is ${clusterState}, and may not fully match the program.`,
    fix: [{ run: pulumi("up"), note: "resumes it" }],
  };
}
