// When a patch version is applied to an Advanced cluster: as soon as it is out, or when its deferral is over, and
// then in the next maintenance window if the cluster has one, but not in a blackout window.

import type { ReleasedPatch } from "../catalogue/versions";
import type { EmulatorContext } from "../context";
import { stateOfEachCluster } from "../state";
import type { ClusterRecord } from "./record";
import { isBusy } from "./record";
import { startJob } from "./timeline";

const dayMs = 24 * 60 * 60 * 1000;
const weekMs = 7 * dayMs;
/** The first Monday after 1970 began, 00:00 UTC. */
const someMonday = Date.UTC(1970, 0, 5);

/** A weekly window, in the texts of the API. */
export interface MaintenanceWindow {
  /** From Monday 00:00 UTC, seconds with the suffix "s". */
  readonly offset: string;
  /** Its length, seconds with the suffix "s". */
  readonly length: string;
}

/** A time in which the service leaves a cluster alone, in milliseconds since 1970. */
export interface BlackoutWindow {
  readonly id: string;
  readonly createdAt: number;
  start: number;
  end: number;
}

/** By how much patches are put off; FIXED_DEFERRAL is an older name of DEFERRAL_60_DAYS. */
export type DeferralPolicy =
  | "DEFERRAL_30_DAYS"
  | "DEFERRAL_60_DAYS"
  | "DEFERRAL_90_DAYS"
  | "FIXED_DEFERRAL"
  | "NOT_DEFERRED";

/** What the customer has chosen about patches. */
interface PatchSettings {
  maintenanceWindow: MaintenanceWindow | undefined;
  /** undefined = never set. */
  deferralPolicy: DeferralPolicy | undefined;
}

/** The settings of a cluster about patches. */
export const patchSettingsOf = stateOfEachCluster(
  (): PatchSettings => ({ maintenanceWindow: undefined, deferralPolicy: undefined }),
);

/** The blackout windows of a cluster, those of the past too, by id. */
export const blackoutWindowsOf = stateOfEachCluster(() => new Map<string, BlackoutWindow>());

/** Whether the cluster is in a blackout window. */
export function isInBlackout(cluster: ClusterRecord, now: number): boolean {
  return [...blackoutWindowsOf(cluster).values()].some(
    ({ start, end }) => start <= now && now < end,
  );
}

/** Days by which a policy puts patches off; FIXED_DEFERRAL is 60 under an older name. */
export const deferredDays: Readonly<Record<DeferralPolicy, number>> = {
  NOT_DEFERRED: 0,
  DEFERRAL_30_DAYS: 30,
  DEFERRAL_60_DAYS: 60,
  DEFERRAL_90_DAYS: 90,
  FIXED_DEFERRAL: 60,
};

/** The seconds of a duration text. */
export function secondsOf(duration: string): number {
  return Number(duration.slice(0, -1));
}

/** The patch that the cluster will get next; undefined when it has the newest. */
export function pendingPatch(
  cluster: ClusterRecord,
  context: EmulatorContext,
): ReleasedPatch | undefined {
  return context.versions.patchesAfter(cluster.version)[0];
}

/** Until when the cluster's policy puts the pending patch off; undefined when it does not. */
export function deferredUntil(
  cluster: ClusterRecord,
  context: EmulatorContext,
): number | undefined {
  const days = deferredDays[patchSettingsOf(cluster).deferralPolicy ?? "NOT_DEFERRED"];
  const patch = pendingPatch(cluster, context);
  return days === 0 || patch === undefined ? undefined : patch.releasedAt + days * dayMs;
}

/**
 * When the next patch starts if nothing else happens; undefined when none is pending or the cluster is busy.
 * @param since Before that moment it has not started, as somebody has read.
 */
export function nextPatchAt(
  cluster: ClusterRecord,
  context: EmulatorContext,
  since: number,
): number | undefined {
  const patch = pendingPatch(cluster, context);
  const { otherWork } = cluster;
  if (patch === undefined || cluster.plan !== "ADVANCED" || cluster.phase !== "created") {
    return undefined;
  }
  const heldUntil = otherWork?.locks === true ? otherWork.until : 0;
  if (cluster.job !== undefined || heldUntil === Number.POSITIVE_INFINITY) {
    return undefined;
  }
  const eligible = deferredUntil(cluster, context) ?? patch.releasedAt;
  const earliest = Math.max(since, patch.announcedAt, eligible, heldUntil);
  const window = patchSettingsOf(cluster).maintenanceWindow;
  const blackouts = patch.isCritical ? [] : [...blackoutWindowsOf(cluster).values()];
  let candidate = earliest;
  for (;;) {
    candidate = window === undefined ? candidate : nextInWindow(window, candidate);
    const blackout = blackouts.find(({ start, end }) => start <= candidate && candidate < end);
    if (blackout === undefined) {
      return candidate;
    }
    candidate = blackout.end;
  }
}

/** The maintenance windows that begin in a span of time: each from when to when. */
export function maintenanceStarts(
  window: MaintenanceWindow,
  from: number,
  to: number,
): (readonly [start: number, end: number])[] {
  const offset = someMonday + secondsOf(window.offset) * 1000;
  const first = offset + Math.ceil((from - offset) / weekMs) * weekMs;
  const count = Math.max(0, Math.ceil((to - first) / weekMs));
  return Array.from({ length: count }, (_, index) => {
    const start = first + index * weekMs;
    return [start, start + secondsOf(window.length) * 1000] as const;
  });
}

function nextInWindow(window: MaintenanceWindow, earliest: number): number {
  const offsetMs = secondsOf(window.offset) * 1000;
  const lengthMs = secondsOf(window.length) * 1000;
  const intoWeek = (((earliest - someMonday - offsetMs) % weekMs) + weekMs) % weekMs;
  return intoWeek < lengthMs ? earliest : Math.ceil(earliest + weekMs - intoWeek);
}

/** Starts to apply the newest patch that may be applied at this moment. */
export function startPatch(cluster: ClusterRecord, context: EmulatorContext, at: number): void {
  if (isBusy(cluster, at)) {
    return;
  }
  const days = deferredDays[patchSettingsOf(cluster).deferralPolicy ?? "NOT_DEFERRED"];
  const patch = context.versions
    .patchesAfter(cluster.version)
    .filter(({ releasedAt }) => releasedAt + days * dayMs <= at)
    .at(-1);
  if (patch === undefined) {
    return;
  }
  startJob(cluster, at, {
    operation: "CRDB_PATCH_RUNNING",
    durationMs: context.durations.patchMs,
    locks: context.assumptions.lockDuringPatch,
    fails: false,
    succeed: () => {
      cluster.version = patch.patch;
    },
  });
}
