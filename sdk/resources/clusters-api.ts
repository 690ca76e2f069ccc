// The operations on clusters, and on what hangs on them without a life of its own.

import type { ApiCall, Caller } from "../http/call";
import { defaultPageSize } from "../http/pagination";
import { path } from "../http/path";
import type { RequestOptions } from "../http/request-options";
import { anyMember, everywhere, permission } from "../http/role";
import type { CloudProvider } from "./cloud-provider";
import type { WireCloudRegion } from "./cloud-region";
import { cloudRegionListSchema } from "./cloud-region";
import type { CreateClusterRequest, UpdateClusterRequest, WireCluster } from "./cluster";
import { clusterListSchema, clusterSchema, wireLimits } from "./cluster-schema";
import type { WireConnectionString } from "./connection-string";
import { connectionStringSchema } from "./connection-string";
import type { WireMajorVersion } from "./major-version";
import { majorVersionListSchema } from "./major-version";
import type { WireNode } from "./node";
import { nodeListSchema } from "./node";

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
