import { strict as assert } from "node:assert";
import { lifecycle } from "../../provider/cluster-disruption";
import { startPartLab } from "../support/cluster-parts";
import { checkEmulators } from "../support/emulator";
import { bodies, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";

const east = [{ regionCode: "us-east-1" }];
const node = [{ regionCode: "us-east-1", pods: ["cockroachdb-us-east-1-00"] }];

describe("ClusterDisruption", () => {
  checkEmulators();

  const start = () => startPartLab(lifecycle, "ADVANCED");
  const outage = (clusterId: string, regions: readonly object[]) => ({
    outage: { clusterId, regionalDisruptorSpecifications: regions },
  });

  it("warns in every preview while it is in the program", async () => {
    const { shop, id } = await start();
    assertDone(await shop.up(outage(id, east)));
    const run = assertDone(await shop.up(outage(id, east)));
    assert.deepEqual(run.steps, ["same outage"]);
    assert.match(run.notes.map(({ text }) => text).join(), /down on purpose/);
  });

  it("ends only once the service has carried it out, and recovers the same way", async () => {
    const { emulator, shop, id } = await start();
    const created = assertDone(await shop.up(outage(id, east)));
    assert.ok(created.elapsedMs >= 2 * 60_000, `${created.elapsedMs} ms`);
    assert.equal(emulator.clusterDisruptions.get(id).length, 1);
    const deleted = assertDone(await shop.destroy());
    assert.ok(deleted.elapsedMs >= 2 * 60_000, `${deleted.elapsedMs} ms`);
    assert.deepEqual(emulator.clusterDisruptions.get(id), []);
    assert.deepEqual(bodies(deleted.requests, "UpdateClusterDisruption"), [
      { regional_disruptor_specifications: [] },
    ]);
  });

  it("that the service has accepted and not carried out yet is drift on a refresh, and waited for by the next update", async () => {
    const { shop, id, emulator } = await start();
    const run = await shop.up(outage(id, east), { interruptAfterMs: 30_000 });
    assert.match(
      failureOf(run),
      /^Stopped waiting for the disruption .* It is in the stack's state/,
    );
    assert.deepEqual(assertDone(await shop.refresh()).differences, {
      outage: ["regionalDisruptorSpecifications"],
    });
    const waited = assertDone(await shop.up(outage(id, east)));
    assert.ok(waited.elapsedMs >= 60_000, `${waited.elapsedMs} ms`);
    assert.equal(emulator.clusterDisruptions.get(id).length, 1);
    assert.deepEqual(assertDone(await shop.refresh()).differences, {});
    assert.deepEqual(writes(assertDone(await shop.up(outage(id, east))).requests), []);
    assert.equal(emulator.clusterDisruptions.get(id).length, 1);
  });

  it("that the service fails to carry out is sent again by the next update", async () => {
    const { emulator, shop, id } = await start();
    assertDone(await shop.up(outage(id, east)));
    emulator.faults.failNextJob();
    assert.match(
      failureOf(await shop.up(outage(id, node))),
      /failed to carry out the disruption of cluster .* CRDB_CLUSTER_DISRUPTION_FAILED/,
    );
    const run = assertDone(await shop.up(outage(id, node)));
    assert.deepEqual(writes(run.requests), ["UpdateClusterDisruption"]);
    assert.deepEqual(
      emulator.clusterDisruptions.get(id).map(({ pods }) => pods),
      [node[0]?.pods],
    );
  });

  it("stays in the state when the service fails to end it, and is deleted by the next run", async () => {
    const { emulator, shop, id } = await start();
    assertDone(await shop.up(outage(id, east)));
    emulator.faults.failNextJob();
    assert.match(failureOf(await shop.destroy()), /failed to carry out/);
    assert.equal(shop.resources.size, 1);
    assertDone(await shop.destroy());
    assert.deepEqual(emulator.clusterDisruptions.get(id), []);
  });

  it("says how an organization is enrolled where the endpoint is refused", async () => {
    const { shop, id, emulator } = await start();
    emulator.faults.add("UpdateClusterDisruption", { status: 403, message: "not enabled" });
    assert.match(failureOf(await shop.up(outage(id, east))), /support to enroll/);
  });
});
