// Private endpoints: the services of a cluster that networks of the customer connect to, the connections to them, and
// whose networks may connect.

import { z } from "zod";
import type { Caller } from "../http/call";
import { operation } from "../http/operation";
import { path } from "../http/path";
import { openEnumSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";
import type { CloudProvider } from "./cloud-provider";

/** Stage of a private endpoint service. */
export type PrivateEndpointServiceStatus =
  | "CREATING"
  | "AVAILABLE"
  | "CREATE_FAILED"
  | "DELETING"
  | "DELETE_FAILED";

/** What endpoints in one region connect to. */
export interface WirePrivateEndpointService {
  region_name: string;
  cloud_provider: CloudProvider;
  status: PrivateEndpointServiceStatus;
  /** On AWS, the service name that an endpoint is created with: `com.amazonaws.vpce.us-east-1.vpce-svc-…`. */
  name: string;
  /** On GCP the service attachment, on Azure the id of the Private Link Service: what an endpoint targets there. */
  endpoint_service_id: string;
  /** Ids of the zones, `use1-az1`, in which traffic to the service is cheapest; may be empty. */
  availability_zone_ids: string[];
}

/** Stage of a private endpoint connection. */
export type PrivateEndpointConnectionStatus =
  | "STATUS_PENDING"
  | "STATUS_PENDING_ACCEPTANCE"
  | "STATUS_AVAILABLE"
  | "STATUS_DELETING"
  | "STATUS_DELETED"
  | "STATUS_REJECTED"
  | "STATUS_FAILED"
  | "STATUS_EXPIRED"
  | "STATUS_STALE";

/** An endpoint of a customer's network that is, or asks to be, connected to a cluster. */
export interface WirePrivateEndpointConnection {
  /** On AWS `vpce-…`, on GCP the PSC connection id, on Azure the resource id of the private endpoint. */
  endpoint_id: string;
  endpoint_service_id: string;
  /** Name of the service; may be empty. */
  service_name: string;
  cloud_provider: CloudProvider;
  status: PrivateEndpointConnectionStatus;
  /** Undefined when the API does not say. */
  region_name: string | undefined;
  /** AWS account that owns the endpoint. */
  external_owner_id?: string | undefined;
}

/** Stage of an endpoint connection in the older list, which AWS clusters have. */
export type AwsEndpointConnectionStatus =
  | "PENDING"
  | "PENDING_ACCEPTANCE"
  | "AVAILABLE"
  | "DELETING"
  | "DELETED"
  | "REJECTED"
  | "FAILED"
  | "EXPIRED";

/** An endpoint connection in the older list, which AWS clusters have. */
export interface WireAwsEndpointConnection {
  region_name: string;
  cloud_provider: CloudProvider;
  status: AwsEndpointConnectionStatus;
  /** `vpce-…`. */
  endpoint_id: string;
  service_id: string;
  /** AWS account that owns the endpoint. */
  external_owner_id?: string | undefined;
}

/** Body of `setState`. */
export interface SetAwsEndpointConnectionStateRequest {
  /** Whether the endpoint is accepted or rejected. */
  status: "AVAILABLE" | "REJECTED";
}

/** Whose endpoints may be connected to a cluster. */
export interface WirePrivateEndpointTrustedOwner {
  /** UUID. */
  id: string;
  /** UUID. */
  cluster_id: string;
  type: "AWS_ACCOUNT_ID";
  /** The twelve digits of an AWS account, or `*` for every one. */
  external_owner_id: string;
  /** RFC 3339. */
  created_at: string;
}

/** Body of `add`. */
export interface AddPrivateEndpointTrustedOwnerRequest {
  type: "AWS_ACCOUNT_ID";
  external_owner_id: string;
}

/** @internal */
export const privateEndpointServiceSchema = z.object({
  region_name: z.string().min(1),
  cloud_provider: openEnumSchema<CloudProvider>(),
  status: openEnumSchema<PrivateEndpointServiceStatus>(),
  name: textSchema,
  endpoint_service_id: textSchema,
  availability_zone_ids: z.array(z.string()).default([]),
});

/** @internal */
export const privateEndpointServicesSchema = z.object({
  services: z.array(privateEndpointServiceSchema),
});

/** @internal The document requires a `region` that it does not describe: it is read where `region_name` is missing. */
export const privateEndpointConnectionSchema = z
  .object({
    endpoint_id: z.string().min(1),
    endpoint_service_id: textSchema,
    service_name: textSchema,
    cloud_provider: openEnumSchema<CloudProvider>(),
    status: openEnumSchema<PrivateEndpointConnectionStatus>(),
    region_name: z.string().optional(),
    region: z.string().optional(),
    external_owner_id: z.string().optional(),
  })
  .transform(({ region, ...connection }) => ({
    ...connection,
    region_name: connection.region_name ?? region,
  }));

/** @internal */
export const privateEndpointConnectionsSchema = z.object({
  connections: z.array(privateEndpointConnectionSchema),
});

/** @internal */
export const awsEndpointConnectionSchema = z.object({
  region_name: textSchema,
  cloud_provider: openEnumSchema<CloudProvider>(),
  status: openEnumSchema<AwsEndpointConnectionStatus>(),
  endpoint_id: z.string().min(1),
  service_id: textSchema,
  external_owner_id: z.string().optional(),
});

/** @internal */
export const awsEndpointConnectionsSchema = z.object({
  connections: z.array(awsEndpointConnectionSchema),
});

/** @internal */
export const trustedOwnerSchema = z.object({
  id: z.string().min(1),
  cluster_id: textSchema,
  type: openEnumSchema<"AWS_ACCOUNT_ID">(),
  external_owner_id: textSchema,
  created_at: textSchema,
});

const wrappedTrustedOwnerSchema = z.object({ trusted_owner: trustedOwnerSchema });

/** @internal */
export const trustedOwnersSchema = z.object({
  trusted_owners: z.array(trustedOwnerSchema).default([]),
});

const permitted = permission(["CA", "CO"], everywhere);
const toChangeOwners = permission(["CA"], everywhere);

function services(clusterId: string) {
  return {
    path: path`/api/v1/clusters/${clusterId}/networking/private-endpoint-services`,
    object: `the private endpoint services of cluster ${clusterId}`,
    schema: privateEndpointServicesSchema,
  };
}

/** The private endpoint services of a cluster, one for each of its regions. They are deleted with the cluster. */
export class PrivateEndpointServicesApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the services. */
  async list(clusterId: string, options?: RequestOptions): Promise<WirePrivateEndpointService[]> {
    const call = operation("GET", services(clusterId), permitted, { verb: "Listing" });
    return (await this.#caller.run(call, options)).services;
  }

  /**
   * Creates the services that an Advanced cluster does not have yet, and returns all of them. A lost response is
   * harmless: a service that exists is not created again.
   */
  async create(clusterId: string, options?: RequestOptions): Promise<WirePrivateEndpointService[]> {
    const call = operation("POST", services(clusterId), permitted);
    return (await this.#caller.run(call, options)).services;
  }
}

/** The endpoints that a cluster accepts. The API has no way to read a single one. */
export class PrivateEndpointConnectionsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the connections, those of other owners included, in no order. */
  async list(
    clusterId: string,
    options?: RequestOptions,
  ): Promise<WirePrivateEndpointConnection[]> {
    const target = {
      path: path`/api/v1/clusters/${clusterId}/networking/private-endpoint-connections`,
      object: `the private endpoint connections of cluster ${clusterId}`,
      schema: privateEndpointConnectionsSchema,
    };
    const call = operation("GET", target, permitted, { verb: "Listing" });
    return (await this.#caller.run(call, options)).connections;
  }

  /** Accepts an endpoint, which takes a while. Accepting it again is harmless. */
  async add(
    clusterId: string,
    endpointId: string,
    options?: RequestOptions,
  ): Promise<WirePrivateEndpointConnection> {
    const target = {
      path: path`/api/v1/clusters/${clusterId}/networking/private-endpoint-connections`,
      object: connectionObject(clusterId, endpointId),
      schema: privateEndpointConnectionSchema,
    };
    const body = { endpoint_id: endpointId };
    const call = operation("POST", target, permitted, { verb: "Adding", body });
    return await this.#caller.run(call, options);
  }

  /**
   * Stops accepting an endpoint, which takes a while. One that a repeated request does not find counts as deleted; one
   * that was never there is a `NotFoundError`.
   */
  async delete(clusterId: string, endpointId: string, options?: RequestOptions): Promise<void> {
    const target = {
      path: path`/api/v1/clusters/${clusterId}/networking/private-endpoint-connections/${endpointId}`,
      object: connectionObject(clusterId, endpointId),
      schema: z.object({}),
    };
    await this.#caller.delete(operation("DELETE", target, permitted), options);
  }
}

function connectionObject(clusterId: string, endpointId: string): string {
  return `private endpoint connection ${endpointId} of cluster ${clusterId}`;
}

/** The endpoint connections of a cluster on AWS, in an older form that can also reject an endpoint. */
export class AwsEndpointConnectionsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the connections, in no order. */
  async list(clusterId: string, options?: RequestOptions): Promise<WireAwsEndpointConnection[]> {
    const target = {
      path: path`/api/v1/clusters/${clusterId}/networking/aws-endpoint-connections`,
      object: `the AWS endpoint connections of cluster ${clusterId}`,
      schema: awsEndpointConnectionsSchema,
    };
    const call = operation("GET", target, permitted, { verb: "Listing" });
    return (await this.#caller.run(call, options)).connections;
  }

  /** Accepts or rejects an endpoint, which takes a while. The response has the status before the change. */
  async setState(
    clusterId: string,
    endpointId: string,
    body: SetAwsEndpointConnectionStateRequest,
    options?: RequestOptions,
  ): Promise<WireAwsEndpointConnection> {
    const target = {
      path: path`/api/v1/clusters/${clusterId}/networking/aws-endpoint-connections/${endpointId}`,
      object: `AWS endpoint connection ${endpointId} of cluster ${clusterId}`,
      schema: awsEndpointConnectionSchema,
    };
    return await this.#caller.run(operation("PATCH", target, permitted, { body }), options);
  }
}

function trustedOwner(clusterId: string, ownerId: string) {
  return {
    path: path`/api/v1/clusters/${clusterId}/networking/private-endpoint-trusted-owners/${ownerId}`,
    object: `private endpoint trusted owner ${ownerId} of cluster ${clusterId}`,
    schema: wrappedTrustedOwnerSchema,
  };
}

/** Whose endpoints may be connected to a cluster. An owner cannot be changed. */
export class PrivateEndpointTrustedOwnersApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the trusted owners; none means that every owner is trusted. */
  async list(
    clusterId: string,
    options?: RequestOptions,
  ): Promise<WirePrivateEndpointTrustedOwner[]> {
    const target = {
      path: path`/api/v1/clusters/${clusterId}/networking/private-endpoint-trusted-owners`,
      object: `the private endpoint trusted owners of cluster ${clusterId}`,
      schema: trustedOwnersSchema,
    };
    const call = operation("GET", target, permitted, { verb: "Listing" });
    return (await this.#caller.run(call, options)).trusted_owners;
  }

  /**
   * Adds an owner. It is sent once: repeated only where the first try certainly had no effect. When the error says
   * `effect: "unknown"`, the owner may have been added.
   */
  async add(
    clusterId: string,
    body: AddPrivateEndpointTrustedOwnerRequest,
    options?: RequestOptions,
  ): Promise<WirePrivateEndpointTrustedOwner> {
    const target = {
      path: path`/api/v1/clusters/${clusterId}/networking/private-endpoint-trusted-owners`,
      object: `private endpoint trusted owner ${body.external_owner_id} of cluster ${clusterId}`,
      schema: wrappedTrustedOwnerSchema,
    };
    const call = operation("POST", target, toChangeOwners, { verb: "Adding", body });
    return (await this.#caller.run(call, options)).trusted_owner;
  }

  /** Reads an owner. */
  async get(
    clusterId: string,
    ownerId: string,
    options?: RequestOptions,
  ): Promise<WirePrivateEndpointTrustedOwner> {
    const call = operation("GET", trustedOwner(clusterId, ownerId), permitted);
    return (await this.#caller.run(call, options)).trusted_owner;
  }

  /**
   * Removes an owner. One that a repeated request does not find counts as removed; one that was never there is a
   * `NotFoundError`.
   */
  async remove(clusterId: string, ownerId: string, options?: RequestOptions): Promise<void> {
    const target = trustedOwner(clusterId, ownerId);
    await this.#caller.delete(
      operation("DELETE", target, toChangeOwners, { verb: "Removing" }),
      options,
    );
  }
}
