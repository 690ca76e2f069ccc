/** Objects on clusters of the stack that are not in its state: created elsewhere, or lost by a run. */
import { resources } from "../provider/resource/registry";
import type { ResourceType } from "../provider/resource/resource-types";
import type { DiagnosisContext, Finding, Step } from "./finding";
import { about, isLiving } from "./finding";
import type { StateResource } from "./stack-state";
import { clusterIdInState, keyOf } from "./stack-state";

/** Types of which a cluster has many objects, and those that the service itself creates. */
const createdByService = {
  SqlUser: [],
  Database: ["defaultdb", "postgres", "system"],
  AllowlistEntry: ["0.0.0.0/0"],
} as const satisfies Partial<Record<ResourceType, readonly string[]>>;

/** The types that are listed for every cluster in state. */
export const countedTypes = Object.keys(createdByService) as (keyof typeof createdByService)[];

/** Whether the stack manages the cluster, so that its parts are of interest. */
export function isOwnCluster({ type, isExternal, isReplaced }: StateResource): boolean {
  return type === "Cluster" && !isExternal && !isReplaced;
}

/** One hint for each cluster of the stack that holds something that the state does not have. */
export function unmanagedParts(
  clusters: readonly StateResource[],
  context: DiagnosisContext,
): Finding[] {
  return clusters.flatMap((resource): Finding[] => {
    const { id } = resource;
    const cluster = context.facts.clusters.get(id ?? "");
    if (id === undefined || !isLiving(cluster)) return [];
    const fix = countedTypes.flatMap((type) => importLines(id, type, context));
    if (fix.length === 0) return [];
    return [
      {
        severity: "hint",
        code: "unmanaged",
        ...about(resource, cluster),
        what: `The cluster has objects that are not in the state of this stack: ${fix.length === 1 ? "1 object" : `${fix.length} objects`}.`,
        why: "Another stack or tool may manage them. If a run of this stack lost them, the next update stops there.",
        fix,
      },
    ];
  });
}

function importLines(
  clusterId: string,
  type: keyof typeof createdByService,
  context: DiagnosisContext,
): Step[] {
  const { state, facts } = context;
  const own: readonly string[] = createdByService[type];
  const managed = [...state.resources, ...state.pending.map(({ resource }) => resource)]
    .filter((resource) => resource.type === type && clusterIdInState(resource) === clusterId)
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
