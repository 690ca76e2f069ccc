import assert from "node:assert/strict";
import { parseTimestamp } from "../../sdk/http/timestamp";

const second = 1_000_000_000n;

describe("A time", () => {
  const times: [string, bigint][] = [
    ["1970-01-01T00:00:01Z", second],
    ["1970-01-01T00:00:01.5Z", second + second / 2n],
    ["1970-01-01T00:00:00.000001Z", 1_000n],
    ["1970-01-01T00:00:00.000000001Z", 1n],
    ["1970-01-01T01:00:00+01:00", 0n],
    ["1970-01-01t00:00:00z", 0n],
  ];
  for (const [text, nanoseconds] of times) {
    it(`${text} is ${nanoseconds} ns after 1970 began`, () => {
      assert.equal(parseTimestamp(text), nanoseconds);
    });
  }

  for (const text of ["", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "today"]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.equal(parseTimestamp(text), undefined);
    });
  }
});
