// Clusters as the API spells them. Creating wraps the settings in `spec`, changing does not; the limits
// are 64-bit integers, which travel as strings; a deleted cluster is still found by its id, with the
// state DELETED, and only the list leaves it out.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import { defaultPageSize } from "../http/pagination";
import { path } from "../http/path";
import {
  flagSchema,
  int64,
  int64Schema,
  numberSchema,
  openEnumSchema,
  paginationSchema,
  textSchema,
} from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { anyMember, everywhere, permission } from "../http/role";
import type { CloudProvider, CustomerCloudAccount } from "./cloud-provider";
import { customerCloudAccountSchema } from "./cloud-provider";
import type { WireCloudRegion } from "./cloud-region";
import { cloudRegionListSchema } from "./cloud-region";
import type { WireCmekRegionSpec } from "./cmek";
import type { WireConnectionString } from "./connection-string";
import { connectionStringSchema } from "./connection-string";
import type { WireMajorVersion } from "./major-version";
import { majorVersionListSchema } from "./major-version";
import type { WireNode } from "./node";
import { nodeListSchema } from "./node";

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

/** Which clusters to list. */
export interface ListClustersQuery {
  /**
   * Also lists deleted clusters and those whose creation failed. It has no effect unless the key may
   * read clusters on the whole organization; the API does not say so when it ignores it.
   *
   * @default false
   */
  showInactive?: boolean;
  /**
   * Clusters per request.
   *
   * @default 500
   */
  pageSize?: number;
}

/** Which nodes to list. */
export interface ListNodesQuery {
  /** @default nodes of all regions */
  regionName?: string;
}

/** Which regions to list. */
export interface ListAvailableRegionsQuery {
  /** @default regions of all providers */
  provider?: CloudProvider;
  /**
   * `true` lists only regions for Basic and Standard clusters.
   *
   * @default false
   */
  serverless?: boolean;
}

/** What the connection string is for. */
export interface ConnectionStringQuery {
  /** @default none */
  sqlUser?: string;
  /** @default "defaultdb" */
  database?: string;
  /** Chooses the usual place of the root certificate; the API wants it for Advanced clusters. */
  os?: "MAC" | "LINUX" | "WINDOWS";
}

const toRead = permission(["OA", "CA", "CO", "CD", "FA", "FM", "MV", "CM"], everywhere);
const toCreate = permission(["CA", "CC"], "the organization or the folder");
const toUpdate = permission(["CA", "CO"], everywhere);
const toDelete = permission(["CA"], everywhere);
const toReadNodes = permission(["OA", "CA", "CO", "CD"], everywhere);

const anothers = "is another cluster's";

/**
 * Clusters. Every method can throw the classes of `RequestError`; a request that the API would not
 * understand (an empty id, a limit that is no whole number) throws `TypeError` or `RangeError` before
 * anything is sent.
 */
export class ClustersApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Creates a cluster and returns it in its first state, mostly CREATING. It is sent once: repeated
   * only where the first try certainly had no effect. When the error says `effect: "unknown"`, the
   * cluster may exist; look in the list.
   */
  async create(body: CreateClusterRequest, options?: RequestOptions): Promise<WireCluster> {
    const object = `cluster ${JSON.stringify(body.name)}`;
    const call: ApiCall<WireCluster> = {
      method: "POST",
      path: path`/api/v1/clusters`,
      body: { ...body, spec: withWireLimits(body.spec) },
      operation: `Creating ${object}`,
      object,
      permission: toCreate,
      schema: clusterSchema
        .refine(({ name }) => name === body.name, { path: ["name"], error: anothers })
        .refine(({ plan }) => plan === body.spec.plan, { path: ["plan"], error: anothers })
        .refine((made) => made.cloud_provider === body.provider, {
          path: ["cloud_provider"],
          error: anothers,
        }),
    };
    return await this.#caller.run(call, options);
  }

  /** Reads a cluster. A deleted one is found too, with the state DELETED. */
  async get(clusterId: string, options?: RequestOptions): Promise<WireCluster> {
    return await this.#caller.run(oneCluster("GET", "Reading", clusterId, toRead), options);
  }

  /** Lists clusters, without deleted and failed ones unless asked for. */
  list(query: ListClustersQuery = {}, options?: RequestOptions): AsyncIterable<WireCluster> {
    return this.#caller.list(
      {
        method: "GET",
        path: path`/api/v1/clusters`,
        query: { show_inactive: query.showInactive || undefined },
        operation: "Listing clusters",
        object: "clusters",
        permission: toRead,
        schema: clusterListSchema,
      },
      (response): WireCluster[] => response.clusters,
      query.pageSize ?? defaultPageSize,
      options,
    );
  }

  /** Changes a cluster and returns it at the start of the change. */
  async update(
    clusterId: string,
    body: UpdateClusterRequest,
    options?: RequestOptions,
  ): Promise<WireCluster> {
    const call = oneCluster("PATCH", "Updating", clusterId, toUpdate);
    return await this.#caller.run({ ...call, body: withWireLimits(body) }, options);
  }

  /**
   * Deletes a cluster and returns it, or `undefined` when the response does not have it. A cluster
   * that a retry does not find counts as deleted; one that never existed is a
   * `NotFoundError`.
   */
  async delete(clusterId: string, options?: RequestOptions): Promise<WireCluster | undefined> {
    return await this.#caller.delete(
      oneCluster("DELETE", "Deleting", clusterId, toDelete),
      options,
    );
  }

  /** Lists the nodes of an Advanced cluster. */
  listNodes(
    clusterId: string,
    query: ListNodesQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WireNode> {
    return this.#caller.list(
      {
        method: "GET",
        path: path`/api/v1/clusters/${clusterId}/nodes`,
        query: { region_name: query.regionName },
        operation: `Listing the nodes of cluster ${clusterId}`,
        object: `cluster ${clusterId}`,
        permission: toReadNodes,
        schema: nodeListSchema,
      },
      (response): WireNode[] => response.nodes,
      defaultPageSize,
      options,
    );
  }

  /** Lists the regions that clusters can run in. */
  listAvailableRegions(
    query: ListAvailableRegionsQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WireCloudRegion> {
    return this.#caller.list(
      {
        method: "GET",
        path: path`/api/v1/clusters/available-regions`,
        query: { provider: query.provider, serverless: query.serverless || undefined },
        operation: "Listing the available regions",
        object: "available regions",
        permission: anyMember,
        schema: cloudRegionListSchema,
      },
      (response): WireCloudRegion[] => response.regions,
      defaultPageSize,
      options,
    );
  }

  /** Lists the major versions that the service knows. */
  listMajorVersions(options?: RequestOptions): AsyncIterable<WireMajorVersion> {
    return this.#caller.list(
      {
        method: "GET",
        path: path`/api/v1/cluster-versions`,
        operation: "Listing the major versions",
        object: "major versions",
        permission: anyMember,
        schema: majorVersionListSchema,
      },
      (response): WireMajorVersion[] => response.versions,
      defaultPageSize,
      options,
    );
  }

  /** Asks how to connect to a cluster. */
  async getConnectionString(
    clusterId: string,
    query: ConnectionStringQuery = {},
    options?: RequestOptions,
  ): Promise<WireConnectionString> {
    const call: ApiCall<WireConnectionString> = {
      method: "GET",
      path: path`/api/v1/clusters/${clusterId}/connection-string`,
      query: { sql_user: query.sqlUser, database: query.database, os: query.os },
      operation: `Reading the connection string of cluster ${clusterId}`,
      object: `cluster ${clusterId}`,
      permission: toRead,
      schema: connectionStringSchema,
    };
    return await this.#caller.run(call, options);
  }
}

function oneCluster(
  method: "GET" | "PATCH" | "DELETE",
  doing: string,
  clusterId: string,
  permitted: string,
): ApiCall<WireCluster> {
  const object = `cluster ${clusterId}`;
  return {
    method,
    path: path`/api/v1/clusters/${clusterId}`,
    operation: `${doing} ${object}`,
    object,
    permission: permitted,
    schema: clusterSchema.refine(({ id }) => id.toLowerCase() === clusterId.toLowerCase(), {
      path: ["id"],
      error: anothers,
    }),
  };
}

function withWireLimits(settings: UpdateClusterRequest | CreateClusterRequest["spec"]): object {
  const limits = settings.serverless?.usage_limits;
  if (limits === undefined) return settings;
  return { ...settings, serverless: { ...settings.serverless, usage_limits: wireLimits(limits) } };
}
