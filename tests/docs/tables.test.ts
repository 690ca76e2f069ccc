// The tables of the documentation that follow from the code are what the code says now.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/documents";
import { generatedDocuments, withTables } from "./tables";

describe("The generated tables of the documentation", () => {
  for (const [path, expected] of generatedDocuments()) {
    it(`are up to date in ${path}`, () => {
      const file = join(repository, path);
      assert.ok(existsSync(file), `${path} is missing: run npm run docs:tables`);
      const isUpToDate = readFileSync(file, "utf8") === expected;
      assert.ok(isUpToDate, `${path} is out of date: run npm run docs:tables`);
    });
  }

  it("replace what is between their two lines, and nothing else", () => {
    const page = "before\n<!-- outputs -->\nold\n<!-- /outputs -->\nafter";
    const updated = "before\n<!-- outputs -->\nnew $1\n<!-- /outputs -->\nafter";
    assert.equal(withTables("page.md", page, { outputs: "new $1" }), updated);
  });

  it("name the document that lacks the two lines", () => {
    assert.throws(() => withTables("page.md", "no table", { outputs: "" }), {
      message: /^page[.]md must have the lines <!-- outputs -->/,
    });
  });
});
