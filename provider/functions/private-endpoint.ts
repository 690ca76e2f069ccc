/** Reads what belongs to the private endpoints of a cluster. */
import type * as pulumi from "@pulumi/pulumi";
import type { WirePrivateEndpointTrustedOwner } from "../../sdk/index";
import type { PrivateEndpointService } from "../private-endpoints/wire";
import { readServices, statusOf, toService } from "../private-endpoints/wire";
import type { ClusterReference } from "../program/cluster-reference";
import { omitUndefined } from "../values/omit-undefined";
import { clusterIdIn, textIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

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
  options?: FunctionOptions,
): Promise<PrivateEndpointService[]> {
  return callFunction(services, args, options);
}

/** `listPrivateEndpointServices` for outputs. */
export function listPrivateEndpointServicesOutput(
  args: ListPrivateEndpointServicesOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<PrivateEndpointService[]> {
  return callFunctionOutput(services, args, options);
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
  options?: FunctionOptions,
): Promise<PrivateEndpointConnectionInfo[]> {
  return callFunction(connections, args, options);
}

/** `listPrivateEndpointConnections` for outputs. */
export function listPrivateEndpointConnectionsOutput(
  args: ListPrivateEndpointConnectionsOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<PrivateEndpointConnectionInfo[]> {
  return callFunctionOutput(connections, args, options);
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
  options?: FunctionOptions,
): Promise<AwsEndpointConnectionInfo[]> {
  return callFunction(awsConnections, args, options);
}

/** `listAwsEndpointConnections` for outputs. */
export function listAwsEndpointConnectionsOutput(
  args: ListAwsEndpointConnectionsOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<AwsEndpointConnectionInfo[]> {
  return callFunctionOutput(awsConnections, args, options);
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
  options?: FunctionOptions,
): Promise<PrivateEndpointTrustedOwnerInfo[]> {
  return callFunction(trustedOwners, args, options);
}

/** `listPrivateEndpointTrustedOwners` for outputs. */
export function listPrivateEndpointTrustedOwnersOutput(
  args: ListPrivateEndpointTrustedOwnersOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<PrivateEndpointTrustedOwnerInfo[]> {
  return callFunctionOutput(trustedOwners, args, options);
}

/** Which trusted owner. */
export interface GetPrivateEndpointTrustedOwnerArgs {
  /** Id of the cluster. */
  clusterId: string;
  /** UUID of the trusted owner. */
  ownerId: string;
}

/** Which trusted owner. */
export interface GetPrivateEndpointTrustedOwnerOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /** UUID of the trusted owner: the output `ownerId` of a `PrivateEndpointTrustedOwner`. */
  ownerId: pulumi.Input<string>;
}

/** Reads an account whose private endpoints may be connected to an Advanced cluster. Fails when there is none. API operation: GetPrivateEndpointTrustedOwner. */
export function getPrivateEndpointTrustedOwner(
  args: GetPrivateEndpointTrustedOwnerArgs,
  options?: FunctionOptions,
): Promise<PrivateEndpointTrustedOwnerInfo> {
  return callFunction(oneTrustedOwner, args, options);
}

/** `getPrivateEndpointTrustedOwner` for outputs. */
export function getPrivateEndpointTrustedOwnerOutput(
  args: GetPrivateEndpointTrustedOwnerOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<PrivateEndpointTrustedOwnerInfo> {
  return callFunctionOutput(oneTrustedOwner, args, options);
}

/** @internal */
export const services: ProviderFunction<ListPrivateEndpointServicesArgs, PrivateEndpointService[]> =
  {
    name: "listPrivateEndpointServices",
    async read(connection, args) {
      const id = clusterIdIn("listPrivateEndpointServices", args);
      const { cluster, services: all } = await readServices(id, connection);
      return all.map((service) => toService(service, cluster));
    },
  };

/** @internal */
export const connections: ProviderFunction<
  ListPrivateEndpointConnectionsArgs,
  PrivateEndpointConnectionInfo[]
> = {
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
      ...omitUndefined({ externalOwnerId: connection.external_owner_id }),
    }));
  },
};

/** @internal */
export const awsConnections: ProviderFunction<
  ListAwsEndpointConnectionsArgs,
  AwsEndpointConnectionInfo[]
> = {
  name: "listAwsEndpointConnections",
  async read({ cloud }, args) {
    const id = clusterIdIn("listAwsEndpointConnections", args);
    return (await cloud.awsEndpointConnections.list(id)).map((connection) => ({
      endpointId: connection.endpoint_id,
      status: connection.status,
      cloudProvider: connection.cloud_provider,
      regionName: connection.region_name,
      serviceId: connection.service_id,
      ...omitUndefined({ externalOwnerId: connection.external_owner_id }),
    }));
  },
};

/** @internal */
export const trustedOwners: ProviderFunction<
  ListPrivateEndpointTrustedOwnersArgs,
  PrivateEndpointTrustedOwnerInfo[]
> = {
  name: "listPrivateEndpointTrustedOwners",
  async read({ cloud }, args) {
    const id = clusterIdIn("listPrivateEndpointTrustedOwners", args);
    return (await cloud.privateEndpointTrustedOwners.list(id)).map(toOwner);
  },
};

/** @internal */
export const oneTrustedOwner: ProviderFunction<
  GetPrivateEndpointTrustedOwnerArgs,
  PrivateEndpointTrustedOwnerInfo
> = {
  name: "getPrivateEndpointTrustedOwner",
  async read({ cloud }, args) {
    const name = "getPrivateEndpointTrustedOwner";
    const clusterId = clusterIdIn(name, args);
    const id = textIn(name, "ownerId", args.ownerId, "the id of a trusted owner");
    return toOwner(await cloud.privateEndpointTrustedOwners.get(clusterId, id));
  },
};

function toOwner(owner: WirePrivateEndpointTrustedOwner): PrivateEndpointTrustedOwnerInfo {
  return {
    ownerId: owner.id,
    type: owner.type,
    externalOwnerId: owner.external_owner_id,
    createdAt: owner.created_at,
  };
}
