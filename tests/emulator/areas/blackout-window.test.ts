import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator/index";
import { checkEmulators } from "../../support/emulator";
import type { ApiResponse } from "../caller";
import {
  assertRefused,
  basic,
  bodyOf,
  callerOf,
  day,
  hour,
  minute,
  standard,
  withAdvanced,
} from "../caller";

describe("Blackout windows", () => {
  checkEmulators();

  async function start(options: EmulatorOptions = {}) {
    const { emulator, api, id, window, get } = await withAdvanced(options);
    const path = `/clusters/${id}/blackout-windows`;
    const begin = emulator.clock.now();
    /** The body of a window, in milliseconds from the beginning. */
    const times = (from: number, to: number) => ({
      start_time: new Date(begin + from).toISOString().replace(".000Z", "Z"),
      end_time: new Date(begin + to).toISOString().replace(".000Z", "Z"),
    });
    return {
      emulator,
      api,
      id,
      path,
      maintenance: window,
      cluster: get,
      times,
      create: (from: number, to: number): Promise<ApiResponse> => api.post(path, times(from, to)),
      list: async () => bodyOf(await api.get(path)).blackout_windows,
    };
  }

  it("leave upgrades and scaling that somebody asks for alone, unless that is assumed", async () => {
    for (const blackoutBlocksUserWork of [false, true]) {
      const { emulator, api, id, times } = await start({ assumptions: { blackoutBlocksUserWork } });
      const { start_time, end_time } = times(0, day);
      emulator.blackoutWindows.add(id, start_time, end_time);
      const scale = () =>
        api.patch(`/clusters/${id}`, { dedicated: { region_nodes: { "us-east-1": 5 } } });
      if (blackoutBlocksUserWork) {
        assertRefused(await scale(), 400, 9, /blackout window/);
        bodyOf(await api.patch(`/clusters/${id}`, { labels: { team: "a" } }));
        await emulator.clock.advance(day);
      }
      bodyOf(await scale());
    }
  });

  it("are created, read, listed by their start, moved and deleted", async () => {
    const { api, id, path, times, create, list } = await start();
    const later = bodyOf(await create(20 * day, 21 * day));
    const window = bodyOf(await create(8 * day, 10 * day));
    assert.deepEqual(window, { id: window.id, cluster_id: id, ...times(8 * day, 10 * day) });
    assert.deepEqual(bodyOf(await api.get(`${path}/${window.id}`)), window);
    assert.deepEqual(await list(), [window, later]);
    const moved = times(8 * day + 6 * hour, 9 * day + 18 * hour);
    const patched = bodyOf(await api.patch(`${path}/${window.id}`, moved));
    assert.deepEqual(patched, { ...window, ...moved });
    assert.deepEqual(bodyOf(await api.delete(`${path}/${window.id}`)), patched);
    assertRefused(await api.get(`${path}/${window.id}`), 404, 5);
    assertRefused(await api.delete(`${path}/${window.id}`), 404, 5);
    assertRefused(await api.get(`${path}/none`), 400, 3, /blackout_window_id/);
  });

  for (const [what, from, to] of [
    ["a start in less than seven days", 7 * day - 1, 8 * day],
    ["more than 14 days", 7 * day, 21 * day + 1],
    ["an end in more than three months", 90 * day, 92 * day + 1],
    ["an end before its start", 9 * day, 8 * day],
    ["no length", 9 * day, 9 * day],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const { create, list } = await start();
      assertRefused(await create(from, to), 400, 3, /^invalid argument: /);
      assert.deepEqual(await list(), []);
    });
  }

  it("may begin in exactly seven days, last 14 days, and end in exactly three months", async () => {
    const { api, path, create, times } = await start();
    bodyOf(await create(7 * day, 21 * day));
    // From the first of June to the first of September.
    bodyOf(await create(80 * day, 92 * day));
    for (const missing of ["start_time", "end_time"]) {
      const body = { ...times(8 * day, 9 * day), [missing]: undefined };
      assertRefused(await api.post(path, body), 400, 3, new RegExp(`${missing} is required`));
    }
  });

  it("are checked for what changes only", async () => {
    const { emulator, api, path, times, create } = await start();
    const { id } = bodyOf(await create(8 * day, 10 * day));
    await emulator.clock.advance(9 * day);
    const { start_time, end_time } = times(8 * day, 11 * day);
    assert.equal(bodyOf(await api.patch(`${path}/${id}`, { end_time })).end_time, end_time);
    bodyOf(await api.patch(`${path}/${id}`, { start_time }));
    const moved = times(8 * day + hour, 0).start_time;
    assertRefused(await api.patch(`${path}/${id}`, { start_time: moved }), 400, 3, /7 days/);
    const long = times(0, 23 * day).end_time;
    assertRefused(await api.patch(`${path}/${id}`, { end_time: long }), 400, 3, /14 days/);
    await emulator.clock.advance(30 * day);
    bodyOf(await api.get(`${path}/${id}`));
    bodyOf(await api.delete(`${path}/${id}`));
  });

  it("are for Advanced clusters only", async () => {
    const { emulator, api, times } = await start();
    for (const body of [basic("smaller"), standard("middle-sized")]) {
      const { id } = emulator.clusters.create(body as never);
      const path = `/clusters/${id}/blackout-windows`;
      const message = "invalid argument: blackout windows are supported for advanced clusters only";
      assertRefused(await api.get(path), 400, 3, message);
      assertRefused(await api.post(path, times(8 * day, 9 * day)), 400, 3, message);
      const one = `${path}/00000000-0000-4000-8000-000000000000`;
      assertRefused(await api.get(one), 400, 3, message);
      assertRefused(await api.patch(one, {}), 400, 3, message);
      assertRefused(await api.delete(one), 400, 3, message);
    }
  });

  it("cannot cover two maintenance windows in a row", async () => {
    const { emulator, id, create } = await start();
    // Wednesdays, from midnight on.
    const wednesday = { offset_duration: "172800s", window_duration: "21600s" };
    emulator.maintenanceWindows.set(id, wednesday);
    bodyOf(await create(8 * day, 10 * day));
    assertRefused(await create(15 * day, 17 * day), 400, 9, /two consecutive/);
    bodyOf(await create(22 * day, 24 * day));
    const free = await start();
    bodyOf(await free.create(8 * day, 10 * day));
    bodyOf(await free.create(15 * day, 17 * day));
    const strict = await start({ assumptions: { blackoutNeedsMaintenanceWindow: true } });
    assertRefused(await strict.create(8 * day, 10 * day), 400, 9, /need a maintenance window/);
  });

  it("may overlap, unless an assumption says otherwise", async () => {
    const { create } = await start();
    bodyOf(await create(8 * day, 10 * day));
    bodyOf(await create(9 * day, 11 * day));
    const strict = await start({ assumptions: { windowsMayOverlap: false } });
    bodyOf(await strict.create(8 * day, 10 * day));
    bodyOf(await strict.create(10 * day, 11 * day));
    assertRefused(await strict.create(9 * day, 10 * day), 409, 6, /overlap/);
  });

  it("hold a patch off until their end", async () => {
    const { emulator, create, cluster } = await start();
    bodyOf(await create(8 * day, 10 * day));
    await emulator.clock.advance(9 * day);
    emulator.versions.releasePatch("v26.1.9");
    await emulator.clock.advance(day - minute);
    assert.equal((await cluster()).operation_status, "UNSPECIFIED");
    await emulator.clock.advance(minute);
    assert.equal((await cluster()).operation_status, "CRDB_PATCH_RUNNING");
  });

  it("do not hold a critical patch off", async () => {
    const { emulator, create, cluster } = await start();
    bodyOf(await create(8 * day, 10 * day));
    await emulator.clock.advance(9 * day);
    emulator.versions.releasePatch("v26.1.9", undefined, true);
    await emulator.clock.advance(1);
    assert.equal((await cluster()).operation_status, "CRDB_PATCH_RUNNING");
  });

  it("need an organization that is enrolled, and the role of an operator", async () => {
    const { create } = await start({ assumptions: { enrolled: false } });
    assertRefused(await create(8 * day, 9 * day), 403, 7, /not enabled for your organization/);
    const { emulator, path } = await start();
    const roles = [{ role: "CLUSTER_DEVELOPER" as const }];
    const developer = callerOf(emulator, emulator.organization.addKey({ roles }));
    assertRefused(await developer.get(path), 403, 7);
  });

  it("are in the audit log, and changed outside the API by their controls", async () => {
    const { emulator, api, id, path, times, create, list } = await start();
    const window = bodyOf(await create(8 * day, 9 * day));
    bodyOf(await api.patch(`${path}/${window.id}`, { end_time: times(0, 10 * day).end_time }));
    bodyOf(await api.delete(`${path}/${window.id}`));
    assert.deepEqual(
      emulator.organization.auditLog().map(({ action }) => action.slice(-23)),
      ["REATE_CLUSTER_BLACKOUT_", "PDATE_CLUSTER_BLACKOUT_", "ELETE_CLUSTER_BLACKOUT_"].map(
        (verb) => `${verb}WINDOW`.slice(-23),
      ),
    );
    const past = times(-9 * day, -8 * day);
    const added = emulator.blackoutWindows.add(id, past.start_time, past.end_time);
    assert.deepEqual(await list(), emulator.blackoutWindows.list(id));
    emulator.blackoutWindows.edit(id, added, { endTime: times(0, -7 * day).end_time });
    assert.equal((await list())[0].end_time, times(0, -7 * day).end_time);
    emulator.blackoutWindows.remove(id, added);
    assert.deepEqual(await list(), []);
    assert.throws(() => emulator.blackoutWindows.edit(id, added, {}), /no blackout window/);
  });
});
