// The consent of a cluster to an endpoint in a network of the customer. The endpoint is made in the cloud, which the
// emulator stands in for: by its controls, or, for an id that it does not know, by the first request.

import { createHash } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import { changeableClusterOf, checkNotBusy, liveClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import { schedule } from "../cluster/timeline";
import type { CloudProvider } from "../cluster/wire";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { ApiError, failedPrecondition, invalidValue, notFound } from "../server/errors";
import type { MessageShape } from "../server/protojson";
import { stateOfEachCluster } from "../state";
import { servicesOf } from "./private-endpoint-service";
import { isTrusted } from "./private-endpoint-trusted-owner";

/** Stage of a connection, without the prefix that one of the two lists has. */
export type PrivateEndpointConnectionStatus =
  | "AVAILABLE"
  | "DELETED"
  | "DELETING"
  | "EXPIRED"
  | "FAILED"
  | "PENDING"
  | "PENDING_ACCEPTANCE"
  | "REJECTED"
  | "STALE";

interface ConnectionRecord {
  readonly endpointId: string;
  readonly region: string;
  /** "" when nobody knows. */
  readonly ownerId: string;
  status: PrivateEndpointConnectionStatus;
  /** The last change: an earlier one that is still to come has no effect any more. */
  change: object;
}

/** A connection as the API spells it. */
export interface WirePrivateEndpointConnection {
  region_name?: string;
  cloud_provider: CloudProvider;
  status: `STATUS_${PrivateEndpointConnectionStatus}`;
  endpoint_id: string;
  endpoint_service_id: string;
  service_name: string;
  external_owner_id?: string;
}

/** An endpoint in a network of the customer. */
export interface CustomerEndpoint {
  endpointId: string;
  /** @default the first region of the cluster with a service */
  region?: string;
  /** AWS account that owns it. @default unknown */
  ownerId?: string;
  /**
   * An endpoint on GCP in the same VPC: when one of them is accepted, so is the other.
   * @default none
   */
  sameVpcAs?: string;
}

/** Private endpoint connections, and the customer's side of them. Cluster ids are UUIDs. */
export interface PrivateEndpointConnectionControls {
  /** All connections of a cluster. */
  list(clusterId: string): WirePrivateEndpointConnection[];
  /** The customer makes an endpoint; on GCP it is not listed before it is accepted. @throws when there is no service. */
  createEndpoint(clusterId: string, endpoint: CustomerEndpoint): void;
  /** The customer deletes an endpoint: its connection is STALE, or not listed any more on GCP. */
  deleteEndpoint(clusterId: string, endpointId: string): void;
  /** Sets the status of a connection. @throws when there is none. */
  setStatus(clusterId: string, endpointId: string, status: PrivateEndpointConnectionStatus): void;
}

const connectionsOf = stateOfEachCluster(() => new Map<string, ConnectionRecord>());
/** Endpoints on GCP that nobody has accepted, by id. */
const unlistedOf = stateOfEachCluster(() => new Map<string, CustomerEndpoint>());
/** The endpoints on GCP of one VPC, for each of them. */
const vpcsOf = stateOfEachCluster(() => new Map<string, Set<string>>());

const addShape: MessageShape = {
  name: "cockroach.cloud.AddPrivateEndpointConnectionRequest",
  fields: { endpoint_id: "string" },
};

const stateShape: MessageShape = {
  name: "cockroach.cloud.SetAwsEndpointConnectionStateRequest",
  fields: { status: { enumeration: ["AVAILABLE", "REJECTED"] } },
};

function listConnections(call: Call): object {
  return { connections: toWires(liveClusterOf(call), call.context) };
}

function addConnection(call: Call): object {
  const { endpoint_id: endpointId = "" } = readBody<{ endpoint_id?: string }>(call, addShape);
  const cluster = changeableOf(call);
  if (endpointId === "") {
    throw invalidValue("endpoint_id is required");
  }
  const connection = connectionOf(call, cluster, endpointId);
  if (connection.status === "STALE") {
    throw failedPrecondition(`endpoint '${endpointId}' does not exist any more`);
  }
  if (connection.status !== "AVAILABLE") {
    accept(call, cluster, connection);
  }
  const { acceptedEndpointStatus } = call.context.assumptions;
  if (connection.status === "PENDING" && acceptedEndpointStatus === "PENDING_ACCEPTANCE") {
    return toWire(cluster, { ...connection, status: acceptedEndpointStatus }, call.context);
  }
  return toWire(cluster, connection, call.context);
}

function deleteConnection(call: Call): object {
  const cluster = changeableOf(call);
  const endpointId = call.path["endpoint_id"] ?? "";
  const connection = findConnection(cluster, endpointId);
  const connections = connectionsOf(cluster);
  if (connection.status === "STALE") {
    connections.delete(connection.endpointId);
    return {};
  }
  const isListedOn = cluster.provider !== "GCP";
  begin(connection, "DELETING");
  later(cluster, connection, call.now + call.context.durations.privateEndpointConnectionMs, () => {
    if (isListedOn) {
      connection.status = "REJECTED";
    } else {
      connections.delete(connection.endpointId);
      unlistedOf(cluster).set(connection.endpointId, connection);
    }
  });
  return {};
}

function listAwsConnections(call: Call): object {
  const cluster = liveClusterOf(call);
  const connections = cluster.provider === "AWS" ? inNoOrder(cluster) : [];
  return {
    connections: connections
      .filter(({ status }) => status !== "STALE")
      .map((connection) => toAwsWire(cluster, connection, call.context)),
  };
}

function setAwsConnectionState(call: Call): object {
  const { status } = readBody<{ status?: "AVAILABLE" | "REJECTED" }>(call, stateShape);
  const cluster = changeableOf(call);
  if (cluster.provider !== "AWS") {
    throw failedPrecondition("AWS endpoint connections are supported for clusters on AWS only");
  }
  if (status === undefined) {
    throw invalidValue("status must be AVAILABLE or REJECTED");
  }
  const connection = findConnection(cluster, call.path["endpoint_id"] ?? "");
  const before = toAwsWire(cluster, connection, call.context);
  if (status === "AVAILABLE") {
    accept(call, cluster, connection);
  } else {
    begin(connection, connection.status === "AVAILABLE" ? "DELETING" : connection.status);
    later(
      cluster,
      connection,
      call.now + call.context.durations.privateEndpointConnectionMs,
      () => {
        connection.status = "REJECTED";
      },
    );
  }
  return before;
}

function accept(call: Call, cluster: ClusterRecord, connection: ConnectionRecord): void {
  if (!isTrusted(cluster, connection.ownerId)) {
    throw failedPrecondition(`the owner of endpoint '${connection.endpointId}' is not trusted`);
  }
  const { privateEndpointConnectionMs, rejectedLingersMs } = call.context.durations;
  const fails = call.context.queued.consumeJobFailure();
  const lingersMs = connection.status === "REJECTED" ? rejectedLingersMs : 0;
  begin(connection, lingersMs > 0 ? "REJECTED" : "PENDING");
  if (lingersMs > 0) {
    later(cluster, connection, call.now + lingersMs, () => {
      connection.status = "PENDING";
    });
  }
  later(cluster, connection, call.now + lingersMs + privateEndpointConnectionMs, () => {
    connection.status = fails ? "FAILED" : "AVAILABLE";
    if (!fails) {
      acceptVpc(cluster, connection.endpointId, call.context);
    }
  });
}

/** On GCP the consent is to a VPC: its other endpoints are connected by themselves. */
function acceptVpc(cluster: ClusterRecord, endpointId: string, context: EmulatorContext): void {
  for (const id of vpcsOf(cluster).get(endpointId) ?? []) {
    const endpoint = unlistedOf(cluster).get(id);
    if (endpoint !== undefined && !connectionsOf(cluster).has(id)) {
      const other = newConnection(cluster, endpoint, context);
      begin(other, "AVAILABLE");
      connectionsOf(cluster).set(id, other);
    }
  }
}

function begin(connection: ConnectionRecord, status: PrivateEndpointConnectionStatus): void {
  connection.status = status;
  connection.change = {};
}

/** Does something later, unless another change comes before. */
function later(
  cluster: ClusterRecord,
  connection: ConnectionRecord,
  at: number,
  run: () => void,
): void {
  const { change } = connection;
  schedule(cluster, {
    at,
    name: "network",
    run: () => {
      if (connection.change === change) {
        run();
      }
    },
  });
}

function changeableOf(call: Call): ClusterRecord {
  const cluster = changeableClusterOf(call);
  if (cluster.plan === "BASIC") {
    throw new ApiError(
      call.context.assumptions.networkOnServerless,
      "private endpoints are not supported for basic clusters",
    );
  }
  checkNotBusy(cluster, call.context);
  return cluster;
}

/** The connection of an endpoint; that of an endpoint which nobody knows is made up. */
/** Ids of endpoints: on GCP that of the connection, on Azure that of the endpoint as a resource. */
const endpointForms: Readonly<Record<ClusterRecord["provider"], RegExp>> = {
  AWS: /^vpce-[0-9a-f]+$/,
  GCP: /^\d+$/,
  AZURE: /^\/subscriptions\/.+\/privateEndpoints\/[^/]+$/i,
};

function connectionOf(call: Call, cluster: ClusterRecord, endpointId: string): ConnectionRecord {
  const connections = connectionsOf(cluster);
  const known = connections.get(keyOf(cluster, endpointId));
  if (known !== undefined) {
    return known;
  }
  const unlisted = unlistedOf(cluster).get(endpointId);
  const { unknownEndpoint } = call.context.assumptions;
  if (unlisted === undefined && unknownEndpoint !== "accepted") {
    throw new ApiError(unknownEndpoint, `invalid argument: endpoint ${endpointId} was not found`);
  }
  if (unlisted === undefined && !endpointForms[cluster.provider].test(endpointId)) {
    throw invalidValue(
      `endpoint_id '${endpointId}' is no id of an endpoint on ${cluster.provider}`,
    );
  }
  const connection = newConnection(cluster, unlisted ?? { endpointId }, call.context);
  connections.set(keyOf(cluster, endpointId), connection);
  return connection;
}

function newConnection(
  cluster: ClusterRecord,
  { endpointId, region, ownerId = "" }: CustomerEndpoint,
  context: EmulatorContext,
): ConnectionRecord {
  const available = [...servicesOf(cluster, context).values()].find(
    (service) =>
      service.status === "AVAILABLE" && (region === undefined || service.region === region),
  );
  if (available === undefined) {
    throw failedPrecondition("the cluster has no private endpoint service that is available");
  }
  return {
    endpointId,
    region: available.region,
    ownerId,
    status: "PENDING_ACCEPTANCE",
    change: {},
  };
}

function findConnection(cluster: ClusterRecord, endpointId: string): ConnectionRecord {
  const connection = connectionsOf(cluster).get(keyOf(cluster, endpointId));
  if (connection === undefined) {
    throw notFound(`private endpoint connection '${endpointId}' is not found`);
  }
  return connection;
}

/** Resource ids of Azure have no case. */
function keyOf({ provider }: ClusterRecord, endpointId: string): string {
  return provider === "AZURE" ? endpointId.toLowerCase() : endpointId;
}

function toWires(
  cluster: ClusterRecord,
  context: EmulatorContext,
): WirePrivateEndpointConnection[] {
  return inNoOrder(cluster).map((connection) => toWire(cluster, connection, context));
}

/** The service promises no order: this one is neither that of the ids nor that of the creation. */
function inNoOrder(cluster: ClusterRecord): ConnectionRecord[] {
  const rank = ({ endpointId }: ConnectionRecord) =>
    createHash("sha256").update(endpointId).digest("hex");
  return [...connectionsOf(cluster).values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function toWire(
  cluster: ClusterRecord,
  { endpointId, region, ownerId, status }: ConnectionRecord,
  context: EmulatorContext,
): WirePrivateEndpointConnection {
  const service = servicesOf(cluster, context).get(region);
  const { connectionRegionKey: regionKey } = context.assumptions;
  return {
    ...(regionKey !== "none" && { [regionKey]: region }),
    cloud_provider: cluster.provider,
    status: `STATUS_${status}`,
    endpoint_id: endpointId,
    endpoint_service_id: service?.id ?? "",
    service_name: service?.name ?? "",
    ...(ownerId !== "" && { external_owner_id: ownerId }),
  };
}

function toAwsWire(
  cluster: ClusterRecord,
  connection: ConnectionRecord,
  context: EmulatorContext,
): object {
  const {
    status,
    endpoint_service_id,
    service_name: _,
    ...rest
  } = toWire(cluster, connection, context);
  return { ...rest, status: status.replace("STATUS_", ""), service_id: endpoint_service_id };
}

function joinVpc(
  cluster: ClusterRecord,
  { endpointId, sameVpcAs }: CustomerEndpoint,
  context: EmulatorContext,
): void {
  if (sameVpcAs === undefined) {
    return;
  }
  const vpcs = vpcsOf(cluster);
  const vpc = vpcs.get(sameVpcAs) ?? new Set([sameVpcAs]);
  for (const id of vpc.add(endpointId)) {
    vpcs.set(id, vpc);
  }
  if (connectionsOf(cluster).get(sameVpcAs)?.status === "AVAILABLE") {
    acceptVpc(cluster, sameVpcAs, context);
  }
}

/** The private endpoint connections of a cluster. */
export const privateEndpointConnectionArea: ControlledArea<PrivateEndpointConnectionControls> = {
  operations: {
    AddPrivateEndpointConnection: addConnection,
    DeletePrivateEndpointConnection: deleteConnection,
    ListAwsEndpointConnections: listAwsConnections,
    ListPrivateEndpointConnections: listConnections,
    SetAwsEndpointConnectionState: setAwsConnectionState,
  },
  createControls: ({ findCluster, context }: ControlParts) => ({
    list: (clusterId) => toWires(findCluster(clusterId), context),
    createEndpoint: (clusterId, endpoint) => {
      const cluster = findCluster(clusterId);
      if (cluster.provider === "GCP") {
        unlistedOf(cluster).set(endpoint.endpointId, endpoint);
        joinVpc(cluster, endpoint, context);
        return;
      }
      const connection = newConnection(cluster, endpoint, context);
      connectionsOf(cluster).set(keyOf(cluster, endpoint.endpointId), connection);
      later(cluster, connection, context.clock.now() + context.durations.endpointExpiryMs, () => {
        connection.status = "EXPIRED";
      });
    },
    deleteEndpoint: (clusterId, endpointId) => {
      const cluster = findCluster(clusterId);
      unlistedOf(cluster).delete(endpointId);
      if (cluster.provider === "GCP") {
        connectionsOf(cluster).delete(endpointId);
        return;
      }
      begin(findConnection(cluster, endpointId), "STALE");
    },
    setStatus: (clusterId, endpointId, status) => {
      const cluster = findCluster(clusterId);
      begin(findConnection(cluster, endpointId), status);
    },
  }),
};
