/** What clusters of the stack hold that is not in its state: created elsewhere, or lost by a run. */
import { resources } from "../provider/resource/registry";
import type { ResourceType } from "../provider/resource/resource-types";
import type { Case, Finding, Step } from "./finding";
import { about, isLiving } from "./finding";
import type { StateResource } from "./stack-state";
import { clusterIdOf, keyOf } from "./stack-state";

/** Parts of which a cluster has many, and what the service itself creates of them. */
const createdByService = {
  SqlUser: [],
  Database: ["defaultdb", "postgres", "system"],
  AllowlistEntry: ["0.0.0.0/0"],
} as const satisfies Partial<Record<ResourceType, readonly string[]>>;

/** The types that are looked for on every cluster in state. */
export const countedTypes = Object.keys(createdByService) as (keyof typeof createdByService)[];

/** Whether the stack manages the cluster, so that its parts are of interest. */
export function isOwnCluster({ type, isExternal, isReplaced }: StateResource): boolean {
  return type === "Cluster" && !isExternal && !isReplaced;
}

/** One hint for each cluster of the stack that holds something that the state does not have. */
export function unmanagedParts(clusters: readonly StateResource[], one: Case): Finding[] {
  return clusters.flatMap((resource): Finding[] => {
    const { id } = resource;
    const wire = one.facts.clusters.get(id ?? "");
    if (id === undefined || !isLiving(wire)) return [];
    const mend = countedTypes.flatMap((type) => importLines(id, type, one));
    if (mend.length === 0) return [];
    return [
      {
        severity: "hint",
        code: "unmanaged",
        ...about(resource, wire),
        what: `The cluster holds what the state of this stack does not have: ${mend.length === 1 ? "1 object" : `${mend.length} objects`}.`,
        why: "Another stack or tool may manage it. If a run of this stack has lost it, the next update stops at it.",
        mend,
      },
    ];
  });
}

function importLines(clusterId: string, type: keyof typeof createdByService, one: Case): Step[] {
  const { state, facts } = one;
  const own: readonly string[] = createdByService[type];
  const managed = [...state.resources, ...state.pending.map(({ resource }) => resource)]
    .filter((resource) => resource.type === type && clusterIdOf(resource) === clusterId)
    .map(keyOf);
  const { kind } = resources[type].lifecycle;
  return [...(facts.existing.get(clusterId)?.get(type)?.keys ?? [])]
    .filter((key) => !managed.includes(key) && !own.includes(key))
    .sort()
    .map((key) => ({
      edit: `import: "${clusterId}:${key}"`,
      note: `as an option of a ${type}, if this stack is to manage ${kind} ${key}`,
    }));
}
