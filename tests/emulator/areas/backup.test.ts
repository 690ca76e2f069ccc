import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator/index";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import type { Caller } from "../caller";
import { advanced, assertRefused, basic, bodyOf, day, hour, standard, startQuick } from "../caller";

const hourly = { enabled: true, frequency_minutes: 60, retention_days: 30 };

async function withCluster(
  body: object = advanced("orders"),
  options: EmulatorOptions = {},
): Promise<{ emulator: TestEmulator; api: Caller; id: string; path: string }> {
  const { emulator, api } = await startQuick(options);
  const { id } = emulator.clusters.create(body);
  return { emulator, api, id, path: `/clusters/${id}` };
}

describe("The backup configuration", () => {
  checkEmulators();

  it("is hourly for 30 days, and daily on Basic", async () => {
    const { api, path } = await withCluster(standard("orders"));
    assert.deepEqual(bodyOf(await api.get(`${path}/backups-config`)), hourly);
    const small = await withCluster(basic("orders"));
    const daily = { ...hourly, frequency_minutes: 1440 };
    assert.deepEqual(bodyOf(await small.api.get(`${small.path}/backups-config`)), daily);
    const refused = await small.api.patch(`${small.path}/backups-config`, { enabled: false });
    assertRefused(refused, 400, 9);
  });

  it("of a LOCKED cluster can be read and not changed, unless that is assumed", async () => {
    const { emulator, api, id, path } = await withCluster();
    emulator.clusters.lock(id, hour);
    bodyOf(await api.get(`${path}/backups-config`));
    const change = { frequency_minutes: 15 };
    assertRefused(await api.patch(`${path}/backups-config`, change), 503, 14, /couldn't lock/);
    const open = await withCluster(advanced("orders"), { assumptions: { backupsWhileBusy: true } });
    open.emulator.clusters.lock(open.id, hour);
    bodyOf(await open.api.patch(`${open.path}/backups-config`, change));
  });

  for (const [field, value] of [
    ["frequency_minutes", 120],
    ["frequency_minutes", 0],
    ["retention_days", 60],
  ] as const) {
    it(`refuses ${field} ${value}`, async () => {
      const { api, path } = await withCluster();
      const response = await api.patch(`${path}/backups-config`, { [field]: value });
      assertRefused(response, 400, 3, new RegExp(`${field} .*must be one of`));
      assert.deepEqual(bodyOf(await api.get(`${path}/backups-config`)), hourly);
    });
  }

  it("can change its retention only once", async () => {
    const { emulator, api, id, path } = await withCluster();
    const change = (body: object) => api.patch(`${path}/backups-config`, body);
    assert.deepEqual(bodyOf(await change({ retention_days: 30, frequency_minutes: 5 })), {
      ...hourly,
      frequency_minutes: 5,
    });
    assert.equal(bodyOf(await change({ retention_days: 7 })).retention_days, 7);
    bodyOf(await change({ retention_days: 7, enabled: true }));
    assertRefused(
      await change({ retention_days: 90 }),
      400,
      9,
      "cluster already has a retention policy set, open a support ticket to change it",
    );
    assert.equal(emulator.backups.configuration(id).retention_days, 7);
  });

  it("counts the present retention as a change by assumption", async () => {
    const { emulator, api } = await startQuick({ assumptions: { retentionResendCounts: true } });
    const { id } = emulator.clusters.create(standard("orders"));
    const change = (body: object) => api.patch(`/clusters/${id}/backups-config`, body);
    bodyOf(await change({ retention_days: 30 }));
    assertRefused(await change({ retention_days: 7 }), 400, 9);
  });

  it("is disabled by a request of its own, unless an assumption says otherwise", async () => {
    const { api, path } = await withCluster();
    const both = { enabled: false, frequency_minutes: 30 };
    assertRefused(await api.patch(`${path}/backups-config`, both), 400, 3, /together/);
    const off = bodyOf(await api.patch(`${path}/backups-config`, { enabled: false }));
    assert.deepEqual(off, { ...hourly, enabled: false });
    assert.deepEqual(bodyOf(await api.patch(`${path}/backups-config`, { enabled: true })), hourly);
    const lenient = await startQuick({ assumptions: { disableAlone: false } });
    const { id } = lenient.emulator.clusters.create(standard("orders"));
    bodyOf(await lenient.api.patch(`/clusters/${id}/backups-config`, both));
  });

  it("stays as it is when a cluster becomes STANDARD, and goes back when it becomes BASIC", async () => {
    const { emulator, api, id, path } = await withCluster(basic("orders"));
    const read = async () => bodyOf(await api.get(`${path}/backups-config`));
    const limits = { provisioned_virtual_cpus: "2" };
    bodyOf(await api.patch(path, { plan: "STANDARD", serverless: { usage_limits: limits } }));
    assert.deepEqual(await read(), { ...hourly, frequency_minutes: 1440 });
    bodyOf(await api.patch(`${path}/backups-config`, { frequency_minutes: 5, retention_days: 90 }));
    const backup = emulator.backups.take(id);
    bodyOf(await api.patch(path, { plan: "BASIC", serverless: { usage_limits: {} } }));
    assert.deepEqual(await read(), { ...hourly, frequency_minutes: 1440 });
    await emulator.clock.advance(80 * day);
    assert.ok(emulator.backups.list(id).some((one) => one.id === backup));
  });
});

describe("Backups", () => {
  checkEmulators();

  it("are taken on schedule and expire", async () => {
    const { emulator, api, path } = await withCluster();
    const begin = emulator.clock.now();
    assert.deepEqual(bodyOf(await api.get(`${path}/backups`)).backups, []);
    await emulator.clock.advance(3 * hour);
    const { backups } = bodyOf(await api.get(`${path}/backups`));
    assert.deepEqual(
      backups.map((backup: { as_of_time: string }) => Date.parse(backup.as_of_time) - begin),
      [hour, 2 * hour, 3 * hour],
    );
    assert.deepEqual(bodyOf(await api.get(`${path}/backups`)).backups, backups);
    const from = new Date(begin + 2 * hour).toISOString();
    const until = new Date(begin + 3 * hour).toISOString();
    const some = bodyOf(await api.get(`${path}/backups?start_time=${from}&end_time=${until}`));
    assert.deepEqual(some.backups, [backups[1]]);
    await emulator.clock.advance(400 * day);
    const later = bodyOf(await api.get(`${path}/backups?pagination.limit=500`));
    assert.equal(later.backups.length, 500);
    assert.equal(Date.parse(later.backups[0].as_of_time), emulator.clock.now() - 30 * day);
  });

  it("are listed newest first where the assumption says so, unless the request names an order", async () => {
    const { emulator, api, path } = await withCluster(undefined, {
      assumptions: { backupOrder: "newest-first" },
    });
    await emulator.clock.advance(2 * hour);
    const times = async (query: string) =>
      bodyOf(await api.get(`${path}/backups${query}`)).backups.map(
        ({ as_of_time }: { as_of_time: string }) => Date.parse(as_of_time),
      );
    const [newest, oldest] = await times("");
    assert.equal(newest - oldest, hour);
    assert.deepEqual(await times("?pagination.sort_order=ASC"), [oldest, newest]);
  });

  it("follow their configuration, and pause when disabled", async () => {
    const { emulator, id } = await withCluster();
    await emulator.clock.advance(2 * hour);
    emulator.backups.configure(id, { enabled: false });
    await emulator.clock.advance(day);
    assert.equal(emulator.backups.list(id).length, 2);
    emulator.backups.configure(id, { enabled: true, frequency_minutes: 10 });
    await emulator.clock.advance(hour);
    assert.equal(emulator.backups.list(id).length, 8);
    emulator.backups.take(id);
    assert.equal(emulator.backups.list(id).length, 9);
  });

  it("are taken at once when frequency or retention change, and not when disabled", async () => {
    const { emulator, api, id, path } = await withCluster();
    const change = (body: object) => api.patch(`${path}/backups-config`, body);
    for (const [body, count] of [
      [{ frequency_minutes: 30 }, 1],
      [{ frequency_minutes: 30 }, 1],
      [{ retention_days: 7 }, 2],
      [{ enabled: false }, 2],
    ] as const) {
      bodyOf(await change(body));
      assert.equal(emulator.backups.list(id).length, count, JSON.stringify(body));
    }
  });

  it("are kept for the retention under which they were taken", async () => {
    const { emulator, api, id, path } = await withCluster();
    const old = emulator.backups.take(id);
    bodyOf(await api.patch(`${path}/backups-config`, { retention_days: 2 }));
    bodyOf(await api.patch(`${path}/backups-config`, { enabled: false }));
    await emulator.clock.advance(3 * day);
    assert.deepEqual(
      emulator.backups.list(id).map((backup) => backup.id),
      [old],
    );
  });
});
