// A cluster as the emulator keeps it, and its translation to the wire.

import type { Belongings } from "./cluster-belongings";
import type { ClusterEvent } from "./cluster-history";
import type { Step } from "./cluster-timeline";
import type {
  CloudProvider,
  ClusterState,
  DeleteProtection,
  OperationStatus,
  Plan,
  UpgradeStatus,
  UpgradeType,
  WireCluster,
  WireCustomerCloudAccount,
  WireUsageLimits,
} from "./cluster-wire";
import type { CatalogueMachine } from "./machines";
import { timestamp } from "./protobuf-values";
import type { World } from "./world";

/** A region of a cluster. */
export interface RegionRecord {
  readonly name: string;
  /** Nodes of an Advanced cluster, 0 otherwise. */
  nodes: number;
  primary: boolean;
  readonly sqlDns: string;
  readonly uiDns: string;
  readonly internalDns: string;
  readonly s3VpcEndpointId: string;
}

/** What Basic and Standard clusters have. */
export interface ServerlessRecord {
  readonly routingId: string;
  upgradeType: UpgradeType;
  /** null = unlimited. */
  usageLimits: WireUsageLimits | null;
}

/** What Advanced clusters have, per node. */
export interface HardwareRecord {
  readonly machine: CatalogueMachine;
  readonly storageGib: number;
  readonly diskIops: number;
}

/** A job in the background. */
export interface Job {
  /** Shown as `operation_status`; UNSPECIFIED for a job that does not show. */
  readonly operation: OperationStatus;
  readonly startedAt: number;
  readonly endsAt: number;
  /** Whether the cluster is LOCKED meanwhile. A job that does not lock refuses changes all the same. */
  readonly locks: boolean;
  /** The regions and nodes that the job leads to, where it changes them. */
  readonly targetRegions?: readonly RegionRecord[];
}

/** A cluster. */
export interface ClusterRecord {
  readonly id: string;
  readonly name: string;
  readonly provider: CloudProvider;
  /** The text after the name in its host names. */
  readonly hostSuffix: string;
  readonly creatorId: string;
  readonly createdAt: number;
  readonly sqlDns: string;
  readonly accountId: string;
  readonly azureIdentityClientId: string;
  readonly cidrRange: string;
  readonly customerCloudAccount: WireCustomerCloudAccount | null;
  readonly egressTrafficPolicy: "ALLOW_ALL" | "DEFAULT_DENY" | "UNSPECIFIED";
  readonly networkVisibility: "PRIVATE" | "PUBLIC";
  /** Whether its list of allowed addresses was empty at first; otherwise it began with 0.0.0.0/0. */
  readonly startsWithEmptyAllowlist: boolean;
  phase: "created" | "creating" | "creation-failed" | "deleted" | "deleting";
  plan: Plan;
  parentId: string;
  labels: Record<string, string>;
  deleteProtection: DeleteProtection;
  updatedAt: number;
  deletedAt: number | undefined;
  /** Full version, for example `v25.2.6`. */
  version: string;
  /** The major upgrade that is not final yet. */
  upgrade: { readonly previous: string; stage: "pending" | "rolling-back" | "running" } | undefined;
  regions: RegionRecord[];
  serverless: ServerlessRecord | undefined;
  hardware: HardwareRecord | undefined;
  /** The running job, for a creation too. */
  job: Job | undefined;
  /** The last job, if it failed. */
  failedOperation: OperationStatus | undefined;
  /** What nobody asked for here and goes on until then, with the cluster LOCKED or not. */
  otherWork:
    | { readonly until: number; readonly operation: OperationStatus; readonly locks: boolean }
    | undefined;
  /** Moments at which the vCPUs were lowered. */
  decreases: number[];
  /** When it last changed from STANDARD to BASIC. */
  downgradedAt: number | undefined;
  /** When its disks were last grown. */
  storageGrownAt: number | undefined;
  /** What GET and list still show while a change is not visible yet. */
  stale: { readonly until: number; readonly wire: WireCluster } | undefined;
  /** What will happen to it, earliest first. */
  steps: Step[];
  /** What has happened to it, and the end of `otherWork`. */
  readonly history: ClusterEvent[];
  /** Up to this moment everything has happened that was due. */
  upToDateAt: number;
  belongings: Belongings;
}

/** The life-cycle state at this moment. The record must be settled. */
export function stateOf(cluster: ClusterRecord, now: number): ClusterState {
  switch (cluster.phase) {
    case "creating":
      return "CREATING";
    case "creation-failed":
      return "CREATION_FAILED";
    case "deleted":
      return "DELETED";
    case "deleting":
      return "LOCKED";
    case "created":
      return cluster.job?.locks === true || isHeld(cluster, now) ? "LOCKED" : "CREATED";
  }
}

/** Tells whether changes are refused because somebody is at work on the cluster. */
export function isBusy(cluster: ClusterRecord, now: number): boolean {
  return (
    cluster.phase === "creating" ||
    cluster.phase === "deleting" ||
    cluster.job !== undefined ||
    isHeld(cluster, now)
  );
}

function isHeld(cluster: ClusterRecord, now: number): boolean {
  return otherWorkOn(cluster, now)?.locks === true;
}

function otherWorkOn(cluster: ClusterRecord, now: number): ClusterRecord["otherWork"] {
  return cluster.otherWork !== undefined && cluster.otherWork.until > now
    ? cluster.otherWork
    : undefined;
}

/** The stage of the major-version cycle. */
export function upgradeStatusOf(cluster: ClusterRecord, world: World): UpgradeStatus {
  switch (cluster.upgrade?.stage) {
    case "running":
      return "MAJOR_UPGRADE_RUNNING";
    case "pending":
      return "PENDING_FINALIZATION";
    case "rolling-back":
      return "ROLLBACK_RUNNING";
    case undefined: {
      const upgrades = world.versions.upgradesOf(cluster.version, kindOf(cluster));
      return upgrades.length > 0 ? "UPGRADE_AVAILABLE" : "FINALIZED";
    }
  }
}

/** Which versions a cluster may run. */
export function kindOf(cluster: ClusterRecord): "ADVANCED" | "serverless" {
  return cluster.plan === "ADVANCED" ? "ADVANCED" : "serverless";
}

/** The cluster in an answer to a change, or to a read once the change is visible. */
export function toWire(cluster: ClusterRecord, world: World): WireCluster {
  const now = world.clock.now();
  return {
    id: cluster.id,
    name: cluster.name,
    cockroach_version: cluster.version,
    upgrade_status: upgradeStatusOf(cluster, world),
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
    config: wireConfig(cluster),
    regions: [...cluster.regions]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((region) => ({
        name: region.name,
        sql_dns: region.sqlDns,
        ui_dns: region.uiDns,
        internal_dns: region.internalDns,
        // Filled once a private endpoint service exists.
        private_endpoint_dns: "",
        node_count: region.nodes,
        primary: region.primary,
        machine_type: cluster.hardware?.machine.type ?? "",
        num_virtual_cpus: cluster.hardware?.machine.vcpus ?? 0,
        disk_iops: cluster.hardware?.diskIops ?? 0,
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
export function toVisibleWire(cluster: ClusterRecord, world: World): WireCluster {
  const stale = cluster.stale;
  return stale !== undefined && stale.until > world.clock.now()
    ? stale.wire
    : toWire(cluster, world);
}

function wireConfig(cluster: ClusterRecord): WireCluster["config"] {
  const { serverless, hardware } = cluster;
  if (hardware !== undefined) {
    return {
      dedicated: {
        machine_type: hardware.machine.type,
        num_virtual_cpus: hardware.machine.vcpus,
        storage_gib: hardware.storageGib,
        memory_gib: hardware.machine.memoryGib,
        disk_iops: hardware.diskIops,
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
