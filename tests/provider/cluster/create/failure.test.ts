import { strict as assert } from "node:assert";
import { advanced, basic, standard } from "../../../support/builders";
import { checkEmulators } from "../../../support/emulator";
import { startLab } from "../../../support/engine-model/lab";
import { count, writes } from "../../../support/engine-model/requests";
import { assertDone, failureOf } from "../../../support/engine-model/run";
import { minute } from "./marks";

describe("Cluster create", () => {
  checkEmulators();

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
