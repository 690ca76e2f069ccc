import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { systemClock } from "../../sdk";

describe("The system clock", () => {
  it("reports the time", () => {
    assert.ok(Math.abs(systemClock.now() - Date.now()) < 60_000);
  });

  it("sleeps", async () => {
    const before = systemClock.now();
    await systemClock.sleep(10);
    assert.ok(systemClock.now() - before >= 9);
  });

  it("wakes at once with the reason of the signal", async () => {
    const controller = new AbortController();
    const sleep = systemClock.sleep(60_000, controller.signal);
    controller.abort(new Error("enough"));
    await assert.rejects(sleep, /enough/);
    await assert.rejects(systemClock.sleep(60_000, controller.signal), /enough/);
  });

  it("leaves nothing behind on a signal that did not come", async () => {
    const { signal } = new AbortController();
    await systemClock.sleep(1, signal);
    assert.deepEqual(getEventListeners(signal, "abort"), []);
  });

  it("does not take a month for a millisecond", async () => {
    const controller = new AbortController();
    let isAwake = false;
    const sleep = systemClock.sleep(2 ** 31, controller.signal).then(
      () => {
        isAwake = true;
      },
      () => undefined,
    );
    await systemClock.sleep(10);
    controller.abort();
    await sleep;
    assert.equal(isAwake, false);
  });
});
