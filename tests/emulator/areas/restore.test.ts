import { strict as assert } from "node:assert";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import type { Caller } from "../caller";
import { advanced, assertRefused, bodyOf, minute, standard, startQuick } from "../caller";

describe("Restores", () => {
  checkEmulators();

  async function withBackup(): Promise<{
    emulator: TestEmulator;
    api: Caller;
    id: string;
    backup: string;
    target: string;
    targetPath: string;
  }> {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(advanced("orders"));
    emulator.databases.add(id, "shop", 3);
    emulator.sqlUsers.add(id, "app", "secret");
    const backup = emulator.backups.take(id);
    const { id: target } = emulator.clusters.create(advanced("copies"));
    return { emulator, api, id, backup, target, targetPath: `/clusters/${target}` };
  }

  it("bring a whole cluster back into an empty one", async () => {
    const { emulator, api, id, backup, target, targetPath } = await withBackup();
    const body = { type: "CLUSTER", source_cluster_id: id };
    const started = bodyOf(await api.post(`${targetPath}/restores`, body));
    assert.deepEqual(
      [started.status, started.completion_percent, started.backup_id, started.completed_at],
      ["PENDING", 0, backup, null],
    );
    assert.deepEqual(
      [started.source_cluster_name, started.destination_cluster_name],
      ["orders", "copies"],
    );
    assert.equal(started.created_at, "2026-06-01T00:00:00Z");
    assert.equal(
      emulator.clusters.get(target).operation_status,
      "DEDICATED_FULL_CLUSTER_RESTORE_RUNNING",
    );
    await emulator.clock.advance(5 * minute);
    const running = bodyOf(await api.get(`${targetPath}/restores/${started.id}`));
    // A third in 32 bits, with the digits that protobuf-go writes.
    assert.equal(running.completion_percent, 0.33333334);
    await emulator.clock.advance(10 * minute);
    const done = bodyOf(await api.get(`${targetPath}/restores/${started.id}`));
    assert.deepEqual([done.status, done.completion_percent], ["SUCCESS", 1]);
    assert.deepEqual(emulator.databases.list(target), emulator.databases.list(id));
    assert.ok(emulator.sqlUsers.hasPassword(target, "app", "secret"));
    assert.equal(emulator.clusters.get(target).state, "CREATED");
    assert.deepEqual(bodyOf(await api.get(`${targetPath}/restores`)).restores, [done]);
  });

  it("bring databases and tables back", async () => {
    const { emulator, api, id, backup, target, targetPath } = await withBackup();
    const database = { type: "DATABASE", backup_id: backup, objects: [{ database: "shop" }] };
    const response = bodyOf(await api.post(`${targetPath}/restores`, database));
    assert.equal(emulator.clusters.get(target).state, "CREATED");
    await emulator.clock.advance(15 * minute);
    assert.equal(bodyOf(await api.get(`${targetPath}/restores/${response.id}`)).status, "SUCCESS");
    assert.ok(emulator.databases.list(target).some(({ name }) => name === "shop"));
    assertRefused(await api.post(`${targetPath}/restores`, database), 400, 9, /exists/);
    const renamed = { ...database, restore_opts: { new_db_name: "store" } };
    bodyOf(await api.post(`${targetPath}/restores`, renamed));
    const table = {
      type: "TABLE",
      source_cluster_id: id,
      objects: [{ database: "shop", schema: "public", table: "users" }],
      restore_opts: { into_db: "defaultdb", schema_only: true },
    };
    const made = bodyOf(await api.post(`${targetPath}/restores`, table));
    assert.deepEqual([made.objects, made.restore_opts], [table.objects, table.restore_opts]);
    await emulator.clock.advance(15 * minute);
    const counts = emulator.databases.list(target).map((one) => [one.name, one.table_count]);
    assert.deepEqual(counts, [
      ["defaultdb", "1"],
      ["postgres", "0"],
      ["shop", "3"],
      ["store", "3"],
      ["system", "0"],
    ]);
  });

  for (const [what, change, status, code] of [
    ["no type", { type: undefined }, 400, 3],
    ["an unknown type", { type: "SCHEMA" }, 400, 3],
    ["no objects", { objects: [] }, 400, 3],
    ["an object without database", { objects: [{ table: "users" }] }, 400, 3],
    ["no table", { type: "TABLE", objects: [{ database: "shop" }] }, 400, 3],
    ["objects of a whole cluster", { type: "CLUSTER" }, 400, 3],
    ["an unknown database", { objects: [{ database: "nothing" }] }, 400, 3],
    ["an unknown backup", { backup_id: "none" }, 404, 5],
    ["an unknown source", { source_cluster_id: "none" }, 404, 5],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const { api, backup, targetPath } = await withBackup();
      const body = { type: "DATABASE", backup_id: backup, objects: [{ database: "shop" }] };
      assertRefused(await api.post(`${targetPath}/restores`, { ...body, ...change }), status, code);
      assert.deepEqual(bodyOf(await api.get(`${targetPath}/restores`)).restores, []);
    });
  }

  it("need an empty destination of the same plan", async () => {
    const { emulator, api, id, target, targetPath } = await withBackup();
    const { id: small } = emulator.clusters.create(standard("others"));
    const body = { type: "CLUSTER", source_cluster_id: id };
    assertRefused(await api.post(`/clusters/${small}/restores`, body), 400, 9, /STANDARD/);
    const objects = [{ database: "shop" }];
    const single = { type: "DATABASE", source_cluster_id: id, objects };
    assertRefused(await api.post(`/clusters/${small}/restores`, single), 400, 9, /advanced/);
    emulator.databases.add(target, "mine");
    assertRefused(await api.post(`${targetPath}/restores`, body), 400, 9, /empty/);
    const own = { type: "CLUSTER" };
    assertRefused(await api.post(`/clusters/${small}/restores`, own), 400, 9, /no backup/);
  });

  it("fail where scripted", async () => {
    const { emulator, api, id, target, targetPath } = await withBackup();
    emulator.faults.failNextRestore({ code: 4, message: "too slow" });
    const body = { type: "CLUSTER", source_cluster_id: id };
    const started = bodyOf(await api.post(`${targetPath}/restores`, body));
    await emulator.clock.advance(15 * minute);
    const failed = bodyOf(await api.get(`${targetPath}/restores/${started.id}`));
    assert.deepEqual(
      [failed.status, failed.client_error_code, failed.client_error_message],
      ["FAILED", 4, "too slow"],
    );
    assert.equal(emulator.databases.list(target).length, 3);
    assert.equal(
      emulator.clusters.get(target).operation_status,
      "DEDICATED_FULL_CLUSTER_RESTORE_FAILED",
    );
    assertRefused(await api.get(`${targetPath}/restores/none`), 404, 5);
  });
});
