// The events of a cluster that are due if nobody changes anything, for the status page. Queued failures are not shown.

import { allowlistOf } from "../areas/allowlist-entry";
import { titleOf } from "../cluster/history";
import { nextPatchAt, pendingPatch } from "../cluster/patch-schedule";
import type { ClusterEvent, ClusterRecord, Step } from "../cluster/record";
import type { EmulatorContext } from "../context";

/** Everything that is due, soonest first. */
export function upcomingEventsOf(cluster: ClusterRecord, context: EmulatorContext): ClusterEvent[] {
  const now = context.clock.now();
  const events: (ClusterEvent | undefined)[] = [
    ...cluster.history,
    ...cluster.steps.map((step) => eventOf(step, cluster)),
    cluster.stale && { at: cluster.stale.until, what: "Last change becomes visible" },
    { at: allowlistOf(cluster).propagatingUntil, what: "Allowlist is in force" },
    cluster.deletedAt === undefined
      ? undefined
      : { at: cluster.deletedAt + context.durations.nameReleaseMs, what: "Name is free again" },
    patchEvent(cluster, context, now),
  ];
  return events
    .filter((event): event is ClusterEvent => event !== undefined && event.at > now)
    .sort((a, b) => a.at - b.at);
}

function eventOf(step: Step, cluster: ClusterRecord): ClusterEvent | undefined {
  switch (step.name) {
    case "job":
      return (
        cluster.job && { at: step.at, what: `${titleOf(cluster, cluster.job.operation)} ends` }
      );
    case "deletion":
      return { at: step.at, what: "Deletion ends" };
    case "finalization":
      return { at: step.at, what: "Upgrade becomes final" };
    case "restore":
      return { at: step.at, what: "Restore ends" };
    case "background":
      return undefined;
  }
}

function patchEvent(
  cluster: ClusterRecord,
  context: EmulatorContext,
  now: number,
): ClusterEvent | undefined {
  const at = nextPatchAt(cluster, context, now);
  const patch = pendingPatch(cluster, context);
  return at === undefined || patch === undefined
    ? undefined
    : { at, what: `Patch ${patch.patch} begins` };
}
