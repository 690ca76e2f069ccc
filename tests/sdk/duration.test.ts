import assert from "node:assert/strict";
import { formatDuration, parseDuration } from "../../sdk";

describe("Durations", () => {
  const both: [string, number][] = [
    ["0s", 0],
    ["172800s", 172_800],
    ["1.5s", 1.5],
    ["-1s", -1],
    ["0.000000001s", 1e-9],
    ["604799.999999999s", 604_799.999999999],
    ["315576000000s", 315_576_000_000],
  ];
  for (const [text, seconds] of both) {
    it(`${text} is ${seconds} seconds, both ways`, () => {
      assert.equal(parseDuration(text), seconds);
      assert.equal(formatDuration(seconds), text);
    });
  }

  const spellings: [string, number][] = [
    ["172800.000s", 172_800],
    ["1.500000000s", 1.5],
    ["-0s", -0],
    ["007s", 7],
  ];
  for (const [text, seconds] of spellings) {
    it(`reads ${text} as ${seconds} seconds`, () => {
      assert.equal(parseDuration(text), seconds);
    });
  }

  for (const text of [
    "",
    "s",
    "48h",
    "172800",
    "1e3s",
    " 1s",
    "1s\n",
    "1 s",
    "+1s",
    ".5s",
    "1.s",
    "1.0000000001s",
    "PT48H",
    "1h0m0s",
    "315576000001s",
  ]) {
    it(`does not take ${JSON.stringify(text)} for a duration`, () => {
      assert.throws(() => parseDuration(text), RangeError);
    });
  }

  it("writes no negative zero, and rounds below a nanosecond", () => {
    assert.equal(formatDuration(-0), "0s");
    assert.equal(formatDuration(-1e-12), "0s");
    assert.equal(formatDuration(0.1 + 0.2), "0.3s");
  });

  for (const seconds of [Number.NaN, Number.POSITIVE_INFINITY, 1e15]) {
    it(`refuses to write ${seconds} seconds`, () => {
      assert.throws(() => formatDuration(seconds), RangeError);
    });
  }
});
