/** The chart of the page: time and requests against the number of resources, with the physical bound. */
import type { Panel } from "./chart";
import { renderChart } from "./chart";
import type { Point } from "./report";

const colours = { ours: "#0b6bcb", bound: "#555", engine: "#c2410c", terraform: "#7c3aed" };
const perSecond = 10;

/** @param points Stacks of users that were created at the limit. */
export function chartOf(points: readonly Point[]): string {
  const sizes = points.map(({ resources }) => resources);
  const along = (value: (size: number) => number) =>
    sizes.map((size): [number, number] => [size, value(size)]);
  const time: Panel = {
    title: "Time to create N SQL users",
    xLabel: "N",
    yLabel: "seconds",
    lines: [
      {
        name: "this package on the real engine",
        colour: colours.ours,
        points: points.map(({ resources, seconds }) => [resources, seconds]),
      },
      {
        name: "the engine alone, with a provider that does nothing",
        colour: colours.engine,
        points: points.map(({ resources, engineSeconds }) => [resources, engineSeconds]),
      },
      {
        name: "bound: requests ÷ 10 per second",
        colour: colours.bound,
        isDashed: true,
        points: points.map(({ resources, requests }) => [resources, requests / perSecond]),
      },
    ],
  };
  const requests: Panel = {
    title: "Requests to create N SQL users",
    xLabel: "N",
    yLabel: "requests",
    lines: [
      {
        name: "this package",
        colour: colours.ours,
        points: points.map((point) => [point.resources, point.requests]),
      },
      {
        name: "bound: one write for each user",
        colour: colours.bound,
        isDashed: true,
        points: along((size) => size),
      },
      {
        name: "Terraform provider v1.22.0, no limit: 2N (quoted)",
        colour: colours.terraform,
        isDashed: true,
        points: along((size) => 2 * size),
      },
    ],
  };
  return renderChart([time, requests]);
}
