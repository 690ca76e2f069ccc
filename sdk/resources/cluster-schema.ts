// How clusters are read from the wire and how their limits are written to it.

import { z } from "zod";
import {
  flagSchema,
  int64,
  int64Schema,
  numberSchema,
  openEnumSchema,
  paginationSchema,
  textSchema,
} from "../http/protobuf-json";
import type { CloudProvider } from "./cloud-provider";
import { customerCloudAccountSchema } from "./cloud-provider";
import type {
  ClusterState,
  ClusterUpgradeStatus,
  DeleteProtection,
  EgressTrafficPolicy,
  NetworkVisibility,
  OperationStatus,
  Plan,
  UpgradeType,
  WireUsageLimits,
} from "./cluster";

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

const regionSchema = z.object({
  name: z.string().regex(/^[\w-]{1,100}$/, "is no name of a region"),
  sql_dns: textSchema,
  ui_dns: textSchema,
  internal_dns: textSchema,
  private_endpoint_dns: textSchema,
  node_count: numberSchema,
  primary: flagSchema,
  machine_type: textSchema,
  num_virtual_cpus: numberSchema,
  disk_iops: numberSchema,
  s3_vpc_endpoint_id: textSchema,
});

const configSchema = z.object({
  serverless: z
    .object({
      routing_id: textSchema,
      upgrade_type: openEnumSchema<UpgradeType>().default("AUTOMATIC"),
      usage_limits: usageLimitsSchema.exactOptional(),
    })
    .exactOptional(),
  dedicated: z
    .object({
      machine_type: textSchema,
      num_virtual_cpus: numberSchema,
      memory_gib: numberSchema,
      storage_gib: numberSchema,
      disk_iops: numberSchema,
    })
    .exactOptional(),
});

/** @internal */
export const clusterSchema = z.object({
  id: z.guid({ error: "is no UUID" }),
  name: z.string().min(1),
  plan: openEnumSchema<Plan>().default(""),
  cloud_provider: openEnumSchema<CloudProvider>(),
  state: openEnumSchema<ClusterState>(),
  operation_status: openEnumSchema<OperationStatus>().default("UNSPECIFIED"),
  upgrade_status: openEnumSchema<ClusterUpgradeStatus>().default("FINALIZED"),
  cockroach_version: textSchema,
  config: configSchema.default({}),
  regions: z.array(regionSchema).default([]),
  labels: z.record(z.string(), z.string()).default({}),
  sql_dns: textSchema,
  delete_protection: openEnumSchema<DeleteProtection>().default(""),
  parent_id: textSchema,
  creator_id: textSchema,
  account_id: textSchema,
  azure_cluster_identity_client_id: textSchema,
  cidr_range: textSchema,
  network_visibility: openEnumSchema<NetworkVisibility>().default(""),
  egress_traffic_policy: openEnumSchema<EgressTrafficPolicy>().default("UNSPECIFIED"),
  customer_cloud_account: customerCloudAccountSchema.exactOptional(),
  created_at: z.string().exactOptional(),
  updated_at: z.string().exactOptional(),
  deleted_at: z.string().exactOptional(),
});

/** @internal The list must be there: a stray `{}` must not read as "there are no clusters". */
export const clusterListSchema = z.object({
  clusters: z.array(clusterSchema),
  pagination: paginationSchema,
});

/** @internal The limits as the wire wants them; `{}` stays `{}`. */
export function wireLimits(limits: WireUsageLimits): Record<string, string> {
  const set = Object.entries(limits).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([name, value]) => [name, int64(name, value)]));
}
