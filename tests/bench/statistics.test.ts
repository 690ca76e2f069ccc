import assert from "node:assert/strict";
import { median, spread } from "../../bench/statistics";

describe("Statistics of runs", () => {
  it("takes the middle value, or what is between the two middle ones", () => {
    assert.equal(median([9, 1, 10]), 9);
    assert.equal(median([4, 1, 2, 10]), 3);
    assert.equal(median([7]), 7);
  });

  it("refuses to say what is in the middle of nothing", () => {
    assert.throws(() => median([]), /no median/);
  });

  it("returns the spread as a share of the median", () => {
    assert.equal(spread([9, 10, 12]), 0.3);
  });
});
