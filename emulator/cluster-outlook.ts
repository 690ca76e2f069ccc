// What is going to happen to a cluster if nobody does anything, for people. What a test has scripted stays a secret.

import type { ClusterEvent } from "./cluster-history";
import { titleOf } from "./cluster-history";
import type { ClusterRecord } from "./cluster-record";
import type { Step } from "./cluster-timeline";
import { nextPatchAt, pendingPatch } from "./patch-schedule";
import type { World } from "./world";

/** Everything that is due, soonest first. The record must be settled. */
export function outlookOf(cluster: ClusterRecord, world: World): ClusterEvent[] {
  const now = world.clock.now();
  const events: (ClusterEvent | undefined)[] = [
    ...cluster.history,
    ...cluster.steps.map((step) => eventOf(step, cluster)),
    cluster.stale && { at: cluster.stale.until, what: "Last change becomes visible" },
    { at: cluster.belongings.allowlist.propagatingUntil, what: "Allowlist is in force" },
    cluster.deletedAt === undefined
      ? undefined
      : { at: cluster.deletedAt + world.durations.nameReleaseMs, what: "Name is free again" },
    patchEvent(cluster, world, now),
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

function patchEvent(cluster: ClusterRecord, world: World, now: number): ClusterEvent | undefined {
  const at = nextPatchAt(cluster, world, now);
  const patch = pendingPatch(cluster, world);
  return at === undefined || patch === undefined
    ? undefined
    : { at, what: `Patch ${patch.patch} begins` };
}
