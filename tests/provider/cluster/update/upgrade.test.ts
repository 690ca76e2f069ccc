import { strict as assert } from "node:assert";
import { advanced, standard } from "../../../support/builders";
import { checkEmulators } from "../../../support/emulator";
import { bodies } from "../../../support/engine-model/requests";
import { assertDone, failureOf } from "../../../support/engine-model/run";
import { hour, manual, minute, withCluster } from "./one-cluster";

describe("Cluster update", () => {
  checkEmulators();

  describe("upgrades", () => {
    it("a Standard cluster, after it was made manual in the same run", async () => {
      const { shop, emulator, id } = await withCluster(standard(), {
        durations: { upgradeMs: 20 * minute },
      });
      emulator.clusters.edit(id, { cockroachVersion: "v25.2" });
      await shop.refresh();
      const run = assertDone(await shop.up({ orders: manual("v25.4") }));
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [
        { serverless: { upgrade_type: "MANUAL" } },
        { cockroach_version: "v25.4" },
      ]);
      assert.equal(shop.outputs()["cockroachVersion"], "v25.4.5");
      assert.ok(run.elapsedMs >= 20 * minute);
    });

    it("and rolls back while the upgrade is not final", async () => {
      const { shop } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      assertDone(await shop.up({ orders: advanced({ cockroachVersion: "v25.4" }) }));
      assert.equal(shop.outputs()["upgradeStatus"], "PENDING_FINALIZATION");
      const back = assertDone(await shop.up({ orders: advanced({ cockroachVersion: "v25.2" }) }));
      assert.deepEqual(bodies(back.requests, "UpdateCluster"), [{ cockroach_version: "v25.2" }]);
      assert.equal(shop.outputs()["cockroachVersion"], "v25.2.12");
    });

    it("and is final when the program says so later", async () => {
      const { shop } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      assertDone(await shop.up({ orders: advanced({ cockroachVersion: "v25.4" }) }));
      const final = advanced({ cockroachVersion: "v25.4", finalizeUpgrade: true });
      const run = assertDone(await shop.up({ orders: final }));
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [{ upgrade_status: "FINALIZED" }]);
      assert.notEqual(shop.outputs()["upgradeStatus"], "PENDING_FINALIZATION");
      assert.deepEqual((await shop.up({ orders: final })).steps, ["same orders"]);
    });

    it("of a Standard cluster is final when the program says so later", async () => {
      const { shop, emulator, id } = await withCluster(manual(), {
        durations: { upgradeMs: 20 * minute },
      });
      emulator.clusters.edit(id, { cockroachVersion: "v25.2" });
      await shop.refresh();
      assertDone(await shop.up({ orders: manual("v25.4") }));
      assert.equal(shop.outputs()["upgradeStatus"], "PENDING_FINALIZATION");
      const final = standard({
        upgradeType: "MANUAL",
        cockroachVersion: "v25.4",
        finalizeUpgrade: true,
      });
      const preview = await shop.preview({ orders: final });
      assert.match(
        preview.notes.map(({ text }) => text).join(),
        /After this the upgrade cannot be rolled back/,
      );
      const run = assertDone(await shop.up({ orders: final }));
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [{ upgrade_status: "FINALIZED" }]);
      assert.notEqual(shop.outputs()["upgradeStatus"], "PENDING_FINALIZATION");
      assert.deepEqual((await shop.up({ orders: final })).steps, ["same orders"]);
      assert.deepEqual((await shop.refresh()).differences, {});
    });

    it("finalizes the last one first when the program says so and asks for the next one", async () => {
      const { shop } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      assertDone(await shop.up({ orders: advanced({ cockroachVersion: "v25.4" }) }));
      const next = advanced({ cockroachVersion: "v26.1", finalizeUpgrade: true });
      const run = assertDone(await shop.up({ orders: next }));
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [
        { upgrade_status: "FINALIZED" },
        { cockroach_version: "v26.1" },
        { upgrade_status: "FINALIZED" },
      ]);
    });

    it("does not finalize what is rolled back", async () => {
      const { shop } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      assertDone(await shop.up({ orders: advanced({ cockroachVersion: "v25.4" }) }));
      const back = advanced({ cockroachVersion: "v25.2", finalizeUpgrade: true });
      const run = assertDone(await shop.up({ orders: back }));
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [{ cockroach_version: "v25.2" }]);
    });

    it("show what runs on the resource's line", async () => {
      const { shop } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      const { progress } = await shop.up({ orders: advanced({ cockroachVersion: "v25.4" }) });
      assert.ok(progress.some(({ text }) => /^CRDB_MAJOR_UPGRADE_RUNNING · /.test(text)));
      assert.match(progress.at(-1)?.text ?? "", /^CREATED · \d+ min$/);
    });

    it("that were interrupted are taken up and not sent again", async () => {
      const { shop, emulator, id } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      const after = advanced({ cockroachVersion: "v25.4" });
      const run = await shop.up({ orders: after }, { interruptAfterMs: 10 * minute });
      assert.match(
        failureOf(run),
        /^Stopped waiting for the change of dedicated\.cockroachVersion/,
      );
      assert.ok(run.elapsedMs < 10 * minute + 1_000);
      const again = assertDone(await shop.up({ orders: after }));
      const refused = again.requests.filter(({ status }) => status === 400);
      assert.equal(refused.length, 0, "an upgrade that is done is not asked for again");
      assert.equal(emulator.clusters.get(id).cockroach_version, "v25.4.5");
      assert.equal(shop.outputs()["cockroachVersion"], "v25.4.5");
    });

    it("that ended after a kill are found done", async () => {
      const { shop, time } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      const after = advanced({ cockroachVersion: "v25.4" });
      await shop.up({ orders: after }, { killAfterMs: 10 * minute });
      await time.advance(2 * hour);
      assertDone(await shop.up({ orders: after }));
      assert.equal(shop.outputs()["cockroachVersion"], "v25.4.5");
    });

    it("that the API does not offer fail with its words and change nothing", async () => {
      const { shop, id } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      const run = await shop.up({ orders: advanced({ cockroachVersion: "v26.1" }) });
      assert.match(
        failureOf(run),
        new RegExp(
          `^Updating cluster "\\S+" \\(${id}\\) failed: 400 cluster cannot be upgraded from v25\\.2 to v26\\.1`,
        ),
      );
      assert.equal(shop.outputs()["cockroachVersion"], "v25.2.12");
      assert.deepEqual(shop.resource().initErrors, []);
    });
  });
});
