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
