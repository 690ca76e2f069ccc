import { strict as assert } from "node:assert";
import { placeOf } from "../conformance/resource-cases";
import { advanced } from "../support/builders";
import { checkEmulators } from "../support/emulator";
import { startLab } from "../support/engine-model/lab";
import { Declaration } from "../support/engine-model/program";
import { bodies, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";
import { kinds } from "../support/kinds";

type Properties = Record<string, unknown>;
const minute = 60_000;

describe("PhysicalReplicationStream", () => {
  checkEmulators();

  async function start() {
    const lab = await startLab();
    const shop = lab.stack();
    const place = placeOf("PhysicalReplicationStream", lab.emulator);
    const up = (args: Properties = {}, options = {}) =>
      shop.up(
        { stream: new Declaration(kinds.PhysicalReplicationStream, { ...place, ...args }) },
        options,
      );
    const statusOf = () => lab.emulator.physicalReplicationStreams.list()[0]?.status;
    return { ...lab, shop, place, up, statusOf };
  }
  const texts = ({ notes }: { notes: { text: string }[] }) => notes.map(({ text }) => text).join();

  it("warns that the standby loses its data, and refuses one that holds databases", async () => {
    const { emulator, place, up, shop } = await start();
    emulator.databases.add(String(place["standbyClusterId"]), "reports", 2);
    const run = await up();
    assert.match(texts(run), /Creating the stream deletes all data of cluster/);
    assert.match(failureOf(run), /holds data, in the database "reports"\. .*eraseStandby: true/);
    assert.deepEqual(writes(run.requests), []);
    assertDone(await up({ eraseStandby: true }));
    assert.equal(shop.outputs()["status"], "REPLICATING");
  });

  it("is waited for by the import of one that is still starting", async () => {
    const { emulator, shop, place, up } = await start();
    const clusters = {
      primary_cluster_id: place["primaryClusterId"],
      standby_cluster_id: place["standbyClusterId"],
    };
    const response = await fetch(`${emulator.url}/api/v1/physical-replication-streams`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.apiKey}` },
      body: JSON.stringify(clusters),
    });
    const { id } = (await response.json()) as { id: string };
    assertDone(await up({}, { options: { stream: { import: id } } }));
    assert.equal(shop.outputs()["status"], "REPLICATING");
    assert.deepEqual(assertDone(await up()).steps, ["same stream"]);
  });

  it("fails over once the initial scan is done, with a warning, and then stays as it is", async () => {
    const { emulator, up, shop, statusOf } = await start();
    assertDone(await up());
    const run = assertDone(await up({ failoverImmediately: true }));
    assert.match(texts(run), /This fails over to cluster .* cannot be undone/);
    assert.ok(run.progress.some(({ text }) => text.includes("initial scan")));
    assert.deepEqual(bodies(run.requests, "UpdatePhysicalReplicationStream"), [
      { status: "FAILING_OVER" },
    ]);
    assert.equal(statusOf(), "COMPLETED");
    assert.equal(shop.outputs()["status"], "COMPLETED");
    assert.deepEqual(assertDone(await shop.refresh()).differences, {});
    for (const args of [{}, { failoverAt: "2026-06-01T03:00:00Z" }]) {
      const later = assertDone(await up(args));
      assert.deepEqual(writes(later.requests), []);
      assert.match(texts(later), /cannot be changed: nothing was sent/);
      assert.deepEqual(assertDone(await up(args)).steps, ["same stream"]);
    }
    const destroyed = assertDone(await shop.destroy());
    assert.deepEqual(writes(destroyed.requests), []);
    assert.equal(emulator.physicalReplicationStreams.list()[0]?.status, "COMPLETED");
  });

  it("that was failed over or canceled by somebody else stays in the state, and is not created again", async () => {
    for (const act of ["failOver", "cancel"] as const) {
      const { emulator, up, shop } = await start();
      assertDone(await up());
      emulator.physicalReplicationStreams[act](shop.resource("stream").id);
      assertDone(await shop.refresh());
      assert.equal(shop.outputs()["status"], act === "cancel" ? "CANCELED" : "COMPLETED");
      const run = assertDone(await up());
      assert.deepEqual([run.steps, writes(run.requests)], [["same stream"], []]);
    }
  });

  it("that is canceled has nothing to fail over to", async () => {
    const { emulator, up, shop } = await start();
    assertDone(await up());
    emulator.physicalReplicationStreams.cancel(shop.resource("stream").id);
    assertDone(await shop.refresh());
    const run = await up({ failoverImmediately: true });
    assert.match(failureOf(run), /is CANCELED, so that there is nothing to fail over to/);
  });

  it("is canceled by its deletion, also while it is starting", async () => {
    const { up, shop, statusOf } = await start();
    await up({}, { interruptAfterMs: minute });
    assert.equal(statusOf(), "STARTING");
    const run = assertDone(await shop.destroy());
    assert.deepEqual(bodies(run.requests, "UpdatePhysicalReplicationStream"), [
      { status: "CANCELED" },
    ]);
    assert.equal(statusOf(), "CANCELED");
  });

  it("is not said to have been seen when its deletion is interrupted at the first read", async () => {
    const { emulator, shop, up } = await start();
    assertDone(await up());
    emulator.faults.add("GetPhysicalReplicationStream", { hang: "before-effect" });
    const run = await shop.destroy({ interruptAfterMs: 10_000 });
    assert.match(
      failureOf(run),
      /^Stopped waiting for physical .* to be canceled\. Run the operation/,
    );
  });

  it("is deleted where it is over before the service hears of it again", async () => {
    const { emulator, up, shop } = await start();
    assertDone(await up());
    const { id } = shop.resource("stream");
    emulator.faults.add("UpdatePhysicalReplicationStream", {
      status: 400,
      when() {
        emulator.physicalReplicationStreams.cancel(id);
        return false;
      },
    });
    assertDone(await shop.destroy());
  });

  it("is not canceled in a destroy while one of its clusters is protected", async () => {
    for (const side of ["primaryClusterId", "standbyClusterId"]) {
      const { emulator, place, shop, statusOf } = await start();
      const stream = new Declaration(kinds.PhysicalReplicationStream, place, [], {
        cluster: ["primary", "standby"],
      });
      assertDone(await shop.up({ stream }));
      emulator.clusters.edit(String(place[side]), { deleteProtection: "ENABLED" });
      const run = await shop.destroy();
      assert.match(failureOf(run), /Nothing of the cluster is deleted: delete protection/);
      assert.deepEqual(writes(run.requests), []);
      assert.equal(statusOf(), "REPLICATING");
    }
  });

  it("is canceled although a cluster of another stack is protected", async () => {
    const { emulator, place, up, shop, statusOf } = await start();
    assertDone(await up());
    emulator.clusters.edit(String(place["primaryClusterId"]), { deleteProtection: "ENABLED" });
    assertDone(await shop.destroy());
    assert.equal(statusOf(), "CANCELED");
  });

  it("is refused at preview where the clusters of the program cannot have it", async () => {
    const { shop } = await start();
    const cluster = (region: string, more: Properties = {}): Properties =>
      advanced({ regionNodes: { [region]: 3 }, supportsClusterVirtualization: true, ...more });
    const failuresOf = async (primary: Properties, standby: Properties) => {
      const stream = new Declaration(
        kinds.PhysicalReplicationStream,
        (outputsOf) => ({
          primaryClusterId: outputsOf("primary")["id"],
          standbyClusterId: outputsOf("standby")["id"],
        }),
        ["primary", "standby"],
        { cluster: ["primary", "standby"] },
      );
      return (await shop.preview({ primary, standby, stream })).failures.join();
    };
    assert.equal(await failuresOf(cluster("us-east-1"), cluster("us-west-2")), "");
    assert.match(
      await failuresOf(cluster("us-east-1"), cluster("us-east-1")),
      /standbyClusterId: must be a cluster in another region than cluster "primary"/,
    );
    assert.match(
      await failuresOf(
        cluster("us-east-1"),
        cluster("us-west-2", { supportsClusterVirtualization: false }),
      ),
      /standbyClusterId: must be a cluster that was created with dedicated\.supportsClusterVirt/,
    );
    assert.match(
      await failuresOf(cluster("us-east-1"), {
        ...cluster("us-central1"),
        cloudProvider: "GCP",
      }),
      /standbyClusterId: must be a cluster on AWS/,
    );
    assert.match(
      await failuresOf(
        cluster("us-east-1", { regionNodes: { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 } }),
        cluster("eu-west-1"),
      ),
      /primaryClusterId: must be a cluster with one region/,
    );
  });

  it("does not say that clusters that are left out are the same", async () => {
    const { shop } = await start();
    const stream = new Declaration(kinds.PhysicalReplicationStream, {});
    assert.deepEqual((await shop.preview({ stream })).failures, [
      "primaryClusterId: is required: give a string.",
      "standbyClusterId: is required: give a string.",
    ]);
  });
});
