/** Reads physical replication streams: one by its id, or all of the organization. */
import type * as pulumi from "@pulumi/pulumi";
import type { WirePhysicalReplicationStream } from "../../sdk/index";
import type { ClusterReference } from "../program/cluster-reference";
import type { PhysicalReplicationStreamReference } from "../program/reference";
import { omitUndefined } from "../values/omit-undefined";
import { collect, textIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** A stream that replicates a cluster to a standby. */
export interface PhysicalReplicationStreamInfo {
  /** UUID. */
  id: string;
  /** `STARTING`, `REPLICATING`, `FAILING_OVER`, `COMPLETED` after a failover, or `CANCELED`. */
  status: string;
  /** Id of the cluster that is replicated. */
  primaryClusterId: string;
  /** Id of the cluster that follows it. */
  standbyClusterId: string;
  /** RFC 3339. */
  createdAt: string;
  /** The moment whose data the standby has, RFC 3339. Only while REPLICATING, once the initial scan is done. */
  replicatedTime?: string;
  /** How far the standby is behind, in seconds. Only while REPLICATING. */
  replicationLagSeconds?: number;
  /** The earliest moment to fail over to, RFC 3339. Only while REPLICATING. */
  retainedTime?: string;
  /** The moment of a failover that was asked for ahead, RFC 3339. */
  failoverAt?: string;
  /** The moment whose data the standby has since the failover, RFC 3339. Only when COMPLETED. */
  activatedAt?: string;
  /** RFC 3339. Only when CANCELED. */
  canceledAt?: string;
}

/** Which stream. */
export interface GetPhysicalReplicationStreamArgs {
  /** UUID of the stream. */
  id: string;
}

/** Which stream. */
export interface GetPhysicalReplicationStreamOutputArgs {
  /** The stream, or its id. */
  id: PhysicalReplicationStreamReference;
}

/** Reads a physical replication stream, with how far the standby is behind. Fails when there is none. API operation: GetPhysicalReplicationStream. */
export function getPhysicalReplicationStream(
  args: GetPhysicalReplicationStreamArgs,
  options?: FunctionOptions,
): Promise<PhysicalReplicationStreamInfo> {
  return callFunction(oneStream, args, options);
}

/** `getPhysicalReplicationStream` for outputs. */
export function getPhysicalReplicationStreamOutput(
  args: GetPhysicalReplicationStreamOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<PhysicalReplicationStreamInfo> {
  return callFunctionOutput(oneStream, args, options);
}

/** Which streams. */
export interface ListPhysicalReplicationStreamsArgs {
  /** Only those that replicate this cluster, by its id. @default streams of all clusters */
  primaryClusterId?: string;
  /** Only those whose standby this cluster is, by its id. @default streams to all clusters */
  standbyClusterId?: string;
  /** Only those whose primary or standby this cluster is, by its id. @default streams of all clusters */
  clusterId?: string;
  /**
   * Also those that are over.
   * @default false
   */
  showCompleted?: boolean;
}

/** Which streams. */
export interface ListPhysicalReplicationStreamsOutputArgs {
  /** Only those that replicate this cluster, or its id. @default streams of all clusters */
  primaryClusterId?: ClusterReference;
  /** Only those whose standby this cluster is, or its id. @default streams to all clusters */
  standbyClusterId?: ClusterReference;
  /** Only those whose primary or standby this cluster is, or its id. @default streams of all clusters */
  clusterId?: ClusterReference;
  /**
   * Also those that are over.
   * @default false
   */
  showCompleted?: pulumi.Input<boolean>;
}

/** Lists the physical replication streams of the organization by their creation, with `showCompleted` also those that are over. API operation: ListPhysicalReplicationStreams. */
export function listPhysicalReplicationStreams(
  args: ListPhysicalReplicationStreamsArgs = {},
  options?: FunctionOptions,
): Promise<PhysicalReplicationStreamInfo[]> {
  return callFunction(streams, args, options);
}

/** `listPhysicalReplicationStreams` for outputs. */
export function listPhysicalReplicationStreamsOutput(
  args: ListPhysicalReplicationStreamsOutputArgs = {},
  options?: FunctionOptions,
): pulumi.Output<PhysicalReplicationStreamInfo[]> {
  return callFunctionOutput(streams, args, options);
}

/** @internal */
export const oneStream: ProviderFunction<
  GetPhysicalReplicationStreamArgs,
  PhysicalReplicationStreamInfo
> = {
  name: "getPhysicalReplicationStream",
  async read({ cloud }, args) {
    const meaning = "the id of a physical replication stream";
    const id = textIn("getPhysicalReplicationStream", "id", args.id, meaning);
    return toInfo(await cloud.physicalReplicationStreams.get(id));
  },
};

/** @internal */
export const streams: ProviderFunction<
  ListPhysicalReplicationStreamsArgs,
  PhysicalReplicationStreamInfo[]
> = {
  name: "listPhysicalReplicationStreams",
  async read({ cloud }, args) {
    const { primaryClusterId, standbyClusterId, clusterId, showCompleted } = args;
    const query = omitUndefined({ primaryClusterId, standbyClusterId, clusterId, showCompleted });
    return (await collect(cloud.physicalReplicationStreams.list(query))).map(toInfo);
  },
};

function toInfo(wire: WirePhysicalReplicationStream): PhysicalReplicationStreamInfo {
  return {
    id: wire.id,
    status: wire.status,
    primaryClusterId: wire.primary_cluster_id,
    standbyClusterId: wire.standby_cluster_id,
    createdAt: wire.created_at,
    ...omitUndefined({
      replicatedTime: wire.replicated_time,
      replicationLagSeconds: wire.replication_lag_seconds,
      retainedTime: wire.retained_time,
      failoverAt: wire.failover_at,
      activatedAt: wire.activated_at,
      canceledAt: wire.canceled_at,
    }),
  };
}
