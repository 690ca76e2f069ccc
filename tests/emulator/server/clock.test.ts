import { strict as assert } from "node:assert";
import { manualClock, realClock, scaledClock } from "../../../emulator/index";
import { checkEmulators, startTestEmulator } from "../../support/emulator";
import { basic, bodyOf, callerOf, hour } from "../caller";

describe("Clock", () => {
  checkEmulators();

  it("stands still until it is advanced", async () => {
    const clock = manualClock(1000);
    assert.equal(clock.now(), 1000);
    await clock.advance(250);
    assert.equal(clock.now(), 1250);
    await assert.rejects(clock.advance(-1), RangeError);
  });

  it("runs with the wall clock and can be moved forward all the same", async () => {
    const clock = realClock();
    assert.ok(Math.abs(clock.now() - Date.now()) < 1000);
    await clock.advance(hour);
    assert.ok(clock.now() >= Date.now() + hour - 1000);
  });

  it("runs faster when scaled", () => {
    const clock = scaledClock(1_000_000);
    const start = clock.now();
    while (clock.now() - start < 1000) {
      // A thousandth of a millisecond per emulated millisecond: soon there.
    }
    assert.throws(() => scaledClock(0), RangeError);
  });

  it("is the real time by default", async () => {
    const emulator = await startTestEmulator({ durations: { createBasicMs: hour } });
    const api = callerOf(emulator);
    const { id, state } = bodyOf(await api.post("/clusters", basic("orders")));
    assert.equal(state, "CREATING");
    await emulator.clock.advance(hour);
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).state, "CREATED");
  });
});
