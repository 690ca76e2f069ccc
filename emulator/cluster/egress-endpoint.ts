// The endpoints in a cluster's network that lead to services of the customer. A region that has one cannot be removed
// from the cluster.

import { failedPrecondition } from "../server/errors";
import { stateOfEachCluster } from "../state";
import type { ClusterRecord } from "./record";

/** Stage of an egress private endpoint. */
export type EgressEndpointState =
  | "AVAILABLE"
  | "DELETED"
  | "DELETING"
  | "EXPIRED"
  | "FAILED"
  | "PENDING"
  | "PENDING_ACCEPTANCE"
  | "REJECTED";

/** An egress private endpoint as it is stored. */
export interface EgressEndpointRecord {
  readonly id: string;
  readonly region: string;
  readonly target: string;
  readonly targetType: string;
  readonly createdAt: number;
  connectionId: string;
  address: string;
  state: EgressEndpointState;
  domainNames: string[];
  domainNamesState: "AVAILABLE" | "EMPTY" | "FAILED" | "PENDING";
}

/** The egress private endpoints of a cluster by their ids. */
export const egressEndpointsOf = stateOfEachCluster(() => new Map<string, EgressEndpointRecord>());

/** @throws when a region that is to be removed has an egress private endpoint. */
export function checkNoEgressEndpoints(cluster: ClusterRecord, removed: readonly string[]): void {
  for (const { id, region } of egressEndpointsOf(cluster).values()) {
    if (removed.includes(region)) {
      throw failedPrecondition(
        `region '${region}' cannot be removed while it has the egress private endpoint '${id}'`,
      );
    }
  }
}
