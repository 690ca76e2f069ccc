import assert from "node:assert/strict";
import { renderChart } from "../../bench/chart";
import { chartOf } from "../../bench/chart-of-results";

const panel = (points: [number, number][], name = "ours") => ({
  title: "Time",
  xLabel: "N",
  yLabel: "seconds",
  lines: [{ name, colour: "#000", points }],
});

/** The corners of the line with this stroke. */
function corners(svg: string, look: string): number[][] {
  const line = svg.split("\n").find((one) => one.includes("polyline") && one.includes(look)) ?? "";
  const [, points = ""] = /points="([^"]+)"/.exec(line) ?? [];
  return points.split(" ").map((point) => point.split(",").map(Number));
}

describe("The chart of the benchmark", () => {
  it("puts each power of ten the same way further, to the right and up", () => {
    const svg = renderChart([
      panel([
        [1, 1],
        [10, 10],
        [100, 100],
      ]),
    ]);
    const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = [], [x3 = 0, y3 = 0] = []] = corners(
      svg,
      'stroke="#000" stroke-width',
    );
    assert.ok(x1 < x2 && y1 > y2);
    assert.ok(Math.abs(x2 - x1 - (x3 - x2)) < 0.2 && Math.abs(y2 - y1 - (y3 - y2)) < 0.2);
  });

  it("refuses what has no logarithm", () => {
    assert.throws(() => renderChart([panel([[0, 1]])]), /above zero/);
  });

  it("writes names that are no markup", () => {
    const svg = renderChart([panel([[1, 2]], "a < b & c")]);
    assert.ok(svg.includes(">a &lt; b &amp; c<"));
  });

  it("draws the bound of ten requests a second, dashed", () => {
    const svg = chartOf([
      { resources: 10, requests: 10, seconds: 5, engineSeconds: 4 },
      { resources: 1_000, requests: 1_000, seconds: 100, engineSeconds: 50 },
    ]);
    assert.match(svg, /bound: requests ÷ 10 per second/);
    const bound = corners(svg, "stroke-dasharray");
    const ours = corners(svg, "#0b6bcb");
    // 1,000 requests take a hundred seconds, so the two meet there, and not at ten.
    assert.deepEqual(bound.at(-1), ours.at(-1));
    assert.notDeepEqual(bound[0], ours[0]);
  });
});
