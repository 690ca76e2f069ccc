// Clusters as the API spells them.

/** Clouds that clusters run on; AZURE for Advanced only. */
export type CloudProvider = "AWS" | "AZURE" | "GCP";
/** Plans: BASIC and STANDARD are "serverless" on the wire, ADVANCED is "dedicated". */
export type Plan = "ADVANCED" | "BASIC" | "STANDARD";
/** Life cycle of a cluster. */
export type ClusterState = "CREATED" | "CREATING" | "CREATION_FAILED" | "DELETED" | "LOCKED";
/** Life cycle of a major upgrade. */
export type UpgradeStatus =
  | "FINALIZED"
  | "MAJOR_UPGRADE_RUNNING"
  | "PENDING_FINALIZATION"
  | "ROLLBACK_RUNNING"
  | "UPGRADE_AVAILABLE";
/** Whether DELETE is refused. */
export type DeleteProtection = "DISABLED" | "ENABLED";
/** Who starts major upgrades of a Standard cluster. */
export type UpgradeType = "AUTOMATIC" | "MANUAL";
/** The background job that runs or has failed; the API has more, these occur here. */
export type OperationStatus =
  | "CRDB_CLUSTER_DISRUPTION_FAILED"
  | "CRDB_CLUSTER_DISRUPTION_RUNNING"
  | "CRDB_CMEK_OPERATION_FAILED"
  | "CRDB_CMEK_OPERATION_RUNNING"
  | "CRDB_CUSTOM_CLIENT_CA_FAILED"
  | "CRDB_CUSTOM_CLIENT_CA_RUNNING"
  | "CRDB_EDIT_CLUSTER_FAILED"
  | "CRDB_EDIT_CLUSTER_RUNNING"
  | "CRDB_INSTANCE_UPDATE_FAILED"
  | "CRDB_INSTANCE_UPDATE_RUNNING"
  | "CRDB_LOG_EXPORT_OPERATION_FAILED"
  | "CRDB_LOG_EXPORT_OPERATION_RUNNING"
  | "CRDB_MAJOR_ROLLBACK_FAILED"
  | "CRDB_MAJOR_ROLLBACK_RUNNING"
  | "CRDB_MAJOR_UPGRADE_FAILED"
  | "CRDB_MAJOR_UPGRADE_RUNNING"
  | "CRDB_PATCH_FAILED"
  | "CRDB_PATCH_RUNNING"
  | "CRDB_SCALE_FAILED"
  | "CRDB_SCALE_RUNNING"
  | "DEDICATED_FULL_CLUSTER_RESTORE_FAILED"
  | "DEDICATED_FULL_CLUSTER_RESTORE_RUNNING"
  | "MAINTENANCE_RUNNING"
  | "TENANT_RESTORE_FAILED"
  | "TENANT_RESTORE_RUNNING"
  | "UNSPECIFIED";

/** What an Advanced cluster may connect to: everything or what its rules allow. */
export type EgressTrafficPolicy =
  | "ALLOW_ALL"
  | "DEFAULT_DENY"
  | "ERROR"
  | "UNSPECIFIED"
  | "UPDATING";

/** All clouds. */
export const cloudProviders = ["GCP", "AWS", "AZURE"] as const;
/** All plans. */
export const plans = ["BASIC", "STANDARD", "ADVANCED"] as const;
/** Both states of delete protection. */
export const deleteProtections = ["ENABLED", "DISABLED"] as const;
/** Both ways to start major upgrades. */
export const upgradeTypes = ["AUTOMATIC", "MANUAL"] as const;
/** All stages of a major upgrade. */
export const upgradeStatuses = [
  "FINALIZED",
  "MAJOR_UPGRADE_RUNNING",
  "UPGRADE_AVAILABLE",
  "PENDING_FINALIZATION",
  "ROLLBACK_RUNNING",
] as const;

/** Limits of a Basic cluster (RUs, storage) or the capacity of a Standard one; 64-bit integers as text. */
export interface WireUsageLimits {
  provisioned_virtual_cpus?: string;
  request_unit_limit?: string;
  storage_mib_limit?: string;
}

/** The account of a customer who brings his own cloud; exactly one member is set. */
export interface WireCustomerCloudAccount {
  aws?: { arn?: string };
  azure?: { subscription_id?: string; tenant_id?: string };
  gcp?: { service_account_email?: string };
}

/** The machine of a node: its vCPUs or its type. */
export interface WireMachineSpec {
  num_virtual_cpus?: number;
  machine_type?: string;
}

/** Hardware of a node, in a request. */
export interface WireHardwareSpec {
  machine_spec?: WireMachineSpec;
  storage_gib?: number;
  disk_iops?: number;
}

/** Body of CreateCluster, after reading. */
export interface WireCreateCluster {
  name?: string;
  provider?: CloudProvider;
  spec?: {
    customer_cloud_account?: WireCustomerCloudAccount;
    dedicated?: WireDedicatedCreate;
    delete_protection?: DeleteProtection;
    labels?: Record<string, string>;
    parent_id?: string;
    plan?: Plan;
    serverless?: WireServerlessCreate;
  };
}

/** The part of CreateCluster for Basic and Standard. */
export interface WireServerlessCreate {
  primary_region?: string;
  regions?: string[];
  upgrade_type?: UpgradeType;
  usage_limits?: WireUsageLimits;
  with_empty_ip_allowlist?: boolean;
}

/** The part of CreateCluster for Advanced. */
export interface WireDedicatedCreate {
  cidr_range?: string;
  cockroach_version?: string;
  hardware?: WireHardwareSpec;
  network_visibility?: "PRIVATE" | "PUBLIC";
  region_machine_specs?: Record<string, WireMachineSpec>;
  region_nodes?: Record<string, number>;
  restrict_egress_traffic?: boolean;
  supports_cluster_virtualization?: boolean;
}

/** Body of UpdateCluster, after reading. Flat: there is no `spec`. */
export interface WireUpdateCluster {
  cockroach_version?: string;
  dedicated?: {
    cmek_region_specs?: WireCmekRegionSpec[];
    hardware?: WireHardwareSpec;
    region_machine_specs?: Record<string, WireMachineSpec>;
    region_nodes?: Record<string, number>;
  };
  delete_protection?: DeleteProtection;
  labels?: Record<string, string>;
  parent_id?: string;
  plan?: Plan;
  serverless?: {
    primary_region?: string;
    regions?: string[];
    upgrade_type?: UpgradeType;
    usage_limits?: WireUsageLimits;
  };
  upgrade_status?: UpgradeStatus;
}

/** The encryption key of a region. */
export interface WireCmekRegionSpec {
  region?: string;
  key_spec?: { type?: string; uri?: string; auth_principal?: string };
}

/** A region of a cluster. */
export interface WireRegion {
  disk_iops: number;
  internal_dns: string;
  machine_type: string;
  name: string;
  node_count: number;
  num_virtual_cpus: number;
  primary: boolean;
  private_endpoint_dns: string;
  s3_vpc_endpoint_id: string;
  sql_dns: string;
  ui_dns: string;
}

/** Hardware of a node, in a response. */
export interface WireDedicatedConfig {
  disk_iops: number;
  machine_type: string;
  memory_gib: number;
  num_virtual_cpus: number;
  storage_gib: number;
}

/** What Basic and Standard clusters show. */
export interface WireServerlessConfig {
  routing_id: string;
  upgrade_type: UpgradeType;
  usage_limits: WireUsageLimits | null;
}

/** A cluster in every response of the API. */
export interface WireCluster {
  account_id: string;
  azure_cluster_identity_client_id: string;
  cidr_range: string;
  cloud_provider: CloudProvider;
  cockroach_version: string;
  config: { dedicated: WireDedicatedConfig } | { serverless: WireServerlessConfig };
  created_at: string;
  creator_id: string;
  customer_cloud_account: WireCustomerCloudAccount | null;
  delete_protection: DeleteProtection;
  deleted_at: string | null;
  egress_traffic_policy: EgressTrafficPolicy;
  id: string;
  is_customer_cloud_account: boolean;
  labels: Record<string, string>;
  name: string;
  network_visibility: "PRIVATE" | "PUBLIC";
  operation_status: OperationStatus;
  parent_id: string;
  plan: Plan;
  regions: WireRegion[];
  sql_dns: string;
  state: ClusterState;
  updated_at: string;
  upgrade_status: UpgradeStatus;
}
