// Clusters as the API spells them. A deleted cluster is still found by its id, with the state DELETED, and only the list
// leaves it out.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import { defaultPageSize } from "../http/pagination";
import { path } from "../http/path";
import {
  flagSchema,
  numberSchema,
  openEnumSchema,
  paginationSchema,
  textSchema,
} from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { anyMember, everywhere, permission } from "../http/role";
import type { CloudProvider, CustomerCloudAccount } from "./cloud-provider";
import { customerCloudAccountSchema } from "./cloud-provider";
import type { ListAvailableRegionsQuery, WireCloudRegion } from "./cloud-region";
import { cloudRegionListSchema } from "./cloud-region";
import type {
  ClusterUpgradeStatus,
  CreateClusterRequest,
  DeleteProtection,
  NetworkVisibility,
  Plan,
  UpdateClusterRequest,
  UpgradeType,
  WireUsageLimits,
} from "./cluster-settings";
import { usageLimitsSchema, withWireLimits } from "./cluster-settings";
import type { ConnectionStringQuery, WireConnectionString } from "./connection-string";
import { connectionStringSchema } from "./connection-string";
import type { WireMajorVersion } from "./major-version";
import { majorVersionListSchema } from "./major-version";
import type { ListNodesQuery, WireNode } from "./node";
import { nodeListSchema } from "./node";

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

/** Where an Advanced cluster may connect to. */
export type EgressTrafficPolicy =
  | "UNSPECIFIED"
  | "ERROR"
  | "ALLOW_ALL"
  | "DEFAULT_DENY"
  | "UPDATING"
  | (string & {});

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
  /** Whom exports of a Standard cluster act as. Documented, and in no version of the API's description. */
  keychain_config?: { aws_account_id: string; gcp_auth_principal: string };
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
  keychain_config: z
    .object({ aws_account_id: textSchema, gcp_auth_principal: textSchema })
    .exactOptional(),
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
