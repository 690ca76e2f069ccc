import assert from "node:assert/strict";
import { systemClock } from "../../sdk";
import { path, queryString } from "../../sdk/path";

describe("the system clock", () => {
  it("tells the time", () => {
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

describe("a path", () => {
  it("escapes what is put into it", () => {
    assert.equal(path`/a/${"b/c?d"}/e/${"f g"}`, "/a/b%2Fc%3Fd/e/f%20g");
  });

  it("refuses a segment that would change its meaning", () => {
    for (const segment of ["", ".", "..", undefined as unknown as string]) {
      assert.throws(() => path`/a/${segment}`, TypeError);
    }
  });
});

describe("a query", () => {
  it("leaves out what is undefined and escapes the rest", () => {
    assert.equal(
      queryString({ a: undefined, "b.c": "d&e", f: false, g: 0 }),
      "?b.c=d%26e&f=false&g=0",
    );
    assert.equal(queryString({ a: undefined }), "");
  });
});
