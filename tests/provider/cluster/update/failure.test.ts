import { strict as assert } from "node:assert";
import { advanced, basic, standard } from "../../../support/builders";
import { checkEmulators } from "../../../support/emulator";
import { bodies, count } from "../../../support/engine-model/requests";
import { assertDone, failureOf } from "../../../support/engine-model/run";
import type { Args } from "./one-cluster";
import { hardware, hour, minute, withCluster } from "./one-cluster";

describe("Cluster update", () => {
  checkEmulators();

  describe("that fails", () => {
    const jobs: [string, Args, Args, RegExp][] = [
      [
        "scaling",
        advanced(),
        advanced({ regionNodes: { "us-east-1": 5 } }),
        /^Changing dedicated\.regionNodes of cluster .* failed: the service reports CRDB_SCALE_FAILED/,
      ],
      [
        "other machines",
        advanced(),
        hardware({ machineSpec: { numVirtualCpus: 8 } }),
        /the service reports CRDB_INSTANCE_UPDATE_FAILED/,
      ],
      [
        "an upgrade",
        advanced({ cockroachVersion: "v25.2" }),
        advanced({ cockroachVersion: "v25.4" }),
        /^Changing dedicated\.cockroachVersion .* the service reports CRDB_MAJOR_UPGRADE_FAILED/,
      ],
    ];
    it("with the word of the response to the PATCH, also twice in a row", async () => {
      const { shop, emulator, id } = await withCluster(advanced());
      const failedOperation = "CRDB_SCALE_FAILED";
      const after = {
        orders: advanced({ regionNodes: { "us-east-1": 5 } }, { labels: { a: "b" } }),
      };
      for (const _round of ["first", "second"]) {
        const labels = { a: "b" };
        emulator.faults.add("UpdateCluster", {
          status: 200,
          body: { ...emulator.clusters.get(id), labels, operation_status: failedOperation },
        });
        emulator.clusters.edit(id, { labels, failedOperation });
        const run = await shop.up(after);
        assert.match(
          failureOf(run),
          /^Changing dedicated\.regionNodes of cluster .* failed: the service reports CRDB_SCALE_FAILED/,
        );
        assert.equal(count(run.requests, "UpdateCluster"), 1);
        assert.ok(run.elapsedMs < 20_000, `${run.elapsedMs} ms`);
      }
      assertDone(await shop.up(after));
      assert.equal(emulator.clusters.get(id).regions[0]?.node_count, 5);
    });

    it("not for a failure of before that the response to the PATCH still reports", async () => {
      const { shop, emulator, id, time } = await withCluster(advanced());
      const five = { "us-east-1": 5 };
      emulator.clusters.edit(id, { failedOperation: "CRDB_SCALE_FAILED" });
      emulator.faults.add("UpdateCluster", { status: 200, body: emulator.clusters.get(id) });
      const work = shop.up({ orders: advanced({ regionNodes: five }) });
      // The operation begins some seconds after the response.
      void time.sleep(5_000).then(async () => {
        await fetch(`${emulator.url}/api/v1/clusters/${id}`, {
          method: "PATCH",
          headers: { Authorization: `Bearer ${emulator.apiKey}` },
          body: JSON.stringify({ dedicated: { region_nodes: five } }),
        });
      });
      assertDone(await work);
      assert.equal(emulator.clusters.get(id).regions[0]?.node_count, 5);
    });

    it("not for the failed upgrade of before while other regions are added", async () => {
      const { shop, emulator, id } = await withCluster(standard());
      emulator.clusters.edit(id, { failedOperation: "CRDB_MAJOR_UPGRADE_FAILED" });
      const regions = { regions: ["us-central1", "us-east1"], primaryRegion: "us-central1" };
      emulator.faults.delayVisibility(2 * minute);
      assertDone(await shop.up({ orders: standard(regions) }));
      assert.equal(emulator.clusters.get(id).regions.length, 2);
    });

    for (const [what, before, after, failure] of jobs) {
      it(`in the service, with its word for it: ${what}`, async () => {
        const { shop, emulator } = await withCluster(before);
        emulator.faults.failNextJob();
        const run = await shop.up({ orders: after });
        assert.match(failureOf(run), failure);
        assert.equal(count(run.requests, "UpdateCluster"), 1);
        emulator.faults.failNextJob();
        const second = await shop.up({ orders: after });
        assert.match(failureOf(second), failure, "the same word once more is news");
        assert.ok(second.elapsedMs > 0, "but not before the service has tried");
        // The next update retries it, although the failure of before still stands there.
        const again = assertDone(await shop.up({ orders: after }));
        assert.deepEqual(again.steps, ["update orders"]);
        assert.equal(count(again.requests, "UpdateCluster"), 1);
        assert.deepEqual((await shop.up({ orders: after })).steps, ["same orders"]);
      });
    }

    it("at the second of two steps keeps the first one in state, and the next update does the rest", async () => {
      const { shop, emulator } = await withCluster(basic());
      emulator.faults.add("UpdateCluster", { status: 403, message: "unauthorized", nth: 2 });
      const after = standard({}, { labels: { a: "b" } });
      const run = await shop.up({ orders: after });
      assert.match(failureOf(run), /403/);
      assert.deepEqual(shop.outputs()["labels"], { a: "b" });
      assert.equal(shop.outputs()["plan"], "BASIC");
      assert.equal(shop.resource().inputs["plan"], "BASIC");
      const again = assertDone(await shop.up({ orders: after }));
      assert.deepEqual(bodies(again.requests, "UpdateCluster"), [
        { plan: "STANDARD", serverless: { usage_limits: { provisioned_virtual_cpus: "2" } } },
      ]);
    });

    it("half-way and is taken back puts the first step back", async () => {
      const { shop, emulator, id } = await withCluster(basic({}, { labels: {} }));
      emulator.faults.add("UpdateCluster", { status: 403, message: "unauthorized", nth: 2 });
      await shop.up({ orders: standard({}, { labels: { a: "b" } }) });
      const run = assertDone(await shop.up({ orders: basic({}, { labels: {} }) }));
      assert.deepEqual(run.steps, ["update orders"]);
      assert.deepEqual(emulator.clusters.get(id).labels, {});
    });

    it("before anything was accepted leaves the state as it was", async () => {
      const { shop, emulator } = await withCluster(basic());
      const before = structuredClone(shop.resource());
      emulator.faults.add("UpdateCluster", { status: 403, message: "unauthorized" });
      failureOf(await shop.up({ orders: basic({}, { labels: { a: "b" } }) }));
      assert.deepEqual(shop.resource(), before);
    });

    it("by its time-out keeps what it saw, and the next update goes on", async () => {
      const { shop } = await withCluster(advanced());
      const after = advanced({ regionNodes: { "us-east-1": 5 } });
      const options = { orders: { customTimeouts: { update: "5m" } } };
      const run = await shop.up({ orders: after }, { options });
      assert.match(
        failureOf(run),
        /^Timed out waiting for the change of dedicated\.regionNodes: cluster .* continues in CockroachDB Cloud\. It was last seen CRDB_SCALE_RUNNING/,
      );
      assert.equal(shop.outputs()["state"], "LOCKED");
      assertDone(await shop.up({ orders: after }));
      assert.equal(shop.outputs()["state"], "CREATED");
    });

    it("for the 48 hours after Standard to Basic, with the API's words and what to write meanwhile", async () => {
      const { shop, time } = await withCluster(standard());
      assertDone(await shop.up({ orders: basic() }));
      await time.advance(47 * hour);
      const { name } = shop.outputs();
      assert.match(
        failureOf(await shop.up({ orders: standard() })),
        new RegExp(
          `^Updating cluster "${name}" \\(\\S+\\) failed: 400 .*within 48 hours.* made cluster "${name}" BASIC\\. Until then write plan: "BASIC"`,
        ),
      );
      assert.equal(shop.outputs()["plan"], "BASIC");
      await time.advance(2 * hour);
      assertDone(await shop.up({ orders: standard() }));
    });

    it("for Standard to Basic with a log export, and says to remove it in an update before", async () => {
      const { shop, emulator, id } = await withCluster(standard());
      emulator.logExports.set(id, {
        type: "GCP_CLOUD_LOGGING",
        log_name: "orders",
        auth_principal: "acme",
      });
      assert.match(
        failureOf(await shop.up({ orders: basic() })),
        / 400 .* Take the log and metric exports out of the program in one update, and change the plan in the next/,
      );
    });

    it("for the fourth decrease of vCPUs in seven days, with the API's words", async () => {
      const vcpus = (provisionedVirtualCpus: number) =>
        standard({ usageLimits: { provisionedVirtualCpus } });
      const { shop } = await withCluster(vcpus(10));
      for (const count of [8, 6, 4]) assertDone(await shop.up({ orders: vcpus(count) }));
      assert.match(failureOf(await shop.up({ orders: vcpus(2) })), /three times within a 7-day/);
      assertDone(await shop.up({ orders: vcpus(12) }));
    });

    it("on a cluster that is deleted, and says to refresh", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.clusters.delete(id);
      assert.match(
        failureOf(await shop.up({ orders: basic({}, { labels: { a: "b" } }) })),
        /failed: 404 |was deleted/,
      );
    });
  });
});
