import { strict as assert } from "node:assert";
import { checkEmulators } from "../../support/emulator";
import {
  assertRefused,
  basic,
  bodyOf,
  day,
  hour,
  minute,
  standard,
  startQuick,
  withAdvanced,
} from "../caller";

const wednesday = { offset_duration: "172800s", window_duration: "21600s" };

describe("The version deferral", () => {
  checkEmulators();

  it("is NOT_DEFERRED from the start, or not found if so configured", async () => {
    const { api, deferral } = await withAdvanced();
    assert.deepEqual(bodyOf(await api.get(deferral)), {
      deferral_policy: "NOT_DEFERRED",
      deferred_until: null,
    });
    const other = await withAdvanced({ assumptions: { deferralUnset: "not-found" } });
    assertRefused(await other.api.get(other.deferral), 404, 5);
    bodyOf(await other.api.put(other.deferral, { deferral_policy: "NOT_DEFERRED" }));
    bodyOf(await other.api.get(other.deferral));
  });

  it("changes from any value to any other, without a window", async () => {
    const { emulator, api, id, deferral } = await withAdvanced();
    for (const policy of [
      "DEFERRAL_60_DAYS",
      "DEFERRAL_30_DAYS",
      "DEFERRAL_60_DAYS",
      "DEFERRAL_90_DAYS",
      "NOT_DEFERRED",
    ] as const) {
      const wanted = { deferral_policy: policy, deferred_until: null };
      assert.deepEqual(bodyOf(await api.put(deferral, { deferral_policy: policy })), wanted);
      assert.deepEqual(bodyOf(await api.get(deferral)), wanted);
      assert.deepEqual(emulator.versionDeferrals.get(id), wanted);
    }
  });

  for (const [what, body] of [
    ["an unknown policy", { deferral_policy: "DEFERRAL_45_DAYS" }],
    ["no policy", {}],
    ["a number", { deferral_policy: 60 }],
    ["a date that is none", { deferral_policy: "NOT_DEFERRED", deferred_until: "tomorrow" }],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      const { api, deferral } = await withAdvanced();
      assertRefused(await api.put(deferral, body), 400, 3);
    });
  }

  for (const [policy, days] of [
    ["DEFERRAL_30_DAYS", 30],
    ["DEFERRAL_60_DAYS", 60],
    ["DEFERRAL_90_DAYS", 90],
    ["FIXED_DEFERRAL", 60],
  ] as const) {
    it(`${policy} puts a patch off by ${days} days`, async () => {
      const { emulator, api, deferral, get } = await withAdvanced();
      const body = { deferral_policy: policy, deferred_until: "2001-01-01T00:00:00Z" };
      const shown = policy === "FIXED_DEFERRAL" ? "DEFERRAL_60_DAYS" : policy;
      assert.deepEqual(bodyOf(await api.put(deferral, body)), {
        deferral_policy: shown,
        deferred_until: null,
      });
      const releasedAt = emulator.clock.now();
      emulator.versions.releasePatch("v26.1.3");
      await emulator.clock.advance(days * day - 1);
      const { deferred_until: until } = bodyOf(await api.get(deferral));
      assert.equal(Date.parse(until), releasedAt + days * day);
      assert.equal((await get()).operation_status, "UNSPECIFIED");
      await emulator.clock.advance(1);
      assert.equal((await get()).operation_status, "CRDB_PATCH_RUNNING");
      await emulator.clock.advance(20 * minute);
      assert.equal((await get()).cockroach_version, "v26.1.3");
      assert.equal(bodyOf(await api.get(deferral)).deferred_until, null);
    });
  }

  it("ends at once with NOT_DEFERRED, and counts from the patch's own date", async () => {
    const { emulator, api, id, deferral, get } = await withAdvanced();
    emulator.versionDeferrals.set(id, "DEFERRAL_90_DAYS");
    emulator.versions.releasePatch("v26.1.3", "2026-05-01T00:00:00Z");
    assert.equal(bodyOf(await api.get(deferral)).deferred_until, "2026-07-30T00:00:00Z");
    await emulator.clock.advance(day);
    const ended = bodyOf(await api.put(deferral, { deferral_policy: "NOT_DEFERRED" }));
    assert.equal(ended.deferred_until, null);
    assert.equal((await get()).operation_status, "CRDB_PATCH_RUNNING");
  });

  it("shows FIXED_DEFERRAL as such if so configured", async () => {
    const assumptions = { fixedDeferralEcho: "FIXED_DEFERRAL" } as const;
    const { api, deferral } = await withAdvanced({ assumptions });
    const set = bodyOf(await api.put(deferral, { deferral_policy: "FIXED_DEFERRAL" }));
    assert.equal(set.deferral_policy, "FIXED_DEFERRAL");
  });

  it("has no DELETE", async () => {
    const { api, deferral } = await withAdvanced();
    assertRefused(await api.delete(deferral), 501, 12);
  });

  it("holds a patch back until the next window after it, or at once without a window", async () => {
    const { emulator, api, window, deferral, get } = await withAdvanced();
    bodyOf(await api.put(window, wednesday));
    bodyOf(await api.put(deferral, { deferral_policy: "DEFERRAL_30_DAYS" }));
    emulator.versions.releasePatch("v26.1.3");
    // 30 days after Monday 1 June is Wednesday 1 July, 00:00: in the window.
    await emulator.clock.advance(30 * day - 1);
    assert.equal((await get()).operation_status, "UNSPECIFIED");
    await emulator.clock.advance(1);
    assert.equal((await get()).operation_status, "CRDB_PATCH_RUNNING");
    await emulator.clock.advance(7 * hour);
    emulator.versions.releasePatch("v26.1.4");
    // 30 days after Wednesday 07:00 is a Friday; the next window is five days later.
    await emulator.clock.advance(34 * day);
    assert.equal((await get()).operation_status, "UNSPECIFIED");
    bodyOf(await api.delete(window));
    assert.equal(bodyOf(await api.get(deferral)).deferral_policy, "DEFERRAL_30_DAYS");
    assert.equal((await get()).operation_status, "CRDB_PATCH_RUNNING");
  });

  it("is refused on Basic and Standard, or served if so configured", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(standard("orders"));
    const message = "version deferrals are supported for advanced clusters only";
    const body = { deferral_policy: "DEFERRAL_30_DAYS" };
    assertRefused(await api.get(`/clusters/${id}/version-deferral`), 400, 9, message);
    assertRefused(await api.put(`/clusters/${id}/version-deferral`, body), 400, 9, message);
    const tolerant = await startQuick({ assumptions: { deferralOnServerless: "served" } });
    const other = tolerant.emulator.clusters.create(basic("orders"));
    bodyOf(await tolerant.api.put(`/clusters/${other.id}/version-deferral`, body));
  });
});
