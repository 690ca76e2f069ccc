import { strict as assert } from "node:assert";
import { encryptable } from "../support/cmek";
import { checkEmulators } from "../support/emulator";
import { startLab } from "../support/engine-model/lab";
import { Declaration } from "../support/engine-model/program";
import { bodies, count, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";
import { kinds } from "../support/kinds";

type Properties = Record<string, unknown>;

describe("Restore", () => {
  checkEmulators();

  async function start() {
    const lab = await startLab();
    const { emulator } = lab;
    const shop = lab.stack();
    const source = encryptable(emulator, { name: "source", regions: ["us-east-1"] }).id;
    const destination = encryptable(emulator, { name: "restored", regions: ["us-east-1"] }).id;
    emulator.databases.add(source, "shop", 3);
    emulator.backups.take(source);
    const whole: Properties = {
      destinationClusterId: destination,
      type: "CLUSTER",
      sourceClusterId: source,
    };
    const up = (args: Properties, options = {}) =>
      shop.up({ copy: new Declaration(kinds.Restore, args) }, options);
    return { ...lab, shop, source, destination, whole, up };
  }

  it("of a whole cluster brings its databases, and waits until the time of its end shows", async () => {
    const { emulator, shop, destination, whole, up } = await start();
    const run = assertDone(await up(whole));
    assert.match(run.notes.map(({ text }) => text).join(), /must be empty, is unavailable/);
    assert.ok(run.progress.some(({ text }) => /^PENDING · \d+ %/.test(text)));
    assert.ok(emulator.databases.list(destination).some(({ name }) => name === "shop"));
    const { status, completedAt, sourceClusterName } = shop.outputs();
    assert.deepEqual([status, sourceClusterName], ["SUCCESS", "source"]);
    assert.ok(completedAt);
  });

  it("of a whole cluster is refused where the destination holds data, which it names", async () => {
    const { emulator, shop, destination, whole, up } = await start();
    emulator.databases.add(destination, "invoices");
    const run = await up(whole);
    assert.match(
      failureOf(run),
      /failed before anything was sent: .* holds data, in the database "invoices"\. .*eraseDestination: true/,
    );
    assert.deepEqual(writes(run.requests), []);
    assert.equal(shop.resources.size, 0);
    const forced = await up({ ...whole, eraseDestination: true });
    assert.match(failureOf(forced), /full cluster restore can only be run/);
  });

  it("that has failed says why, and is run again by the next update", async () => {
    const { emulator, shop, whole, up } = await start();
    emulator.faults.failNextRestore({ code: 5, message: "the backup is damaged" });
    assert.match(
      failureOf(await up(whole)),
      /has failed: the backup is damaged \(code 5, job \d+\)\. Correct the cause/,
    );
    assert.equal(shop.outputs()["status"], "FAILED");
    const run = assertDone(await up(whole));
    assert.ok(run.steps.includes("replace copy"), run.steps.join());
    assert.equal(shop.outputs()["status"], "SUCCESS");
  });

  it("that was interrupted goes on, and the next update waits for the same one", async () => {
    const { shop, whole, up } = await start();
    assert.match(
      failureOf(await up(whole, { interruptAfterMs: 60_000 })),
      /in the stack's state, and the next update continues the wait/,
    );
    const { restoreId } = shop.outputs();
    const run = assertDone(await up(whole));
    assert.deepEqual(writes(run.requests), []);
    assert.deepEqual(shop.outputs()["restoreId"], restoreId);
    assert.equal(shop.outputs()["status"], "SUCCESS");
  });

  it("that the service no longer lists stays in the state, so that it is not run again", async () => {
    const { emulator, whole, up, shop } = await start();
    assertDone(await up(whole));
    const empty = { status: 200, body: { restores: [] }, times: Number.POSITIVE_INFINITY };
    emulator.faults.add("ListRestores", empty);
    emulator.faults.add("GetRestore", {
      ...{ status: 404, message: "not found", times: Number.POSITIVE_INFINITY },
    });
    assert.deepEqual(assertDone(await shop.refresh()).steps, ["same copy"]);
    emulator.faults.clear();
  });

  /** Runs the restore in a process that is killed while the service begins it. */
  async function killedWhileCreating(
    { emulator, shop, up }: Awaited<ReturnType<typeof start>>,
    args: Properties,
  ): Promise<string> {
    const when = ({ operation }: { operation: string | undefined }) => {
      if (operation === "CreateRestore") shop.kill();
      return false;
    };
    emulator.faults.add("*", { delayMs: 0, when });
    await up(args);
    emulator.faults.clear();
    assert.equal(shop.resources.size, 0);
    const { response } = emulator.requests.findLast((one) => one.operation === "CreateRestore") as {
      response: { id: string };
    };
    return response.id;
  }

  it("that a killed run has left running is managed by the next update, and not run again", async () => {
    const world = await start();
    const { shop, source, destination, whole, up } = world;
    const copy = {
      ...{ destinationClusterId: destination, sourceClusterId: source, type: "DATABASE" },
      ...{ objects: [{ database: "shop" }], restoreOptions: { newDbName: "copy" } },
    };
    for (const args of [copy, whole]) {
      const id = await killedWhileCreating(world, args);
      const run = assertDone(await up(args));
      assert.equal(count(run.requests, "CreateRestore"), 0);
      assert.match(
        run.notes.map(({ text }) => text).join(),
        new RegExp(`Restore ${id} .* is running with the same arguments: it is managed here`),
      );
      assert.deepEqual([shop.outputs()["restoreId"], shop.outputs()["status"]], [id, "SUCCESS"]);
      assertDone(await shop.destroy());
      if (args === copy) world.emulator.databases.remove(destination, "copy");
    }
  });

  it("with other arguments than one that is running is run beside it", async () => {
    const world = await start();
    const { source, destination, up } = world;
    const copy = (newDbName: string) => ({
      ...{ destinationClusterId: destination, sourceClusterId: source, type: "DATABASE" },
      ...{ objects: [{ database: "shop" }], restoreOptions: { newDbName } },
    });
    await killedWhileCreating(world, copy("copy"));
    const run = assertDone(await up(copy("second")));
    assert.equal(count(run.requests, "CreateRestore"), 1);
  });

  it("that has finished since a killed run is named where another one could only fail", async () => {
    const world = await start();
    const { emulator, shop, source, destination, whole, up } = world;
    const copy = {
      ...{ destinationClusterId: destination, sourceClusterId: source, type: "DATABASE" },
      ...{ objects: [{ database: "shop" }], restoreOptions: { newDbName: "copy" } },
    };
    for (const args of [copy, whole]) {
      const id = await killedWhileCreating(world, args);
      await world.time.advance(60 * 60_000);
      const refused = await up(args);
      assert.deepEqual(writes(refused.requests), []);
      const line = `{import: "${destination}:${id}"}`;
      assert.ok(failureOf(refused).includes(line), failureOf(refused));
      assertDone(await up(args, { options: { copy: { import: `${destination}:${id}` } } }));
      assert.equal(shop.outputs()["restoreId"], id);
      assertDone(await shop.destroy());
      if (args === copy) emulator.databases.remove(destination, "copy");
    }
  });

  it("whose response was lost is not taken for an equal one of before", async () => {
    const { emulator, source, destination, shop, up } = await start();
    emulator.databases.add(destination, "shop", 3);
    const table = {
      ...{ destinationClusterId: destination, sourceClusterId: source, type: "TABLE" },
      objects: [{ database: "shop", table: "orders" }],
    };
    assertDone(await up({ ...table, keepers: { run: "1" } }));
    const { restoreId } = shop.outputs();
    emulator.faults.add("CreateRestore", { reset: "after-effect" });
    const run = assertDone(await up({ ...table, keepers: { run: "2" } }));
    assert.equal(count(run.requests, "CreateRestore"), 1);
    assert.notEqual(shop.outputs()["restoreId"], restoreId);
  });

  it("whose response was lost is found as soon as the list can be read again", async () => {
    const { emulator, shop, whole, up } = await start();
    const isPosted = () => emulator.requests.some(({ operation }) => operation === "CreateRestore");
    emulator.faults.add("CreateRestore", { reset: "after-effect" });
    emulator.faults.add("ListRestores", { status: 403, message: "no", times: 6, when: isPosted });
    const run = assertDone(await up(whole));
    assert.equal(count(run.requests, "CreateRestore"), 1);
    assert.equal(shop.outputs()["status"], "SUCCESS");
  });

  it("is replaced with a warning that says what is run, and not by what is left out", async () => {
    const { emulator, source, destination, up } = await start();
    emulator.databases.add(destination, "shop", 3);
    const table = {
      ...{ destinationClusterId: destination, sourceClusterId: source, type: "TABLE" },
      objects: [{ database: "shop", table: "orders" }],
      restoreOptions: { schemaOnly: true },
    };
    assertDone(await up({ ...table, keepers: { run: "1" } }));
    const { restoreOptions: _, ...rest } = table;
    const without = assertDone(await up({ ...rest, keepers: { run: "1" } }));
    assert.deepEqual(writes(without.requests), []);
    const again = assertDone(await up({ ...rest, keepers: { run: "2" } }));
    assert.match(
      again.notes.map(({ text }) => text).join(),
      /A change of keepers runs another restore, into cluster "restored"/,
    );
    assert.deepEqual(bodies(again.requests, "CreateRestore"), [
      { type: "TABLE", source_cluster_id: source, objects: table.objects },
    ]);
    const refused = await up({ ...table, restoreOptions: {}, keepers: { run: "2" } });
    assert.deepEqual(refused.failures, []);
  });

  it("refuses to leave out an option that it was run with", async () => {
    const { emulator, source, destination, up } = await start();
    emulator.databases.add(destination, "shop", 3);
    const table = {
      ...{ destinationClusterId: destination, sourceClusterId: source, type: "TABLE" },
      objects: [{ database: "shop", table: "orders" }],
    };
    assertDone(await up({ ...table, restoreOptions: { intoDb: "shop", schemaOnly: true } }));
    const run = await up({ ...table, restoreOptions: { intoDb: "shop" } });
    assert.match(failureOf(run), /restoreOptions\.schemaOnly: was true in the restore/);
  });

  it("goes on when the resource is deleted, with a warning while it runs", async () => {
    const { shop, whole, up } = await start();
    await up(whole, { interruptAfterMs: 60_000 });
    const run = assertDone(await shop.destroy());
    assert.deepEqual(writes(run.requests), []);
    assert.match(
      run.notes.map(({ text }) => text).join(),
      /cannot be canceled: it continues in CockroachDB Cloud/,
    );
  });
});
