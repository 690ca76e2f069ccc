// The network of a cluster on the real engine: private endpoints, egress, and the authority of its clients.
import assert from "node:assert/strict";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import { authorityCertificate, strangerCertificate } from "../support/certificates";
import { encryptable } from "../support/cmek";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { TestStack } from "../support/engine";
import { startStack } from "../support/engine";
import { writes as writesAmong } from "../support/engine-model/requests";

const stranger = "vpce-0123456789abcdef9";

describe("The network of a cluster", function () {
  this.timeout(180_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let clusterId = "";
  let isChanged = false;

  const program = async () => {
    const services = new cockroachdb.PrivateEndpointServices("services", { clusterId });
    const owner = new cockroachdb.PrivateEndpointTrustedOwner("owner", {
      clusterId,
      externalOwnerId: "*",
    });
    new cockroachdb.PrivateEndpointConnection(
      "application",
      { clusterId: services.clusterId, endpointId: "vpce-0123456789abcdef0" },
      { dependsOn: owner },
    );
    new cockroachdb.AwsEndpointConnectionState(
      "stranger",
      { clusterId: services.clusterId, endpointId: stranger, status: "REJECTED" },
      { dependsOn: owner },
    );
    const policy = new cockroachdb.EgressTrafficPolicy("egress", { clusterId, allowAll: false });
    new cockroachdb.EgressRule("kafka", {
      clusterId: policy.clusterId,
      type: "FQDN",
      destination: "kafka.example.com",
      ports: isChanged ? [9093] : [9092, 9093],
      description: "changefeeds",
    });
    const endpoint = new cockroachdb.EgressPrivateEndpoint("logs", {
      clusterId,
      region: "us-east-1",
      targetServiceIdentifier: "com.amazonaws.us-east-1.logs",
    });
    new cockroachdb.EgressPrivateEndpointDomainNames("log-names", {
      clusterId,
      endpointId: endpoint,
      domainNames: isChanged ? ["*.example.com"] : ["logs.example.com"],
    });
    new cockroachdb.ClientCaCert("clients", {
      clusterId,
      x509PemCert: isChanged ? strangerCertificate : authorityCertificate,
    });
    return {
      target: services.servicesMap.apply((byRegion) => byRegion["us-east-1"]?.target),
      connectionId: endpoint.endpointConnectionId,
    };
  };
  const writes = () => writesAmong(emulator.requests);

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
    clusterId = encryptable(emulator, { regions: ["us-east-1"] }).id;
    emulator.privateEndpointServices.add(clusterId);
    emulator.privateEndpointConnections.createEndpoint(clusterId, { endpointId: stranger });
    stack = await startStack({
      program,
      env: environmentFor(emulator),
    });
  });
  afterEach(() => emulator.requests.clear());
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  it("is created as the resources depend on each other, and stays as it is", async () => {
    await stack.preview();
    const { outputs } = await stack.up();
    assert.match(outputs["target"]?.value, /^com\.amazonaws\.vpce\.us-east-1\.vpce-svc-/);
    assert.match(outputs["connectionId"]?.value, /^vpce-/);
    const statuses = emulator.privateEndpointConnections.list(clusterId);
    assert.deepEqual(statuses.map(({ status }) => status).sort(), [
      "STATUS_AVAILABLE",
      "STATUS_REJECTED",
    ]);
    assert.equal(emulator.clusters.get(clusterId)?.egress_traffic_policy, "DEFAULT_DENY");
    emulator.requests.clear();
    await stack.up({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
    assert.deepEqual(writes(), []);
  });

  it("is changed in place", async () => {
    isChanged = true;
    const { stdout } = await stack.up();
    assert.match(stdout, /refuses clients with a certificate of CN=Test authority/);
    const [rule] = emulator.egressRules.list(clusterId).filter((one) => !one.crl_managed);
    assert.deepEqual(rule?.ports, [9093]);
    await stack.refresh({ expectNoChanges: true });
  });

  it("is refused in a preview on a cluster whose plan cannot have it", async () => {
    stack.program = async () => {
      const orders = new cockroachdb.Cluster("orders", {
        plan: "BASIC",
        cloudProvider: "AWS",
        serverless: { regions: ["us-east-1"] },
      });
      new cockroachdb.PrivateEndpointServices("services", { clusterId: orders });
    };
    const { stdout } = await stack.preview({ expect: "failure" });
    stack.program = program;
    assert.match(
      stdout,
      /clusterId .+ must be a cluster with the plan STANDARD or ADVANCED\. Cluster "orders" has the plan BASIC/,
    );
    assert.deepEqual(writes(), []);
  });

  it("is deleted, with a warning of what the API leaves", async () => {
    const { stdout } = await stack.destroy();
    assert.match(stdout, /stay until the cluster is deleted/);
    assert.match(stdout, /cannot be taken back to none/);
    assert.equal(emulator.clientCaCerts.get(clusterId).status, "NOT_SET");
    assert.equal(emulator.clusters.get(clusterId)?.egress_traffic_policy, "ALLOW_ALL");
    assert.deepEqual(emulator.egressPrivateEndpoints.list(clusterId), []);
  });
});
