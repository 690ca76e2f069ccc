// What only the resources of private endpoints, egress and client CA certificates do.

import { strict as assert } from "node:assert";
import type { ResourceType } from "../../provider/resource/resource-types";
import { casesOf, placeOf } from "../conformance/resource-cases";
import { advanced } from "../support/builders";
import { encryptable } from "../support/cmek";
import { checkEmulators } from "../support/emulator";
import type { Lab } from "../support/engine-model/lab";
import { startLab } from "../support/engine-model/lab";
import { Declaration } from "../support/engine-model/program";
import { count, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";
import type { Stack } from "../support/engine-model/stack";
import { kinds } from "../support/kinds";

type Properties = Record<string, unknown>;

interface NetworkLab extends Lab {
  readonly shop: Stack;
  readonly place: Properties;
  readonly clusterId: string;
}

async function start(type: ResourceType, options: Parameters<typeof startLab>[0] = {}) {
  const lab = await startLab(options);
  const place = placeOf(type, lab.emulator);
  const lives: NetworkLab = {
    ...lab,
    shop: lab.stack(),
    place,
    clusterId: String(place["clusterId"]),
  };
  const [first] = casesOf[type].full;
  const program = (args: Properties = first) => ({
    it: new Declaration(kinds[type], { ...place, ...args }),
  });
  return { ...lives, first, program };
}

describe("Network resources", () => {
  checkEmulators();

  it("refuse private endpoint services of a Basic cluster at once, and keep nothing in the state", async () => {
    const { emulator, shop } = await start("PrivateEndpointServices");
    const { id } = emulator.clusters.create({
      name: "basic-one",
      provider: "AWS",
      spec: { plan: "BASIC", serverless: { regions: ["us-east-1"] } },
    });
    const args = { clusterId: id };
    const run = await shop.up({ it: new Declaration(kinds.PrivateEndpointServices, args) });
    assert.match(failureOf(run), /its plan is BASIC, which has no private endpoints/);
    assert.equal(shop.resources.size, 0);
  });

  it("find the services of a Standard cluster without a write", async () => {
    const { emulator, shop } = await start("PrivateEndpointServices");
    const { id } = emulator.clusters.create({
      name: "standard",
      provider: "AWS",
      spec: {
        plan: "STANDARD",
        serverless: { regions: ["us-east-1"], usage_limits: { provisioned_virtual_cpus: "2" } },
      },
    });
    const args = { clusterId: id };
    const run = assertDone(
      await shop.up({ it: new Declaration(kinds.PrivateEndpointServices, args) }),
    );
    assert.deepEqual(writes(run.requests), []);
    const { servicesMap } = shop.outputs("it") as {
      servicesMap: Record<string, { name: string; target: string }>;
    };
    assert.match(servicesMap["us-east-1"]?.target ?? "", /^com\.amazonaws\.vpce\.us-east-1\./);
  });

  it("have the private host of each region once its service exists, and poll by one request", async () => {
    const { shop, program } = await start("PrivateEndpointServices");
    const { requests } = assertDone(await shop.up(program()));
    assert.ok(count(requests, "ListPrivateEndpointServices") > 5);
    assert.equal(count(requests, "GetCluster"), 2);
    const { services } = shop.outputs("it") as { services: { privateEndpointDns: string }[] };
    assert.equal(services.length, 3);
    for (const { privateEndpointDns } of services) assert.match(privateEndpointDns, /^private-/);
  });

  it("ask for private endpoint services again that are not there, after a response without regions", async () => {
    const { emulator, shop, place, program } = await start("PrivateEndpointServices");
    const cluster = emulator.clusters.get(String(place["clusterId"]));
    emulator.faults.add("GetCluster", { status: 200, body: { ...cluster, regions: [] }, times: 1 });
    const run = assertDone(
      await shop.up({ it: new Declaration(kinds.PrivateEndpointServices, place) }),
    );
    assert.deepEqual(writes(run.requests), ["CreatePrivateEndpointServices"]);
    assertDone(await shop.up(program()));
    const services = emulator.privateEndpointServices.list(String(place["clusterId"]));
    const other = await start("PrivateEndpointServices");
    other.emulator.faults.add("ListPrivateEndpointServices", { status: 200, body: { services } });
    assert.match(failureOf(await other.shop.up(other.program())), /no private endpoint service\./);
    const again = assertDone(await other.shop.up(other.program()));
    assert.deepEqual(writes(again.requests), ["CreatePrivateEndpointServices"]);
  });

  it("replace an egress private endpoint that the other side has rejected", async () => {
    const { emulator, shop, program, clusterId } = await start("EgressPrivateEndpoint");
    assertDone(await shop.up(program()));
    const id = String(shop.outputs("it")["endpointId"]);
    emulator.egressPrivateEndpoints.reject(clusterId, id);
    assertDone(await shop.refresh());
    const run = assertDone(await shop.up(program()));
    assert.ok(run.steps.includes("replace it"), run.steps.join());
    assert.notEqual(shop.outputs("it")["endpointId"], id);
  });

  it("count an egress private endpoint as created when only its acceptance is missing, and say what to accept", async () => {
    const { shop, place } = await start("EgressPrivateEndpoint");
    const args = {
      ...place,
      region: "us-east-1",
      targetServiceIdentifier: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
      targetServiceType: "PRIVATE_SERVICE",
    };
    const run = assertDone(
      await shop.up({ it: new Declaration(kinds.EgressPrivateEndpoint, args) }),
    );
    const { state, endpointConnectionId } = shop.outputs("it");
    assert.equal(state, "PENDING_ACCEPTANCE");
    assert.ok(
      run.notes.some(({ text }) => text.includes(`accept the connection ${endpointConnectionId}`)),
    );
  });

  it("replace an egress rule that is to allow all ports, the old one first", async () => {
    const { shop, program, first } = await start("EgressRule");
    assertDone(await shop.up(program()));
    const run = assertDone(await shop.up(program({ ...first, ports: [] })));
    assert.deepEqual(writes(run.requests), ["DeleteEgressRule", "AddEgressRule"]);
    assert.deepEqual(shop.outputs("it")["ports"], []);
  });

  it("advise a policy where an egress rule is refused because the cluster may connect to everything", async () => {
    const { emulator, shop, program, clusterId } = await start("EgressRule");
    emulator.egressRules.setPolicy(clusterId, "ALLOW_ALL");
    const run = await shop.up(program());
    assert.match(
      failureOf(run),
      /new cockroachdb\.EgressTrafficPolicy\(name, \{ clusterId, allowAll: false \}\)/,
    );
    assert.equal(shop.resources.size, 0);
  });

  it("wait with an egress rule while the policy of the cluster is updating", async () => {
    const { emulator, shop, program, clusterId } = await start("EgressRule");
    emulator.egressRules.setPolicy(clusterId, "ALLOW_ALL");
    const policy = "networking/egress-rules/egress-traffic-policy";
    await fetch(`${emulator.url}/api/v1/clusters/${clusterId}/${policy}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${emulator.apiKey}` },
      body: JSON.stringify({ allow_all: false }),
    });
    const run = assertDone(await shop.up(program()));
    assert.ok(writes(run.requests).length > 1, "refused while the policy was updating");
    assert.equal(shop.outputs("it")["state"], "ACTIVE");
  });

  it("keep an egress rule that the service failed to create in the state, and do not create another one", async () => {
    const { emulator, shop, program, clusterId } = await start("EgressRule");
    emulator.faults.failNextJob(1);
    const run = await shop.up(program());
    assert.match(failureOf(run), /is CREATION_FAILED, which another request cannot repair/);
    const again = await shop.up(program());
    assert.match(failureOf(again), /CREATION_FAILED/);
    assert.deepEqual(writes(again.requests), []);
    const own = emulator.egressRules.list(clusterId).filter((rule) => !rule.crl_managed);
    assert.equal(own.length, 1);
  });

  it("refuse a client CA certificate that has ended, and send nothing", async () => {
    const { time, shop, program } = await start("ClientCaCert");
    await time.advance(150 * 365.25 * 24 * 60 * 60_000);
    const run = await shop.up(program());
    assert.match(failureOf(run), /the certificate of CN=Test authority has ended at 2126-/);
    assert.deepEqual(writes(run.requests), []);
  });

  it("are refused in a preview where two of them decide about one endpoint", async () => {
    const { shop, place } = await start("PrivateEndpointConnection");
    const endpointId = "vpce-0123456789abcdef0";
    const connection = new Declaration(kinds.PrivateEndpointConnection, { ...place, endpointId });
    const args = { ...place, endpointId, status: "REJECTED" };
    const decision = new Declaration(kinds.AwsEndpointConnectionState, args);
    const second = failureOf(await shop.preview({ connection, decision }));
    assert.match(
      second,
      /endpointId: is the endpoint of PrivateEndpointConnection "connection" too/,
    );
    const reversed = failureOf(await shop.preview({ decision, connection }));
    assert.match(
      reversed,
      /endpointId: is the endpoint of AwsEndpointConnectionState "decision" too/,
    );
    const other = new Declaration(kinds.AwsEndpointConnectionState, {
      ...args,
      endpointId: "vpce-0123456789abcdef1",
    });
    assertDone(await shop.preview({ connection, other }));
  });

  it("keep their region in the cluster, and the refusal says in which order both go", async () => {
    const { emulator, shop } = await start("EgressPrivateEndpoint");
    const regions = (names: readonly string[]) => ({
      orders: advanced({
        networkVisibility: "PRIVATE",
        regionNodes: Object.fromEntries(names.map((name) => [name, 3])),
      }),
    });
    assertDone(await shop.up(regions(["us-east-1", "us-west-2", "eu-west-1", "us-east-2"])));
    const target = "com.amazonaws.us-east-2.logs";
    emulator.egressPrivateEndpoints.add(shop.resource("orders").id, "us-east-2", target);
    const run = await shop.up(regions(["us-east-1", "us-west-2", "eu-west-1"]));
    assert.match(
      failureOf(run),
      /us-east-2.+ Take the EgressPrivateEndpoint out of the program in one update, and the region/,
    );
  });

  for (const type of ["EgressTrafficPolicy", "ClientCaCert"] as const) {
    it(`send a change again that the service has failed to carry out: ${type}`, async () => {
      const { emulator, shop, program } = await start(type);
      emulator.faults.failNextJob(1);
      const run = await shop.up(program());
      assert.match(failureOf(run), /(is ERROR|status is FAILED)\. /);
      const again = assertDone(await shop.up(program()));
      assert.equal(writes(again.requests).length, 1);
      assert.deepEqual(assertDone(await shop.refresh()).differences, {});
    });
  }

  it("take the policy of a deleted cluster for deleted", async () => {
    const { emulator, shop, program, clusterId } = await start("EgressTrafficPolicy");
    assertDone(await shop.up(program()));
    await fetch(`${emulator.url}/api/v1/clusters/${clusterId}`, {
      method: "DELETE",
      headers: { Authorization: `Bearer ${emulator.apiKey}` },
    });
    assertDone(await shop.destroy());
    assert.equal(shop.resources.size, 0);
  });

  it("accept an endpoint again that was rejected before", async () => {
    const { shop, program } = await start("PrivateEndpointConnection");
    assertDone(await shop.up(program()));
    assertDone(await shop.destroy());
    assertDone(await shop.up(program()));
    assert.equal(shop.outputs("it")["status"], "AVAILABLE");
  });

  it("find an endpoint of Azure in whatever case the service spells it", async () => {
    const { emulator, shop } = await start("PrivateEndpointConnection");
    const { id } = encryptable(emulator, {
      name: "azure-one",
      provider: "AZURE",
      regions: ["eastus"],
    });
    emulator.privateEndpointServices.add(id);
    const endpointId =
      "/subscriptions/a/resourceGroups/B/providers/Microsoft.Network/privateEndpoints/c";
    emulator.privateEndpointConnections.createEndpoint(id, {
      endpointId: endpointId.toLowerCase(),
    });
    const args = { clusterId: id, endpointId };
    const program = { it: new Declaration(kinds.PrivateEndpointConnection, args) };
    assertDone(await shop.up(program));
    assert.deepEqual(assertDone(await shop.refresh()).differences, {});
    assertDone(await shop.destroy());
  });

  it("keep the names of an endpoint that was rejected with it, and say so", async () => {
    const { emulator, shop, program, place, clusterId } = await start(
      "EgressPrivateEndpointDomainNames",
    );
    assertDone(await shop.up(program()));
    emulator.egressPrivateEndpoints.setState(clusterId, String(place["endpointId"]), "REJECTED");
    const run = assertDone(await shop.destroy());
    assert.deepEqual(writes(run.requests), []);
    assert.ok(
      run.notes.some(({ text }) => /is REJECTED, so its domain names cannot be removed/.test(text)),
    );
  });
});

describe("The option import of what has an id of the service alone", () => {
  checkEmulators();

  for (const [type, written] of [
    ["EgressRule", "kafka"],
    ["PrivateEndpointTrustedOwner", "AWS_ACCOUNT_ID/012345678901"],
  ] as const) {
    it(`is refused with a name in its place, and the refusal has the id: ${type}`, async () => {
      const { emulator, shop, place, clusterId } = await start(type);
      const { args, id } =
        type === "EgressRule"
          ? {
              args: {
                name: "kafka",
                type: "FQDN",
                destination: "kafka.example.com",
                ports: [9093],
                description: "",
              },
              id: emulator.egressRules.add(clusterId, "kafka", {
                type: "FQDN",
                destination: "kafka.example.com",
                ports: [9093],
              }),
            }
          : {
              args: { externalOwnerId: "012345678901" },
              id: emulator.privateEndpointTrustedOwners.add(clusterId, "012345678901"),
            };
      const program = { it: new Declaration(kinds[type], { ...place, ...args }) };
      const importOf = (ofPart: string) => ({
        options: { it: { import: `${clusterId}:${ofPart}` } },
      });
      const refused = await shop.up(program, importOf(written));
      assert.ok(
        failureOf(refused).includes(`Of what the arguments describe it is ${clusterId}:${id}.`),
        failureOf(refused),
      );
      assert.deepEqual([writes(refused.requests), shop.resources.size], [[], 0]);
      const run = assertDone(await shop.up(program, importOf(id)));
      assert.deepEqual(writes(run.requests), []);
      assert.equal(shop.resource("it").id, `${clusterId}:${id}`);
    });
  }

  it("fails with the reason of the API where nothing is what the arguments describe", async () => {
    const { emulator, shop, program, clusterId } = await start("EgressRule");
    emulator.faults.add("GetEgressRule", { status: 400, message: "the id is malformed" });
    const refused = await shop.up(program(), {
      options: { it: { import: `${clusterId}:kafka` } },
    });
    assert.match(failureOf(refused), /the id is malformed/);
    assert.deepEqual(writes(refused.requests), []);
  });
});
