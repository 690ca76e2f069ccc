import { strict as assert } from "node:assert";
import type { WireCreateCluster } from "../../../emulator";
import { advanced, basic, standard } from "../../support/builders";
import { checkEmulators } from "../../support/emulator";
import type { Stack } from "../../support/shell";
import {
  assertDone,
  bodies,
  count,
  failureOf,
  startLab,
  visible,
  writes,
} from "../../support/shell";

const minute = 60_000;

/** The labels of the POSTs, in order. */
const postedLabels = (requests: Parameters<typeof bodies>[0]) =>
  bodies(requests, "CreateCluster").map(
    (body) => (body as { spec: { labels: object } }).spec.labels,
  );

function assertNoMark(stack: Stack): void {
  assert.doesNotMatch(JSON.stringify(visible(stack.resource().outputs)), /pulumi-creating/);
  assert.doesNotMatch(JSON.stringify(stack.resource().inputs), /pulumi-creating/);
}

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

    it("the first page of clusters once for all creates of a run: 2N + 1 requests and the looks", async () => {
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

  describe("responses", () => {
    it("complete outputs of a Basic cluster, with limits and regions by name", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      const args = basic(
        {
          regions: ["us-west2", "us-east1"],
          primaryRegion: "us-east1",
          usageLimits: { requestUnitLimit: 50_000_000, storageMibLimit: 5_242_880 },
        },
        { name: "basic-test", labels: { team: "payments" } },
      );
      assertDone(await shop.up({ orders: args }));
      const wire = emulator.clusters.find("basic-test");
      assert.equal(shop.resource().id, wire?.id);
      const { createdAt, creatorId, regions, ...outputs } = shop.outputs() as Record<
        string,
        string
      >;
      assert.equal(createdAt, wire?.created_at);
      assert.equal(creatorId, wire?.creator_id);
      assert.deepEqual(
        (regions as unknown as object[]).map((region) => ({
          ...region,
          sqlDns: "",
          internalDns: "",
        })),
        ["us-east1", "us-west2"].map((name) => ({
          name,
          sqlDns: "",
          uiDns: "",
          internalDns: "",
          privateEndpointDns: "",
          nodeCount: 0,
          primary: name === "us-east1",
        })),
      );
      assert.deepEqual(outputs, {
        name: "basic-test",
        cloudProvider: "GCP",
        plan: "BASIC",
        deleteProtection: false,
        labels: { team: "payments" },
        parentId: "root",
        state: "CREATED",
        cockroachVersion: "v25.4.5",
        sqlDns: wire?.sql_dns,
        routingId: wire && "serverless" in wire.config ? wire.config.serverless.routing_id : "",
        accountId: "",
        upgradeStatus: "FINALIZED",
        egressTrafficPolicy: "UNSPECIFIED",
        azureClusterIdentityClientId: "",
        serverless: {
          regions: ["us-east1", "us-west2"],
          primaryRegion: "us-east1",
          usageLimits: { requestUnitLimit: 50_000_000, storageMibLimit: 5_242_880 },
          upgradeType: "AUTOMATIC",
          cockroachVersion: "v25.4",
        },
      });
    });

    it("complete outputs of an Advanced cluster, with what the service has chosen", async () => {
      const { stack } = await startLab();
      const shop = stack();
      assertDone(await shop.up({ orders: advanced() }));
      const { dedicated, accountId, regions, egressTrafficPolicy } = shop.outputs();
      assert.deepEqual(dedicated, {
        regionNodes: { "us-east-1": 3 },
        hardware: {
          machineSpec: { numVirtualCpus: 4, machineType: "m6i.xlarge" },
          storageGib: 35,
          diskIops: 525,
          memoryGib: 16,
        },
        cockroachVersion: "v26.1",
        networkVisibility: "PUBLIC",
      });
      assert.match(String(accountId), /^\d{12}$/);
      assert.equal(egressTrafficPolicy, "ALLOW_ALL");
      const [region] = regions as Record<string, unknown>[];
      assert.match(String(region?.["uiDns"]), /^admin-/);
      assert.equal(region?.["nodeCount"], 3);
    });

    it("settings that the API never responses as they were asked for", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      const args = basic({ withEmptyIpAllowlist: true });
      assertDone(await shop.up({ orders: args }));
      assert.ok(emulator.clusters.startsWithEmptyAllowlist(shop.resource().id));
      assert.equal(
        Reflect.get(shop.outputs()["serverless"] as object, "withEmptyIpAllowlist"),
        true,
      );
      assert.deepEqual((await shop.refresh()).differences, {});
      assert.deepEqual((await shop.up({ orders: args })).steps, ["same orders"]);
    });

    it("a name of its own that stays", async () => {
      const { stack } = await startLab();
      const shop = stack();
      assertDone(await shop.up({ "Orders Database (production)": basic() }));
      const { name } = shop.outputs();
      assert.match(String(name), /^orders-databa-[0-9a-f]{6}$/);
      assertDone(
        await shop.up({ "Orders Database (production)": basic({}, { labels: { a: "b" } }) }),
      );
      assert.equal(shop.outputs()["name"], name);
    });

    it("a warning when the service has chosen another version than the program asks for", async () => {
      const { stack } = await startLab();
      const shop = stack();
      const run = await shop.up({
        orders: standard({ upgradeType: "MANUAL", cockroachVersion: "v25.2" }),
      });
      assertDone(run);
      assert.equal(run.notes.at(-1)?.severity, "warning");
      assert.match(
        run.notes.at(-1)?.text ?? "",
        /created the cluster with CockroachDB v25\.4\.5.*asks for v25\.2/,
      );
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [{ labels: {} }]);
    });
  });

  describe("shows", () => {
    it("the nodes and the time on the resource's line, from the first look on", async () => {
      const { stack } = await startLab();
      const { progress } = assertDone(await stack().up({ orders: advanced() }));
      const texts = progress.map(({ text }) => text);
      assert.match(texts[0] ?? "", /^CREATING · 0 of 3 nodes · \d+ s · usually 20 to 30 min$/);
      assert.ok(texts.slice(0, -1).every((text) => /^CREATING · \d of 3 nodes · /.test(text)));
      assert.ok(
        texts.some((text) => /^CREATING · [12] of 3 nodes · \d+ min · usually/.test(text)),
        texts.join("; "),
      );
      const counts = texts.slice(0, -1).map((text) => /\d(?= of)/.exec(text)?.[0]);
      assert.deepEqual(counts, [...counts].sort());
      assert.match(texts.at(-1) ?? "", /^CREATED · 2\d min$/);
      assert.ok(progress.every(({ name }) => name === "orders"));
      assert.ok(texts.length <= 12, `a line at each change, not at each look: ${texts.join("; ")}`);
    });

    it("no nodes when the key may not list them, and goes on", async () => {
      const { stack, emulator } = await startLab();
      const fault = { status: 403, message: "unauthorized", times: Number.POSITIVE_INFINITY };
      emulator.faults.add("ListClusterNodes", fault);
      const { progress } = assertDone(await stack().up({ orders: advanced() }));
      assert.match(progress[0]?.text ?? "", /^CREATING · \d+ s · usually 20 to 30 min$/);
    });
  });

  describe("waits", () => {
    it("25 minutes for an Advanced cluster with few looks and little lag", async () => {
      const { stack } = await startLab();
      const run = assertDone(await stack().up({ orders: advanced() }));
      assert.ok(
        run.elapsedMs >= 25 * minute && run.elapsedMs <= 27.5 * minute,
        `${run.elapsedMs} ms`,
      );
      assert.ok(
        count(run.requests, "GetCluster") <= 80,
        `${count(run.requests, "GetCluster")} looks`,
      );
    });

    it("about as long and with about as many requests for 100 clusters as for one", async () => {
      const { stack, time } = await startLab();
      const one = assertDone(await stack({ name: "one" }).up({ orders: advanced() }));
      // Else the last requests of one process would count among the first of the next.
      await time.advance(minute);
      const program = Object.fromEntries(
        Array.from({ length: 100 }, (_, index) => [`c${index}`, advanced()]),
      );
      const many = assertDone(await stack().up(program));
      const looks = (requests: typeof many.requests) =>
        count(requests, "GetCluster") + count(requests, "ListClusters");
      assert.ok(
        looks(many.requests) <= 1.5 * looks(one.requests),
        `${looks(many.requests)} reads for 100, ${looks(one.requests)} for one`,
      );
      assert.equal(count(many.requests, "CreateCluster"), 100);
      assert.ok(
        many.elapsedMs < one.elapsedMs * 1.2,
        `${many.elapsedMs} against ${one.elapsedMs} ms`,
      );
      assert.equal(many.requests.filter(({ throttled }) => throttled).length, 0);
    }).timeout(60_000);

    it("over responses that fail in passing", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.add("GetCluster", { status: 503, times: 3 });
      emulator.faults.add("GetCluster", { reset: "before-effect", times: 2 });
      emulator.faults.add("GetCluster", { notJson: true });
      assertDone(await stack().up({ orders: basic() }));
    });

    it("until the labels show when the response to the PATCH is old", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.add("UpdateCluster", { reset: "after-effect" });
      emulator.faults.delayVisibility(5_000);
      const shop = stack();
      const run = await shop.up({ orders: basic() });
      assertDone(run);
      assertNoMark(shop);
      assert.equal(shop.outputs()["state"], "CREATED");
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

  describe("when the response is lost", () => {
    const faults = [
      { reset: "after-effect" },
      { status: 500, effect: "after" },
      { status: 502, body: "<html>bad gateway</html>", effect: "after" },
      { cutBody: true },
      { notJson: true },
      { notJson: "{}" },
      { hang: "after-effect" },
    ] as const;
    for (const fault of faults) {
      it(`by ${JSON.stringify(fault)}, sends one POST and adopts the cluster`, async () => {
        const { stack, emulator } = await startLab();
        emulator.faults.add("CreateCluster", fault);
        const shop = stack();
        const { requests } = assertDone(await shop.up({ orders: basic() }));
        assert.deepEqual(writes(requests), ["CreateCluster", "UpdateCluster"]);
        assert.deepEqual(
          emulator.clusters.list().map(({ id, labels }) => [id, labels]),
          [[shop.resource().id, {}]],
        );
        assert.equal(shop.outputs()["state"], "CREATED");
        assertNoMark(shop);
      });
    }

    it("and nothing was made, fails after 30 s and says that the next update looks again", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.add("CreateCluster", { reset: "before-effect" });
      const shop = stack();
      const run = await shop.up({ orders: basic({}, { name: "orders" }) });
      assert.match(
        failureOf(run),
        /^Creating cluster "orders" failed: .*The response was lost, and no cluster "orders" of this resource has appeared since\. Nothing was sent twice\. Run the update again: it searches/,
      );
      assert.ok(run.elapsedMs >= 30_000 && run.elapsedMs < 40_000, `${run.elapsedMs} ms`);
      assert.deepEqual(writes(run.requests), ["CreateCluster"]);
      assert.equal(shop.resources.size, 0);
      const again = assertDone(await shop.up({ orders: basic({}, { name: "orders" }) }));
      assert.deepEqual(writes(again.requests), ["CreateCluster", "UpdateCluster"]);
    });

    it("and the cluster appears late, adopts it within the 30 s", async () => {
      const { stack, emulator, time } = await startLab();
      emulator.faults.add("CreateCluster", { reset: "before-effect" });
      const shop = stack();
      const work = shop.up({ orders: basic({}, { name: "orders" }) });
      void time.sleep(20_000).then(() =>
        emulator.clusters.create({
          name: "orders",
          provider: "GCP",
          spec: {
            plan: "BASIC",
            labels: { "pulumi-creating": shop.mark("orders") },
            serverless: { regions: ["us-central1"] },
          },
        }),
      );
      const run = assertDone(await work);
      assert.deepEqual(writes(run.requests), ["CreateCluster", "UpdateCluster"]);
      assert.equal(emulator.clusters.list().length, 1);
    });

    it("and the list fails too, reports the lost response and not about the list", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.add("CreateCluster", { reset: "after-effect" });
      const down = { status: 500, times: Number.POSITIVE_INFINITY, nth: 2 };
      emulator.faults.add("ListClusters", down);
      const run = await stack().up({ orders: basic() });
      assert.match(failureOf(run), /^Creating cluster .*The response was lost/);
      assert.equal(count(run.requests, "CreateCluster"), 1);
    });

    it("the POST is repeated when it certainly had no effect", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.add("CreateCluster", { status: 429, headers: { "Retry-After": "2" } });
      emulator.faults.add("CreateCluster", {
        status: 503,
        message: "couldn't lock organization: another operation is in progress",
      });
      const { requests } = assertDone(await stack().up({ orders: basic() }));
      assert.equal(count(requests, "CreateCluster"), 3);
      assert.equal(emulator.clusters.list().length, 1);
    });
  });

  describe("after an interrupted run", () => {
    for (const [what, args] of [
      ["Basic", basic({}, { labels: { team: "payments" } })],
      ["Standard", standard()],
      ["Advanced", advanced()],
    ] as const) {
      it(`that was killed between the POST and the checkpoint, adopts the ${what} cluster`, async () => {
        const { stack, emulator } = await startLab();
        const shop = stack();
        const killed = await shop.up({ orders: args }, { killAfterMs: 1_500 });
        assert.equal(count(killed.requests, "CreateCluster"), 1);
        assert.equal(shop.resources.size, 0);
        const run = assertDone(await shop.up({ orders: args }));
        assert.deepEqual(writes(run.requests), ["UpdateCluster"]);
        assert.deepEqual(
          emulator.clusters.list().map(({ id }) => id),
          [shop.resource().id],
        );
        assert.deepEqual(emulator.clusters.list()[0]?.labels, args["labels"] ?? {});
        assert.match(
          run.notes.at(-1)?.text ?? "",
          /interrupted run of this resource created cluster .* adopted/,
        );
        assertNoMark(shop);
      });
    }

    it("that ended after a read with another region finishes the cluster and does not replace it", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      const program = { orders: standard() };
      await shop.up(program, { killAtRequest: 2 });
      const [cluster] = emulator.clusters.list();
      const regions = [{ ...cluster?.regions[0], name: "us-west2" }];
      emulator.faults.add("GetCluster", { status: 200, body: { ...cluster, regions } });
      emulator.faults.add("GetCluster", { status: 403, message: "not allowed" });
      assert.match(failureOf(await shop.up(program)), / 403 not allowed/);
      const run = assertDone(await shop.up(program));
      assert.deepEqual(run.steps, ["update orders"]);
      assert.deepEqual(
        emulator.clusters.list().map(({ id }) => id),
        [cluster?.id],
      );
    });

    it("looks in every page of the list", async () => {
      const { stack, emulator } = await startLab({ assumptions: { pageMax: 2 } });
      for (const name of ["aaaaaa", "bbbbbb", "cccccc", "dddddd"]) {
        emulator.clusters.create({
          name,
          provider: "GCP",
          spec: { serverless: { regions: ["us-central1"] } },
        });
      }
      const shop = stack();
      await shop.up({ orders: basic() }, { killAfterMs: 1_500 });
      const run = assertDone(await shop.up({ orders: basic() }));
      assert.equal(count(run.requests, "CreateCluster"), 0);
    });

    for (const [whose, others] of [
      ["another stack", { name: "other" }],
      ["the same stack in another Pulumi organization", { organization: "umbrella" }],
    ] as const) {
      it(`leaves alone the unfinished cluster of ${whose}`, async () => {
        const { stack, emulator } = await startLab();
        await stack(others).up({ orders: basic() }, { killAfterMs: 1_500 });
        const before = emulator.clusters.list();
        assert.deepEqual(
          before.map(({ labels }) => labels),
          [{ "pulumi-creating": stack(others).mark("orders") }],
        );
        const shop = stack();
        const run = assertDone(await shop.up({ orders: basic() }));
        assert.deepEqual(writes(run.requests), ["CreateCluster", "UpdateCluster"]);
        const [other] = before;
        assert.notEqual(shop.resource().id, other?.id);
        assertDone(await shop.destroy());
        const kept = emulator.clusters.get(other?.id ?? "");
        assert.deepEqual([kept.state === "DELETED", kept.labels], [false, other?.labels]);
      });

      it(`refuses a name that is taken by the unfinished cluster of ${whose}`, async () => {
        const { stack, emulator } = await startLab();
        const args = basic({}, { name: "orders-test" });
        await stack(others).up({ orders: args }, { killAfterMs: 1_500 });
        const [other] = emulator.clusters.list();
        const run = await stack().up({ orders: args });
        assert.match(
          failureOf(run),
          new RegExp(
            `^There is a cluster named "orders-test" already \\(${other?.id}, .* no mark of this resource`,
          ),
        );
        assert.deepEqual(writes(run.requests), []);
        assert.deepEqual(emulator.clusters.get(other?.id ?? "").labels, other?.labels);
      });
    }

    it("leaves alone the unfinished cluster of another resource", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ billing: basic() }, { killAfterMs: 1_500 });
      const [billing] = emulator.clusters.list();
      assertDone(await shop.up({ orders: basic() }));
      assert.notEqual(shop.resource("orders").id, billing?.id);
      assert.equal(
        emulator.clusters.get(billing?.id ?? "").labels["pulumi-creating"],
        shop.mark("billing"),
      );
    });

    it("brings the rest in line when the program has changed what can be changed", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ orders: basic() }, { killAfterMs: 1_500 });
      const args = standard({ usageLimits: { provisionedVirtualCpus: 4 } }, { labels: { a: "b" } });
      const run = assertDone(await shop.up({ orders: args }));
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [
        {
          plan: "STANDARD",
          serverless: { usage_limits: { provisioned_virtual_cpus: "4" } },
        },
        // The mark goes last: a run that is killed before it finds the cluster again.
        { labels: { a: "b" } },
      ]);
      assert.equal(emulator.clusters.list().length, 1);
      assert.equal(shop.outputs()["plan"], "STANDARD");
    });

    it("refuses to adopt a cluster whose create-only settings the program has changed", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ orders: basic() }, { killAfterMs: 1_500 });
      const [made] = emulator.clusters.list();
      const run = await shop.up({ orders: basic({ regions: ["us-east1"] }) });
      assert.equal(
        failureOf(run),
        `An interrupted run of this resource created cluster "${made?.name}" (${made?.id}), and the program has changed since: serverless.regions is ["us-central1"] but the program has ["us-east1"]. Put the old settings back and run the update again, which finishes that cluster; or delete it in the CockroachDB Cloud Console, when nobody needs it.`,
      );
      assert.deepEqual(writes(run.requests), []);
      assertDone(await shop.up({ orders: basic() }));
    });

    it("makes a new one when the unfinished one has failed since", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ orders: basic() }, { killAfterMs: 1_500 });
      emulator.clusters.failCreation(emulator.clusters.list()[0]?.id ?? "");
      const run = assertDone(await shop.up({ orders: basic() }));
      assert.equal(count(run.requests, "CreateCluster"), 1);
    });

    it("deletes the unfinished one that has failed since, where it holds the name", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      const args = basic({}, { name: "orders" });
      await shop.up({ orders: args }, { killAfterMs: 1_500 });
      const failed = emulator.clusters.list()[0]?.id ?? "";
      emulator.clusters.failCreation(failed);
      const run = assertDone(await shop.up({ orders: args }));
      assert.equal(emulator.clusters.get(failed).state, "DELETED");
      assert.notEqual(shop.resource("orders").id, failed);
      const { labels, state } = emulator.clusters.get(shop.resource("orders").id);
      assert.deepEqual([labels, state], [{}, "CREATED"]);
      assert.equal(count(run.requests, "DeleteCluster"), 1);
    });

    it("leaves a failed cluster of another resource alone, where it holds the name", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      const args = basic({}, { name: "orders" });
      await shop.up({ billing: args }, { killAfterMs: 1_500 });
      const failed = emulator.clusters.list()[0]?.id ?? "";
      emulator.clusters.failCreation(failed);
      const run = await shop.up({ orders: args });
      assert.match(failureOf(run), /it carries no mark of this resource/);
      assert.equal(count(run.requests, "DeleteCluster"), 0);
    });
  });

  describe("when the name is taken", () => {
    const namesake: WireCreateCluster = {
      name: "orders",
      provider: "AWS",
      spec: { plan: "BASIC", serverless: { regions: ["us-east-1"] } },
    };
    const args = basic({}, { name: "orders" });

    it("names the cluster and the import option, without a POST", async () => {
      const { stack, emulator } = await startLab();
      const { id } = emulator.clusters.create(namesake);
      const run = await stack().up({ orders: args });
      assert.equal(
        failureOf(run),
        `There is a cluster named "orders" already (${id}, plan BASIC, on AWS), and it carries no mark of this resource. To manage it here, add the option {import: "${id}"} to the resource. If this run replaces it (--replace, \`pulumi state taint\`), add the option deleteBeforeReplace: true instead. If an interrupted replacement is still to delete it, first run the update with the former settings. Otherwise choose another name.`,
      );
      assert.deepEqual(writes(run.requests), []);
    });

    it("does so also when the namesake has come since the list was made", async () => {
      const { stack, emulator } = await startLab({ durations: { createBasicMs: 0 } });
      const shop = stack();
      const run = await shop.up({
        first: basic({}, { name: "orders" }),
        second: basic({}, { name: "orders" }),
      });
      const [made] = emulator.clusters.list();
      assert.match(
        failureOf(run),
        new RegExp(`There is a cluster named "orders" already \\(${made?.id}`),
      );
      assert.equal(emulator.clusters.list().length, 1);
    });

    it("does so also when the namesake has failed, which the list leaves out", async () => {
      const { stack, emulator } = await startLab();
      const { id } = emulator.clusters.create(namesake);
      emulator.clusters.failCreation(id);
      const run = await stack().up({ orders: args });
      assert.match(
        failureOf(run),
        new RegExp(`There is a cluster named "orders" already \\(${id}`),
      );
    });

    it("passes on a conflict that is about something else", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.add("CreateCluster", { status: 409, message: "the quota is used up" });
      const run = await stack().up({ orders: args });
      assert.match(
        failureOf(run),
        /^Creating cluster "orders" failed: 409 the quota is used up .*No other cluster of this name was found/,
      );
    });

    it("does not mind a namesake that is deleted", async () => {
      const { stack, emulator } = await startLab();
      emulator.clusters.delete(emulator.clusters.create(namesake).id);
      assertDone(await stack().up({ orders: args }));
    });
  });

  describe("that fails", () => {
    it("keeps the id of a cluster that the service failed to make, and the next update replaces it", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.failNextCreation();
      const shop = stack();
      const run = await shop.up({ orders: advanced() });
      const { id, outputs, initErrors } = shop.resource();
      assert.match(
        failureOf(run),
        /^The service failed to create cluster .*CREATION_FAILED.*the next update replaces it, and destroy deletes it/,
      );
      assert.equal(outputs["state"], "CREATION_FAILED");
      assert.equal(initErrors.length, 1);

      const preview = await shop.preview({ orders: advanced() });
      assert.deepEqual(preview.steps, ["replace orders"]);
      assert.equal(preview.requests.length, 0);
      assert.match(preview.notes[0]?.text ?? "", /the failed cluster is replaced/);
      const again = assertDone(await shop.up({ orders: advanced() }));
      assert.notEqual(shop.resource().id, id);
      assert.deepEqual(writes(again.requests), ["CreateCluster", "UpdateCluster", "DeleteCluster"]);
      assert.equal(emulator.clusters.get(id).state, "DELETED");
    });

    it("frees the name of a failed cluster before it makes the next one", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.failNextCreation();
      const shop = stack();
      const args = basic({}, { name: "orders" });
      failureOf(await shop.up({ orders: args }));
      const run = assertDone(await shop.up({ orders: args }));
      assert.deepEqual(writes(run.requests), ["DeleteCluster", "CreateCluster", "UpdateCluster"]);
    });

    it("destroys a failed cluster", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.failNextCreation();
      const shop = stack();
      await shop.up({ orders: basic() });
      assertDone(await shop.destroy());
      assert.equal(emulator.clusters.list()[0]?.state, "DELETED");
    });

    it("by its time-out keeps the id, says what it last saw, and the next update goes on", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      const options = { orders: { customTimeouts: { create: "10m", update: "1s" } } };
      const run = await shop.up({ orders: advanced() }, { options });
      const { id } = shop.resource();
      assert.equal(
        failureOf(run),
        `Timed out waiting for the cluster to be ready: cluster ${id} continues in CockroachDB Cloud. It was last seen CREATING. Nothing is lost: the next update resumes the wait.`,
      );
      assert.ok(
        run.elapsedMs >= 10 * minute && run.elapsedMs < 10.2 * minute,
        `${run.elapsedMs} ms`,
      );
      assert.equal(shop.outputs()["state"], "CREATING");
      assert.deepEqual((await shop.preview({ orders: advanced() }, { options })).requests, []);

      options.orders.customTimeouts.create = "1h";
      const again = assertDone(await shop.up({ orders: advanced() }, { options }));
      assert.deepEqual(again.steps, ["update orders"]);
      assert.deepEqual(writes(again.requests), ["UpdateCluster"]);
      assert.equal(shop.resource().id, id);
      assert.equal(shop.outputs()["state"], "CREATED");
      assert.deepEqual(emulator.clusters.get(id).labels, {});
      assert.deepEqual((await shop.up({ orders: advanced() }, { options })).steps, ["same orders"]);
    });

    it("by the default time-out of half an hour for Basic, an hour for Advanced", async () => {
      for (const [args, minutes] of [
        [basic(), 30],
        [standard(), 30],
        [advanced(), 60],
      ] as const) {
        const forever = 1e9;
        const { stack } = await startLab({
          durations: {
            createBasicMs: forever,
            createStandardMs: forever,
            createAdvancedMs: forever,
          },
        });
        const run = await stack().up({ orders: args });
        assert.match(failureOf(run), /^Timed out waiting/);
        assert.ok(Math.abs(run.elapsedMs - minutes * minute) < 1_000, `${run.elapsedMs} ms`);
        assert.ok(
          run.requests.length <= (minutes === 30 ? 85 : 140),
          `${run.requests.length} requests`,
        );
      }
    });

    it("by Ctrl-C during the wait keeps the id at once, and the next update goes on and takes the mark off", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      const run = await shop.up({ orders: advanced() }, { interruptAfterMs: 10 * minute });
      const { id } = shop.resource();
      assert.match(
        failureOf(run),
        new RegExp(
          `^Stopped waiting for the cluster to be ready: cluster ${id} continues in CockroachDB Cloud\\.`,
        ),
      );
      assert.ok(run.elapsedMs < 10 * minute + 1_000, `${run.elapsedMs} ms`);
      assert.equal(emulator.clusters.get(id).labels["pulumi-creating"], shop.mark("orders"));
      const again = assertDone(await shop.up({ orders: advanced() }));
      assert.deepEqual(writes(again.requests), ["UpdateCluster"]);
      assert.deepEqual(emulator.clusters.get(id).labels, {});
      assert.equal(emulator.clusters.list().length, 1);
    });

    it("by Ctrl-C and is finished by the service, is still finished by the update after a refresh", async () => {
      const { stack, emulator, time } = await startLab();
      const shop = stack();
      await shop.up({ orders: advanced() }, { interruptAfterMs: minute });
      await time.advance(60 * minute);
      await shop.refresh();
      assert.equal(shop.outputs()["state"], "CREATING");
      assert.deepEqual(shop.resource().initErrors, []);
      const run = assertDone(await shop.up({ orders: advanced() }));
      assert.deepEqual(writes(run.requests), ["UpdateCluster"]);
      assert.equal(shop.outputs()["state"], "CREATED");
      assert.deepEqual(emulator.clusters.get(shop.resource().id).labels, {});
    });

    it("by Ctrl-C while the finished cluster is locked by somebody, is finished by the next update", async () => {
      const { stack, emulator } = await startLab({ durations: { createBasicMs: 60_000 } });
      const shop = stack();
      await shop.up({ orders: basic() }, { interruptAfterMs: 30_000 });
      const { id } = shop.resource();
      emulator.clusters.finish(id);
      emulator.clusters.lock(id, 5 * minute);
      await shop.refresh();
      assertDone(await shop.up({ orders: basic() }));
      assert.deepEqual(emulator.clusters.get(id).labels, {});
    });

    it("by Ctrl-C during the POST still hears its response, or leaves a cluster that the next update adopts", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.add("CreateCluster", { hang: "after-effect" });
      const shop = stack();
      const run = await shop.up({ orders: basic() }, { interruptAfterMs: 5_000 });
      assert.match(failureOf(run), /^Creating cluster .* no response from .*The response was lost/);
      // A write is not cut short, and nothing is searched for afterwards.
      assert.ok(run.elapsedMs < 31_000, `${run.elapsedMs} ms`);
      assert.equal(count(run.requests, "ListClusters"), 1);
      assert.equal(shop.resources.size, 0);
      const again = assertDone(await shop.up({ orders: basic() }));
      assert.equal(count(again.requests, "CreateCluster"), 0);
      assert.equal(emulator.clusters.list().length, 1);
    });

    it("at taking the mark off keeps the id, and the next update takes it off", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.add("UpdateCluster", { status: 403, message: "unauthorized" });
      const shop = stack();
      const run = await shop.up({ orders: basic() });
      assert.match(
        failureOf(run),
        /^Updating cluster .* failed: 403 unauthorized.*It requires .*Cluster Admin/,
      );
      assert.equal(shop.outputs()["state"], "CREATING");
      assertDone(await shop.up({ orders: basic() }));
      assert.deepEqual(emulator.clusters.get(shop.resource().id).labels, {});
    });

    it("takes the mark off once when only the response of the PATCH is lost", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.add("UpdateCluster", { reset: "after-effect" });
      const { requests } = assertDone(await stack().up({ orders: basic() }));
      assert.equal(count(requests, "UpdateCluster"), 1);
      emulator.faults.add("UpdateCluster", { reset: "before-effect" });
      const other = assertDone(await stack({ name: "other" }).up({ orders: basic() }));
      assert.equal(count(other.requests, "UpdateCluster"), 2);
    });

    it("reports that a cluster was deleted while it was waited for", async () => {
      const { stack, emulator, time } = await startLab();
      const shop = stack();
      const work = shop.up({ orders: advanced() });
      void time
        .sleep(5 * minute)
        .then(() => emulator.clusters.delete(emulator.clusters.list()[0]?.id ?? ""));
      assert.match(failureOf(await work), /^Cluster .* was deleted while/);
    });

    it("with the API's words for what the service refuses", async () => {
      const { stack } = await startLab();
      const shop = stack();
      const run = await shop.up({
        orders: basic({ regions: ["us-nowhere9"] }, { name: "orders" }),
      });
      assert.match(
        failureOf(run),
        /^Creating cluster "orders" failed: 400 .*us-nowhere9.* listAvailableRegions\(\{ provider: "GCP", serverless: true \}\) lists the regions/,
      );
      assert.equal(shop.resources.size, 0);
    });

    it("with the role that is missing, without a second try", async () => {
      const { stack, emulator } = await startLab();
      const secret = emulator.organization.addKey({ roles: [{ role: "CLUSTER_DEVELOPER" }] });
      const environment = { COCKROACH_SERVER: emulator.url, COCKROACH_API_KEY: secret };
      const run = await stack({ environment }).up({ orders: basic() });
      assert.match(
        failureOf(run),
        /^Creating cluster .* failed: 403 .*It requires .*Cluster Creator/,
      );
      assert.equal(count(run.requests, "CreateCluster"), 1);
    });

    it("with the three ways to give a key when there is none, and only when it runs", async () => {
      const { stack } = await startLab();
      const shop = stack({ environment: {} });
      assertDone(await shop.preview({ orders: basic() }));
      const failure = failureOf(await shop.up({ orders: basic() }));
      assert.match(
        failure,
        /pulumi config set --secret cockroachdb-cloud:apiKey.*COCKROACH_API_KEY.*explicit Provider/,
      );
    });

    it("with one sentence for a wrong key, which it does not show", async () => {
      const { stack, emulator } = await startLab();
      const secret = "CCDB1_canary0canary0canary00_0123456789abcdef0123456789abcdef01234567";
      const environment = { COCKROACH_SERVER: emulator.url, COCKROACH_API_KEY: secret };
      const run = await stack({ environment }).up({ orders: basic() });
      assert.match(failureOf(run), /^Listing clusters failed: 401 /);
      assert.equal(run.requests.length, 1);
      assert.doesNotMatch(JSON.stringify(run), /canary/);
    });

    it("with the address when nobody is there", async () => {
      const { stack } = await startLab();
      const environment = { COCKROACH_SERVER: "http://127.0.0.1:9", COCKROACH_API_KEY: "key" };
      const run = await stack({ environment }).up({ orders: basic() });
      assert.match(
        failureOf(run),
        /no connection to http:\/\/127\.0\.0\.1:9: .*ECONNREFUSED.*\. Nothing listens at this address: start the server/,
      );
      assert.equal(run.elapsedMs, 0);
    });
  });
});
