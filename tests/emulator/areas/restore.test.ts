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
    assertRefused(
      await api.post(`${targetPath}/restores`, body),
      400,
      9,
      "full cluster restore can only be run on a cluster with no tables or databases but found 1 descriptors: [mine]",
    );
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

  it("of a whole cluster over data fail, or wipe it, by assumption", async () => {
    for (const clusterRestoreIntoData of ["failed", "wiped"] as const) {
      const { emulator, api } = await startQuick({ assumptions: { clusterRestoreIntoData } });
      const { id } = emulator.clusters.create(advanced("orders"));
      emulator.backups.take(id);
      const { id: target } = emulator.clusters.create(advanced("copies"));
      emulator.databases.add(target, "mine");
      emulator.sqlUsers.add(target, "me");
      const body = { type: "CLUSTER", source_cluster_id: id };
      const { id: restore } = bodyOf(await api.post(`/clusters/${target}/restores`, body));
      await emulator.clock.advance(15 * minute);
      const done = bodyOf(await api.get(`/clusters/${target}/restores/${restore}`));
      const names = emulator.databases.list(target).map(({ name }) => name);
      if (clusterRestoreIntoData === "failed") {
        assert.equal(done.status, "FAILED");
        assert.match(done.client_error_message, /\[mine\]/);
        assert.ok(names.includes("mine"));
      } else {
        assert.equal(done.status, "SUCCESS");
        assert.deepEqual(names, ["defaultdb", "postgres", "system"]);
        assert.deepEqual(emulator.sqlUsers.list(target), []);
      }
    }
  });

  it("of databases and tables fail where the name is taken or missing", async () => {
    const { emulator, api, id, target, targetPath } = await withBackup();
    emulator.databases.add(target, "shop");
    const objects = [{ database: "shop", schema: "public", table: "users" }];
    for (const [body, message] of [
      [{ type: "DATABASE", objects: [{ database: "shop" }] }, 'database "shop" already exists'],
      [
        { type: "TABLE", objects, restore_opts: { into_db: "nowhere" } },
        'database "nowhere" does not exist',
      ],
    ] as const) {
      const request = { source_cluster_id: id, ...body };
      const started = bodyOf(await api.post(`${targetPath}/restores`, request));
      assert.equal(started.status, "PENDING");
      await emulator.clock.advance(15 * minute);
      const failed = bodyOf(await api.get(`${targetPath}/restores/${started.id}`));
      assert.deepEqual([failed.status, failed.client_error_message], ["FAILED", message]);
      assert.notEqual(failed.completed_at, null);
    }
  });

  it("show when they ended a little after their success", async () => {
    const { emulator, api, id, targetPath } = await withBackup();
    const body = { type: "CLUSTER", source_cluster_id: id };
    const { id: restore } = bodyOf(await api.post(`${targetPath}/restores`, body));
    const get = async () => bodyOf(await api.get(`${targetPath}/restores/${restore}`));
    await emulator.clock.advance(15 * minute);
    const first = await get();
    assert.deepEqual([first.status, first.completed_at], ["SUCCESS", null]);
    await emulator.clock.advance(5_000);
    assert.equal((await get()).completed_at, "2026-06-01T00:15:00Z");
  });

  it("take a backup older than seven days only by its id", async () => {
    const { emulator, api, id, backup, targetPath } = await withBackup();
    emulator.backups.configure(id, { enabled: false });
    await emulator.clock.advance(7 * 24 * 60 * minute + 1);
    const newest = { type: "CLUSTER", source_cluster_id: id };
    assertRefused(await api.post(`${targetPath}/restores`, newest), 400, 9, /last 7 days/);
    bodyOf(await api.post(`${targetPath}/restores`, { type: "CLUSTER", backup_id: backup }));
  });

  it("bring a Basic or Standard cluster back into itself only", async () => {
    const { emulator, api } = await withBackup();
    const { id } = emulator.clusters.create(standard("source"));
    const { id: other } = emulator.clusters.create(standard("others"));
    emulator.backups.take(id);
    const body = { type: "CLUSTER", source_cluster_id: id };
    assertRefused(await api.post(`/clusters/${other}/restores`, body), 400, 9, /same cluster/);
    emulator.sqlUsers.add(id, "app");
    bodyOf(await api.post(`/clusters/${id}/restores`, body));
    assert.equal(emulator.clusters.get(id).operation_status, "TENANT_RESTORE_RUNNING");
    assertRefused(await api.post(`/clusters/${id}/restores`, body), 503, 14, /lock/);
    await emulator.clock.advance(15 * minute);
    assert.deepEqual(emulator.sqlUsers.list(id), ["app"]);
  });

  it("are not found through another cluster", async () => {
    const { api, id, targetPath } = await withBackup();
    const body = { type: "CLUSTER", source_cluster_id: id };
    const { id: restore } = bodyOf(await api.post(`${targetPath}/restores`, body));
    assertRefused(await api.get(`/clusters/${id}/restores/${restore}`), 404, 5);
    assertRefused(await api.delete(`${targetPath}/restores/${restore}`), 501, 12);
  });

  for (const [what, body] of [
    ["another name for two databases", { type: "DATABASE", restore_opts: { new_db_name: "x" } }],
    ["a target database for a database", { type: "DATABASE", restore_opts: { into_db: "x" } }],
    ["another name for a table", { type: "TABLE", restore_opts: { new_db_name: "x" } }],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const { api, id, targetPath } = await withBackup();
      const object = { database: "shop", schema: "public", table: "users" };
      const request = { source_cluster_id: id, objects: [object, object], ...body };
      assertRefused(await api.post(`${targetPath}/restores`, request), 400, 3, /restores of/);
    });
  }
});
