/** Every TypeScript example of the documents compiles, so that what a reader copies works. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { problemsIn } from "../support/compiler";
import { blocksOf, documents, repository } from "../support/documents";

/** What the examples speak of without saying where it comes from. */
const surroundings = `
declare const config: import("@pulumi/pulumi").Config;
declare const args: import("pulumi-cockroachdb-cloud").ClusterArgs;
declare const password: import("@pulumi/pulumi").Output<string>;
declare const standard: import("pulumi-cockroachdb-cloud").Cluster;
declare const advanced: import("pulumi-cockroachdb-cloud").Cluster;
declare const emulator: import("pulumi-cockroachdb-cloud/emulator").Emulator;
`;

const imports: Record<string, string> = {
  cockroachdb: 'import * as cockroachdb from "pulumi-cockroachdb-cloud";',
  pulumi: 'import * as pulumi from "@pulumi/pulumi";',
};

interface Snippet {
  title: string;
  text: string;
}

describe("Documents", () => {
  const snippets = documents.flatMap(snippetsOf);

  it("have TypeScript examples", () => {
    assert.ok(snippets.length >= 35, `${snippets.length} examples were found`);
  });

  const problems = problemsOf(snippets);
  for (const { title } of snippets) {
    it(`compile: ${title}`, () => {
      assert.deepEqual(problems.get(title), []);
    });
  }

  it("would fail with an argument that does not exist", () => {
    const wrong = { title: "wrong", text: 'new cockroachdb.Cluster("a", { ...args, nmae: "x" });' };
    assert.equal(problemsOf([wrong]).get("wrong")?.length, 1);
  });
});

function snippetsOf(document: string): Snippet[] {
  return blocksOf(readFileSync(join(repository, document), "utf8"))
    .filter(({ language }) => language === "ts")
    .map(({ code }, index) => ({ title: `${document}, example ${index + 1}`, text: code }));
}

/** Compiles all snippets in one go, each as a module of its own. */
function problemsOf(snippets: readonly Snippet[]): Map<string, string[]> {
  const programs = snippets.map(({ title, text }) => [title, moduleOf(text)] as const);
  return problemsIn(new Map(programs), { types: ["node", "mocha"] });
}

/** The snippet with what it leaves out, in a scope where its own names win. */
function moduleOf(text: string): string {
  const own: string[] = text.match(/^import .*;$/gm) ?? [];
  const missing = Object.entries(imports).filter(
    ([name, statement]) => text.includes(`${name}.`) && !own.includes(statement),
  );
  const body = text.replace(/^import .*;$/gm, "").replace(/^export /gm, "");
  const head = [...own, ...missing.map(([, statement]) => statement), surroundings].join("\n");
  return `${head}\nexport async function example() {\n${body}\n}\n`;
}
