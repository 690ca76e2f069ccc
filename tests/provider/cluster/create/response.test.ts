import { strict as assert } from "node:assert";
import { advanced, basic, standard } from "../../../support/builders";
import { checkEmulators } from "../../../support/emulator";
import { startLab } from "../../../support/engine-model/lab";
import { bodies, count } from "../../../support/engine-model/requests";
import { assertDone } from "../../../support/engine-model/run";
import { assertNoMark, minute } from "./marks";

describe("Cluster create", () => {
  checkEmulators();

  describe("returns", () => {
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

    it("settings that the API never returns as they were requested", async () => {
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
    it("the nodes and the time on the resource's line, from the first poll on", async () => {
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
      assert.ok(texts.length <= 12, `a line at each change, not at each poll: ${texts.join("; ")}`);
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
    it("25 minutes for an Advanced cluster with few polls and little lag", async () => {
      const { stack } = await startLab();
      const run = assertDone(await stack().up({ orders: advanced() }));
      assert.ok(
        run.elapsedMs >= 25 * minute && run.elapsedMs <= 27.5 * minute,
        `${run.elapsedMs} ms`,
      );
      assert.ok(
        count(run.requests, "GetCluster") <= 80,
        `${count(run.requests, "GetCluster")} polls`,
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
      const polls = (requests: typeof many.requests) =>
        count(requests, "GetCluster") + count(requests, "ListClusters");
      assert.ok(
        polls(many.requests) <= 1.5 * polls(one.requests),
        `${polls(many.requests)} reads for 100, ${polls(one.requests)} for one`,
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
});
