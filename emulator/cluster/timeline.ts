// What will happen to a cluster and when. There are no timers: whoever reads a cluster first applies every step that
// is due, in order and at its own moment.

import { recordEvent, titleOf } from "./history";
import type { ClusterRecord, Job, Step } from "./record";
import type { OperationStatus } from "./wire";

/** Applies every step that is due. */
export function applyDueSteps(cluster: ClusterRecord, now: number): void {
  while (cluster.steps[0] !== undefined && cluster.steps[0].at <= now) {
    const step = cluster.steps.shift();
    step?.run(step.at);
  }
}

/** Adds a step, after those of the same moment. */
export function schedule(cluster: ClusterRecord, step: Step): void {
  const later = cluster.steps.findIndex((other) => other.at > step.at);
  cluster.steps.splice(later < 0 ? cluster.steps.length : later, 0, step);
}

/** Cancels the steps of this name. */
export function cancelSteps(cluster: ClusterRecord, name: Step["name"]): void {
  cluster.steps = cluster.steps.filter((step) => step.name !== name);
}

/** A job to start. */
export interface JobPlan {
  readonly operation: OperationStatus;
  readonly durationMs: number;
  readonly locks: boolean;
  readonly targetRegions?: Job["targetRegions"];
  /** Whether it ends without success. */
  readonly fails: boolean;
  /** What success changes. */
  succeed(at: number): void;
  /** What failure changes; by default nothing. */
  fail?(at: number): void;
}

/** Starts a job; one of no duration is done at once. */
export function startJob(cluster: ClusterRecord, now: number, plan: JobPlan): void {
  const endsAt = now + plan.durationMs;
  const title = titleOf(cluster, plan.operation);
  recordEvent(cluster, now, `${title} begins`);
  cluster.failedOperation = undefined;
  cluster.job = {
    operation: plan.operation,
    startedAt: now,
    endsAt,
    locks: plan.locks,
    ...(plan.targetRegions && { targetRegions: plan.targetRegions }),
  };
  schedule(cluster, {
    at: endsAt,
    name: "job",
    run(at) {
      cluster.job = undefined;
      cluster.updatedAt = at;
      recordEvent(cluster, at, `${title} ${plan.fails ? "fails" : "ends"}`);
      if (plan.fails) {
        cluster.failedOperation = failureOf(plan.operation);
        plan.fail?.(at);
      } else {
        plan.succeed(at);
      }
    },
  });
  applyDueSteps(cluster, now);
}

/** The `operation_status` after an operation has failed; undefined for one that shows none. */
export function failureOf(operation: OperationStatus): OperationStatus | undefined {
  return /^(CRDB|TENANT|DEDICATED)_.*_RUNNING$/.test(operation)
    ? (operation.replace(/_RUNNING$/, "_FAILED") as OperationStatus)
    : undefined;
}

/** How much of the running job is done, from 0 to 1; 1 without a job. */
export function progressOf(cluster: ClusterRecord, now: number): number {
  const job = cluster.job;
  if (job === undefined || job.endsAt <= job.startedAt) {
    return 1;
  }
  return Math.min(1, (now - job.startedAt) / (job.endsAt - job.startedAt));
}
