// What an Advanced cluster may connect to: its egress traffic policy, the rules of what is allowed, and the private
// endpoints to services of the customer.

import { z } from "zod";
import type { Caller } from "../http/call";
import { operation } from "../http/operation";
import type { ListQuery } from "../http/pagination";
import { defaultPageSize } from "../http/pagination";
import { path } from "../http/path";
import { flagSchema, openEnumSchema, paginationSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** Body of `setTrafficPolicy`. */
export interface SetEgressTrafficPolicyRequest {
  /** Whether the cluster may connect to everything; otherwise only to what egress rules allow. */
  allow_all: boolean;
  /** Two requests of one key are carried out once. */
  idempotency_key?: string;
}

/** What the destination of an egress rule is. */
export type EgressRuleType = "FQDN" | "CIDR";

/** Stage of an egress rule. */
export type EgressRuleState =
  | "PENDING_CREATION"
  | "ACTIVE"
  | "PENDING_UPDATE"
  | "PENDING_DELETION"
  | "CREATION_FAILED"
  | "DELETION_FAILED"
  | "INCONSISTENT";

/** A destination that a cluster may connect to. */
export interface WireEgressRule {
  /** UUID. */
  id: string;
  /** UUID. */
  cluster_id: string;
  name: string;
  type: EgressRuleType;
  /** A host name or a range of addresses. */
  destination: string;
  /** Empty = all ports. */
  ports: number[];
  description: string;
  state: EgressRuleState;
  /** Whether it is the service's own rule, which cannot be changed. */
  crl_managed: boolean;
  /** RFC 3339; empty when the API does not say. */
  created_at: string;
}

/** Body of `edit`; what is left out stays. */
export interface EditEgressRuleRequest {
  type?: EgressRuleType;
  destination?: string;
  /** An empty list changes nothing. */
  ports?: number[];
  description?: string;
  /** Two requests of one key are carried out once. */
  idempotency_key?: string;
}

/** Body of `add`. */
export interface AddEgressRuleRequest extends EditEgressRuleRequest {
  name: string;
  type: EgressRuleType;
  destination: string;
  description: string;
}

/** What an egress private endpoint connects to. The last three are Amazon's managed Kafka, by its authentication. */
export type EgressTargetServiceType =
  | "PRIVATE_SERVICE"
  | "MSK_SASL_SCRAM"
  | "MSK_SASL_IAM"
  | "MSK_TLS";

/** Stage of an egress private endpoint. */
export type EgressPrivateEndpointState =
  | "PENDING"
  | "PENDING_ACCEPTANCE"
  | "AVAILABLE"
  | "DELETING"
  | "DELETED"
  | "REJECTED"
  | "FAILED"
  | "EXPIRED";

/** Stage of the domain names of an egress private endpoint. */
export type EgressDomainNamesState = "EMPTY" | "PENDING" | "AVAILABLE" | "FAILED";

/** Body of `create`. */
export interface CreateEgressPrivateEndpointRequest {
  /** Region of the cluster in which the endpoint is. */
  region: string;
  /** AWS: the service name, or the ARN of an MSK cluster. GCP: the service attachment. Azure: a resource id or alias. */
  target_service_identifier: string;
  target_service_type: EgressTargetServiceType;
}

/** An endpoint in the cluster's network that leads to a service of the customer. */
export interface WireEgressPrivateEndpoint extends CreateEgressPrivateEndpointRequest {
  /** UUID. */
  id: string;
  /** What the other side accepts, `vpce-…` on AWS; empty at first. */
  endpoint_connection_id: string;
  /** Host name or address of the endpoint; empty at first. */
  endpoint_address: string;
  state: EgressPrivateEndpointState;
  /** Names that lead to the endpoint inside the cluster. */
  domain_names: string[];
  domain_names_state: EgressDomainNamesState;
}

/** Body of `update`. */
export interface UpdateEgressPrivateEndpointRequest {
  /** Replaces all of them; `[]` removes them. */
  domain_names: string[];
}

/** @internal */
export const egressRuleSchema = z.object({
  id: z.string().min(1),
  cluster_id: textSchema,
  name: textSchema,
  type: openEnumSchema<EgressRuleType>(),
  destination: textSchema,
  ports: z.array(z.number()).default([]),
  description: textSchema,
  state: openEnumSchema<EgressRuleState>(),
  crl_managed: flagSchema,
  created_at: textSchema,
});

/** @internal Changes respond with `Rule`, reading with `rule`; the document has both. */
export const wrappedEgressRuleSchema = z
  .union([z.object({ rule: egressRuleSchema }), z.object({ Rule: egressRuleSchema })])
  .transform((response) => ("rule" in response ? response.rule : response.Rule));

/** @internal */
export const egressRuleListSchema = z.object({
  rules: z.array(egressRuleSchema).default([]),
  pagination: paginationSchema,
});

/** @internal */
export const egressPrivateEndpointSchema = z.object({
  id: z.string().min(1),
  region: textSchema,
  target_service_identifier: textSchema,
  target_service_type: openEnumSchema<EgressTargetServiceType>(),
  endpoint_connection_id: textSchema,
  endpoint_address: textSchema,
  state: openEnumSchema<EgressPrivateEndpointState>().default("PENDING"),
  domain_names: z.array(z.string()).default([]),
  domain_names_state: openEnumSchema<EgressDomainNamesState>().default("EMPTY"),
});

/** @internal */
export const egressPrivateEndpointListSchema = z.object({
  egress_private_endpoints: z.array(egressPrivateEndpointSchema),
  pagination: paginationSchema,
});

const permitted = permission(["CA", "CO"], everywhere);

function rule(clusterId: string, ruleId: string) {
  return {
    path: path`/api/v1/clusters/${clusterId}/networking/egress-rules/${ruleId}`,
    object: `egress rule ${ruleId} of cluster ${clusterId}`,
    schema: wrappedEgressRuleSchema,
  };
}

/** What an Advanced cluster may connect to. */
export class EgressRulesApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Allows all connections or only those of the rules, which takes a while: the cluster shows it. */
  async setTrafficPolicy(
    clusterId: string,
    body: SetEgressTrafficPolicyRequest,
    options?: RequestOptions,
  ): Promise<void> {
    const target = {
      path: path`/api/v1/clusters/${clusterId}/networking/egress-rules/egress-traffic-policy`,
      object: `the egress traffic policy of cluster ${clusterId}`,
      schema: z.object({}),
    };
    await this.#caller.run(
      operation("POST", target, permitted, { verb: "Setting", body }),
      options,
    );
  }

  /** Lists the rules by name, the service's own included. */
  list(
    clusterId: string,
    { pageSize = defaultPageSize }: ListQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WireEgressRule> {
    const target = {
      path: path`/api/v1/clusters/${clusterId}/networking/egress-rules`,
      object: `the egress rules of cluster ${clusterId}`,
      schema: egressRuleListSchema,
    };
    const call = operation("GET", target, permitted, { verb: "Listing" });
    return this.#caller.list(call, (response) => response.rules, pageSize, options);
  }

  /**
   * Adds a rule, which takes a while to be in force. It is sent once: repeated only where the first try certainly had
   * no effect. When the error says `effect: "unknown"`, the rule may exist; the same request with the same
   * `idempotency_key` adds no second one.
   */
  async add(
    clusterId: string,
    body: AddEgressRuleRequest,
    options?: RequestOptions,
  ): Promise<WireEgressRule> {
    const target = {
      path: path`/api/v1/clusters/${clusterId}/networking/egress-rules`,
      object: `egress rule ${JSON.stringify(body.name)} of cluster ${clusterId}`,
      schema: wrappedEgressRuleSchema,
    };
    const call = operation("POST", target, permitted, { verb: "Adding", body });
    return await this.#caller.run(call, options);
  }

  /** Reads a rule. */
  async get(clusterId: string, ruleId: string, options?: RequestOptions): Promise<WireEgressRule> {
    return await this.#caller.run(operation("GET", rule(clusterId, ruleId), permitted), options);
  }

  /** Changes a rule, which takes a while. Its name cannot be changed. */
  async edit(
    clusterId: string,
    ruleId: string,
    body: EditEgressRuleRequest,
    options?: RequestOptions,
  ): Promise<WireEgressRule> {
    const call = operation("PATCH", rule(clusterId, ruleId), permitted, { body });
    return await this.#caller.run(call, options);
  }

  /**
   * Deletes a rule, which takes a while. One that a repeated request does not find counts as deleted; one that was
   * never there is a `NotFoundError`.
   *
   * @param idempotencyKey Two requests of one key are carried out once.
   */
  async delete(
    clusterId: string,
    ruleId: string,
    idempotencyKey?: string,
    options?: RequestOptions,
  ): Promise<WireEgressRule | undefined> {
    const query = { idempotency_key: idempotencyKey };
    const call = operation("DELETE", rule(clusterId, ruleId), permitted, { query });
    return await this.#caller.delete(call, options);
  }
}

function endpoint(clusterId: string, endpointId: string) {
  return {
    path: path`/api/v1/clusters/${clusterId}/networking/egress-private-endpoints/${endpointId}`,
    object: `egress private endpoint ${endpointId} of cluster ${clusterId}`,
    schema: egressPrivateEndpointSchema,
  };
}

/** Endpoints in an Advanced cluster's network that lead to services of the customer. */
export class EgressPrivateEndpointsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the endpoints. */
  list(
    clusterId: string,
    { pageSize = defaultPageSize }: ListQuery = {},
    options?: RequestOptions,
  ): AsyncIterable<WireEgressPrivateEndpoint> {
    const target = {
      path: path`/api/v1/clusters/${clusterId}/networking/egress-private-endpoints`,
      object: `the egress private endpoints of cluster ${clusterId}`,
      schema: egressPrivateEndpointListSchema,
    };
    const call = operation("GET", target, permitted, { verb: "Listing" });
    return this.#caller.list(
      call,
      (response) => response.egress_private_endpoints,
      pageSize,
      options,
    );
  }

  /**
   * Creates an endpoint, which takes a while and may need to be accepted by the other side. It is sent once: repeated
   * only where the first try certainly had no effect. When the error says `effect: "unknown"`, it may exist.
   */
  async create(
    clusterId: string,
    body: CreateEgressPrivateEndpointRequest,
    options?: RequestOptions,
  ): Promise<WireEgressPrivateEndpoint> {
    const target = {
      path: path`/api/v1/clusters/${clusterId}/networking/egress-private-endpoints`,
      object: `egress private endpoint to ${body.target_service_identifier} of cluster ${clusterId}`,
      schema: egressPrivateEndpointSchema,
    };
    return await this.#caller.run(operation("POST", target, permitted, { body }), options);
  }

  /** Reads an endpoint. */
  async get(
    clusterId: string,
    endpointId: string,
    options?: RequestOptions,
  ): Promise<WireEgressPrivateEndpoint> {
    const call = operation("GET", endpoint(clusterId, endpointId), permitted);
    return await this.#caller.run(call, options);
  }

  /** Replaces the domain names of an endpoint, which takes a while. */
  async update(
    clusterId: string,
    endpointId: string,
    body: UpdateEgressPrivateEndpointRequest,
    options?: RequestOptions,
  ): Promise<WireEgressPrivateEndpoint> {
    const call = operation("PATCH", endpoint(clusterId, endpointId), permitted, { body });
    return await this.#caller.run(call, options);
  }

  /**
   * Replaces the domain names of an endpoint.
   *
   * @deprecated by the API; `update` does the same and returns the endpoint.
   */
  async updateDomainNames(
    clusterId: string,
    endpointId: string,
    body: UpdateEgressPrivateEndpointRequest,
    options?: RequestOptions,
  ): Promise<void> {
    const target = {
      path: path`/api/v1/clusters/${clusterId}/networking/egress-private-endpoints/${endpointId}/domain-names`,
      object: `the domain names of egress private endpoint ${endpointId} of cluster ${clusterId}`,
      schema: z.object({}),
    };
    await this.#caller.run(operation("PATCH", target, permitted, { body }), options);
  }

  /**
   * Deletes an endpoint, which takes a while. One that a repeated request does not find counts as deleted; one that was
   * never there is a `NotFoundError`.
   */
  async delete(clusterId: string, endpointId: string, options?: RequestOptions): Promise<void> {
    await this.#caller.delete(
      operation("DELETE", { ...endpoint(clusterId, endpointId), schema: z.object({}) }, permitted),
      options,
    );
  }
}
