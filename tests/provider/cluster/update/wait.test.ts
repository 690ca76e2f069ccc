import { strict as assert } from "node:assert";
import { advanced, basic, standard } from "../../../support/builders";
import { checkEmulators } from "../../../support/emulator";
import { startLab } from "../../../support/engine-model/lab";
import { count } from "../../../support/engine-model/requests";
import { assertDone, failureOf } from "../../../support/engine-model/run";
import type { Args } from "./one-cluster";
import { hour, minute, three, withCluster } from "./one-cluster";

describe("Cluster update", () => {
  checkEmulators();

  describe("waits", () => {
    it("until an Advanced change is done and visible", async () => {
      const { shop } = await withCluster(advanced());
      const run = assertDone(await shop.up({ orders: advanced({ regionNodes: three }) }));
      assert.ok(run.elapsedMs >= hour && run.elapsedMs <= 1.1 * hour, `${run.elapsedMs} ms`);
      assert.equal((shop.outputs()["regions"] as object[]).length, 3);
      assert.equal(shop.outputs()["state"], "CREATED");
      assert.ok(
        run.progress.some(({ text }) => /^CRDB_SCALE_RUNNING · \d of 9 nodes · /.test(text)),
      );
    });

    it("until a plan change is done", async () => {
      const { shop } = await withCluster(basic(), { durations: { changePlanMs: 2 * minute } });
      const run = assertDone(await shop.up({ orders: standard() }));
      assert.ok(run.elapsedMs >= 2 * minute && run.elapsedMs < 2.3 * minute, `${run.elapsedMs} ms`);
      assert.equal(shop.outputs()["plan"], "STANDARD");
    });

    it("until a region is there", async () => {
      const { shop } = await withCluster(basic(), {
        durations: { addServerlessRegionMs: 5 * minute },
      });
      const after = basic({ regions: ["us-central1", "us-east1"], primaryRegion: "us-central1" });
      const run = assertDone(await shop.up({ orders: after }));
      assert.ok(run.elapsedMs >= 5 * minute);
      assert.equal((shop.outputs()["regions"] as object[]).length, 2);
    });

    for (const busy of [
      { status: 503, code: 14, message: "couldn't lock cluster" },
      { status: 400, code: 9, message: "couldn't lock cluster 'abc'" },
      { status: 409, code: 10, message: "cluster lock is held" },
    ]) {
      it(`while the cluster is busy and the API says so with ${busy.status}`, async () => {
        const { shop, emulator, id } = await withCluster(basic(), {
          assumptions: { busy: { status: busy.status, code: busy.code } },
        });
        emulator.clusters.lock(id, 20 * minute);
        emulator.faults.add("UpdateCluster", busy);
        const run = assertDone(await shop.up({ orders: basic({}, { labels: { a: "b" } }) }));
        assert.deepEqual(emulator.clusters.get(id).labels, { a: "b" });
        assert.ok(
          run.elapsedMs >= 20 * minute && run.elapsedMs < 25 * minute,
          `${run.elapsedMs} ms`,
        );
        assert.equal(count(run.requests, "UpdateCluster"), 2, "refused once, then sent");
      });
    }

    it("no longer than the time-out for a cluster that stays busy", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.clusters.lock(id);
      const options = { orders: { customTimeouts: { update: "10m" } } };
      const run = await shop.up({ orders: basic({}, { labels: { a: "b" } }) }, { options });
      assert.match(
        failureOf(run),
        /^Updating cluster .* failed: 503 couldn't lock cluster .*\(request id .*\)\. The cluster was not free for 10 min and was last seen MAINTENANCE_RUNNING: run this again when it is\.$/,
      );
      assert.equal(count(run.requests, "UpdateCluster"), 1);
      assert.ok(run.elapsedMs <= 10 * minute + 1_000, `${run.elapsedMs} ms`);
    });

    it("for what GET shows late, when the response to the PATCH is lost", async () => {
      const { shop, emulator } = await withCluster(basic());
      emulator.faults.add("UpdateCluster", { reset: "after-effect" });
      emulator.faults.delayVisibility(20_000);
      const run = assertDone(await shop.up({ orders: basic({}, { labels: { a: "b" } }) }));
      assert.deepEqual(shop.outputs()["labels"], { a: "b" });
      assert.ok(count(run.requests, "UpdateCluster") <= 2);
    });

    it("for all steps although GET shows each of them late", async () => {
      const { shop, emulator, id } = await withCluster(basic(), {
        durations: { visibilityMs: 15_000 },
      });
      const after = standard(
        { upgradeType: "MANUAL" },
        { labels: { a: "b" }, deleteProtection: true },
      );
      const run = assertDone(await shop.up({ orders: after }));
      assert.equal(count(run.requests, "UpdateCluster"), 3);
      assert.equal(emulator.clusters.get(id).plan, "STANDARD");
      assert.deepEqual(shop.outputs()["labels"], { a: "b" });
      assert.equal((shop.outputs()["serverless"] as Args)["upgradeType"], "MANUAL");
    });
  });

  describe("when the response to the PATCH is lost", () => {
    for (const fault of [
      { reset: "after-effect" },
      { status: 500, effect: "after" },
      { cutBody: true },
      { notJson: true },
      { hang: "after-effect" },
    ] as const) {
      it(`by ${JSON.stringify(fault)}, reads the cluster and does not repeat what took effect`, async () => {
        const { shop, emulator, id } = await withCluster(basic());
        emulator.faults.add("UpdateCluster", fault);
        const run = assertDone(await shop.up({ orders: basic({}, { labels: { a: "b" } }) }));
        assert.equal(count(run.requests, "UpdateCluster"), 1);
        assert.deepEqual(emulator.clusters.get(id).labels, { a: "b" });
        assert.deepEqual(shop.outputs()["labels"], { a: "b" });
      });
    }

    it("of a step that only prepares the next, does not take it for done", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      assertDone(await shop.up({ orders: standard({ upgradeType: "MANUAL" }) }));
      const lost = { reset: "before-effect", times: Number.POSITIVE_INFINITY } as const;
      emulator.faults.add("UpdateCluster", lost);
      const run = await shop.up({ orders: basic() });
      assert.match(failureOf(run), /broke before the response was complete/);
      assert.ok(count(run.requests, "UpdateCluster") <= 10);
      emulator.faults.clear();
      assertDone(await shop.up({ orders: basic() }));
      assert.equal(emulator.clusters.get(shop.resource().id).plan, "BASIC");
    });

    it("keeps trying for two minutes", async () => {
      const { shop, emulator } = await withCluster(basic());
      emulator.faults.add("UpdateCluster", { status: 500, times: 5 });
      const changed = { orders: basic({}, { labels: { a: "b" } }) };
      assert.equal(count(assertDone(await shop.up(changed)).requests, "UpdateCluster"), 6);
      emulator.faults.add("UpdateCluster", { status: 500, times: Infinity });
      const run = await shop.up({ orders: basic({}, { labels: {} }) });
      assert.match(failureOf(run), /failed: 500/);
      assert.ok(run.elapsedMs >= 2 * minute && run.elapsedMs < 3 * minute, `${run.elapsedMs} ms`);
    });

    it("reads the cluster and repeats what did not take effect", async () => {
      const { shop, emulator } = await withCluster(basic());
      emulator.faults.add("UpdateCluster", { reset: "before-effect" });
      const run = assertDone(await shop.up({ orders: basic({}, { labels: { a: "b" } }) }));
      assert.equal(count(run.requests, "UpdateCluster"), 2);
      assert.deepEqual(shop.outputs()["labels"], { a: "b" });
    });

    it("while somebody else holds the cluster, sends it again when the cluster is free", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.faults.add("UpdateCluster", { reset: "before-effect" });
      emulator.clusters.lock(id, 10 * minute);
      const run = assertDone(await shop.up({ orders: basic({}, { labels: { a: "b" } }) }));
      assert.equal(count(run.requests, "UpdateCluster"), 2);
      assert.ok(run.elapsedMs < 12 * minute, `${run.elapsedMs} ms`);
      assert.deepEqual(shop.outputs()["labels"], { a: "b" });
    });

    it("waits for the job that it started", async () => {
      const { shop, emulator } = await withCluster(advanced());
      emulator.faults.add("UpdateCluster", { reset: "after-effect" });
      const run = assertDone(
        await shop.up({ orders: advanced({ regionNodes: { "us-east-1": 5 } }) }),
      );
      assert.equal(count(run.requests, "UpdateCluster"), 1);
      assert.ok(run.elapsedMs >= 10 * minute);
    });
  });
});
