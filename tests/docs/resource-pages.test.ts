// The page of a resource explains all that its types have, and quotes messages that the provider really has.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { resourceTypes } from "../../provider/resource/resource-types";
import { repository } from "../support/documents";
import { PublicTypes } from "../support/public-types";

const pages = join(repository, "docs", "resources");

const classes = Object.fromEntries(
  Object.entries(resourceTypes).map(([type, { stem }]) => [stem, type]),
);

describe("Page of a resource", () => {
  const types = new PublicTypes();
  const sentences = sentencesOf(["provider", "sdk"]);

  it("is there for every resource, and no other", () => {
    const stems = readdirSync(pages).map((name) => name.replace(/\.md$/, ""));
    assert.deepEqual(
      stems.sort(),
      Object.keys(classes).sort(),
      "npm run docs:tables begins a page",
    );
    assert.deepEqual(types.resources(), Object.values(classes).sort());
  });

  for (const [stem, name] of Object.entries(classes)) {
    describe(name, () => {
      const file = join(pages, `${stem}.md`);
      const page = existsSync(file) ? readFileSync(file, "utf8") : "";

      it("has a docstring for every argument and output", () => {
        const properties = [...types.argumentsOf(`${name}Args`), ...types.outputsOf(name)];
        const undocumented = properties.filter(({ docstrings }) =>
          docstrings.some(({ text }) => text === ""),
        );
        assert.ok(properties.length > 0);
        assert.deepEqual(undocumented, []);
      });

      it("says how it is imported", () => {
        const section = sectionOf(page, "Import");
        assert.match(section, /The id is /);
        assert.match(section, /import: /);
      });

      it("has an example, and leads to the errors of every resource", () => {
        assert.match(page.slice(0, page.indexOf("\n## ")), /^```ts$/m);
        assert.match(sectionOf(page, "Errors"), /\]\(\.\.\/errors\.md\)/);
      });
    });
  }

  for (const document of ["errors.md", ...readdirSync(pages).map((name) => `resources/${name}`)]) {
    const text = readFileSync(join(repository, "docs", document), "utf8");
    const parts =
      document === "errors.md" ? text.split(/^## /m).slice(1) : [sectionOf(text, "Errors")];
    const quotes = parts.flatMap(tableRows).flatMap(([quoted]) => codeIn(quoted));
    it(`${document} quotes ${quotes.length} messages as the code has them`, () => {
      assert.ok(quotes.length >= 3);
      const unknown = quotes.filter((quote) => !isSaid(quote, sentences));
      assert.deepEqual(unknown, []);
    });
  }

  it("would fail with a message that the code does not have", () => {
    assert.ok(isSaid("is required: give <what>.", sentences));
    assert.ok(!isSaid("is required: please give <what>.", sentences));
  });
});

function sectionOf(page: string, title: string): string {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${title}\n`));
  assert.ok(section, `there is a section ${title}`);
  return section;
}

/** The cells of all tables, without their heads. */
function tableRows(text: string): string[][] {
  const lines = text.split("\n").filter((line) => line.startsWith("| "));
  const isRule = (line: string | undefined) => /^\| -/.test(line ?? "");
  return lines
    .filter((line, index) => !isRule(line) && !isRule(lines[index + 1]))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
}

function codeIn(cell = ""): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** Everything that the code says, with `<>` where a value is put in. */
function sentencesOf(folders: string[]): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(repository, folder, name)),
  );
  return files.flatMap((file) => {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
        found.push(node.text);
      if (ts.isTemplateExpression(node)) {
        found.push(
          [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("<>"),
        );
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022));
    return found;
  });
}

/** Whether a sentence of the code has this part; `<id>` stands for whatever is put in. */
function isSaid(quote: string, sentences: readonly string[]): boolean {
  const wanted = quote.replace(/<[^<>]*>/g, "<>");
  return sentences.some((sentence) => sentence.includes(wanted));
}
