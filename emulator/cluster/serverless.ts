// Changes of Basic and Standard clusters: limits, capacity, regions, who upgrades, and the plan.

import type { EmulatorContext } from "../context";
import { ApiError, failedPrecondition, invalidValue } from "../server/errors";
import { backupSettingsOf, followPlan } from "./backup-settings";
import { serverlessRegion } from "./create";
import { sendsAnything } from "./exports";
import type { ClusterRecord } from "./record";
import type { Change } from "./rules";
import { checkServerlessRegions, checkUsageLimits, isServerlessPlan } from "./rules";
import { startJob } from "./timeline";
import type { WireUpdateCluster, WireUsageLimits } from "./wire";

const dayMs = 24 * 60 * 60 * 1000;
/** Capacity may be lowered three times in seven days. */
const decreaseWindowMs = 7 * dayMs;
const decreasesAllowed = 3;
/** A cluster that became BASIC stays so for 48 hours. */
const downgradeLockMs = 2 * dayMs;

/** Checks the part of an update that concerns a Basic or Standard cluster. @throws what the API refuses. */
export function planServerlessChange(
  cluster: ClusterRecord,
  body: WireUpdateCluster,
  context: EmulatorContext,
  now: number,
): Change[] {
  const { serverless } = cluster;
  if (serverless === undefined || !isServerlessPlan(cluster.plan)) {
    return [];
  }
  const changes: Change[] = [];
  const asked = body.serverless ?? {};
  const plan = body.plan ?? cluster.plan;
  if (isServerlessPlan(plan) && plan !== cluster.plan) {
    changes.push(planChange(cluster, plan, asked.usage_limits, context, now));
  } else if (asked.usage_limits !== undefined) {
    changes.push(limitsChange(cluster, cluster.plan, asked.usage_limits, context, now));
  }
  if (asked.upgrade_type !== undefined) {
    const upgradeType = asked.upgrade_type;
    if (upgradeType === "MANUAL" && cluster.plan === "BASIC") {
      throw failedPrecondition("upgrade_type MANUAL is not supported on BASIC clusters");
    }
    changes.push(() => {
      const differs = serverless.upgradeType !== upgradeType;
      serverless.upgradeType = upgradeType;
      return differs;
    });
  }
  if (asked.regions !== undefined || asked.primary_region !== undefined) {
    changes.push(regionsChange(cluster, cluster.plan, asked, context, now));
  }
  return changes;
}

function planChange(
  cluster: ClusterRecord,
  plan: "BASIC" | "STANDARD",
  limits: WireUsageLimits | undefined,
  context: EmulatorContext,
  now: number,
): Change {
  if (plan === "BASIC" && limits === undefined) {
    throw invalidValue("usage_limits is required to change the plan to BASIC");
  }
  const asked = { ...limits };
  checkUsageLimits(asked, plan, context);
  if (plan === "BASIC" && cluster.serverless?.upgradeType === "MANUAL") {
    throw failedPrecondition("upgrade_type must be AUTOMATIC to change the plan to BASIC");
  }
  if (plan === "BASIC" && context.assumptions.exportsKeepPlan && sendsAnything(cluster)) {
    throw failedPrecondition("log and metric exports must be deleted to change the plan to BASIC");
  }
  if (
    plan === "STANDARD" &&
    cluster.downgradedAt !== undefined &&
    now < cluster.downgradedAt + downgradeLockMs
  ) {
    throw new ApiError(
      context.assumptions.planChangeTooSoon,
      "the plan cannot be changed to STANDARD within 48 hours of a change to BASIC",
    );
  }
  return () => {
    startJob(cluster, now, {
      operation: "UNSPECIFIED",
      durationMs: context.durations.changePlanMs,
      locks: false,
      fails: context.queued.consumeJobFailure(),
      succeed: () => {
        followPlan(backupSettingsOf(cluster), plan);
        cluster.plan = plan;
        cluster.downgradedAt = plan === "BASIC" ? now : cluster.downgradedAt;
        setLimits(cluster, asked);
      },
    });
    return true;
  };
}

function limitsChange(
  cluster: ClusterRecord,
  plan: "BASIC" | "STANDARD",
  asked: WireUsageLimits,
  context: EmulatorContext,
  now: number,
): Change {
  const current = cluster.serverless?.usageLimits ?? {};
  const merges = context.assumptions.usageLimitsPatch === "merge" && Object.keys(asked).length > 0;
  const limits = merges ? { ...current, ...asked } : { ...asked };
  checkUsageLimits(limits, plan, context);
  const before = Number(current.provisioned_virtual_cpus ?? 0);
  const isDecrease = plan === "STANDARD" && Number(limits.provisioned_virtual_cpus) < before;
  const recent = cluster.decreases.filter((at) => at > now - decreaseWindowMs);
  if (isDecrease && recent.length >= decreasesAllowed) {
    throw new ApiError(
      context.assumptions.fourthDecrease,
      "provisioned capacity can be decreased only three times within a 7-day period",
    );
  }
  return () => {
    cluster.decreases = isDecrease ? [...recent, now] : recent;
    return setLimits(cluster, limits);
  };
}

function setLimits(cluster: ClusterRecord, limits: WireUsageLimits): boolean {
  const { serverless } = cluster;
  if (serverless === undefined) {
    return false;
  }
  const before = serverless.usageLimits ?? {};
  serverless.usageLimits = Object.keys(limits).length === 0 ? null : limits;
  const names = ["provisioned_virtual_cpus", "request_unit_limit", "storage_mib_limit"] as const;
  return names.some((name) => before[name] !== limits[name]);
}

function regionsChange(
  cluster: ClusterRecord,
  plan: "BASIC" | "STANDARD",
  asked: { regions?: string[]; primary_region?: string },
  context: EmulatorContext,
  now: number,
): Change {
  const present = cluster.regions.map((region) => region.name);
  const wanted = asked.regions ?? present;
  const primary = asked.primary_region ?? (asked.regions ? undefined : primaryOf(cluster));
  const removed = present.filter((region) => !wanted.includes(region));
  if (removed.length > 0 && wanted.length > 0) {
    throw failedPrecondition(`regions cannot be removed: ${removed.join(", ")}`);
  }
  checkServerlessRegions(wanted, primary, cluster.provider, plan, context);
  const added = wanted.filter((region) => !present.includes(region));
  const apply = () => {
    cluster.regions = [
      ...cluster.regions,
      ...added.map((region) =>
        serverlessRegion(region, cluster.serverless?.routingId ?? "", cluster.provider),
      ),
    ];
    for (const region of cluster.regions) {
      region.primary = wanted.length > 1 ? region.name === primary : region.primary;
    }
  };
  return () => {
    const differs = added.length > 0 || (wanted.length > 1 && primary !== primaryOf(cluster));
    const durationMs = added.length > 0 ? context.durations.addServerlessRegionMs : 0;
    if (durationMs === 0) {
      apply();
      return differs;
    }
    startJob(cluster, now, {
      operation: "CRDB_EDIT_CLUSTER_RUNNING",
      durationMs,
      locks: true,
      fails: context.queued.consumeJobFailure(),
      succeed: apply,
    });
    return differs;
  };
}

function primaryOf(cluster: ClusterRecord): string | undefined {
  return cluster.regions.find((region) => region.primary)?.name;
}
