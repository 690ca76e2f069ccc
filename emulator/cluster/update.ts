// UpdateCluster. The body is flat (no `spec`), absent keys stay as they are, and nothing changes unless
// everything is allowed. A slow change returns the cluster as it is at the start.

import type { EmulatorContext } from "../context";
import type { FolderRecords } from "../organization/folders";
import { parentOf } from "../organization/folders";
import { failedPrecondition, invalidValue } from "../server/errors";
import type { MessageShape } from "../server/protojson";
import { cmekRegionSpecsField } from "./cmek-key";
import { hardwareShape, regionMachineSpecsField, usageLimitsShape } from "./create";
import { checkNotBusy } from "./find";
import { checkLabels } from "./labels";
import { isInBlackout } from "./patch-schedule";
import type { ClusterRecord } from "./record";
import { toVisibleWire } from "./response";
import type { Change } from "./rules";
import { planDedicatedChange } from "./scaling";
import { planServerlessChange } from "./serverless";
import { changeUpgradeStatus, changeVersion } from "./upgrade";
import type { WireUpdateCluster } from "./wire";
import { deleteProtections, plans, upgradeStatuses, upgradeTypes } from "./wire";

/** The body of UpdateCluster. */
export const updateClusterShape: MessageShape = {
  name: "cockroach.cloud.UpdateClusterSpecification",
  fields: {
    cockroach_version: "string",
    dedicated: {
      message: {
        name: "cockroach.cloud.DedicatedClusterUpdateSpecification",
        fields: {
          cmek_region_specs: cmekRegionSpecsField,
          hardware: { message: hardwareShape },
          region_machine_specs: regionMachineSpecsField,
          region_nodes: { map: "int32" },
        },
      },
    },
    delete_protection: { enumeration: deleteProtections },
    labels: { map: "string" },
    parent_id: "string",
    plan: { enumeration: plans },
    serverless: {
      message: {
        name: "cockroach.cloud.ServerlessClusterUpdateSpecification",
        fields: {
          primary_region: "string",
          regions: { list: "string" },
          upgrade_type: { enumeration: upgradeTypes },
          usage_limits: { message: usageLimitsShape },
        },
      },
    },
    upgrade_status: { enumeration: upgradeStatuses },
  },
};

/** Checks the body and changes the cluster, or starts the job that will. @throws what the API refuses. */
export function updateCluster(
  cluster: ClusterRecord,
  body: WireUpdateCluster,
  folders: FolderRecords,
  context: EmulatorContext,
): void {
  if (Object.keys(body).length === 0) {
    return;
  }
  const now = context.clock.now();
  checkNotBusy(cluster, context);
  if (cluster.phase === "creation-failed") {
    throw failedPrecondition("cluster failed to be created and can only be deleted");
  }
  const isWork = body.dedicated !== undefined || Boolean(body.cockroach_version);
  if (isWork && context.assumptions.blackoutBlocksUserWork && isInBlackout(cluster, now)) {
    throw failedPrecondition("cluster is in a blackout window");
  }
  const changes = plannedChanges(cluster, body, folders, context, now);
  if (changes.length > 0 && context.queued.consumeIgnoredUpdate()) {
    return;
  }
  const before = toVisibleWire(cluster, context);
  const differences = changes.map((change) => change());
  if (differences.includes(true)) {
    cluster.updatedAt = now;
    const delayMs = context.queued.consumeVisibilityDelay() ?? context.durations.visibilityMs;
    cluster.stale = delayMs > 0 ? { until: now + delayMs, wire: before } : undefined;
  }
}

function plannedChanges(
  cluster: ClusterRecord,
  body: WireUpdateCluster,
  folders: FolderRecords,
  context: EmulatorContext,
  now: number,
): Change[] {
  const { cockroach_version: version, upgrade_status: upgradeStatus } = body;
  const isUpgrade = Boolean(version) || upgradeStatus !== undefined;
  if (isUpgrade && Object.keys(body).length > 1) {
    const field = version ? "cockroach_version" : "upgrade_status";
    throw invalidValue(`${field} cannot be changed together with other fields`);
  }
  if (upgradeStatus !== undefined) {
    return [
      () => {
        changeUpgradeStatus(cluster, upgradeStatus, context, now);
        return true;
      },
    ];
  }
  if (version) {
    return [
      () => {
        changeVersion(cluster, version, context, now);
        return true;
      },
    ];
  }
  const changes: Change[] = [];
  if (body.plan !== undefined && body.plan !== cluster.plan) {
    if (body.plan === "ADVANCED" || cluster.plan === "ADVANCED") {
      throw failedPrecondition(
        `cluster cannot change its plan from ${cluster.plan} to ${body.plan}`,
      );
    }
  }
  if (body.dedicated !== undefined && cluster.plan !== "ADVANCED") {
    throw invalidValue(`dedicated is not supported on ${cluster.plan} clusters`);
  }
  if (body.serverless !== undefined && cluster.plan === "ADVANCED") {
    throw invalidValue("serverless is not supported on ADVANCED clusters");
  }
  if (body.labels !== undefined) {
    checkLabels(body.labels, "cluster");
    const labels = { ...body.labels };
    changes.push(() => assign(cluster, "labels", labels));
  }
  if (body.parent_id !== undefined) {
    const parentId = parentOf(body.parent_id, folders);
    changes.push(() => assign(cluster, "parentId", parentId));
  }
  if (body.delete_protection !== undefined) {
    const protection = body.delete_protection;
    changes.push(() => assign(cluster, "deleteProtection", protection));
  }
  if (cluster.plan !== "ADVANCED") {
    changes.push(...planServerlessChange(cluster, body, context, now));
  } else if (body.dedicated !== undefined) {
    changes.push(...planDedicatedChange(cluster, body.dedicated, context, now));
  }
  return changes;
}

function assign<Key extends "deleteProtection" | "labels" | "parentId">(
  cluster: ClusterRecord,
  key: Key,
  value: ClusterRecord[Key],
): boolean {
  const differs = fingerprint(cluster[key]) !== fingerprint(value);
  cluster[key] = value;
  return differs;
}

function fingerprint(value: unknown): string {
  const isMap = typeof value === "object" && value !== null;
  return JSON.stringify(isMap ? Object.entries(value).sort() : value);
}
