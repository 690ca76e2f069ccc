import assert from "node:assert/strict";
import type { Result } from "../../bench/report";
import { figure, renderPage, renderSection, renderTable } from "../../bench/report";

const result: Result = {
  circumstances: {
    date: "2026-06-01",
    node: "20.20.2",
    pulumi: "3.259.0",
    system: "Linux 6.1",
    processor: "a processor",
    cores: 2,
    load: [0.25, 1.5],
  },
  section: {
    title: "Rate",
    method: "How it was done.",
    tables: [{ title: "At the limit", columns: ["N", "s"], rows: [["10", "1.5"]] }],
    notes: ["What to mind."],
  },
};

describe("The report of the benchmark", () => {
  it("writes a table whose figures stand to the right", () => {
    const table = renderTable({
      columns: ["Work", "s"],
      rows: [
        ["a|b", "1"],
        ["c", "2"],
      ],
    });
    assert.equal(table, "| Work | s |\n| --- | --: |\n| a\\|b | 1 |\n| c | 2 |");
  });

  it("writes numbers as people read them", () => {
    assert.deepEqual([0, 7, 1_234, 1_234.5, 12.345, 0.456, -3].map(figure), [
      "0",
      "7",
      "1,234",
      "1,235",
      "12.3",
      "0.46",
      "-3",
    ]);
  });

  it("says with each section how it was done, what came out and under which circumstances", () => {
    const blocks = renderSection(result).split("\n\n");
    assert.deepEqual(blocks.slice(0, 5), [
      "## Rate",
      "How it was done.",
      "**At the limit**",
      "| N | s |\n| --- | --: |\n| 10 | 1.5 |",
      "What to mind.",
    ]);
    assert.match(
      blocks[5] ?? "",
      /2026-06-01, Node\.js 20\.20\.2, Pulumi 3\.259\.0, .* 2 cores .* load 0\.3 before and 1\.5 after/,
    );
  });

  it("puts all sections on one page, with the chart when there is something in it", () => {
    const page = renderPage([result, result]);
    assert.equal(page.match(/^## Rate$/gm)?.length, 2);
    assert.doesNotMatch(page, /benchmarks\.svg/);
    const point = { resources: 10, requests: 10, seconds: 5, engineSeconds: 4 };
    const drawn = { ...result, section: { ...result.section, points: [point] } };
    assert.match(renderPage([drawn]), /!\[.+\]\(benchmarks\.svg\)/);
  });
});
