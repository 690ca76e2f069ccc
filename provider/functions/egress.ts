/** Reads what a cluster may connect to. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireEgressPrivateEndpoint, WireEgressRule } from "../../sdk/index";
import type { ClusterReference } from "../program/cluster-reference";
import { checkEither, checkOnlyWith, clusterIdIn, collect, textIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { clusterOfId } from "./cluster";
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

/** What a cluster may connect to while no rule says more. */
export interface EgressTrafficPolicyInfo {
  /** `ALLOW_ALL`, `DEFAULT_DENY`, `UPDATING`, `ERROR`, or `UNSPECIFIED` where it does not apply. */
  policy: string;
  /** Whether the cluster may open connections to everything; absent unless the policy says one or the other. */
  allowAll?: boolean;
}

/** Whose policy. */
export interface GetEgressTrafficPolicyArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Whose policy. */
export interface GetEgressTrafficPolicyOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Reads whether a cluster may open connections to everything, or only to what its egress rules allow. API operation: GetCluster. */
export function getEgressTrafficPolicy(
  args: GetEgressTrafficPolicyArgs,
  options?: FunctionOptions,
): Promise<EgressTrafficPolicyInfo> {
  return callFunction(trafficPolicy, args, options);
}

/** `getEgressTrafficPolicy` for outputs. */
export function getEgressTrafficPolicyOutput(
  args: GetEgressTrafficPolicyOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<EgressTrafficPolicyInfo> {
  return callFunctionOutput(trafficPolicy, args, options);
}

/** Which rules. */
export interface ListEgressRulesArgs {
  /** Id of the cluster. */
  clusterId: string;
  /**
   * Also lists the rules of the service itself, which nobody can change.
   * @default false
   */
  crlManaged?: boolean;
}

/** Which rules. */
export interface ListEgressRulesOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /**
   * Also lists the rules of the service itself, which nobody can change.
   * @default false
   */
  crlManaged?: pulumi.Input<boolean>;
}

/** Lists the egress rules of an Advanced cluster by name; with `crlManaged` also those of the service itself. */
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

/** Which endpoints. */
export interface ListEgressPrivateEndpointsArgs {
  /** Id of the cluster. */
  clusterId: string;
  /** Only those in this region of the cluster. @default those in all regions */
  region?: string;
}

/** Which endpoints. */
export interface ListEgressPrivateEndpointsOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /** Only those in this region of the cluster. @default those in all regions */
  region?: pulumi.Input<string>;
}

/** Lists the egress private endpoints of an Advanced cluster, or those in one region. */
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
    return wire.map(toRule).filter((rule) => args.crlManaged === true || !rule.crlManaged);
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
    return (await collect(cloud.egressPrivateEndpoints.list(id)))
      .map(toEndpoint)
      .filter(({ region }) => args.region === undefined || region === args.region);
  },
};

/** @internal */
export const trafficPolicy: ProviderFunction<GetEgressTrafficPolicyArgs, EgressTrafficPolicyInfo> =
  {
    name: "getEgressTrafficPolicy",
    async read(connection, args) {
      const id = clusterIdIn("getEgressTrafficPolicy", args);
      const { egress_traffic_policy } = await clusterOfId(connection, id);
      const policy = egress_traffic_policy || "UNSPECIFIED";
      const isSettled = policy === "ALLOW_ALL" || policy === "DEFAULT_DENY";
      return { policy, ...(isSettled && { allowAll: policy === "ALLOW_ALL" }) };
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
  /** UUID of the endpoint, in place of `targetServiceIdentifier`. */
  endpointId?: string;
  /** The service that it leads to, in place of `endpointId`. */
  targetServiceIdentifier?: string;
  /** Region of the endpoint, where several lead to that service. @default any */
  region?: string;
}

/** Which endpoint. */
export interface GetEgressPrivateEndpointOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /** UUID of the endpoint, in place of `targetServiceIdentifier`: the output `endpointId` of an `EgressPrivateEndpoint`. */
  endpointId?: pulumi.Input<string>;
  /** The service that it leads to, in place of `endpointId`. */
  targetServiceIdentifier?: pulumi.Input<string>;
  /** Region of the endpoint, where several lead to that service. @default any */
  region?: pulumi.Input<string>;
}

/** Reads an egress private endpoint of an Advanced cluster by `endpointId`, or by `targetServiceIdentifier` and, where several lead there, `region`. Fails when there is none, or when several are left. API operations: GetEgressPrivateEndpoint, ListEgressPrivateEndpoints. */
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
    const { endpointId, targetServiceIdentifier, region } = args;
    checkEither(name, { endpointId, targetServiceIdentifier });
    checkOnlyWith(name, { region, targetServiceIdentifier }, "region", "targetServiceIdentifier");
    if (endpointId !== undefined) {
      const id = textIn(name, "endpointId", endpointId, "the id of an endpoint");
      return toEndpoint(await cloud.egressPrivateEndpoints.get(clusterId, id));
    }
    const target = textIn(
      name,
      "targetServiceIdentifier",
      targetServiceIdentifier,
      "the service that an endpoint leads to",
    );
    const all = await collect(cloud.egressPrivateEndpoints.list(clusterId));
    const where = region === undefined ? "" : ` in ${region}`;
    return toEndpoint(
      onlyMatch(
        all.filter(
          (endpoint) =>
            endpoint.target_service_identifier === target &&
            (region === undefined || endpoint.region === region),
        ),
        ({ id }) => id,
        {
          object: `egress private endpoint to ${JSON.stringify(target)}${where}`,
          path: `/api/v1/clusters/${clusterId}/networking/egress-private-endpoints`,
          reason: noneHas(
            all.length,
            "egress private endpoint",
            `of cluster ${clusterId}`,
            "target",
          ),
          shared: "egress private endpoints lead there",
        },
      ),
    );
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
