/** Reads what belongs to the private endpoints of a cluster. */
import type * as pulumi from "@pulumi/pulumi";
import type {
  WirePrivateEndpointConnection,
  WirePrivateEndpointTrustedOwner,
} from "../../sdk/index";
import type { PrivateEndpointService } from "../private-endpoints/wire";
import { endpointKey, readServices, statusOf, toService } from "../private-endpoints/wire";
import type { ClusterReference } from "../program/cluster-reference";
import { omitUndefined } from "../values/omit-undefined";
import { checkEither, clusterIdIn, textIn, wordIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { noneHas, nothingFound, onlyMatch } from "./only-match";

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

/** Which service. */
export interface GetPrivateEndpointServiceArgs {
  /** Id of the cluster. */
  clusterId: string;
  /** Region of the cluster. */
  region: string;
}

/** Which service. */
export interface GetPrivateEndpointServiceOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /** Region of the cluster. */
  region: pulumi.Input<string>;
}

/** Reads the private endpoint service of a region of a cluster. Fails when there is none, and names the regions that have one. API operation: ListPrivateEndpointServices. */
export function getPrivateEndpointService(
  args: GetPrivateEndpointServiceArgs,
  options?: FunctionOptions,
): Promise<PrivateEndpointService> {
  return callFunction(oneService, args, options);
}

/** `getPrivateEndpointService` for outputs. */
export function getPrivateEndpointServiceOutput(
  args: GetPrivateEndpointServiceOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<PrivateEndpointService> {
  return callFunctionOutput(oneService, args, options);
}

/** The status of a private endpoint that is, or asks to be, connected. */
export type PrivateEndpointConnectionStatus =
  | "PENDING"
  | "PENDING_ACCEPTANCE"
  | "AVAILABLE"
  | "DELETING"
  | "DELETED"
  | "REJECTED"
  | "FAILED"
  | "EXPIRED"
  | "STALE";

/** Which connections. */
export interface ListPrivateEndpointConnectionsArgs {
  /** Id of the cluster. */
  clusterId: string;
  /** Only those of this status, such as endpoints of others that wait: `PENDING_ACCEPTANCE`. @default all */
  status?: PrivateEndpointConnectionStatus;
}

/** Which connections. */
export interface ListPrivateEndpointConnectionsOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /** Only those of this status, such as endpoints of others that wait: `PENDING_ACCEPTANCE`. @default all */
  status?: pulumi.Input<PrivateEndpointConnectionStatus>;
}

/** Lists the private endpoint connections of a cluster, or those of one status, also endpoints of others that ask for one. */
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

/** Which connection. */
export interface GetPrivateEndpointConnectionArgs {
  /** Id of the cluster. */
  clusterId: string;
  /** `vpce-…` on AWS, the PSC connection id on GCP, the resource id of the private endpoint on Azure. */
  endpointId: string;
}

/** Which connection. */
export interface GetPrivateEndpointConnectionOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /** `vpce-…` on AWS, the PSC connection id on GCP, the resource id of the private endpoint on Azure. */
  endpointId: pulumi.Input<string>;
}

/** Reads the connection of a private endpoint to a cluster, also of an endpoint that only asks for one. Fails when there is none. API operation: ListPrivateEndpointConnections. */
export function getPrivateEndpointConnection(
  args: GetPrivateEndpointConnectionArgs,
  options?: FunctionOptions,
): Promise<PrivateEndpointConnectionInfo> {
  return callFunction(oneConnection, args, options);
}

/** `getPrivateEndpointConnection` for outputs. */
export function getPrivateEndpointConnectionOutput(
  args: GetPrivateEndpointConnectionOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<PrivateEndpointConnectionInfo> {
  return callFunctionOutput(oneConnection, args, options);
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
  /** UUID of the trusted owner, in place of `externalOwnerId`. */
  ownerId?: string;
  /** The account, twelve digits or `*`, in place of `ownerId`. */
  externalOwnerId?: string;
}

/** Which trusted owner. */
export interface GetPrivateEndpointTrustedOwnerOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /** UUID of the trusted owner, in place of `externalOwnerId`: the output `ownerId` of a `PrivateEndpointTrustedOwner`. */
  ownerId?: pulumi.Input<string>;
  /** The account, twelve digits or `*`, in place of `ownerId`. */
  externalOwnerId?: pulumi.Input<string>;
}

/** Reads an account whose private endpoints may be connected to an Advanced cluster, by `ownerId` or by `externalOwnerId`. Fails when there is none. API operations: GetPrivateEndpointTrustedOwner, ListPrivateEndpointTrustedOwners. */
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
export const oneService: ProviderFunction<GetPrivateEndpointServiceArgs, PrivateEndpointService> = {
  name: "getPrivateEndpointService",
  async read(connection, args) {
    const name = "getPrivateEndpointService";
    const id = clusterIdIn(name, args);
    const region = textIn(name, "region", args.region, "a region of the cluster");
    const { cluster, services: all } = await readServices(id, connection);
    const found = all.find(({ region_name }) => region_name === region);
    if (found !== undefined) return toService(found, cluster);
    const regions = all.map(({ region_name }) => region_name);
    const canBeCreated = regions.length === 0 && cluster.plan === "ADVANCED";
    throw nothingFound({
      object: `the private endpoint service of cluster ${id} in ${region}`,
      path: servicesPath(id),
      reason:
        regions.length === 0
          ? `the cluster, of the plan ${cluster.plan}, has none`
          : `the cluster has one in ${regions.join(", ")}`,
      ...(canBeCreated && { advice: "PrivateEndpointServices creates them." }),
    });
  },
};

function servicesPath(clusterId: string): string {
  return `/api/v1/clusters/${clusterId}/networking/private-endpoint-services`;
}

const connectionStatuses: readonly PrivateEndpointConnectionStatus[] = [
  "PENDING",
  "PENDING_ACCEPTANCE",
  "AVAILABLE",
  "DELETING",
  "DELETED",
  "REJECTED",
  "FAILED",
  "EXPIRED",
  "STALE",
];

/** @internal */
export const connections: ProviderFunction<
  ListPrivateEndpointConnectionsArgs,
  PrivateEndpointConnectionInfo[]
> = {
  name: "listPrivateEndpointConnections",
  async read({ cloud }, args) {
    const name = "listPrivateEndpointConnections";
    const id = clusterIdIn(name, args);
    const wanted = wordIn(name, "status", args.status, connectionStatuses);
    return (await cloud.privateEndpointConnections.list(id))
      .map(toConnection)
      .filter(({ status }) => wanted === undefined || status === wanted);
  },
};

/** @internal */
export const oneConnection: ProviderFunction<
  GetPrivateEndpointConnectionArgs,
  PrivateEndpointConnectionInfo
> = {
  name: "getPrivateEndpointConnection",
  async read({ cloud }, args) {
    const name = "getPrivateEndpointConnection";
    const clusterId = clusterIdIn(name, args);
    const endpointId = textIn(name, "endpointId", args.endpointId, "the id of a private endpoint");
    const all = await cloud.privateEndpointConnections.list(clusterId);
    return toConnection(
      onlyMatch(
        all.filter(({ endpoint_id }) => endpointKey(endpoint_id) === endpointKey(endpointId)),
        ({ endpoint_id }) => endpoint_id,
        {
          object: `the connection of private endpoint ${JSON.stringify(endpointId)}`,
          path: `/api/v1/clusters/${clusterId}/networking/private-endpoint-connections`,
          reason: noneHas(all.length, "private endpoint", `that cluster ${clusterId} knows`, "id"),
          shared: "connections are of it",
        },
      ),
    );
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
    const { ownerId, externalOwnerId } = args;
    checkEither(name, { ownerId, externalOwnerId });
    if (ownerId !== undefined) {
      const id = textIn(name, "ownerId", ownerId, "the id of a trusted owner");
      return toOwner(await cloud.privateEndpointTrustedOwners.get(clusterId, id));
    }
    const account = textIn(name, "externalOwnerId", externalOwnerId, "an account");
    const all = await cloud.privateEndpointTrustedOwners.list(clusterId);
    return toOwner(
      onlyMatch(
        all.filter((owner) => owner.external_owner_id === account),
        ({ id }) => id,
        {
          object: `private endpoint trusted owner ${JSON.stringify(account)}`,
          path: `/api/v1/clusters/${clusterId}/networking/private-endpoint-trusted-owners`,
          reason: noneHas(all.length, "trusted owner", `of cluster ${clusterId}`, "account"),
          shared: "trusted owners are of the account",
        },
      ),
    );
  },
};

function toConnection(connection: WirePrivateEndpointConnection): PrivateEndpointConnectionInfo {
  return {
    endpointId: connection.endpoint_id,
    status: statusOf(connection),
    cloudProvider: connection.cloud_provider,
    regionName: connection.region_name ?? "",
    serviceId: connection.endpoint_service_id,
    serviceName: connection.service_name,
    ...omitUndefined({ externalOwnerId: connection.external_owner_id }),
  };
}

function toOwner(owner: WirePrivateEndpointTrustedOwner): PrivateEndpointTrustedOwnerInfo {
  return {
    ownerId: owner.id,
    type: owner.type,
    externalOwnerId: owner.external_owner_id,
    createdAt: owner.created_at,
  };
}
