// The operations on clusters. What they allow is in cluster-create.ts and cluster-update.ts.

import type { ControlledArea } from "../area";
import { folderPath, parentOf } from "../organization/folders";
import { grantsOf, heldGrant } from "../organization/grants";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { permissionDenied } from "../server/errors";
import { momentKey, page } from "../server/paging";
import { boolParameter, enumParameter } from "../server/query";
import { isAllowed } from "../server/roles";
import type { ClusterControls } from "./controls";
import { clusterControls } from "./controls";
import { createCluster, createClusterShape } from "./create";
import { deleteCluster } from "./delete";
import { clusterNotFound, clusterOf, clustersOf } from "./find";
import type { ClusterRecord } from "./record";
import { stateOf } from "./record";
import { toVisibleWire, toWire } from "./response";
import { updateCluster, updateClusterShape } from "./update";
import { isRollback } from "./upgrade";
import type { WireCreateCluster, WireUpdateCluster } from "./wire";

function listClusters(call: Call): object {
  const { organization, context, query, operation, now } = call;
  const sortBy = enumParameter(query, "pagination.sort_by", ["NAME", "CREATED_AT", "DELETED_AT"]);
  // Without a role on the whole organization the flag has no effect, silently.
  const showsInactive =
    boolParameter(query, "show_inactive") &&
    isAllowed(grantsOf(call), operation, { folderIds: [] });
  const clusters = clustersOf(organization, context).filter((cluster) => {
    const state = stateOf(cluster, now);
    const isInactive = state === "DELETED" || state === "CREATION_FAILED";
    const folderIds = folderPath(organization.folders, cluster.parentId);
    return (
      (showsInactive || !isInactive) &&
      isAllowed(grantsOf(call), operation, { clusterId: cluster.id, folderIds })
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
  return { clusters: items.map((cluster) => toVisibleWire(cluster, context)), pagination };
}

function create(call: Call): object {
  const { organization, context, caller, now } = call;
  const body = readBody<WireCreateCluster>(call, createClusterShape);
  // The role must hold where the cluster is going to be.
  const parentId = parentOf(body.spec?.parent_id, organization.folders);
  const folderIds = folderPath(organization.folders, parentId);
  if (!isAllowed(grantsOf(call), call.operation, { folderIds })) {
    throw permissionDenied();
  }
  const cluster = createCluster(body, {
    context,
    folders: organization.folders,
    others: clustersOf(organization, context),
    creatorId: caller.id,
    now,
  });
  organization.clusters.set(cluster.id, cluster);
  // Whoever creates a cluster administrates it.
  caller.grants.push(
    heldGrant({ role: "CLUSTER_ADMIN", scope: "cluster", resourceId: cluster.id }, context),
  );
  return toWire(cluster, context);
}

function get(call: Call): object {
  return toVisibleWire(requestedCluster(call), call.context);
}

function update(call: Call): object {
  const { organization, context } = call;
  const body = readBody<WireUpdateCluster>(
    call,
    updateClusterShape,
    context.assumptions.strictPatch ? "refused" : "ignored",
  );
  const cluster = requestedCluster(call);
  if (cluster.phase === "deleted") {
    throw clusterNotFound(cluster.id);
  }
  const auditAction = upgradeActionOf(cluster, body);
  if (auditAction !== undefined) {
    call.auditAction = auditAction;
  }
  updateCluster(cluster, body, organization.folders, context);
  return toWire(cluster, context);
}

/** What the audit log calls a change of the version, whose response may show its end already. */
function upgradeActionOf(
  cluster: ClusterRecord,
  { cockroach_version: version, upgrade_status: status }: WireUpdateCluster,
): string | undefined {
  if (status === undefined && !version) {
    return undefined;
  }
  const isBack =
    status === undefined ? isRollback(cluster, version ?? "") : status === "ROLLBACK_RUNNING";
  if (isBack) {
    return "ROLLBACK_CLUSTER_MAJOR_VERSION_UPDATE";
  }
  return status === undefined
    ? "UPDATE_CLUSTER_MAJOR_VERSION"
    : "FINALIZE_CLUSTER_MAJOR_VERSION_UPDATE";
}

function remove(call: Call): object {
  const cluster = requestedCluster(call);
  deleteCluster(cluster, call.context);
  return toWire(cluster, call.context);
}

function requestedCluster(call: Call): ClusterRecord {
  return clusterOf(call.organization, call.context, call.clusterId);
}

/** Clusters themselves. */
export const clusterArea: ControlledArea<ClusterControls> = {
  operations: {
    CreateCluster: create,
    DeleteCluster: remove,
    GetCluster: get,
    ListClusters: listClusters,
    UpdateCluster: update,
  },
  createControls: clusterControls,
};
