import assert from "node:assert/strict";
import fc from "fast-check";
import { backoffMs, maxBackoffMs, parseRetryAfter } from "../../sdk/http/retry-timing";

const now = Date.parse("Wed, 21 Oct 2026 07:28:00 GMT");

describe("Retry-After", () => {
  const cases: [header: string | null, date: string | null, expected: number | undefined][] = [
    ["0", null, 0],
    ["1", null, 1_000],
    [" 7 ", null, 7_000],
    ["1.5", null, 1_500],
    ["1.25", null, 1_250],
    ["Wed, 21 Oct 2026 07:28:30 GMT", null, 30_000],
    ["Wed, 21 Oct 2026 07:27:30 GMT", null, 0],
    ["Wednesday, 21-Oct-26 07:28:30 GMT", null, 30_000],
    ["Wed Oct 21 07:28:30 2026", null, 30_000],
    ["Wed, 21 Oct 2026 09:00:30 GMT", "Wed, 21 Oct 2026 09:00:00 GMT", 30_000],
    ["Wed, 21 Oct 2026 07:28:30 GMT", "nonsense", 30_000],
    [null, null, undefined],
    ["", null, undefined],
    ["-1", null, undefined],
    ["soon", null, undefined],
    ["Wed, nonsense", null, undefined],
    ["2026 Wed, 21 Oct 2026 07:28:30 GMT", null, undefined],
    ["1e3", null, undefined],
    ["21 Oct 2026 07:28:30 GMT", null, undefined],
  ];
  for (const [header, date, expected] of cases) {
    it(`${JSON.stringify(header)} at ${date ?? "our time"} means ${expected} ms`, () => {
      assert.equal(parseRetryAfter(header, now, date), expected);
    });
  }

  it("as a date without a zone is in GMT, wherever this computer is", () => {
    const zone = process.env["TZ"];
    process.env["TZ"] = "Asia/Tokyo";
    try {
      assert.equal(parseRetryAfter("Wed Oct 21 07:28:30 2026", now), 30_000);
    } finally {
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    }
  });
});

describe("Backoff", () => {
  it("doubles from half a second and stays at ten", () => {
    const pauses = [1, 2, 3, 4, 5, 6, 50].map((failures) => backoffMs(failures, () => 1));
    assert.deepEqual(pauses, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it("is always between the half and the whole", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, r) => {
          const full = Math.min(maxBackoffMs, 500 * 2 ** (n - 1));
          const pause = backoffMs(n, () => r);
          assert.ok(pause >= full / 2 && pause <= full);
        },
      ),
    );
  });
});
