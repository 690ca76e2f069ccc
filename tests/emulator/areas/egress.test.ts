import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator";
import { manualClock } from "../../../emulator";
import { checkEmulators } from "../../support/emulator";
import { advanced, assertRefused, bodyOf, minute, standard, startQuick } from "../caller";

async function started(
  options: EmulatorOptions = {},
  cluster: object = advanced("orders", { network_visibility: "PRIVATE" }),
) {
  const clock = manualClock(Date.UTC(2026, 5, 1));
  const { emulator, api } = await startQuick({ clock, ...options });
  const { id } = emulator.clusters.create(cluster);
  const networking = `/clusters/${id}/networking`;
  return {
    emulator,
    api,
    id,
    clock,
    policyOf: async () => bodyOf(await api.get(`/clusters/${id}`))["egress_traffic_policy"],
    stateOf: async () => bodyOf(await api.get(`/clusters/${id}`))["state"],
    policy: `${networking}/egress-rules/egress-traffic-policy`,
    rules: `${networking}/egress-rules`,
    endpoints: `${networking}/egress-private-endpoints`,
  };
}

async function denying(options: EmulatorOptions = {}) {
  const api = await started(options);
  api.emulator.egressRules.setPolicy(api.id, "DEFAULT_DENY");
  return api;
}

const rule = { name: "sinks", type: "FQDN", destination: "kafka.example.com", description: "" };

describe("The egress traffic policy", () => {
  checkEmulators();

  it("is UPDATING for a while, in which nothing else about egress changes", async () => {
    const { api, policy, rules, policyOf, clock } = await started();
    assert.equal(await policyOf(), "ALLOW_ALL");
    assert.deepEqual(bodyOf(await api.post(policy, { allow_all: false })), {});
    assert.equal(await policyOf(), "UPDATING");
    assertRefused(await api.post(rules, rule), 409, 10);
    assertRefused(await api.post(policy, { allow_all: true }), 409, 10);
    await clock.advance(minute);
    assert.equal(await policyOf(), "DEFAULT_DENY");
    assert.deepEqual(bodyOf(await api.post(policy, { allow_all: false })), {});
    assert.equal(await policyOf(), "DEFAULT_DENY");
  });

  it("ends in ERROR where a failing job was queued, until it is set again", async () => {
    const { emulator, api, policy, policyOf, clock } = await started();
    emulator.faults.failNextJob();
    bodyOf(await api.post(policy, { allow_all: false }));
    await clock.advance(minute);
    assert.equal(await policyOf(), "ERROR");
    bodyOf(await api.post(policy, { allow_all: false }));
    await clock.advance(minute);
    assert.equal(await policyOf(), "DEFAULT_DENY");
  });

  it("needs its field, an Advanced cluster, and private networking on AWS", async () => {
    const { api, policy } = await started();
    assertRefused(await api.post(policy, {}), 400, 3);
    const open = await started({}, advanced("orders"));
    assertRefused(await open.api.post(open.policy, { allow_all: false }), 400, 9);
    const other = await started({}, standard("orders"));
    assertRefused(await other.api.post(other.policy, { allow_all: false }), 400, 9);
    const without = await started({ assumptions: { hasEgressPerimeter: false } });
    assertRefused(await without.api.post(without.policy, { allow_all: false }), 403, 7);
  });
});

describe("The egress traffic policy of a cluster with public addresses", () => {
  checkEmulators();

  for (const [provider, region, isRefused] of [
    ["AWS", "us-east-1", true],
    ["GCP", "us-east1", true],
    ["AZURE", "eastus", false],
  ] as const) {
    it(`is ${isRefused ? "refused" : "set"} on ${provider}`, async () => {
      const { emulator, api } = await startQuick();
      const { id } = emulator.clusters.create({
        name: "orders",
        provider,
        spec: {
          dedicated: {
            region_nodes: { [region]: 3 },
            hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 35 },
            network_visibility: "PUBLIC",
          },
        },
      });
      const path = `/clusters/${id}/networking/egress-rules/egress-traffic-policy`;
      const response = await api.post(path, { allow_all: false });
      if (isRefused) assertRefused(response, 400, 9, /private networking only/);
      else assert.deepEqual(bodyOf(response), {});
    });
  }

  it("is refused with the text of a held lock where busy clusters are 409", async () => {
    const busy = { status: 409, code: 10 };
    const { emulator, api } = await startQuick({ assumptions: { busy } });
    const { id } = emulator.clusters.create(advanced("orders"));
    emulator.clusters.lock(id);
    const path = `/clusters/${id}/networking/egress-rules/egress-traffic-policy`;
    const response = await api.post(path, { allow_all: false });
    assertRefused(response, 409, 10, /^cluster lock is held/);
  });
});

describe("Egress rules", () => {
  checkEmulators();

  it("are added, changed and deleted, each of which takes a while", async () => {
    const { api, rules, clock } = await denying();
    const { Rule: added } = bodyOf(await api.post(rules, { ...rule, ports: [80, 443] }));
    assert.deepEqual([added.state, added.ports], ["PENDING_CREATION", [443, 80]]);
    const read = async () => bodyOf(await api.get(`${rules}/${added.id}`))["rule"];
    await clock.advance(minute);
    assert.equal((await read()).state, "ACTIVE");
    const change = { type: "CIDR", destination: "192.0.2.0/24", description: "Sinks" };
    const { Rule: changing } = bodyOf(await api.patch(`${rules}/${added.id}`, change));
    assert.equal(changing.state, "PENDING_UPDATE");
    await clock.advance(minute);
    const changed = await read();
    assert.deepEqual(
      [changed.state, changed.type, changed.destination, changed.ports],
      ["ACTIVE", "CIDR", "192.0.2.0/24", [443, 80]],
    );
    const { Rule: deleting } = bodyOf(await api.delete(`${rules}/${added.id}`));
    assert.equal(deleting.state, "PENDING_DELETION");
    bodyOf(await api.delete(`${rules}/${added.id}`));
    await clock.advance(minute);
    assertRefused(await api.get(`${rules}/${added.id}`), 404, 5);
  });

  it("are refused while the policy allows everything, unless so configured", async () => {
    const { api, rules } = await started();
    assertRefused(await api.post(rules, rule), 400, 9);
    const other = await started({ assumptions: { ruleUnderAllowAll: "accepted" } });
    bodyOf(await other.api.post(other.rules, rule));
  });

  it("are carried out once for each idempotency key", async () => {
    const { emulator, api, id, rules } = await denying();
    const keyed = { ...rule, idempotency_key: "k1" };
    const first = bodyOf(await api.post(rules, keyed));
    assert.deepEqual(bodyOf(await api.post(rules, keyed)), first);
    assertRefused(await api.post(rules, { ...keyed, name: "others" }), 400, 3);
    const own = emulator.egressRules.list(id).filter(({ crl_managed }) => !crl_managed);
    assert.equal(own.length, 1);
  });

  it("have names of their own, and keep their ports when an empty list is sent", async () => {
    const { api, rules } = await denying();
    const { Rule: added } = bodyOf(await api.post(rules, { ...rule, ports: [443] }));
    assertRefused(await api.post(rules, rule), 409, 6);
    const { Rule: changed } = bodyOf(await api.patch(`${rules}/${added.id}`, { ports: [] }));
    assert.deepEqual(changed.ports, [443]);
    assertRefused(await api.patch(`${rules}/${added.id}`, { name: "others" }), 400, 3);
  });

  for (const [what, change] of [
    ["without a name", { name: "" }],
    ["without a description", { description: undefined }],
    ["of an unknown type", { type: "IP" }],
    ["with an address as a host name", { destination: "https://example.com" }],
    ["with a host name as a range", { type: "CIDR" }],
    ["with port 0", { ports: [0] }],
    ["with port 65536", { ports: [65536] }],
  ] as const) {
    it(`are refused ${what}`, async () => {
      const { api, rules } = await denying();
      assertRefused(await api.post(rules, { ...rule, ...change }), 400, 3);
    });
  }

  it("include one of the service, which cannot be changed", async () => {
    const { emulator, api, id, rules } = await denying();
    const [managed] = emulator.egressRules.list(id);
    assert.equal(managed?.crl_managed, true);
    assertRefused(await api.delete(`${rules}/${managed?.id}`), 403, 7);
    assertRefused(await api.patch(`${rules}/${managed?.id}`, { description: "" }), 403, 7);
  });

  it("fail where failing jobs were queued", async () => {
    const { emulator, api, rules, clock } = await denying();
    emulator.faults.failNextJob();
    const { Rule: added } = bodyOf(await api.post(rules, rule));
    await clock.advance(minute);
    const state = async () => bodyOf(await api.get(`${rules}/${added.id}`))["rule"].state;
    assert.equal(await state(), "CREATION_FAILED");
    emulator.faults.failNextJob();
    bodyOf(await api.patch(`${rules}/${added.id}`, { ...rule, name: undefined, ports: [9092] }));
    await clock.advance(minute);
    assert.equal(await state(), "INCONSISTENT");
    emulator.faults.failNextJob();
    bodyOf(await api.delete(`${rules}/${added.id}`));
    await clock.advance(minute);
    assert.equal(await state(), "DELETION_FAILED");
  });
});

describe("Egress private endpoints", () => {
  checkEmulators();
  const logs = {
    region: "us-east-1",
    target_service_identifier: "com.amazonaws.us-east-1.logs",
    target_service_type: "PRIVATE_SERVICE",
  };
  const service = {
    ...logs,
    target_service_identifier: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
  };

  it("to a service of the cloud are available by themselves, and lock the cluster until then", async () => {
    const { api, endpoints, clock, stateOf } = await started();
    const created = bodyOf(await api.post(endpoints, logs));
    assert.deepEqual(
      [created["state"], created["endpoint_connection_id"], created["domain_names_state"]],
      ["PENDING", "", "EMPTY"],
    );
    assert.equal(await stateOf(), "LOCKED");
    assertRefused(await api.post(endpoints, logs), 503, 14);
    await clock.advance(3 * minute);
    const read = bodyOf(await api.get(`${endpoints}/${created["id"]}`));
    assert.equal(read["state"], "AVAILABLE");
    assert.match(String(read["endpoint_connection_id"]), /^vpce-/);
    assert.match(String(read["endpoint_address"]), /amazonaws\.com$/);
    assert.equal(await stateOf(), "CREATED");
  });

  it("to a service of the customer are accepted or rejected there, or expire", async () => {
    for (const [outcome, act] of [
      ["AVAILABLE", "accept"],
      ["REJECTED", "reject"],
      ["EXPIRED", undefined],
    ] as const) {
      const { emulator, api, id, endpoints, clock, stateOf } = await started();
      const { id: endpointId } = bodyOf(await api.post(endpoints, service)) as { id: string };
      const state = async () => bodyOf(await api.get(`${endpoints}/${endpointId}`))["state"];
      await clock.advance(3 * minute);
      assert.deepEqual([await state(), await stateOf()], ["PENDING_ACCEPTANCE", "LOCKED"]);
      if (act === undefined) await clock.advance(7 * 24 * 60 * minute);
      else emulator.egressPrivateEndpoints[act](id, endpointId);
      assert.deepEqual([await state(), await stateOf()], [outcome, "CREATED"]);
    }
  });

  it("have domain names once they are available", async () => {
    const { emulator, api, id, endpoints, clock } = await started();
    const { id: endpointId } = bodyOf(await api.post(endpoints, service)) as { id: string };
    const path = `${endpoints}/${endpointId}`;
    await clock.advance(3 * minute);
    emulator.clusters.unlock(id);
    assertRefused(await api.patch(path, { domain_names: ["a.example.com"] }), 400, 9);
    emulator.egressPrivateEndpoints.accept(id, endpointId);
    const names = ["b.example.com", "*.a.example.com"];
    const setting = bodyOf(await api.patch(path, { domain_names: names }));
    assert.deepEqual(
      [setting["domain_names"], setting["domain_names_state"]],
      [["*.a.example.com", "b.example.com"], "PENDING"],
    );
    await clock.advance(minute);
    assert.equal(bodyOf(await api.get(path))["domain_names_state"], "AVAILABLE");
    assertRefused(await api.patch(path, { domain_names: ["a b"] }), 400, 3);
    assert.deepEqual(bodyOf(await api.patch(`${path}/domain-names`, { domain_names: [] })), {});
    await clock.advance(minute);
    assert.equal(bodyOf(await api.get(path))["domain_names_state"], "EMPTY");
  });

  it("lose their domain names by a request that leaves them out, unless so configured", async () => {
    for (const strictRequired of [false, true]) {
      const { emulator, api, id, endpoints, clock } = await started({
        assumptions: { strictRequired },
      });
      const { id: endpointId } = bodyOf(await api.post(endpoints, service)) as { id: string };
      const path = `${endpoints}/${endpointId}`;
      await clock.advance(3 * minute);
      emulator.clusters.unlock(id);
      emulator.egressPrivateEndpoints.accept(id, endpointId);
      bodyOf(await api.patch(path, { domain_names: ["a.example.com"] }));
      await clock.advance(minute);
      const entries = emulator.organization.auditLog().length;
      const response = await api.patch(path, {});
      if (strictRequired) {
        assertRefused(response, 400, 3, "invalid argument: domain_names is required");
        continue;
      }
      assert.deepEqual(bodyOf(response)["domain_names"], []);
      assert.equal(emulator.organization.auditLog().length, entries + 1);
    }
  });

  it("keep their region in the cluster, and are deleted after a while", async () => {
    const regions = { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 };
    const { emulator, api, id, endpoints, clock } = await started(
      {},
      advanced("orders", { region_nodes: regions }),
    );
    const other = { ...logs, region: "us-west-2" };
    const { id: endpointId } = bodyOf(await api.post(endpoints, other)) as { id: string };
    await clock.advance(3 * minute);
    const smaller = { dedicated: { region_nodes: { "us-east-1": 3, "us-east-2": 3 } } };
    const refused = await api.patch(`/clusters/${id}`, smaller);
    assertRefused(refused, 400, 9);
    bodyOf(await api.delete(`${endpoints}/${endpointId}`));
    assert.equal(bodyOf(await api.get(`${endpoints}/${endpointId}`))["state"], "DELETING");
    await clock.advance(minute);
    assertRefused(await api.get(`${endpoints}/${endpointId}`), 404, 5);
    assert.deepEqual(emulator.egressPrivateEndpoints.list(id), []);
  });

  for (const [what, change] of [
    ["in a region that the cluster does not have", { region: "eu-west-1" }],
    ["without a target", { target_service_identifier: "" }],
    ["to MSK with another service", { target_service_type: "MSK_TLS" }],
  ] as const) {
    it(`are refused ${what}`, async () => {
      const { api, endpoints } = await started();
      assertRefused(await api.post(endpoints, { ...logs, ...change }), 400, 3);
    });
  }

  it("on Azure fail to a service whose alias names another region", async () => {
    for (const [region, state] of [
      ["westus2", "FAILED"],
      ["eastus", "PENDING_ACCEPTANCE"],
    ]) {
      const cluster = advanced("orders", {}, "AZURE");
      const { api, endpoints, clock } = await started({}, cluster);
      const target = `sinks.0a1b2c3d-0000-4000-8000-000000000000.${region}.azure.privatelinkservice`;
      const body = { ...logs, region: "eastus", target_service_identifier: target };
      const { id: endpointId } = bodyOf(await api.post(endpoints, body)) as { id: string };
      await clock.advance(3 * minute);
      assert.equal(bodyOf(await api.get(`${endpoints}/${endpointId}`))["state"], state);
    }
  });

  it("have their domain names as sent where the assumption says so", async () => {
    const { emulator, api, id, endpoints } = await started({
      assumptions: { domainNameOrder: "as-sent" },
    });
    const endpoint = emulator.egressPrivateEndpoints.add(id, "us-east-1", "target");
    const domain_names = ["b.example.com", "a.example.com"];
    const set = bodyOf(await api.patch(`${endpoints}/${endpoint}`, { domain_names }));
    assert.deepEqual(set["domain_names"], domain_names);
  });

  it("fail where a failing job was queued", async () => {
    const { emulator, api, endpoints, clock, stateOf } = await started();
    emulator.faults.failNextJob();
    const { id: endpointId } = bodyOf(await api.post(endpoints, logs)) as { id: string };
    await clock.advance(3 * minute);
    assert.equal(bodyOf(await api.get(`${endpoints}/${endpointId}`))["state"], "FAILED");
    assert.equal(await stateOf(), "CREATED");
  });
});
