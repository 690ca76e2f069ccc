/** What a part of the benchmark found, as data, and the page that shows it. */

/** A table of text. The first column is aligned to the left, the others to the right. */
export interface Table {
  readonly title?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What one part found. */
export interface Section {
  readonly title: string;
  /** What was done, before the tables. */
  readonly method: string;
  readonly tables: readonly Table[];
  /** What to read out of them, and what to mind. */
  readonly notes: readonly string[];
  /** Figures for the chart. */
  readonly points?: readonly Point[];
}

/** One stack that was created at the limit. */
export interface Point {
  readonly resources: number;
  readonly requests: number;
  readonly seconds: number;
  /** The same stack of resources that do nothing. */
  readonly engineSeconds: number;
}

/** Where and when a part ran. */
export interface Circumstances {
  readonly date: string;
  readonly node: string;
  readonly pulumi: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  /** Processes that wanted to run, by the average of a minute, before and after. */
  readonly load: readonly [before: number, after: number];
}

export interface Result {
  readonly circumstances: Circumstances;
  readonly section: Section;
}

/** The page of all results. */
export function renderPage(results: readonly Result[]): string {
  const hasChart = results.some(({ section }) => section.points !== undefined);
  return `${[
    "# Benchmarks",
    "Written by `npm run bench` ([bench/](../bench)), which measures on the emulator at the limit of the service, 10 requests per second and key. Ten requests per second are the physics: no client can be faster than its requests ÷ 10. So two things count, how few requests a piece of work takes and how near its time comes to that bound. `npm run bench -- rate scale` repeats some parts; the rest of the page stays as it was.",
    "Writes repeat exactly, polls of what is being created vary by a few, times vary most: take the ratios, which are within one run. Below each section are its conditions; the load shows what else the machine did (0 = nothing).",
    ...(hasChart
      ? [
          "![Time and requests against the number of resources, with the physical bound](benchmarks.svg)",
        ]
      : []),
    ...results.map(renderSection),
  ].join("\n\n")}\n`;
}

/** One section with its tables, for the page and for the terminal. */
export function renderSection({ section, circumstances }: Result): string {
  const { date, node, pulumi, system, processor, cores, load } = circumstances;
  return [
    `## ${section.title}`,
    section.method,
    ...section.tables.flatMap((table) => [
      ...(table.title === undefined ? [] : [`**${table.title}**`]),
      renderTable(table),
    ]),
    ...section.notes,
    `<sub>${date}, Node.js ${node}, Pulumi ${pulumi}, ${system}, ${cores} cores of ${processor}, ` +
      `load ${load.map((value) => value.toFixed(1)).join(" before and ")} after.</sub>`,
  ].join("\n\n");
}

/** A table in Markdown. */
export function renderTable({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  const marks = columns.map((_, index) => (index === 0 ? "---" : "--:"));
  return [line(columns), `| ${marks.join(" | ")} |`, ...rows.map(line)].join("\n");
}

function escaped(cell: string): string {
  return cell.replaceAll("|", "\\|");
}

/** A number that people read: `1,234`, `12.3`, `0.45`. */
export function figure(value: number): string {
  const size = Math.abs(value);
  const digits = Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
