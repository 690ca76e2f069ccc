// The cluster in responses.

import type { EmulatorContext } from "../context";
import { timestamp } from "../server/protobuf-values";
import { hasOwnServices, privateHost } from "./private-host";
import type { ClusterRecord } from "./record";
import { kindOf, otherWorkOn, sortedRegions, stateOf } from "./record";
import type { UpgradeStatus, WireCluster } from "./wire";

/** The stage of the major-version cycle. */
export function upgradeStatusOf(cluster: ClusterRecord, context: EmulatorContext): UpgradeStatus {
  switch (cluster.upgrade?.stage) {
    case "running":
      return "MAJOR_UPGRADE_RUNNING";
    case "pending":
      return "PENDING_FINALIZATION";
    case "rolling-back":
      return "ROLLBACK_RUNNING";
    case undefined: {
      const upgrades = context.versions.upgradesOf(cluster.version, kindOf(cluster));
      return upgrades.length > 0 ? "UPGRADE_AVAILABLE" : "FINALIZED";
    }
  }
}

/** The cluster in a response to a change, or to a read once the change is visible. */
export function toWire(cluster: ClusterRecord, context: EmulatorContext): WireCluster {
  const now = context.clock.now();
  return {
    id: cluster.id,
    name: cluster.name,
    cockroach_version: cluster.version,
    upgrade_status: upgradeStatusOf(cluster, context),
    plan: cluster.plan,
    cloud_provider: cluster.provider,
    account_id: cluster.accountId,
    state: stateOf(cluster, now),
    creator_id: cluster.creatorId,
    operation_status:
      cluster.job?.operation ??
      otherWorkOn(cluster, now)?.operation ??
      cluster.failedOperation ??
      "UNSPECIFIED",
    config: wireConfig(cluster, context),
    regions: sortedRegions(cluster).map((region) => ({
      name: region.name,
      sql_dns: region.sqlDns,
      ui_dns: region.uiDns,
      internal_dns: region.internalDns,
      private_endpoint_dns: hasOwnServices(cluster, context)
        ? privateHost(region)
        : region.privateEndpointDns,
      node_count: region.nodes,
      primary: region.primary,
      machine_type: region.machine?.type ?? "",
      num_virtual_cpus: region.machine?.vcpus ?? 0,
      disk_iops: cluster.disk?.diskIops ?? 0,
      s3_vpc_endpoint_id: region.s3VpcEndpointId,
    })),
    created_at: timestamp(cluster.createdAt),
    updated_at: timestamp(cluster.updatedAt),
    deleted_at: cluster.deletedAt === undefined ? null : timestamp(cluster.deletedAt),
    sql_dns: cluster.sqlDns,
    network_visibility: cluster.networkVisibility,
    egress_traffic_policy: cluster.egressTrafficPolicy,
    cidr_range: cluster.cidrRange,
    parent_id: cluster.parentId,
    delete_protection: cluster.deleteProtection,
    labels: { ...cluster.labels },
    customer_cloud_account: cluster.customerCloudAccount,
    is_customer_cloud_account: cluster.customerCloudAccount !== null,
    azure_cluster_identity_client_id: cluster.azureIdentityClientId,
  };
}

/** The cluster as GET and list show it: a change that is not visible yet is missing. */
export function toVisibleWire(cluster: ClusterRecord, context: EmulatorContext): WireCluster {
  const stale = cluster.stale;
  return stale !== undefined && stale.until > context.clock.now()
    ? stale.wire
    : toWire(cluster, context);
}

function wireConfig(
  cluster: ClusterRecord,
  { assumptions }: EmulatorContext,
): WireCluster["config"] {
  const { serverless, disk } = cluster;
  if (disk !== undefined) {
    const [machine, ...others] = sortedRegions(cluster).map((region) => region.machine);
    const isMixed = others.some((other) => other?.type !== machine?.type);
    const shown = isMixed && assumptions.mixedMachines === "unset" ? undefined : machine;
    return {
      dedicated: {
        machine_type: shown?.type ?? "",
        num_virtual_cpus: shown?.vcpus ?? 0,
        storage_gib: disk.storageGib,
        memory_gib: shown?.memoryGib ?? 0,
        disk_iops: disk.diskIops,
      },
    };
  }
  return {
    serverless: {
      routing_id: serverless?.routingId ?? "",
      upgrade_type: serverless?.upgradeType ?? "AUTOMATIC",
      usage_limits: serverless?.usageLimits ? { ...serverless.usageLimits } : null,
    },
  };
}
