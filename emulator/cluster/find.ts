// Clusters by their ids. A cluster is brought up to date with the clock whenever it is read.

import type { EmulatorContext } from "../context";
import type { Organization } from "../organization/organization";
import type { Call } from "../server/call";
import { ApiError, failedPrecondition, notFound } from "../server/errors";
import { nextPatchAt, startPatch } from "./patch-schedule";
import type { ClusterRecord } from "./record";
import { isBusy } from "./record";
import { liveStreamOf } from "./replication";
import { applyDueSteps } from "./timeline";

/** All clusters of the organization, deleted ones included, as they are at this moment. */
export function clustersOf(organization: Organization, context: EmulatorContext): ClusterRecord[] {
  const clusters = [...organization.clusters.values()];
  for (const cluster of clusters) {
    bringUpToDate(cluster, context);
  }
  return clusters;
}

/** The cluster of this id as it is at this moment, deleted or not. @throws not found. */
export function clusterOf(
  organization: Organization,
  context: EmulatorContext,
  id: string,
): ClusterRecord {
  const cluster = organization.clusters.get(id);
  if (cluster === undefined) {
    throw clusterNotFound(id);
  }
  bringUpToDate(cluster, context);
  return cluster;
}

/** Finds a cluster of any organization by its id. @throws when there is none. */
export type ClusterFinder = (clusterId: string) => ClusterRecord;

/** Creates the finder that controls use. */
export function clusterFinder(
  organizations: readonly Organization[],
  context: EmulatorContext,
): ClusterFinder {
  return (clusterId) => {
    for (const organization of organizations) {
      if (organization.clusters.has(clusterId)) {
        return clusterOf(organization, context, clusterId);
      }
    }
    throw new Error(`The emulator has no cluster ${clusterId}.`);
  };
}

/** Applies everything that was due until now, patches included, in order of time. */
function bringUpToDate(cluster: ClusterRecord, context: EmulatorContext): void {
  const now = context.clock.now();
  for (;;) {
    const stepAt = cluster.steps[0]?.at ?? Number.POSITIVE_INFINITY;
    const patchAt = nextPatchAt(cluster, context, cluster.upToDateAt) ?? Number.POSITIVE_INFINITY;
    if (Math.min(stepAt, patchAt) > now) {
      break;
    }
    if (stepAt <= patchAt) {
      cluster.upToDateAt = Math.max(cluster.upToDateAt, stepAt);
      applyDueSteps(cluster, stepAt);
    } else {
      cluster.upToDateAt = patchAt;
      startPatch(cluster, context, patchAt);
    }
  }
  cluster.upToDateAt = now;
}

/** The response to an id that no cluster has. */
export function clusterNotFound(id: string): Error {
  return notFound(notFoundText(id));
}

function notFoundText(id: string): string {
  return `internal call failed: cluster '${id}' is not found`;
}

/** The cluster whose subresources a call is about. @throws not found, also when it is deleted. */
export function liveClusterOf(call: Call): ClusterRecord {
  const cluster = clusterOf(call.organization, call.context, call.clusterId);
  const isRead = call.operation.method === "GET";
  if (cluster.phase === "deleted" && !(isRead && call.context.assumptions.serveDeletedClusters)) {
    throw new ApiError(call.context.assumptions.deletedCluster, notFoundText(call.clusterId));
  }
  return cluster;
}

/**
 * The cluster whose users or databases a call is about. One that is being created has none yet, and is not found.
 */
export function readyClusterOf(call: Call): ClusterRecord {
  const cluster = liveClusterOf(call);
  if (cluster.phase === "creating" || cluster.phase === "creation-failed") {
    throw clusterNotFound(call.clusterId);
  }
  if (liveStreamOf(cluster)?.standby === cluster) {
    throw failedPrecondition("cluster is the standby of a physical replication stream");
  }
  if (call.operation.method !== "GET" && call.context.assumptions.lockCoversSubresources) {
    checkNotBusy(cluster, call.context);
  }
  return cluster;
}

/** The cluster whose settings a call changes. @throws not found, or busy while it is being created. */
export function changeableClusterOf(call: Call): ClusterRecord {
  const cluster = liveClusterOf(call);
  if (cluster.phase !== "created" || call.context.assumptions.lockCoversSubresources) {
    checkNotBusy(cluster, call.context);
  }
  if (cluster.phase === "creation-failed") {
    throw failedPrecondition("cluster failed to be created and can only be deleted");
  }
  return cluster;
}

/** Refuses a call while another operation is in progress on the cluster. @throws busy. */
export function checkNotBusy(cluster: ClusterRecord, context: EmulatorContext): void {
  if (isBusy(cluster, context.clock.now())) {
    const { busy } = context.assumptions;
    // The service has two texts, each with a status of its own.
    throw new ApiError(
      busy,
      busy.status === 409
        ? "cluster lock is held"
        : `couldn't lock cluster '${cluster.id}': another operation is in progress`,
    );
  }
}
