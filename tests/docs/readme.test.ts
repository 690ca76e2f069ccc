import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/documents";

describe("The README", () => {
  const lines = readFileSync(join(repository, "README.md"), "utf8").split("\n");

  it("has at most 170 lines", () => {
    assert.ok(lines.length <= 170, `${lines.length} lines`);
  });

  it("shows a program before line 40, and says there that it has not met the live service", () => {
    const beginning = lines.slice(0, 40).join("\n");
    assert.match(beginning, /^```ts\nimport \* as cockroachdb/m);
    assert.match(beginning, /Not tested against the live service yet/);
  });
});

describe("The pictures of the documentation", () => {
  for (const [picture, ...words] of [
    ["preview", "destroys this cluster with all its data", "about 30 minutes for each region"],
    ["refusal", 'would destroy cluster "orders" and its data', "delete protection is on"],
    ["progress", "CREATING · 1 of 3 nodes · 2 min · usually 20 to 30 min"],
    ["drift", "Lowering the vCPUs from 16 to 8 counts toward the three times in seven days"],
  ] as const) {
    it(`show a terminal that is wide enough for their most important words: ${picture}`, () => {
      const shown = linesOf(readFileSync(join(repository, `docs/images/${picture}.svg`), "utf8"));
      for (const word of words) {
        assert.ok(
          shown.some((line) => line.includes(word)),
          word,
        );
      }
      // Pulumi ends what its table cuts in three dots.
      assert.deepEqual(
        shown.filter((line) => /\.\.\.|…/.test(line)),
        [],
      );
    });
  }
});

/** The lines of a picture of a terminal: what stands at one height. */
function linesOf(svg: string): string[] {
  const lines = new Map<string, string>();
  for (const [, y = "", text = ""] of svg.matchAll(/<text [^>]*?y="([^"]+)"[^>]*>([^<]*)</g)) {
    lines.set(y, (lines.get(y) ?? "") + text.replaceAll("&quot;", '"'));
  }
  return [...lines.values()];
}
