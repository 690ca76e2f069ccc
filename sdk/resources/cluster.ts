// Clusters as the API spells them. Creating wraps the settings in `spec`, changing does not; the limits
// are 64-bit integers, which travel as strings; a deleted cluster is still found by its id, with the
// state DELETED, and only the list leaves it out.

import type { CloudProvider, CustomerCloudAccount } from "./cloud-provider";
import type { WireCmekRegionSpec } from "./cmek";

/** The plan of a cluster. */
export type Plan = "BASIC" | "STANDARD" | "ADVANCED" | (string & {});

/** The stage of a cluster's life. */
export type ClusterState =
  | "CREATING"
  | "CREATED"
  | "CREATION_FAILED"
  | "DELETED"
  | "LOCKED"
  | (string & {});

/** The background job that runs on a cluster, or that failed last; `UNSPECIFIED` when there is none. */
export type OperationStatus = "UNSPECIFIED" | (string & {});

/** Where a cluster stands in the cycle of major versions. */
export type ClusterUpgradeStatus =
  | "FINALIZED"
  | "MAJOR_UPGRADE_RUNNING"
  | "UPGRADE_AVAILABLE"
  | "PENDING_FINALIZATION"
  | "ROLLBACK_RUNNING"
  | (string & {});

/** Who starts major upgrades. */
export type UpgradeType = "MANUAL" | "AUTOMATIC" | (string & {});

/** Whether a cluster refuses to be deleted. */
export type DeleteProtection = "ENABLED" | "DISABLED" | (string & {});

/** Whether the nodes of an Advanced cluster have public addresses. */
export type NetworkVisibility = "PUBLIC" | "PRIVATE" | (string & {});

/** Where an Advanced cluster may connect to. */
export type EgressTrafficPolicy =
  | "UNSPECIFIED"
  | "ERROR"
  | "ALLOW_ALL"
  | "DEFAULT_DENY"
  | "UPDATING"
  | (string & {});

/**
 * Limits of a Basic or Standard cluster. A member left out is no limit; the API refuses zero. Numbers
 * here, decimal strings on the wire.
 */
export interface WireUsageLimits {
  /** Standard only: virtual CPUs. */
  provisioned_virtual_cpus?: number;
  /** Basic only: request units a month. */
  request_unit_limit?: number;
  /** Basic only: storage in MiB. */
  storage_mib_limit?: number;
}

/** A machine by its size or by the provider's name for it, one of the two. */
export interface WireMachineSpec {
  /** Virtual CPUs per node; the service chooses the machine. */
  num_virtual_cpus?: number;
  /** The cloud provider's name of the machine. */
  machine_type?: string;
}

/** Body of `create`. */
export interface CreateClusterRequest {
  /** 6 to 40 lower-case letters, digits and dashes. */
  name: string;
  provider: CloudProvider;
  spec: {
    /** The API guesses the plan when it is left out; say it. */
    plan?: Plan;
    delete_protection?: DeleteProtection;
    labels?: Record<string, string>;
    /** Folder id, or `root`. */
    parent_id?: string;
    customer_cloud_account?: CustomerCloudAccount;
    /** Basic and Standard. */
    serverless?: {
      regions: string[];
      /** Needed with more than one region. */
      primary_region?: string;
      upgrade_type?: UpgradeType;
      usage_limits?: WireUsageLimits;
      /** Starts without the entry that lets every address in. */
      with_empty_ip_allowlist?: boolean;
    };
    /** Advanced. */
    dedicated?: {
      /** Nodes by region. */
      region_nodes: Record<string, number>;
      /** Machines by region, one for each of `region_nodes`; in place of `hardware.machine_spec`. */
      region_machine_specs?: Record<string, WireMachineSpec>;
      hardware: {
        /** The machine of all regions; required without `region_machine_specs`. */
        machine_spec?: WireMachineSpec;
        /** Per node; 0 is the smallest for the machine. */
        storage_gib: number;
        /** AWS only; 0 is the default. */
        disk_iops?: number;
      };
      /** Major form, `v25.2`. */
      cockroach_version?: string;
      network_visibility?: NetworkVisibility;
      /** GCP only. */
      cidr_range?: string;
      restrict_egress_traffic?: boolean;
      supports_cluster_virtualization?: boolean;
    };
  };
}

/** Body of `update`: what is left out stays as it is. */
export interface UpdateClusterRequest {
  /** `BASIC` or `STANDARD`. */
  plan?: Plan;
  delete_protection?: DeleteProtection;
  /** All labels: the map replaces the old one. */
  labels?: Record<string, string>;
  parent_id?: string;
  /** A major version to upgrade to, or the one before to roll back to; alone in its request. */
  cockroach_version?: string;
  /** `FINALIZED` or `ROLLBACK_RUNNING`; not together with `cockroach_version`. */
  upgrade_status?: ClusterUpgradeStatus;
  serverless?: {
    /** All regions; none can be removed. */
    regions?: string[];
    primary_region?: string;
    upgrade_type?: UpgradeType;
    /** All limits; `{}` takes every limit off. */
    usage_limits?: WireUsageLimits;
  };
  dedicated?: {
    /** Nodes of all regions: a region left out is removed. */
    region_nodes?: Record<string, number>;
    /** Machines by region, in place of `hardware.machine_spec`: a region left out keeps its machine. */
    region_machine_specs?: Record<string, WireMachineSpec>;
    hardware?: { machine_spec?: WireMachineSpec; storage_gib?: number; disk_iops?: number };
    /** Keys of the regions being added to an encrypted cluster. */
    cmek_region_specs?: WireCmekRegionSpec[];
  };
}

/** A region of a cluster. */
export interface WireRegion {
  name: string;
  /** Host for SQL connections. */
  sql_dns: string;
  /** Host of the DB Console; empty on Basic and Standard. */
  ui_dns: string;
  /** Host inside the provider's network. */
  internal_dns: string;
  /** Empty until a private endpoint service exists. */
  private_endpoint_dns: string;
  /** 0 on Basic and Standard. */
  node_count: number;
  /** Whether it is the primary region of a Basic or Standard cluster. */
  primary: boolean;
  /** The cloud provider's name of the machine of a node; empty on Basic and Standard. */
  machine_type: string;
  /** Virtual CPUs of a node; 0 on Basic and Standard. */
  num_virtual_cpus: number;
  /** Disk I/O operations per second of a node; has a meaning on Advanced clusters on AWS. */
  disk_iops: number;
  /** Id of the VPC gateway endpoint for S3; empty unless the cluster is an Advanced one on AWS. */
  s3_vpc_endpoint_id: string;
}

/** Settings of a cluster: one of the two is there. */
export interface WireClusterConfig {
  /** Basic and Standard. */
  serverless?: {
    /** Names the cluster in connection strings. */
    routing_id: string;
    upgrade_type: UpgradeType;
    /** Absent when unlimited. */
    usage_limits?: WireUsageLimits;
  };
  /** Advanced. Where the machines of the regions differ, only `regions` has the machine of each. */
  dedicated?: {
    machine_type: string;
    num_virtual_cpus: number;
    /** Per node. */
    memory_gib: number;
    /** Per node. */
    storage_gib: number;
    /** 0 is the provider's default. */
    disk_iops: number;
  };
}

/**
 * A cluster. The API means the same by a member that is missing, null or a zero value, so text, numbers
 * and truth values are always there here, empty where the API gave nothing, and times and messages are
 * absent.
 */
export interface WireCluster {
  /** UUID. */
  id: string;
  name: string;
  /** Empty on a cluster of a newer kind, which has an edition in place of a plan. */
  plan: Plan;
  cloud_provider: CloudProvider;
  state: ClusterState;
  operation_status: OperationStatus;
  upgrade_status: ClusterUpgradeStatus;
  /** Full version, `v25.2.6`. */
  cockroach_version: string;
  config: WireClusterConfig;
  regions: WireRegion[];
  labels: Record<string, string>;
  /** Host for SQL connections, of the whole cluster. */
  sql_dns: string;
  delete_protection: DeleteProtection;
  /** Folder id, or `root`. */
  parent_id: string;
  /** User or service account that made it. */
  creator_id: string;
  /** Cloud account or project of an Advanced cluster. */
  account_id: string;
  azure_cluster_identity_client_id: string;
  /** GCP and Advanced only. */
  cidr_range: string;
  network_visibility: NetworkVisibility;
  egress_traffic_policy: EgressTrafficPolicy;
  customer_cloud_account?: CustomerCloudAccount;
  /** RFC 3339. */
  created_at?: string;
  /** RFC 3339. */
  updated_at?: string;
  /** RFC 3339; absent while the cluster lives. */
  deleted_at?: string;
}
