import type { AddEgressRuleRequest, WireEgressPrivateEndpoint, WireEgressRule } from "../../../sdk";
import type {
  egressPrivateEndpointListSchema,
  egressPrivateEndpointSchema,
  egressRuleListSchema,
  wrappedEgressRuleSchema,
} from "../../../sdk/resources/egress";
import { advanced } from "../../emulator/caller";
import { all } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";
import { base, id, ofCluster } from "../operation";

const request: AddEgressRuleRequest = {
  name: "sinks",
  type: "FQDN",
  destination: "kafka.example.com",
  ports: [9092],
  description: "Changefeeds",
};
const rule = {
  id: "r1",
  cluster_id: id,
  ...request,
  state: "ACTIVE",
  crl_managed: false,
  created_at: "2026-06-01T10:00:00.123456Z",
};
const target = {
  region: "us-east-1",
  target_service_identifier: "com.amazonaws.us-east-1.logs",
  target_service_type: "PRIVATE_SERVICE",
} as const;
const endpoint = {
  id: "e1",
  ...target,
  endpoint_connection_id: "vpce-1",
  endpoint_address: "vpce-1.vpce.us-east-1.vpce.amazonaws.com",
  state: "AVAILABLE",
  domain_names: [],
  domain_names_state: "EMPTY",
};
const names = { domain_names: ["kafka.example.com"] };
const rules = "networking/egress-rules";
const endpoints = "networking/egress-private-endpoints";

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof wrappedEgressRuleSchema, WireEgressRule>,
    true satisfies Lists<typeof egressRuleListSchema, "rules", WireEgressRule>,
    true satisfies Reads<typeof egressPrivateEndpointSchema, WireEgressPrivateEndpoint>,
    true satisfies Lists<
      typeof egressPrivateEndpointListSchema,
      "egress_private_endpoints",
      WireEgressPrivateEndpoint
    >,
  ],

  operations: [
    {
      name: "egressRules.setTrafficPolicy",
      operation: "Setting the egress traffic policy of cluster c/1",
      object: "the egress traffic policy of cluster c/1",
      call: ({ egressRules }) =>
        egressRules.setTrafficPolicy(id, { allow_all: false, idempotency_key: "k1" }),
      method: "POST",
      template: `${ofCluster}/${rules}/egress-traffic-policy`,
      url: `${base}/${rules}/egress-traffic-policy`,
      body: { allow_all: false, idempotency_key: "k1" },
      response: {},
      result: undefined,
    },
    {
      name: "egressRules.list",
      operation: "Listing the egress rules of cluster c/1",
      object: "the egress rules of cluster c/1",
      call: ({ egressRules }) => all(egressRules.list(id)),
      method: "GET",
      template: `${ofCluster}/${rules}`,
      url: `${base}/${rules}?pagination.limit=500`,
      response: { rules: [rule], pagination: null },
      result: [rule],
    },
    {
      name: "egressRules.add",
      operation: 'Adding egress rule "sinks" of cluster c/1',
      object: 'egress rule "sinks" of cluster c/1',
      call: ({ egressRules }) => egressRules.add(id, request),
      method: "POST",
      template: `${ofCluster}/${rules}`,
      url: `${base}/${rules}`,
      body: request,
      response: { Rule: rule },
      result: rule,
    },
    {
      name: "egressRules.get",
      operation: "Reading egress rule r1 of cluster c/1",
      object: "egress rule r1 of cluster c/1",
      call: ({ egressRules }) => egressRules.get(id, "r1"),
      method: "GET",
      template: `${ofCluster}/${rules}/{rule_id}`,
      url: `${base}/${rules}/r1`,
      response: { rule },
      result: rule,
    },
    {
      name: "egressRules.edit",
      operation: "Updating egress rule r1 of cluster c/1",
      object: "egress rule r1 of cluster c/1",
      call: ({ egressRules }) => egressRules.edit(id, "r1", { ports: [443] }),
      method: "PATCH",
      template: `${ofCluster}/${rules}/{rule_id}`,
      url: `${base}/${rules}/r1`,
      body: { ports: [443] },
      response: { Rule: rule },
      result: rule,
    },
    {
      name: "egressRules.delete",
      operation: "Deleting egress rule r1 of cluster c/1",
      object: "egress rule r1 of cluster c/1",
      call: ({ egressRules }) => egressRules.delete(id, "r1", "k1"),
      method: "DELETE",
      template: `${ofCluster}/${rules}/{rule_id}`,
      url: `${base}/${rules}/r1?idempotency_key=k1`,
      response: { Rule: rule },
      result: rule,
    },
    {
      name: "egressPrivateEndpoints.list",
      operation: "Listing the egress private endpoints of cluster c/1",
      object: "the egress private endpoints of cluster c/1",
      call: ({ egressPrivateEndpoints }) => all(egressPrivateEndpoints.list(id)),
      method: "GET",
      template: `${ofCluster}/${endpoints}`,
      url: `${base}/${endpoints}?pagination.limit=500`,
      response: { egress_private_endpoints: [endpoint], pagination: null },
      result: [endpoint],
    },
    {
      name: "egressPrivateEndpoints.create",
      operation: "Creating egress private endpoint to com.amazonaws.us-east-1.logs of cluster c/1",
      object: "egress private endpoint to com.amazonaws.us-east-1.logs of cluster c/1",
      call: ({ egressPrivateEndpoints }) => egressPrivateEndpoints.create(id, target),
      method: "POST",
      template: `${ofCluster}/${endpoints}`,
      url: `${base}/${endpoints}`,
      body: target,
      response: endpoint,
      result: endpoint,
    },
    {
      name: "egressPrivateEndpoints.get",
      operation: "Reading egress private endpoint e1 of cluster c/1",
      object: "egress private endpoint e1 of cluster c/1",
      call: ({ egressPrivateEndpoints }) => egressPrivateEndpoints.get(id, "e1"),
      method: "GET",
      template: `${ofCluster}/${endpoints}/{id}`,
      url: `${base}/${endpoints}/e1`,
      response: endpoint,
      result: endpoint,
    },
    {
      name: "egressPrivateEndpoints.update",
      operation: "Updating egress private endpoint e1 of cluster c/1",
      object: "egress private endpoint e1 of cluster c/1",
      call: ({ egressPrivateEndpoints }) => egressPrivateEndpoints.update(id, "e1", names),
      method: "PATCH",
      template: `${ofCluster}/${endpoints}/{id}`,
      url: `${base}/${endpoints}/e1`,
      body: names,
      response: endpoint,
      result: endpoint,
    },
    {
      name: "egressPrivateEndpoints.updateDomainNames",
      operation: "Updating the domain names of egress private endpoint e1 of cluster c/1",
      object: "the domain names of egress private endpoint e1 of cluster c/1",
      call: ({ egressPrivateEndpoints }) =>
        egressPrivateEndpoints.updateDomainNames(id, "e1", names),
      method: "PATCH",
      template: `${ofCluster}/${endpoints}/{id}/domain-names`,
      url: `${base}/${endpoints}/e1/domain-names`,
      body: names,
      response: {},
      result: undefined,
    },
    {
      name: "egressPrivateEndpoints.delete",
      operation: "Deleting egress private endpoint e1 of cluster c/1",
      object: "egress private endpoint e1 of cluster c/1",
      call: ({ egressPrivateEndpoints }) => egressPrivateEndpoints.delete(id, "e1"),
      method: "DELETE",
      template: `${ofCluster}/${endpoints}/{id}`,
      url: `${base}/${endpoints}/e1`,
      response: {},
      result: undefined,
    },
  ],

  async callEach({ client, emulator }) {
    const { id: clusterId } = emulator.clusters.create(
      advanced("orders", { network_visibility: "PRIVATE" }),
    );
    await client.egressRules.setTrafficPolicy(clusterId, { allow_all: false });
    emulator.egressRules.setPolicy(clusterId, "DEFAULT_DENY");
    const { id: ruleId } = await client.egressRules.add(clusterId, request);
    await client.egressRules.get(clusterId, ruleId);
    await all(client.egressRules.list(clusterId));
    await client.egressRules.edit(clusterId, ruleId, { ports: [443] });
    await client.egressRules.delete(clusterId, ruleId, "k1");
    const { egressPrivateEndpoints: endpoints } = client;
    const { id: endpointId } = await endpoints.create(clusterId, target);
    emulator.egressPrivateEndpoints.setState(clusterId, endpointId, "AVAILABLE");
    await endpoints.get(clusterId, endpointId);
    await all(endpoints.list(clusterId));
    await endpoints.update(clusterId, endpointId, names);
    emulator.clusters.unlock(clusterId);
    await endpoints.updateDomainNames(clusterId, endpointId, { domain_names: [] });
    await endpoints.delete(clusterId, endpointId);
  },
};
