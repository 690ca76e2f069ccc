/** Reads what a cluster may connect to. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireEgressPrivateEndpoint, WireEgressRule } from "../../sdk/index";
import type { ClusterReference } from "../program/cluster-reference";
import { checkEither, clusterIdIn, collect, textIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { noneHas, onlyMatch } from "./only-match";

/** A destination that a cluster may connect to. */
export interface EgressRuleInfo {
  /** UUID. */
  ruleId: string;
  /** Name of the rule. */
  name: string;
  /** `FQDN` or `CIDR`. */
  type: string;
  /** Host name or range of addresses. */
  destination: string;
  /** TCP ports in ascending order; empty means all. */
  ports: number[];
  /** What the rule is for. */
  description: string;
  /** `ACTIVE`, `PENDING_CREATION`, `INCONSISTENT` and others. */
  state: string;
  /** Whether it is a rule of the service itself, which nobody can change. */
  crlManaged: boolean;
  /** RFC 3339; may be empty. */
  createdAt: string;
}

/** An endpoint that leads to a service of the customer. */
export interface EgressPrivateEndpointInfo {
  /** UUID. */
  endpointId: string;
  /** Region of the cluster in which it is. */
  region: string;
  /** The service that it leads to. */
  targetServiceIdentifier: string;
  /** What that service is. */
  targetServiceType: string;
  /** What the other side accepts; empty at first. */
  endpointConnectionId: string;
  /** Host name or address; empty at first. */
  endpointAddress: string;
  /** `PENDING`, `PENDING_ACCEPTANCE`, `AVAILABLE` and others. */
  state: string;
  /** Names that lead to it inside the cluster. */
  domainNames: string[];
  /** `EMPTY`, `PENDING`, `AVAILABLE` or `FAILED`. */
  domainNamesState: string;
}

/** Which cluster. */
export interface ListEgressRulesArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Which cluster. */
export interface ListEgressRulesOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Lists the egress rules of an Advanced cluster by name, with `crlManaged` those of the service itself. */
export function listEgressRules(
  args: ListEgressRulesArgs,
  options?: FunctionOptions,
): Promise<EgressRuleInfo[]> {
  return callFunction(rules, args, options);
}

/** `listEgressRules` for outputs. */
export function listEgressRulesOutput(
  args: ListEgressRulesOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<EgressRuleInfo[]> {
  return callFunctionOutput(rules, args, options);
}

/** Which cluster. */
export interface ListEgressPrivateEndpointsArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Which cluster. */
export interface ListEgressPrivateEndpointsOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Lists the egress private endpoints of an Advanced cluster. */
export function listEgressPrivateEndpoints(
  args: ListEgressPrivateEndpointsArgs,
  options?: FunctionOptions,
): Promise<EgressPrivateEndpointInfo[]> {
  return callFunction(endpoints, args, options);
}

/** `listEgressPrivateEndpoints` for outputs. */
export function listEgressPrivateEndpointsOutput(
  args: ListEgressPrivateEndpointsOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<EgressPrivateEndpointInfo[]> {
  return callFunctionOutput(endpoints, args, options);
}

/** Which egress rule. */
export interface GetEgressRuleArgs {
  /** Id of the cluster. */
  clusterId: string;
  /** UUID of the rule, in place of `name`. */
  ruleId?: string;
  /** Name of the rule, in place of `ruleId`. */
  name?: string;
}

/** Which egress rule. */
export interface GetEgressRuleOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /** UUID of the rule, in place of `name`. */
  ruleId?: pulumi.Input<string>;
  /** Name of the rule, in place of `ruleId`. */
  name?: pulumi.Input<string>;
}

/** Reads an egress rule of an Advanced cluster by `ruleId` or by `name`. Fails when there is none. API operations: GetEgressRule, ListEgressRules. */
export function getEgressRule(
  args: GetEgressRuleArgs,
  options?: FunctionOptions,
): Promise<EgressRuleInfo> {
  return callFunction(oneRule, args, options);
}

/** `getEgressRule` for outputs. */
export function getEgressRuleOutput(
  args: GetEgressRuleOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<EgressRuleInfo> {
  return callFunctionOutput(oneRule, args, options);
}

/** @internal */
export const rules: ProviderFunction<ListEgressRulesArgs, EgressRuleInfo[]> = {
  name: "listEgressRules",
  async read({ cloud }, args) {
    const wire = await collect(cloud.egressRules.list(clusterIdIn("listEgressRules", args)));
    return wire.map(toRule);
  },
};

/** @internal */
export const endpoints: ProviderFunction<
  ListEgressPrivateEndpointsArgs,
  EgressPrivateEndpointInfo[]
> = {
  name: "listEgressPrivateEndpoints",
  async read({ cloud }, args) {
    const id = clusterIdIn("listEgressPrivateEndpoints", args);
    return (await collect(cloud.egressPrivateEndpoints.list(id))).map(toEndpoint);
  },
};

/** @internal */
export const oneRule: ProviderFunction<GetEgressRuleArgs, EgressRuleInfo> = {
  name: "getEgressRule",
  async read({ cloud }, args) {
    const clusterId = clusterIdIn("getEgressRule", args);
    const { ruleId, name } = args;
    checkEither("getEgressRule", { ruleId, name });
    if (ruleId !== undefined) {
      const id = textIn("getEgressRule", "ruleId", ruleId, "the id of an egress rule");
      return toRule(await cloud.egressRules.get(clusterId, id));
    }
    const wanted = textIn("getEgressRule", "name", name, "the name of an egress rule");
    const all = await collect(cloud.egressRules.list(clusterId));
    return toRule(
      onlyMatch(
        all.filter((rule) => rule.name === wanted),
        (rule) => rule.id,
        {
          object: `egress rule ${JSON.stringify(wanted)}`,
          path: `/api/v1/clusters/${clusterId}/networking/egress-rules`,
          reason: noneHas(all.length, "egress rule", `of cluster ${clusterId}`, "name"),
          shared: "egress rules have the name",
        },
      ),
    );
  },
};

/** Which endpoint. */
export interface GetEgressPrivateEndpointArgs {
  /** Id of the cluster. */
  clusterId: string;
  /** UUID of the endpoint. */
  endpointId: string;
}

/** Which endpoint. */
export interface GetEgressPrivateEndpointOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /** UUID of the endpoint: the output `endpointId` of an `EgressPrivateEndpoint`. */
  endpointId: pulumi.Input<string>;
}

/** Reads an egress private endpoint of an Advanced cluster. Fails when there is none. API operation: GetEgressPrivateEndpoint. */
export function getEgressPrivateEndpoint(
  args: GetEgressPrivateEndpointArgs,
  options?: FunctionOptions,
): Promise<EgressPrivateEndpointInfo> {
  return callFunction(oneEndpoint, args, options);
}

/** `getEgressPrivateEndpoint` for outputs. */
export function getEgressPrivateEndpointOutput(
  args: GetEgressPrivateEndpointOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<EgressPrivateEndpointInfo> {
  return callFunctionOutput(oneEndpoint, args, options);
}

/** @internal */
export const oneEndpoint: ProviderFunction<
  GetEgressPrivateEndpointArgs,
  EgressPrivateEndpointInfo
> = {
  name: "getEgressPrivateEndpoint",
  async read({ cloud }, args) {
    const name = "getEgressPrivateEndpoint";
    const clusterId = clusterIdIn(name, args);
    const id = textIn(name, "endpointId", args.endpointId, "the id of an endpoint");
    return toEndpoint(await cloud.egressPrivateEndpoints.get(clusterId, id));
  },
};

function toRule(rule: WireEgressRule): EgressRuleInfo {
  return {
    ruleId: rule.id,
    name: rule.name,
    type: rule.type,
    destination: rule.destination,
    ports: [...rule.ports].sort((a, b) => a - b),
    description: rule.description,
    state: rule.state,
    crlManaged: rule.crl_managed,
    createdAt: rule.created_at,
  };
}

function toEndpoint(endpoint: WireEgressPrivateEndpoint): EgressPrivateEndpointInfo {
  return {
    endpointId: endpoint.id,
    region: endpoint.region,
    targetServiceIdentifier: endpoint.target_service_identifier,
    targetServiceType: endpoint.target_service_type,
    endpointConnectionId: endpoint.endpoint_connection_id,
    endpointAddress: endpoint.endpoint_address,
    state: endpoint.state,
    domainNames: [...endpoint.domain_names],
    domainNamesState: endpoint.domain_names_state,
  };
}
