// What a preview can report of a part by the cluster of the program that it is given.
import { strict as assert } from "node:assert";
import { resources } from "../../../provider/resource/registry";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { allResourceTypes } from "../../../provider/resource/resource-types";
import { casesOf } from "../../conformance/resource-cases";
import { advanced, basic, standard } from "../../support/builders";
import { awsKey } from "../../support/cmek";
import { checkEmulators } from "../../support/emulator";
import { startLab } from "../../support/engine-model/lab";
import { Declaration } from "../../support/engine-model/program";
import { assertDone } from "../../support/engine-model/run";
import type { Stack } from "../../support/engine-model/stack";
import { unknown } from "../../support/engine-model/values";
import { kinds, partOf } from "../../support/kinds";

type Properties = Record<string, unknown>;

const open = { networkVisibility: "PRIVATE" };
const rule = {
  ...{ name: "kafka", type: "FQDN", destination: "kafka.example.com", description: "changefeeds" },
};

describe("The cluster of the program that a part is given", () => {
  checkEmulators();

  let stack: Stack;
  beforeEach(async () => {
    stack = (await startLab()).stack();
  });

  const failuresOf = async (cluster: Properties, type: ResourceType, args: Properties) => {
    const { failures, requests } = await stack.preview({
      orders: cluster,
      part: partOf("orders", type, args),
    });
    assert.deepEqual(requests, [], "a preview sends nothing");
    return failures;
  };

  const onAws = { ...basic(), cloudProvider: "AWS", serverless: { regions: ["us-east-1"] } };
  for (const type of allResourceTypes) {
    const plans = casesOf[type].plans?.join(" or ");
    if (plans === undefined) continue;
    it(`must have the plan ${plans} for a ${type}`, async () => {
      const args = { endpointId: unknown, ...casesOf[type].full[0] };
      const failures = await failuresOf(onAws, type, args);
      assert.ok(
        failures.includes(
          `clusterId: must be a cluster with the plan ${plans}. Cluster "orders" has the plan BASIC: remove this resource, or give a cluster that does not exist yet another plan.`,
        ),
        failures.join("\n"),
      );
    });
  }

  it("must have the region that is to be disrupted", async () => {
    const specifications = [{ regionCode: "mars-1" }];
    const args = { regionalDisruptorSpecifications: specifications };
    const [failure] = await failuresOf(advanced(), "ClusterDisruption", args);
    assert.match(
      failure ?? "",
      /\[0\]\.regionCode: must be a region of the cluster\. .* not "mars-1"/,
    );
  });

  it("may have any plan for what every cluster has, and one that is not known yet", async () => {
    assert.deepEqual(await failuresOf(basic(), "Database", { name: "shop" }), []);
    const policy = { allowAll: false };
    assert.deepEqual(await failuresOf(advanced(open), "EgressTrafficPolicy", policy), []);
    const later = { ...advanced(open), plan: unknown };
    assert.deepEqual(await failuresOf(later, "EgressTrafficPolicy", policy), []);
  });

  it("may lose the plan that a part needs, which is then the decision of the service", async () => {
    const orders = standard({}, { name: "orders" });
    const services = partOf("orders", "PrivateEndpointServices", {});
    assertDone(await stack.up({ orders, services }));
    const { failures } = await stack.preview({ orders: basic({}, { name: "orders" }), services });
    assert.deepEqual(failures, []);
  });

  it("has the regions of its endpoints and services", async () => {
    const endpoint = {
      region: "eu-west-1",
      targetServiceIdentifier: "com.amazonaws.eu-west-1.logs",
    };
    const args = { ...endpoint, targetServiceType: "PRIVATE_SERVICE" };
    const reason =
      'must be a region of the cluster. Cluster "orders" has us-east-1, not "eu-west-1".';
    assert.deepEqual(await failuresOf(advanced(), "EgressPrivateEndpoint", args), [
      `region: ${reason}`,
    ]);
    const regions = ["us-east-1", "eu-west-1"];
    assert.deepEqual(await failuresOf(advanced(), "PrivateEndpointServices", { regions }), [
      `regions[1]: ${reason}`,
    ]);
    const later = advanced({ regionNodes: unknown });
    assert.deepEqual(await failuresOf(later, "PrivateEndpointServices", { regions }), []);
  });

  it("is on AWS for what only AWS has", async () => {
    const azure = advanced({ regionNodes: { eastus: 3 } }, { cloudProvider: "AZURE" });
    const reason =
      'clusterId: must be a cluster on AWS. Cluster "orders" is on AZURE: remove this resource.';
    const state = { endpointId: "vpce-0123456789abcdef0", status: "AVAILABLE" };
    assert.deepEqual(await failuresOf(azure, "AwsEndpointConnectionState", state), [reason]);
    const owner = { externalOwnerId: "*" };
    assert.deepEqual(await failuresOf(azure, "PrivateEndpointTrustedOwner", owner), [reason]);
    const target = "arn:aws:kafka:us-east-1:111122223333:cluster/events/5ba5ed00-1";
    const msk = { region: "eastus", targetServiceIdentifier: target, targetServiceType: "MSK_TLS" };
    assert.deepEqual(await failuresOf(azure, "EgressPrivateEndpoint", msk), [reason]);
  });

  it("is on the cloud that its logs, metrics and keys are for", async () => {
    const onGcp = advanced({ regionNodes: { "us-east1": 3 } }, { cloudProvider: "GCP" });
    const log = casesOf.LogExportConfig.full[0];
    assert.equal(log["type"], "AWS_CLOUDWATCH");
    assert.deepEqual(await failuresOf(onGcp, "LogExportConfig", { ...log, groups: [] }), [
      'type: must be GCP_CLOUD_LOGGING, not AWS_CLOUDWATCH: the logs of a cluster go to the cloud that it runs on, and cluster "orders" is on GCP.',
    ]);
    assert.deepEqual(await failuresOf(advanced(), "LogExportConfig", log), []);
    const metrics = casesOf.MetricExportCloudwatchConfig.full[0];
    assert.deepEqual(await failuresOf(onGcp, "MetricExportCloudwatchConfig", metrics), [
      'clusterId: must be a cluster on AWS. Cluster "orders" is on GCP: remove this resource.',
    ]);
    const keys = { regionSpecs: [awsKey("us-east1")] };
    assert.deepEqual(await failuresOf(onGcp, "CmekConfig", keys), [
      'regionSpecs: does not fit cluster "orders": it runs on GCP, whose keys are of type GCP_CLOUD_KMS, and regionSpecs has AWS_KMS.',
    ]);
    const later = { ...onGcp, cloudProvider: unknown };
    assert.deepEqual(await failuresOf(later, "CmekConfig", keys), []);
    assert.deepEqual(await failuresOf(later, "MetricExportCloudwatchConfig", metrics), []);
  });

  it("has the regions and the network that its keys need", async () => {
    const orders = advanced({ networkVisibility: "PUBLIC" });
    const keys = { regionSpecs: [awsKey("eu-west-1")] };
    assert.deepEqual(await failuresOf(orders, "CmekConfig", keys), [
      'clusterId: does not fit cluster "orders": its networkVisibility is PUBLIC, and keys of your own need a cluster that was created with "PRIVATE".',
      'regionSpecs: does not fit cluster "orders": regionSpecs must have a key for each region, and lacks us-east-1.',
      'regionSpecs: does not fit cluster "orders": it has no region eu-west-1; its regions are us-east-1.',
    ]);
  });

  it("is an Advanced one for an external id of AWS", async () => {
    const ledger = standard(
      { regions: ["us-east-1"], primaryRegion: "us-east-1" },
      { cloudProvider: "AWS" },
    );
    const reason =
      'is for the plan ADVANCED only, and cluster "orders" has the plan STANDARD: leave it out.';
    const log = { ...casesOf.LogExportConfig.full[0], awsExternalId: "id-1" };
    assert.deepEqual(await failuresOf(ledger, "LogExportConfig", log), [
      `awsExternalId: ${reason}`,
    ]);
    const metrics = { ...casesOf.MetricExportCloudwatchConfig.minimal, externalId: "id-1" };
    assert.deepEqual(await failuresOf(ledger, "MetricExportCloudwatchConfig", metrics), [
      `externalId: ${reason}`,
    ]);
  });

  describe("which an egress rule names", () => {
    const advice =
      "Add `const policy = new cockroachdb.EgressTrafficPolicy(name, { clusterId, allowAll: false })`, and give this rule `clusterId: policy.clusterId`.";

    it("denies by default, when it is new", async () => {
      assert.deepEqual(await failuresOf(advanced(open), "EgressRule", rule), [
        `clusterId: must be a cluster that egress rules have an effect on: cluster "orders" may connect to everything. ${advice}`,
      ]);
      const restricted = advanced({ ...open, restrictEgressTraffic: true });
      assert.deepEqual(await failuresOf(restricted, "EgressRule", rule), []);
    });

    it("denies by default, when it exists", async () => {
      const orders = advanced(open, { name: "orders" });
      assertDone(await stack.up({ orders }));
      const part = partOf("orders", "EgressRule", rule);
      const { failures } = await stack.preview({ orders, part });
      assert.deepEqual(failures, [
        `clusterId: must be a cluster that egress rules have an effect on: cluster "orders" may connect to everything (if that has changed since, run \`pulumi refresh\`). ${advice}`,
      ]);
    });

    it("may get its policy in the same update, which has to close it", async () => {
      const policy = (allowAll: boolean) => partOf("orders", "EgressTrafficPolicy", { allowAll });
      const kafka = partOf("orders", "EgressRule", rule);
      const orders = advanced(open, { name: "orders" });
      const closed = { orders, policy: policy(false), kafka };
      assert.deepEqual((await stack.preview(closed)).failures, []);
      const { failures } = await stack.preview({ orders, policy: policy(true), kafka });
      assert.deepEqual(failures, [
        'clusterId: must be a cluster that egress rules have an effect on: the egress traffic policy of cluster "orders" has allowAll: true. Make that false, or remove this rule.',
      ]);
    });

    it("may be open for a rule that exists, and for one that is adopted", async () => {
      const { failures } = await stack.preview({
        orders: advanced(open),
        kafka: new Declaration(
          kinds.EgressRule,
          (outputsOf) => ({ ...rule, clusterId: outputsOf("orders")["id"] }),
          ["orders"],
          { cluster: "orders", import: "5ba5ed00-0000-4000-8000-000000000001:x" },
        ),
      });
      assert.deepEqual(failures, []);
      const olds = { ...rule, clusterId: "5ba5ed00-0000-4000-8000-000000000001" };
      assert.deepEqual(resources.EgressRule.lifecycle.check(olds, olds).failures, []);
    });
  });
});
