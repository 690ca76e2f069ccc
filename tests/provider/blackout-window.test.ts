import { strict as assert } from "node:assert";
import { lifecycle } from "../../provider/blackout-window";
import { failuresOf, putForeign, startPartLab } from "../support/cluster-parts";
import { checkEmulators } from "../support/emulator";
import { bodies, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";
import { unknown } from "../support/engine-model/values";

const times = { startTime: "2026-06-20T00:00:00Z", endTime: "2026-06-22T00:00:00Z" };

describe("BlackoutWindow", () => {
  checkEmulators();

  it("takes other spellings of a time for the same, and sends only what changes", async () => {
    const { shop, id } = await startPartLab(lifecycle, "ADVANCED");
    assertDone(await shop.up({ window: { clusterId: id, ...times } }));
    const same = { startTime: "2026-06-20T02:00:00.000+02:00", endTime: "2026-06-22T00:00:00.0Z" };
    assert.deepEqual(
      writes(assertDone(await shop.up({ window: { clusterId: id, ...same } })).requests),
      [],
    );
    const later = { clusterId: id, ...times, endTime: "2026-06-23T00:00:00Z" };
    const run = assertDone(await shop.up({ window: later }));
    assert.deepEqual(bodies(run.requests, "UpdateBlackoutWindow"), [{ end_time: later.endTime }]);
    assert.match(shop.resource("window").id, new RegExp(`^${id}:`));
  });

  it("of the past is refreshed, left alone and deleted", async () => {
    const { emulator, shop, id, time } = await startPartLab(lifecycle, "ADVANCED");
    assertDone(await shop.up({ window: { clusterId: id, ...times } }));
    await time.advance(60 * 24 * 60 * 60_000);
    assert.deepEqual(assertDone(await shop.refresh()).differences, {});
    assert.deepEqual(assertDone(await shop.up({ window: { clusterId: id, ...times } })).steps, [
      "same window",
    ]);
    emulator.faults.add("DeleteBlackoutWindow", { status: 400, message: "window is over" });
    const run = assertDone(await shop.destroy());
    assert.match(run.notes.map(({ text }) => text).join(), /keeps the blackout window/);
  });

  it("of a state of the Terraform provider has the id of the window alone", async () => {
    const { emulator, shop, id } = await startPartLab(lifecycle, "ADVANCED");
    const windowId = emulator.blackoutWindows.add(id, times.startTime, times.endTime);
    putForeign(shop, "window", { id: windowId, outputs: { clusterId: id, ...times } });
    assert.deepEqual(
      writes(assertDone(await shop.up({ window: { clusterId: id, ...times } })).requests),
      [],
    );
    assertDone(await shop.destroy());
    assert.deepEqual(emulator.blackoutWindows.list(id), []);
  });

  it("says how an organization is enrolled where the endpoint is refused", async () => {
    const { shop, id } = await startPartLab(lifecycle, "ADVANCED", {
      assumptions: { enrolled: false },
    });
    assert.match(
      failureOf(await shop.up({ window: { clusterId: id, ...times } })),
      /403.*ask CockroachDB Cloud support to enroll the organization/,
    );
  });

  it("whose creation was carried out while every response to it failed is refused by the next update with its import", async () => {
    const { emulator, shop, id } = await startPartLab(lifecycle, "ADVANCED");
    const window = { clusterId: id, ...times };
    const broken = { status: 500, message: "internal", times: Number.POSITIVE_INFINITY };
    emulator.faults.add("CreateBlackoutWindow", { reset: "after-effect" });
    // The list before the POST is the first one.
    emulator.faults.add("ListBlackoutWindows", { ...broken, nth: 2 });
    failureOf(await shop.up({ window }));
    emulator.faults.clear();
    const [created, ...others] = emulator.blackoutWindows.list(id);
    assert.deepEqual(others, []);
    const run = await shop.up({ window });
    assert.ok(failureOf(run).includes(`{import: "${id}:${created?.id}"}`), failureOf(run));
    assert.deepEqual(writes(run.requests), []);
  });

  it("is refused by the preview beside another one of the same times, however they are written", async () => {
    const { shop, id } = await startPartLab(lifecycle, "ADVANCED");
    const window = { clusterId: id, ...times };
    const same = { ...window, startTime: "2026-06-20T02:00:00+02:00" };
    assert.match(
      failureOf(await shop.preview({ one: window, two: same })),
      /clusterId: is the same as in BlackoutWindow "one", and so is every other argument: remove/,
    );
    const later = { ...window, endTime: "2026-06-23T00:00:00Z" };
    assertDone(await shop.preview({ one: window, two: later }));
  });

  it("is taken as valid beside another one while the cluster is not known", () => {
    const window = { clusterId: unknown, ...times };
    const others = () => [{ name: "one", inputs: window, clusterUrns: [] }];
    assert.deepEqual(lifecycle.conflicts?.(window, others), []);
  });

  it("of the same times in another stack is named with its import, also where there are several", async () => {
    const { emulator, shop, id } = await startPartLab(lifecycle, "ADVANCED");
    const windows = [1, 2].map(() =>
      emulator.blackoutWindows.add(id, times.startTime, times.endTime),
    );
    const run = await shop.up({ window: { clusterId: id, ...times } });
    assert.ok(windows.some((one) => failureOf(run).includes(`{import: "${id}:${one}"}`)));
    assert.equal(emulator.blackoutWindows.list(id).length, 2);
  });

  it("is checked for its length when it changes", () => {
    const clusterId = "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11";
    const long = { clusterId, ...times, endTime: "2026-07-30T00:00:00Z" };
    assert.match(failuresOf(lifecycle, long).join(), /^endTime: must be at most 14 days/);
    assert.deepEqual(failuresOf(lifecycle, long, long), []);
  });
});
