/** Lists of what belongs to the private endpoints of a cluster. */
import type * as pulumi from "@pulumi/pulumi";
import type { PrivateEndpointService } from "../private-endpoints/wire";
import { readServices, statusOf, toService } from "../private-endpoints/wire";
import type { ClusterReference } from "../program/cluster-reference";
import { clusterIdIn, given } from "./arguments";
import type { LookUp, LookUpOptions } from "./lookup";
import { lookUp, lookUpOutput } from "./lookup";

/** A private endpoint that is, or asks to be, connected to a cluster. */
export interface PrivateEndpointConnectionInfo {
  /** `vpce-…` on AWS, the PSC connection id on GCP, the resource id of the private endpoint on Azure. */
  endpointId: string;
  /** `AVAILABLE`, `PENDING_ACCEPTANCE`, `REJECTED`, `STALE` and others. */
  status: string;
  /** `AWS`, `GCP` or `AZURE`. */
  cloudProvider: string;
  /** Region of the service that it connects to; may be empty. */
  regionName: string;
  /** Id of that service. */
  serviceId: string;
  /** Name of that service; may be empty. */
  serviceName: string;
  /** AWS account that owns it; absent in other clouds. */
  externalOwnerId?: string;
}

/** The same in the older list, which clusters on AWS have. */
export type AwsEndpointConnectionInfo = Omit<PrivateEndpointConnectionInfo, "serviceName">;

/** An account whose endpoints may be connected. */
export interface PrivateEndpointTrustedOwnerInfo {
  /** UUID. */
  ownerId: string;
  /** `AWS_ACCOUNT_ID`. */
  type: string;
  /** Twelve digits, or `*` for every account. */
  externalOwnerId: string;
  /** RFC 3339. */
  createdAt: string;
}

/** Which cluster. */
export interface ListPrivateEndpointServicesArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Which cluster. */
export interface ListPrivateEndpointServicesOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Lists the private endpoint services of a cluster, one for each region; empty before an Advanced cluster has any. It creates none. */
export function listPrivateEndpointServices(
  args: ListPrivateEndpointServicesArgs,
  options?: LookUpOptions,
): Promise<PrivateEndpointService[]> {
  return lookUp(services, args, options);
}

/** `listPrivateEndpointServices` for outputs. */
export function listPrivateEndpointServicesOutput(
  args: ListPrivateEndpointServicesOutputArgs,
  options?: LookUpOptions,
): pulumi.Output<PrivateEndpointService[]> {
  return lookUpOutput(services, args, options);
}

/** Which cluster. */
export interface ListPrivateEndpointConnectionsArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Which cluster. */
export interface ListPrivateEndpointConnectionsOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Lists the private endpoint connections of a cluster, also endpoints of others that ask for one. */
export function listPrivateEndpointConnections(
  args: ListPrivateEndpointConnectionsArgs,
  options?: LookUpOptions,
): Promise<PrivateEndpointConnectionInfo[]> {
  return lookUp(connections, args, options);
}

/** `listPrivateEndpointConnections` for outputs. */
export function listPrivateEndpointConnectionsOutput(
  args: ListPrivateEndpointConnectionsOutputArgs,
  options?: LookUpOptions,
): pulumi.Output<PrivateEndpointConnectionInfo[]> {
  return lookUpOutput(connections, args, options);
}

/** Which cluster. */
export interface ListAwsEndpointConnectionsArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Which cluster. */
export interface ListAwsEndpointConnectionsOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Lists the endpoint connections of a cluster on AWS in the older form of the API; empty in other clouds. */
export function listAwsEndpointConnections(
  args: ListAwsEndpointConnectionsArgs,
  options?: LookUpOptions,
): Promise<AwsEndpointConnectionInfo[]> {
  return lookUp(awsConnections, args, options);
}

/** `listAwsEndpointConnections` for outputs. */
export function listAwsEndpointConnectionsOutput(
  args: ListAwsEndpointConnectionsOutputArgs,
  options?: LookUpOptions,
): pulumi.Output<AwsEndpointConnectionInfo[]> {
  return lookUpOutput(awsConnections, args, options);
}

/** Which cluster. */
export interface ListPrivateEndpointTrustedOwnersArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Which cluster. */
export interface ListPrivateEndpointTrustedOwnersOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Lists whose private endpoints may be connected to a cluster; where nobody is listed, everybody's may. */
export function listPrivateEndpointTrustedOwners(
  args: ListPrivateEndpointTrustedOwnersArgs,
  options?: LookUpOptions,
): Promise<PrivateEndpointTrustedOwnerInfo[]> {
  return lookUp(trustedOwners, args, options);
}

/** `listPrivateEndpointTrustedOwners` for outputs. */
export function listPrivateEndpointTrustedOwnersOutput(
  args: ListPrivateEndpointTrustedOwnersOutputArgs,
  options?: LookUpOptions,
): pulumi.Output<PrivateEndpointTrustedOwnerInfo[]> {
  return lookUpOutput(trustedOwners, args, options);
}

const services: LookUp<ListPrivateEndpointServicesArgs, PrivateEndpointService[]> = {
  name: "listPrivateEndpointServices",
  async read(connection, args) {
    const id = clusterIdIn("listPrivateEndpointServices", args);
    const { cluster, services: all } = await readServices(id, connection);
    return all.map((service) => toService(service, cluster));
  },
};

const connections: LookUp<ListPrivateEndpointConnectionsArgs, PrivateEndpointConnectionInfo[]> = {
  name: "listPrivateEndpointConnections",
  async read({ cloud }, args) {
    const id = clusterIdIn("listPrivateEndpointConnections", args);
    return (await cloud.privateEndpointConnections.list(id)).map((connection) => ({
      endpointId: connection.endpoint_id,
      status: statusOf(connection),
      cloudProvider: connection.cloud_provider,
      regionName: connection.region_name ?? "",
      serviceId: connection.endpoint_service_id,
      serviceName: connection.service_name,
      ...given({ externalOwnerId: connection.external_owner_id }),
    }));
  },
};

const awsConnections: LookUp<ListAwsEndpointConnectionsArgs, AwsEndpointConnectionInfo[]> = {
  name: "listAwsEndpointConnections",
  async read({ cloud }, args) {
    const id = clusterIdIn("listAwsEndpointConnections", args);
    return (await cloud.awsEndpointConnections.list(id)).map((connection) => ({
      endpointId: connection.endpoint_id,
      status: connection.status,
      cloudProvider: connection.cloud_provider,
      regionName: connection.region_name,
      serviceId: connection.service_id,
      ...given({ externalOwnerId: connection.external_owner_id }),
    }));
  },
};

const trustedOwners: LookUp<
  ListPrivateEndpointTrustedOwnersArgs,
  PrivateEndpointTrustedOwnerInfo[]
> = {
  name: "listPrivateEndpointTrustedOwners",
  async read({ cloud }, args) {
    const id = clusterIdIn("listPrivateEndpointTrustedOwners", args);
    return (await cloud.privateEndpointTrustedOwners.list(id)).map((owner) => ({
      ownerId: owner.id,
      type: owner.type,
      externalOwnerId: owner.external_owner_id,
      createdAt: owner.created_at,
    }));
  },
};
