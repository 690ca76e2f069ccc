// Physical replication from one Advanced cluster to another.

import { z } from "zod";
import type { Caller } from "../http/call";
import { operation } from "../http/operation";
import type { ListQuery } from "../http/pagination";
import { defaultPageSize } from "../http/pagination";
import { path } from "../http/path";
import { openEnumSchema, paginationSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** How far a stream is. COMPLETED: the standby has taken the primary's place. */
export type PhysicalReplicationStatus =
  | "STARTING"
  | "REPLICATING"
  | "FAILING_OVER"
  | "COMPLETED"
  | "CANCELED"
  | (string & {});

/** A stream of a cluster's data into a standby. */
export interface WirePhysicalReplicationStream {
  /** UUID. */
  id: string;
  status: PhysicalReplicationStatus;
  primary_cluster_id: string;
  standby_cluster_id: string;
  /** RFC 3339. */
  created_at: string;
  /** The moment whose data the standby has, RFC 3339. While REPLICATING, once the initial scan is done. */
  replicated_time?: string;
  /** While REPLICATING. */
  replication_lag_seconds?: number;
  /** The earliest moment to fail over to, RFC 3339. While REPLICATING. */
  retained_time?: string;
  /** The moment of a failover that was asked for ahead, RFC 3339. */
  failover_at?: string;
  /** The time as of which the standby has the data, RFC 3339. Once COMPLETED. */
  activated_at?: string;
  /** RFC 3339. Once CANCELED. */
  canceled_at?: string;
}

/** Body of `create`. */
export interface CreatePhysicalReplicationStreamRequest {
  primary_cluster_id: string;
  /** All of its data is deleted. */
  standby_cluster_id: string;
}

/** Body of `update`. */
export interface UpdatePhysicalReplicationStreamRequest {
  status: "FAILING_OVER" | "CANCELED";
  /**
   * RFC 3339: from the stream's `retained_time` to one hour ahead. Not for CANCELED.
   *
   * @default the latest moment whose data the standby has
   */
  failover_at?: string;
}

/** Which streams to list. */
export interface ListPhysicalReplicationStreamsQuery extends ListQuery {
  primaryClusterId?: string;
  standbyClusterId?: string;
  /** Only those whose primary or standby it is. */
  clusterId?: string;
  /**
   * Also those that are over.
   *
   * @default false
   */
  showCompleted?: boolean;
}

// Before the initial scan is done, the time of the replicated data may come as the beginning of time.
function withoutZeroMoments(response: unknown): unknown {
  if (typeof response !== "object" || response === null) return response;
  const isZero = (value: unknown) =>
    typeof value === "string" && /^(?:0001|1970)-01-01T00:00:00/.test(value);
  return Object.fromEntries(Object.entries(response).filter(([, value]) => !isZero(value)));
}

/** @internal */
export const physicalReplicationStreamSchema = z.preprocess(
  withoutZeroMoments,
  z.object({
    id: z.string().min(1),
    status: openEnumSchema<PhysicalReplicationStatus>(),
    primary_cluster_id: textSchema,
    standby_cluster_id: textSchema,
    created_at: textSchema,
    replicated_time: z.string().exactOptional(),
    replication_lag_seconds: z.number().exactOptional(),
    retained_time: z.string().exactOptional(),
    failover_at: z.string().exactOptional(),
    activated_at: z.string().exactOptional(),
    canceled_at: z.string().exactOptional(),
  }),
);

/** @internal */
export const physicalReplicationStreamListSchema = z.object({
  physical_replication_streams: z.array(physicalReplicationStreamSchema),
  pagination: paginationSchema,
});

const toRead = permission(["CA", "CO", "CD"], everywhere);
const toWrite = permission(["CA"], everywhere);

const streams = {
  path: path`/api/v1/physical-replication-streams`,
  object: "physical replication streams",
  schema: physicalReplicationStreamListSchema,
};

function streamTarget(id: string) {
  return {
    path: path`/api/v1/physical-replication-streams/${id}`,
    object: `physical replication stream ${id}`,
    schema: physicalReplicationStreamSchema,
  };
}

/**
 * Physical replication between Advanced clusters that were created with support for cluster virtualization.
 * Reading takes a role on either cluster, creating a stream one on both.
 */
export class PhysicalReplicationStreamsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the streams that are not over, by their creation. */
  list(
    query: ListPhysicalReplicationStreamsQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WirePhysicalReplicationStream> {
    const { pageSize = defaultPageSize } = query;
    const call = operation("GET", streams, toRead, {
      verb: "Listing",
      query: {
        primary_cluster_id: query.primaryClusterId,
        standby_cluster_id: query.standbyClusterId,
        cluster_id: query.clusterId,
        show_completed: query.showCompleted,
      },
    });
    return this.#caller.list(
      call,
      (response) => response.physical_replication_streams,
      pageSize,
      options,
    );
  }

  /**
   * Creates a stream, which deletes all data of the standby. It is sent once: repeated only where the first
   * try certainly had no effect. When the error says `effect: "unknown"`, the stream may exist.
   */
  async create(
    body: CreatePhysicalReplicationStreamRequest,
    options?: RequestOptions,
  ): Promise<WirePhysicalReplicationStream> {
    const object = `a physical replication stream from cluster ${body.primary_cluster_id} to cluster ${body.standby_cluster_id}`;
    const target = { ...streams, object, schema: physicalReplicationStreamSchema };
    return await this.#caller.run(operation("POST", target, toWrite, { body }), options);
  }

  /** Reads a stream. */
  async get(id: string, options?: RequestOptions): Promise<WirePhysicalReplicationStream> {
    return await this.#caller.run(operation("GET", streamTarget(id), toRead), options);
  }

  /** Fails over to the standby, or cancels the stream. Neither can be taken back. */
  async update(
    id: string,
    body: UpdatePhysicalReplicationStreamRequest,
    options?: RequestOptions,
  ): Promise<WirePhysicalReplicationStream> {
    return await this.#caller.run(operation("PATCH", streamTarget(id), toWrite, { body }), options);
  }
}
