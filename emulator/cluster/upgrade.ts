// Major upgrades: UPGRADE_AVAILABLE, MAJOR_UPGRADE_RUNNING, PENDING_FINALIZATION for 72 hours in which the
// upgrade can be rolled back, then FINALIZED.

import { majorOf } from "../catalogue/versions";
import type { EmulatorContext } from "../context";
import { failedPrecondition, invalidValue } from "../server/errors";
import { recordEvent } from "./history";
import type { ClusterRecord } from "./record";
import { kindOf } from "./record";
import { upgradeStatusOf } from "./response";
import { applyDueSteps, cancelSteps, schedule, startJob } from "./timeline";
import type { UpgradeStatus } from "./wire";

/** Whether a request for this version rolls the last upgrade back. */
export function isRollback({ upgrade }: ClusterRecord, version: string): boolean {
  return upgrade?.stage === "pending" && majorOf(upgrade.previous) === version;
}

/** Upgrades to a newer version, or rolls back to the previous one. @throws what the API refuses. */
export function changeVersion(
  cluster: ClusterRecord,
  version: string,
  context: EmulatorContext,
  now: number,
): void {
  if (isRollback(cluster, version)) {
    rollBack(cluster, context, now);
    return;
  }
  if (cluster.plan === "BASIC") {
    throw failedPrecondition("major version upgrades of BASIC clusters are automatic");
  }
  if (cluster.plan === "STANDARD" && cluster.serverless?.upgradeType !== "MANUAL") {
    throw failedPrecondition("major version upgrades need upgrade_type MANUAL");
  }
  const status = upgradeStatusOf(cluster, context);
  if (status !== "UPGRADE_AVAILABLE") {
    throw failedPrecondition(`cluster cannot be upgraded while its upgrade_status is ${status}`);
  }
  const target = context.versions
    .upgradesOf(cluster.version, kindOf(cluster))
    .find((candidate) => candidate.version === version);
  if (target === undefined) {
    throw failedPrecondition(
      `cluster cannot be upgraded from ${majorOf(cluster.version)} to ${version}`,
    );
  }
  const previous = cluster.version;
  cluster.upgrade = { previous, stage: "running" };
  startJob(cluster, now, {
    operation: "CRDB_MAJOR_UPGRADE_RUNNING",
    durationMs: context.durations.upgradeMs,
    locks: context.assumptions.lockDuringUpgrade,
    fails: context.queued.consumeJobFailure(),
    succeed: (at) => {
      cluster.version = target.patch;
      awaitFinalization(cluster, previous, context, at);
    },
    fail: () => {
      cluster.upgrade = undefined;
    },
  });
}

/** Follows a request to set `upgrade_status`: only to end an upgrade or to roll it back. */
export function changeUpgradeStatus(
  cluster: ClusterRecord,
  status: UpgradeStatus,
  context: EmulatorContext,
  now: number,
): void {
  if (status !== "FINALIZED" && status !== "ROLLBACK_RUNNING") {
    throw invalidValue(`upgrade_status cannot be set to ${status}`);
  }
  if (cluster.upgrade?.stage !== "pending") {
    throw failedPrecondition(
      `upgrade_status cannot be set to ${status} while it is ${upgradeStatusOf(cluster, context)}`,
    );
  }
  if (status === "FINALIZED") {
    cancelSteps(cluster, "finalization");
    scheduleFinalization(cluster, now + context.durations.finalizeMs);
    applyDueSteps(cluster, now);
  } else {
    rollBack(cluster, context, now);
  }
}

/** Ends the time in which an upgrade can be rolled back. */
export function finalizeUpgrade(cluster: ClusterRecord, now: number): void {
  cancelSteps(cluster, "finalization");
  cluster.upgrade = undefined;
  cluster.updatedAt = now;
  recordEvent(cluster, now, "Upgrade becomes final");
}

function awaitFinalization(
  cluster: ClusterRecord,
  previous: string,
  context: EmulatorContext,
  now: number,
): void {
  cluster.upgrade = { previous, stage: "pending" };
  scheduleFinalization(cluster, now + context.durations.finalizationMs);
}

function scheduleFinalization(cluster: ClusterRecord, at: number): void {
  schedule(cluster, {
    at,
    name: "finalization",
    run: (moment) => finalizeUpgrade(cluster, moment),
  });
}

function rollBack(cluster: ClusterRecord, context: EmulatorContext, now: number): void {
  const previous = cluster.upgrade?.previous ?? cluster.version;
  cancelSteps(cluster, "finalization");
  cluster.upgrade = { previous, stage: "rolling-back" };
  startJob(cluster, now, {
    operation: "CRDB_MAJOR_ROLLBACK_RUNNING",
    durationMs: context.durations.rollbackMs,
    locks: context.assumptions.lockDuringUpgrade,
    fails: context.queued.consumeJobFailure(),
    succeed: () => {
      cluster.version = context.versions.patchesAfter(previous).at(-1)?.patch ?? previous;
      cluster.upgrade = undefined;
    },
    fail: (at) => awaitFinalization(cluster, previous, context, at),
  });
}
