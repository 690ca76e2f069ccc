// The operations on clusters. What they allow is in cluster-create.ts and cluster-update.ts.

import type { Area, Call } from "./call";
import { readBody } from "./call";
import { noBelongings } from "./cluster-belongings";
import { createCluster, createClusterShape } from "./cluster-create";
import { endOtherWork, note } from "./cluster-history";
import type { ClusterRecord } from "./cluster-record";
import { stateOf, toVisibleWire, toWire } from "./cluster-record";
import { schedule } from "./cluster-timeline";
import { updateCluster, updateClusterShape } from "./cluster-update";
import type { WireCreateCluster, WireUpdateCluster } from "./cluster-wire";
import { ApiError, permissionDenied } from "./errors";
import { folderPath } from "./folder-record";
import { clusterNotFound, clusterOf, clustersOf, grantsOf, heldGrant } from "./organization";
import { momentKey, page } from "./paging";
import { boolParameter, enumParameter } from "./query";
import { isAllowed } from "./roles";
import type { World } from "./world";

function listClusters(call: Call): object {
  const { organization, world, query, operation, now } = call;
  const sortBy = enumParameter(query, "pagination.sort_by", ["NAME", "CREATED_AT", "DELETED_AT"]);
  // Without a role on the whole organization the flag has no effect, silently.
  const showsInactive =
    boolParameter(query, "show_inactive") &&
    isAllowed(grantsOf(call.key, now), operation, { folderIds: [] });
  const clusters = clustersOf(organization, world).filter((cluster) => {
    const state = stateOf(cluster, now);
    const isInactive = state === "DELETED" || state === "CREATION_FAILED";
    const folderIds = folderPath(organization.folders, cluster.parentId);
    return (
      (showsInactive || !isInactive) &&
      isAllowed(grantsOf(call.key, now), operation, { clusterId: cluster.id, folderIds })
    );
  });
  const sortKey = (cluster: ClusterRecord): string[] => {
    switch (sortBy) {
      case "CREATED_AT":
        return [momentKey(cluster.createdAt), cluster.id];
      case "DELETED_AT":
        return [momentKey(cluster.deletedAt ?? cluster.createdAt), cluster.id];
      default:
        return [cluster.name, cluster.id];
    }
  };
  const { items, pagination } = page(call, clusters, {
    sortKey,
    createdAt: (cluster) => cluster.createdAt,
  });
  return { clusters: items.map((cluster) => toVisibleWire(cluster, world)), pagination };
}

function create(call: Call): object {
  const { organization, world, key, now } = call;
  const body = readBody<WireCreateCluster>(call, createClusterShape);
  // The role must hold where the cluster is going to be.
  const folderIds = folderPath(organization.folders, body.spec?.parent_id || "root");
  if (!isAllowed(grantsOf(key, now), call.operation, { folderIds })) {
    throw permissionDenied();
  }
  const cluster = createCluster(body, {
    world,
    folders: organization.folders,
    others: clustersOf(organization, world),
    creatorId: key.accountId,
    now,
  });
  organization.clusters.set(cluster.id, cluster);
  // Whoever creates a cluster administrates it.
  key.grants.push(
    heldGrant({ role: "CLUSTER_ADMIN", scope: "cluster", resourceId: cluster.id }, world),
  );
  return toWire(cluster, world);
}

function get(call: Call): object {
  return toVisibleWire(requestedCluster(call), call.world);
}

function update(call: Call): object {
  const { organization, world } = call;
  const body = readBody<WireUpdateCluster>(
    call,
    updateClusterShape,
    world.assumptions.strictPatch ? "refused" : "ignored",
  );
  const cluster = requestedCluster(call);
  if (cluster.phase === "deleted") {
    throw clusterNotFound(cluster.id);
  }
  updateCluster(cluster, body, organization.folders, world);
  return toWire(cluster, world);
}

function remove(call: Call): object {
  const cluster = requestedCluster(call);
  deleteCluster(cluster, call.world);
  return toWire(cluster, call.world);
}

function deleteCluster(cluster: ClusterRecord, world: World): void {
  const { busy, protectedDelete, secondDelete } = world.assumptions;
  const now = world.clock.now();
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
  const holdMs = world.scripted.takeDeleteHold();
  if (holdMs > 0) {
    cluster.phase = "deleting";
    cluster.job = undefined;
    cluster.stale = undefined;
    cluster.steps = [];
    cluster.updatedAt = now;
    note(cluster, now, "Deletion begins");
    schedule(cluster, {
      at: now + holdMs,
      name: "deletion",
      run: (at) => markDeleted(cluster, at),
    });
  } else {
    markDeleted(cluster, now);
  }
}

/** Makes a cluster DELETED, whatever it was doing, and with it all that belongs to it. */
export function markDeleted(cluster: ClusterRecord, at: number): void {
  cluster.phase = "deleted";
  cluster.deletedAt = at;
  cluster.updatedAt = at;
  cluster.job = undefined;
  endOtherWork(cluster, at);
  cluster.failedOperation = undefined;
  cluster.stale = undefined;
  cluster.steps = [];
  cluster.belongings = noBelongings(at);
  note(cluster, at, "Deletion ends");
}

function requestedCluster(call: Call): ClusterRecord {
  return clusterOf(call.organization, call.world, call.clusterId);
}

/** Clusters themselves. */
export const clusterArea: Area = {
  CreateCluster: create,
  DeleteCluster: remove,
  GetCluster: get,
  ListClusters: listClusters,
  UpdateCluster: update,
};
