import { strict as assert } from "node:assert";
import { advanced, basic, standard } from "../../../support/builders";
import { checkEmulators } from "../../../support/emulator";
import { startLab } from "../../../support/engine-model/lab";
import { count, writes } from "../../../support/engine-model/requests";
import { assertDone, failureOf } from "../../../support/engine-model/run";
import { hardware, minute, withCluster } from "./one-cluster";

describe("Cluster update", () => {
  checkEmulators();

  describe("replaces", () => {
    it("a cluster without a name: the new one is there before the old one goes", async () => {
      const { shop, id } = await withCluster(basic());
      const after = basic({ regions: ["us-east1"] });
      const preview = await shop.preview({ orders: after });
      assert.deepEqual([preview.steps, preview.requests], [["replace orders"], []]);
      assert.match(
        preview.notes.find(({ severity }) => severity === "warning")?.text ?? "",
        /destroys this cluster with all its data, databases and SQL users/,
      );
      const run = assertDone(await shop.up({ orders: after }));
      assert.deepEqual(writes(run.requests), ["CreateCluster", "UpdateCluster", "DeleteCluster"]);
      assert.notEqual(shop.resource().id, id);
    });

    it("a cluster with a name of its own: the old one goes first", async () => {
      const { shop } = await withCluster(basic({}, { name: "orders" }));
      const run = assertDone(
        await shop.up({ orders: basic({ regions: ["us-east1"] }, { name: "orders" }) }),
      );
      assert.deepEqual(writes(run.requests), ["DeleteCluster", "CreateCluster", "UpdateCluster"]);
    });

    it("a cluster with a name of its own although another create has listed the clusters before", async () => {
      const { shop, emulator } = await withCluster(basic({}, { name: "orders" }));
      emulator.faults.holdNextDelete(minute);
      const run = assertDone(
        await shop.up({
          first: basic(),
          orders: basic({ regions: ["us-east1"] }, { name: "orders" }),
        }),
      );
      assert.equal(count(run.requests, "CreateCluster"), 2);
    });

    it("Basic to Advanced, and a plan with fewer regions", async () => {
      const { shop } = await withCluster(
        basic({ regions: ["us-east1", "us-west2"], primaryRegion: "us-east1" }),
      );
      const toAdvanced = advanced({ regionNodes: { "us-east1": 3 } }, { cloudProvider: "GCP" });
      assert.deepEqual((await shop.preview({ orders: toAdvanced })).steps, ["replace orders"]);
      const fewer = standard({ regions: ["us-east1"] });
      assert.deepEqual((await shop.preview({ orders: fewer })).steps, ["replace orders"]);
      assertDone(await shop.up({ orders: fewer }));
    });

    it("an unfinished cluster that the program has thought better of: the old one goes first", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ orders: advanced() }, { interruptAfterMs: minute });
      const { id } = shop.resource();
      const run = assertDone(await shop.up({ orders: advanced({ networkVisibility: "PRIVATE" }) }));
      assert.deepEqual(run.steps, ["replace orders"]);
      assert.equal(emulator.clusters.get(id).state, "DELETED");
      assert.equal(emulator.clusters.get(shop.resource().id).network_visibility, "PRIVATE");
    });

    it("nothing while delete protection is on, and says how to allow it", async () => {
      const { shop } = await withCluster(basic({}, { name: "orders", deleteProtection: true }));
      const after = basic({ regions: ["us-east1"] }, { name: "orders", deleteProtection: false });
      for (const run of [await shop.preview({ orders: after }), await shop.up({ orders: after })]) {
        assert.match(
          failureOf(run),
          /^serverless\.regions: Changing serverless\.regions from \["us-central1"\] to \["us-east1"\] would destroy cluster "orders"/,
        );
        assert.equal(run.requests.length, 0);
      }
      assertDone(await shop.up({ orders: basic({}, { name: "orders", deleteProtection: false }) }));
      assertDone(await shop.up({ orders: after }));
    });

    it("nothing that would shrink storage", async () => {
      const { shop } = await withCluster(advanced());
      assert.match(
        failureOf(await shop.preview({ orders: hardware({ storageGib: 20 }) })),
        /^dedicated\.hardware\.storageGib: cannot shrink from 35 to 20 GiB/,
      );
    });
  });

  describe("a cluster that is protected though the program no longer says so", () => {
    it("is not replaced, and a refresh still shows what would replace it", async () => {
      const { shop, emulator, id } = await withCluster(standard({}, { deleteProtection: true }));
      assertDone(await shop.up({ orders: standard() }));
      const other = standard({ regions: ["us-east1"] }, {});
      const preview = await shop.preview({ orders: other });
      assert.match(failureOf(preview), /would destroy cluster .* and delete protection is on/);
      assert.deepEqual(writes((await shop.up({ orders: other })).requests), []);
      assert.equal(emulator.clusters.get(id).state, "CREATED");
      assertDone(await shop.up({ orders: standard() }));
      assertDone(await shop.refresh());
    });
  });

  describe("--replace and taint", () => {
    for (const [what, args] of [
      ["without a name", basic()],
      ["that was asked for with labels", basic({}, { labels: { a: "b" } })],
    ] as const) {
      it(`make a new cluster before the live one ${what} goes, and never adopt it`, async () => {
        const { shop, emulator, id } = await withCluster(args);
        const run = assertDone(await shop.up({ orders: args }, { replace: ["orders"] }));
        assert.deepEqual(writes(run.requests), ["CreateCluster", "UpdateCluster", "DeleteCluster"]);
        assert.notEqual(shop.resource().id, id);
        assert.equal(emulator.clusters.get(id).state, "DELETED");
        assert.equal(emulator.clusters.get(shop.resource().id).state, "CREATED");
      });
    }

    it("delete the live cluster with a name first, and its name is free", async () => {
      const args = basic({}, { name: "orders" });
      const { shop, emulator, id } = await withCluster(args);
      const run = assertDone(await shop.up({ orders: args }, { replace: ["orders"] }));
      assert.deepEqual(writes(run.requests), ["DeleteCluster", "CreateCluster", "UpdateCluster"]);
      assert.equal(emulator.clusters.get(id).state, "DELETED");
      assert.equal(emulator.clusters.find("orders")?.id, shop.resource().id);
    });

    it("wait until the name is free again", async () => {
      const args = basic({}, { name: "orders" });
      const { shop, emulator } = await withCluster(args);
      emulator.faults.holdNextDelete(5 * minute);
      const run = assertDone(await shop.up({ orders: args }, { replace: ["orders"] }));
      assert.ok(run.elapsedMs >= 5 * minute);
      assert.equal(count(run.requests, "CreateCluster"), 1);
    });

    it("adopt an unfinished cluster, and do not delete it afterwards", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ orders: advanced() }, { interruptAfterMs: 5 * minute });
      const { id } = shop.resource();
      const run = assertDone(await shop.up({ orders: advanced() }, { replace: ["orders"] }));
      assert.deepEqual(writes(run.requests), ["UpdateCluster"]);
      assert.equal(shop.resource().id, id);
      assert.equal(emulator.clusters.get(id).state, "CREATED");
      assert.match(
        run.notes.map(({ text }) => text).join("\n"),
        /now belongs to the replacement of this resource, so it is not deleted/,
      );
      assertDone(await shop.destroy());
      assert.equal(emulator.clusters.get(id).state, "DELETED");
    });

    it("of a protected cluster fail before there is a second one", async () => {
      for (const args of [
        basic({}, { deleteProtection: true }),
        basic({}, { deleteProtection: true, name: "orders" }),
      ]) {
        const { shop, emulator, id } = await withCluster(args);
        const run = await shop.up({ orders: args }, { replace: ["orders"] });
        assert.match(failureOf(run), /delete protection/i);
        assert.deepEqual(writes(run.requests), ["DeleteCluster"]);
        assert.equal(emulator.clusters.get(id).state, "CREATED");
        assertDone(await shop.up({ orders: args }));
        assert.equal(shop.resource().id, id);
      }
    });

    it("left half-done, let no later run delete the cluster that was adopted", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ orders: advanced() }, { interruptAfterMs: 5 * minute });
      const unfinished = shop.resource();
      assertDone(await shop.up({ orders: advanced() }, { replace: ["orders"] }));
      // What state would still hold of the first entry, after a run that ended before it was deleted.
      shop.resources.set("left-over", unfinished);
      const run = assertDone(await shop.up({ orders: advanced() }));
      assert.deepEqual(writes(run.requests), []);
      assert.match(run.notes.map(({ text }) => text).join(), /an outdated entry of it is dropped/);
      assert.equal(emulator.clusters.get(unfinished.id).state, "CREATED");
    });

    it("left half-done, let no destroy delete what another run has finished", async () => {
      const { stack, emulator, time } = await startLab();
      const shop = stack();
      await shop.up({ orders: advanced() }, { interruptAfterMs: 5 * minute });
      const unfinished = shop.resource();
      assertDone(await shop.up({ orders: advanced() }));
      shop.resources.clear();
      shop.resources.set("left-over", unfinished);
      for (const isBusy of [false, true]) {
        if (isBusy) emulator.clusters.lock(unfinished.id, minute);
        const run = await shop.destroy();
        assert.match(failureOf(run), /is not deleted: .* another run has finished it since/);
      }
      await time.advance(minute);
      assert.equal(emulator.clusters.get(unfinished.id).state, "CREATED");
    });

    it("left half-done, let no destroy delete what another run finishes while it waits", async () => {
      const { stack, emulator, time } = await startLab();
      const shop = stack();
      await shop.up({ orders: advanced() }, { interruptAfterMs: 5 * minute });
      const { id } = shop.resource();
      await time.advance(60 * minute);
      emulator.clusters.lock(id, 10 * minute);
      emulator.faults.add("DeleteCluster", { status: 503, message: "couldn't lock cluster" });
      const finished = time
        .sleep(5 * minute)
        .then(() => emulator.clusters.edit(id, { labels: {} }));
      const run = await shop.destroy();
      await finished;
      assert.match(failureOf(run), /is not deleted: .* another run has finished it since/);
      assert.equal(emulator.clusters.get(id).state, "CREATED");
    });

    it("leave the old cluster alone with retainOnDelete", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      const options = { orders: { retainOnDelete: true } };
      assertDone(await shop.up({ orders: basic() }, { replace: ["orders"], options }));
      assert.equal(emulator.clusters.get(id).state, "CREATED");
      assert.notEqual(shop.resource().id, id);
    });

    it("keep the old cluster when the new one fails", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.faults.add("CreateCluster", { status: 403, message: "unauthorized" });
      failureOf(await shop.up({ orders: basic() }, { replace: ["orders"] }));
      assert.equal(emulator.clusters.get(id).state, "CREATED");
    });
  });
});
