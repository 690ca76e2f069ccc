/** What the doctor finds: what is wrong, on what, why it matters, and how to fix it. */
import type { WireCluster } from "../sdk";
import type { OrganizationFacts } from "./organization";
import type { StackState, StateResource } from "./stack-state";
import { clusterIdInState, textIn } from "./stack-state";

/** A step of a fix: a command to run, a line for the program, or something to do by hand. */
export interface Step {
  readonly run?: string;
  readonly edit?: string;
  readonly note: string;
}

export type FindingCode =
  | "lost-cluster"
  | "lost-key"
  | "interrupted-creation"
  | "not-found"
  | "creation-failed"
  | "operation-failed"
  | "broken"
  | "expiring"
  | "unfinished"
  | "unfinished-replacement"
  | "pending-operation"
  | "locked"
  | "drift"
  | "unused"
  | "blocked"
  | "exposed"
  | "unmanaged"
  | "possible-leftover";

export interface Finding {
  readonly severity: "error" | "warning" | "hint";
  readonly code: FindingCode;
  /** `Cluster "orders"` for a resource, `cluster orders-1a2b3c` for what is missing from the state. */
  readonly subject: string;
  readonly urn?: string;
  readonly clusterId?: string;
  readonly clusterName?: string;
  readonly what: string;
  readonly why: string;
  readonly fix: readonly Step[];
}

export interface DiagnosisContext {
  readonly state: StackState;
  /** Whether the resource was read; those of other accounts are not. */
  isReached(resource: StateResource): boolean;
  readonly facts: OrganizationFacts;
  /** The stack as `organization/project/stack`, where it is known. */
  readonly fullName: string | undefined;
  /** First parts of the creation marks of this stack. */
  readonly creators: ReadonlySet<string>;
  /** Completes a command for this stack: `up` to `pulumi up --stack dev`. */
  pulumi(command: string): string;
}

/** Whether the cluster exists; the API still returns a deleted one by its id. */
export function isLiving(cluster: WireCluster | undefined): cluster is WireCluster {
  return cluster !== undefined && cluster.state !== "DELETED";
}

export function subjectOf({ type, name }: StateResource): string {
  return `${type} "${name}"`;
}

/** A cluster by name and id. */
export function describeCluster({ name, id }: WireCluster): string {
  return `${name} (${id})`;
}

/** The resource and the cluster that a finding is about. */
export function about(resource: StateResource, cluster?: WireCluster) {
  const clusterId = cluster?.id ?? clusterIdInState(resource);
  const clusterName =
    cluster?.name ?? (resource.type === "Cluster" ? textIn(resource.outputs, "name") : undefined);
  return {
    subject: subjectOf(resource),
    urn: resource.urn,
    ...(clusterId === undefined ? {} : { clusterId }),
    ...(clusterName === undefined ? {} : { clusterName }),
  };
}

/** Clusters that some resource of the stack manages. */
export function knownIds({ resources }: StackState): ReadonlySet<string | undefined> {
  return new Set(
    resources
      .filter(({ type, isExternal }) => type === "Cluster" && !isExternal)
      .map(({ id }) => id),
  );
}
