// The settings of a cluster as the API takes them. Creating wraps them in `spec`, changing does not; the limits are 64-bit
// integers, which travel as strings.

import { z } from "zod";
import { int64, int64Schema } from "../http/protobuf-json";
import type { CloudProvider, CustomerCloudAccount } from "./cloud-provider";
import type { WireCmekRegionSpec } from "./cmek";

/** The plan of a cluster. */
export type Plan = "BASIC" | "STANDARD" | "ADVANCED" | (string & {});

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

const limitSchema = int64Schema.exactOptional();

/** @internal Zero is not a limit: the API refuses it on input and means "not set" by it on output. */
export const usageLimitsSchema = z
  .object({
    provisioned_virtual_cpus: limitSchema,
    request_unit_limit: limitSchema,
    storage_mib_limit: limitSchema,
  })
  .transform((limits): WireUsageLimits => {
    const set = Object.entries(limits).filter(([, value]) => value !== 0);
    return Object.fromEntries(set);
  });

/** @internal The limits as the wire wants them; `{}` stays `{}`. */
export function wireLimits(limits: WireUsageLimits): Record<string, string> {
  const set = Object.entries(limits).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([name, value]) => [name, int64(name, value)]));
}

/** @internal The settings with their limits as the wire wants them. */
export function withWireLimits(
  settings: UpdateClusterRequest | CreateClusterRequest["spec"],
): object {
  const limits = settings.serverless?.usage_limits;
  if (limits === undefined) return settings;
  return { ...settings, serverless: { ...settings.serverless, usage_limits: wireLimits(limits) } };
}
