// docs/languages.md has the programs that are run and compiled.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { programIn, repository } from "../support/documents";

describe("docs/languages.md", () => {
  const examples = {
    yaml: "yaml/Pulumi.yaml",
    python: "python/__main__.py",
    go: "go/main.go",
  };
  for (const [language, file] of Object.entries(examples)) {
    it(`has examples/${file}, which a test runs`, () => {
      const example = readFileSync(join(repository, "examples", file), "utf8");
      assert.equal(`${programIn("docs/languages.md", language).trim()}\n`, example);
    });
  }
});
