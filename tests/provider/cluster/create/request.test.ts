import { strict as assert } from "node:assert";
import { advanced, basic, standard } from "../../../support/builders";
import { checkEmulators } from "../../../support/emulator";
import { startLab } from "../../../support/engine-model/lab";
import { bodies, count, writes } from "../../../support/engine-model/requests";
import { assertDone } from "../../../support/engine-model/run";
import { assertNoMark, minute, postedLabels } from "./marks";

describe("Cluster create", () => {
  checkEmulators();

  describe("sends", () => {
    it("one POST and one PATCH for a Basic cluster, with the plan inside spec and the mark as a label", async () => {
      const { stack } = await startLab();
      const shop = stack();
      const { requests } = assertDone(await shop.up({ orders: basic({}, { name: "basic-test" }) }));
      assert.deepEqual(writes(requests), ["CreateCluster", "UpdateCluster"]);
      assert.deepEqual(bodies(requests, "CreateCluster"), [
        {
          name: "basic-test",
          provider: "GCP",
          spec: {
            plan: "BASIC",
            delete_protection: "DISABLED",
            labels: { "pulumi-creating": shop.mark("orders") },
            serverless: { regions: ["us-central1"] },
          },
        },
      ]);
      assert.deepEqual(bodies(requests, "UpdateCluster"), [{ labels: {} }]);
    });

    it("every argument of a Standard cluster, whose version the service chooses", async () => {
      const { stack } = await startLab();
      const shop = stack();
      const args = standard(
        {
          regions: ["us-west2", "us-east1"],
          primaryRegion: "us-east1",
          usageLimits: { provisionedVirtualCpus: 8 },
          upgradeType: "MANUAL",
          withEmptyIpAllowlist: true,
          cockroachVersion: "v25.4",
        },
        { deleteProtection: true, labels: { team: "payments" }, parentId: "root" },
      );
      const { requests } = assertDone(await shop.up({ orders: args }));
      const [body] = bodies(requests, "CreateCluster") as { name: string; spec: object }[];
      assert.match(body?.name ?? "", /^orders-[0-9a-f]{6}$/);
      assert.deepEqual(body?.spec, {
        plan: "STANDARD",
        delete_protection: "ENABLED",
        labels: { team: "payments", "pulumi-creating": shop.mark("orders") },
        parent_id: "root",
        serverless: {
          regions: ["us-west2", "us-east1"],
          primary_region: "us-east1",
          usage_limits: { provisioned_virtual_cpus: "8" },
          upgrade_type: "MANUAL",
          with_empty_ip_allowlist: true,
        },
      });
      assert.deepEqual(bodies(requests, "UpdateCluster"), [{ labels: { team: "payments" } }]);
    });

    it("every argument of an Advanced cluster, with the version in its major form", async () => {
      const { stack } = await startLab();
      const shop = stack();
      const args = advanced(
        {
          regionNodes: { "us-east1": 3 },
          cockroachVersion: "v25.2.1",
          networkVisibility: "PRIVATE",
          cidrRange: "172.16.0.0/16",
          restrictEgressTraffic: true,
          supportsClusterVirtualization: true,
          hardware: { machineSpec: { machineType: "n2-standard-8" }, storageGib: 64, diskIops: 9 },
        },
        { cloudProvider: "GCP", customerCloudAccount: { gcp: { serviceAccountEmail: "a@b" } } },
      );
      const { requests } = assertDone(await shop.up({ orders: args }));
      const [body] = bodies(requests, "CreateCluster") as { spec: object }[];
      assert.deepEqual(body?.spec, {
        plan: "ADVANCED",
        delete_protection: "DISABLED",
        labels: { "pulumi-creating": shop.mark("orders") },
        dedicated: {
          region_nodes: { "us-east1": 3 },
          hardware: {
            machine_spec: { machine_type: "n2-standard-8" },
            storage_gib: 64,
            disk_iops: 9,
          },
          cockroach_version: "v25.2",
          network_visibility: "PRIVATE",
          cidr_range: "172.16.0.0/16",
          supports_cluster_virtualization: true,
          restrict_egress_traffic: true,
        },
        customer_cloud_account: { gcp: { service_account_email: "a@b" } },
      });
      assert.deepEqual(writes(requests), ["CreateCluster", "UpdateCluster"]);
      assert.deepEqual((await shop.up({ orders: args })).steps, ["same orders"]);
      assert.deepEqual((await shop.refresh()).differences, {});
    });

    it("zero for storage that is left out, and the other cloud accounts as the API spells them", async () => {
      const { stack } = await startLab();
      for (const [account, wire, cloud, region] of [
        [{ aws: { arn: "a" } }, { aws: { arn: "a" } }, "AWS", "us-east-1"],
        [
          { azure: { subscriptionId: "s", tenantId: "t" } },
          { azure: { subscription_id: "s", tenant_id: "t" } },
          "AZURE",
          "eastus",
        ],
      ] as const) {
        const args = advanced(
          { regionNodes: { [region]: 3 }, hardware: { machineSpec: { numVirtualCpus: 4 } } },
          { cloudProvider: cloud, customerCloudAccount: account },
        );
        const shop = stack({ name: cloud.toLowerCase() });
        const { requests } = assertDone(await shop.up({ orders: args }));
        const [body] = bodies(requests, "CreateCluster") as { spec: Record<string, object> }[];
        assert.deepEqual(body?.spec["customer_cloud_account"], wire);
        assert.deepEqual(Reflect.get(body?.spec["dedicated"] ?? {}, "hardware"), {
          machine_spec: { num_virtual_cpus: 4 },
          storage_gib: 0,
        });
        assert.deepEqual(shop.outputs()["customerCloudAccount"], account);
      }
    });

    it("the first page of clusters once for all creates of a run: 2N + 1 requests and the polls", async () => {
      const { stack, emulator } = await startLab({
        durations: { createBasicMs: 0 },
      });
      const shop = stack();
      const program = Object.fromEntries(
        Array.from({ length: 12 }, (_, index) => [`c${index}`, basic()]),
      );
      const { requests } = assertDone(await shop.up(program));
      assert.equal(count(requests, "CreateCluster"), 12);
      assert.equal(count(requests, "UpdateCluster"), 12);
      assert.ok(count(requests, "ListClusters") <= 13, emulator.requests.summary());
      assert.ok(
        requests.every(({ throttled }) => !throttled),
        "no request is throttled",
      );
      const again = await shop.up(program);
      assert.equal(again.requests.length, 0);
      assert.equal((await shop.preview(program)).requests.length, 0);
    });
  });

  describe("labels", () => {
    const fifty = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`key-${index}`, `value-${index}`]),
    );

    it("of a full set make room for the mark until the cluster is ready", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      const { requests } = assertDone(await shop.up({ orders: basic({}, { labels: fifty }) }));
      const [posted] = postedLabels(requests);
      assert.equal(Object.keys(posted ?? {}).length, 50);
      assert.equal(Reflect.get(posted ?? {}, "pulumi-creating"), shop.mark("orders"));
      assert.deepEqual(bodies(requests, "UpdateCluster"), [{ labels: fifty }]);
      assert.deepEqual(emulator.clusters.get(shop.resource().id).labels, fifty);
      assert.deepEqual(shop.outputs()["labels"], fifty);
    });

    it("never show the mark, not even in the state of an interrupted create", async () => {
      const { stack } = await startLab();
      const shop = stack();
      await shop.up({ orders: advanced({}, { labels: { a: "b" } }) }, { interruptAfterMs: minute });
      assertNoMark(shop);
      assert.deepEqual(shop.outputs()["labels"], { a: "b" });
      assert.equal(shop.outputs()["state"], "CREATING");
      await shop.refresh();
      assertNoMark(shop);
    });
  });
});
