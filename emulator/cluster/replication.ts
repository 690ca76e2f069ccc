// Physical replication between two Advanced clusters, as far as the clusters themselves depend on it: neither can be deleted
// while it goes on, and the standby takes no SQL.

import { stateOfEachCluster } from "../state";
import type { ClusterRecord } from "./record";

/** How far a stream is. */
export type ReplicationStatus =
  | "CANCELED"
  | "COMPLETED"
  | "FAILING_OVER"
  | "REPLICATING"
  | "STARTING";

/** A stream as it is stored; moments in milliseconds since 1970. */
export interface ReplicationStream {
  readonly id: string;
  readonly primary: ClusterRecord;
  readonly standby: ClusterRecord;
  readonly createdAt: number;
  /** From then on a failover is possible. */
  readonly scannedAt: number;
  /** Whether it was canceled, and the end is still to come. */
  isCanceling?: boolean;
  status: ReplicationStatus;
  /** When it began to replicate. */
  replicatingSince: number | undefined;
  /** The moment that was asked for, when it was in the future. */
  failoverAt: number | undefined;
  activatedAt: number | undefined;
  canceledAt: number | undefined;
}

/** The streams into and out of a cluster. */
export const streamsOf = stateOfEachCluster(() => new Set<ReplicationStream>());

/** Whether a stream is neither completed nor canceled. */
export function isLive({ status }: ReplicationStream): boolean {
  return status !== "COMPLETED" && status !== "CANCELED";
}

/** The stream of a cluster that is not over; undefined when it has none. */
export function liveStreamOf(cluster: ClusterRecord): ReplicationStream | undefined {
  return [...streamsOf(cluster)].find(isLive);
}
