// DeleteCluster.

import type { EmulatorContext } from "../context";
import { ApiError } from "../server/errors";
import { clusterNotFound } from "./find";
import { endOtherWork, recordEvent } from "./history";
import type { ClusterRecord } from "./record";
import { liveStreamOf } from "./replication";
import { schedule } from "./timeline";

/** Deletes a cluster, at once unless a test delays the next delete. @throws what the API refuses. */
export function deleteCluster(cluster: ClusterRecord, context: EmulatorContext): void {
  const { busy, protectedDelete, secondDelete } = context.assumptions;
  const now = context.clock.now();
  if (cluster.phase === "deleted") {
    if (secondDelete === "not-found") {
      throw clusterNotFound(cluster.id);
    }
    return;
  }
  // A locked cluster can be deleted, one that is being created cannot.
  if (cluster.phase === "creating" || cluster.phase === "deleting") {
    throw new ApiError(
      busy,
      `couldn't lock cluster '${cluster.id}': it is being ${cluster.phase === "creating" ? "created" : "deleted"}`,
    );
  }
  // There is nothing to protect in a cluster that has failed to be created.
  if (cluster.deleteProtection === "ENABLED" && cluster.phase !== "creation-failed") {
    throw new ApiError(
      protectedDelete,
      "cluster has delete protection enabled; disable it to delete the cluster",
    );
  }
  if (liveStreamOf(cluster) !== undefined) {
    throw new ApiError(
      context.assumptions.replicatingDelete,
      "cluster has an active physical replication stream",
    );
  }
  const holdMs = context.queued.consumeDeleteHold();
  if (holdMs > 0) {
    cluster.phase = "deleting";
    cluster.job = undefined;
    cluster.stale = undefined;
    cluster.steps = [];
    cluster.updatedAt = now;
    recordEvent(cluster, now, "Deletion begins");
    schedule(cluster, {
      at: now + holdMs,
      name: "deletion",
      run: (at) => markDeleted(cluster, at),
    });
  } else {
    markDeleted(cluster, now);
  }
}

/** Turns a cluster to DELETED, whatever it was doing. Areas then have an empty state for it. */
export function markDeleted(cluster: ClusterRecord, at: number): void {
  cluster.phase = "deleted";
  cluster.deletedAt = at;
  cluster.updatedAt = at;
  cluster.job = undefined;
  endOtherWork(cluster, at);
  cluster.failedOperation = undefined;
  cluster.stale = undefined;
  cluster.steps = [];
  recordEvent(cluster, at, "Deletion ends");
}
