/** A chart of lines on logarithmic axes, as SVG that needs no script and is readable on dark pages too. */

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly colour: string;
  /** What was computed and not measured. */
  readonly isDashed?: boolean;
}

export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly Line[];
}

const width = 440;
const height = 360;
const margin = { top: 44, right: 20, bottom: 52, left: 64 };
const legendLine = 18;

/** Panels side by side, each with its legend below. */
export function renderChart(panels: readonly Panel[]): string {
  const legend = Math.max(...panels.map(({ lines }) => lines.length)) * legendLine + 16;
  const total = { width: width * panels.length, height: height + legend };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total.width} ${total.height}" ` +
      `width="${total.width}" height="${total.height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${panels.map(({ title }) => title).join("; ")}</title>`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...panels.map(
      (panel, index) => `<g transform="translate(${index * width} 0)">${renderPanel(panel)}</g>`,
    ),
    "</svg>\n",
  ].join("\n");
}

function renderPanel({ title, xLabel, yLabel, lines }: Panel): string {
  const all = lines.flatMap(({ points }) => points);
  const x = axis(
    all.map(([value]) => value),
    margin.left,
    width - margin.right,
  );
  const y = axis(
    all.map(([, value]) => value),
    height - margin.bottom,
    margin.top,
  );
  const [left, right] = [margin.left, width - margin.right];
  const [bottom, top] = [height - margin.bottom, margin.top];
  return [
    text(width / 2, 22, title, 'text-anchor="middle" font-weight="600" font-size="14"'),
    ...x.ticks.flatMap((tick) => [
      stroke(
        [
          [x.at(tick), bottom],
          [x.at(tick), top],
        ],
        "#ddd",
      ),
      text(x.at(tick), bottom + 18, tick.toLocaleString("en-US"), 'text-anchor="middle"'),
    ]),
    ...y.ticks.flatMap((tick) => [
      stroke(
        [
          [left, y.at(tick)],
          [right, y.at(tick)],
        ],
        "#ddd",
      ),
      text(left - 8, y.at(tick) + 4, tick.toLocaleString("en-US"), 'text-anchor="end"'),
    ]),
    text((left + right) / 2, bottom + 40, xLabel, 'text-anchor="middle"'),
    text(
      16,
      (top + bottom) / 2,
      yLabel,
      `text-anchor="middle" transform="rotate(-90 16 ${(top + bottom) / 2})"`,
    ),
    ...lines.flatMap(({ name, points, colour, isDashed }, index) => {
      const placed = points.map(([px, py]): [number, number] => [x.at(px), y.at(py)]);
      const key = height + index * legendLine;
      const dash = isDashed ? ' stroke-dasharray="6 4"' : "";
      return [
        stroke(placed, colour, `stroke-width="2"${dash}`),
        ...(isDashed
          ? []
          : placed.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`)),
        stroke(
          [
            [left, key],
            [left + 28, key],
          ],
          colour,
          `stroke-width="2"${dash}`,
        ),
        text(left + 36, key + 4, name),
      ];
    }),
  ].join("\n");
}

/** A logarithmic axis from the power of ten below all values to the one above them. */
function axis(values: readonly number[], from: number, to: number) {
  if (!values.every((value) => value > 0))
    throw new Error("A logarithmic axis only has values above zero.");
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    at: (value: number) =>
      Math.round((from + ((Math.log10(value) - low) / (high - low)) * (to - from)) * 10) / 10,
  };
}

function stroke(points: readonly (readonly number[])[], colour: string, more = ""): string {
  return `<polyline points="${points.map((point) => point.join(",")).join(" ")}" fill="none" stroke="${colour}" ${more}/>`;
}

function text(x: number, y: number, content: string, more = ""): string {
  const safe = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" fill="#222" ${more}>${safe}</text>`;
}
