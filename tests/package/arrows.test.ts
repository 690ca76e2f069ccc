import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const repository = join(__dirname, "..", "..");
const biome = join(repository, "node_modules", "@biomejs", "biome", "bin", "biome");

/** Each breaks one rule of the dependency direction. */
const forbiddenImports: [file: string, imported: string][] = [
  ["index.ts", "./sdk"],
  ["index.ts", "./emulator"],
  ["provider/progress.ts", "node-fetch"],
  ["provider/progress.ts", "p-retry"],
  ["provider/progress.ts", "../emulator"],
  ["provider/progress.ts", "../index"],
  ["provider/cluster.ts", "node-fetch"],
  ["provider/cluster.ts", "./sql-user"],
  ["provider/sql-user.ts", "./cluster"],
  ["sdk/http.ts", "@pulumi/pulumi"],
  ["sdk/http.ts", "../provider/errors"],
  ["sdk/http.ts", "../emulator/clock"],
  ["emulator/server.ts", "@pulumi/pulumi"],
  ["emulator/server.ts", "../provider/plan-transitions"],
  ["emulator/server.ts", "../sdk/http"],
  ["emulator/server.ts", "node-fetch"],
  ["index.ts", "./doctor/diagnosis"],
  ["provider/progress.ts", "../doctor/finding"],
  ["sdk/http.ts", "../doctor/finding"],
  ["emulator/server.ts", "../doctor/finding"],
  ["provider/progress.ts", "../bench/statistics"],
  ["index.ts", "./testing"],
  ["provider/progress.ts", "../testing/mocks"],
  ["emulator/server.ts", "../testing/mocks"],
  ["testing/mocks.ts", "../index"],
  ["doctor/diagnosis.ts", "../emulator"],
  ["doctor/diagnosis.ts", "../index"],
  ["doctor/diagnosis.ts", "@pulumi/pulumi"],
  ["doctor/diagnosis.ts", "node-fetch"],
  ["index.ts", "./export/program"],
  ["provider/progress.ts", "../export/program"],
  ["sdk/http.ts", "../export/program"],
  ["emulator/server.ts", "../export/program"],
  ["doctor/diagnosis.ts", "../export/program"],
  ["export/program.ts", "../doctor/finding"],
  ["export/program.ts", "../emulator"],
  ["export/program.ts", "../index"],
  ["export/program.ts", "node-fetch"],
  ["examples/basic-cluster/index.ts", "../../index"],
  ["examples/basic-cluster/index.ts", "../other/index"],
];

const allowedImports: [file: string, imported: string][] = [
  ["index.ts", "./provider/cluster"],
  ["provider/cluster.ts", "../sdk"],
  ["provider/cluster.ts", "./plan-transitions"],
  ["provider/lifecycle.ts", "@pulumi/pulumi"],
  ["sdk/http.ts", "node-fetch"],
  ["emulator/server.ts", "node:http"],
  ["emulator/server.ts", "./clock"],
  ["doctor/diagnosis.ts", "../provider/creation-mark"],
  ["testing/mocks.ts", "../provider/cluster"],
  ["testing/cluster-outputs.ts", "../emulator/versions"],
  ["doctor/organization.ts", "../sdk"],
  ["export/organization.ts", "../provider/database"],
  ["export/organization.ts", "../sdk"],
  ["examples/basic-cluster/index.ts", "pulumi-cockroachdb-cloud"],
];

/** Each breaks one rule that the type checker does not know. */
const forbiddenCode: [rule: string, code: string][] = [
  [
    "lint/nursery/noFloatingPromises",
    "async function work() {}\nexport function go() {\n  work();\n}\n",
  ],
  [
    "lint/nursery/noMisusedPromises",
    "async function is() {\n  return true;\n}\nexport const answer = is() ? 1 : 2;\n",
  ],
  ["lint/suspicious/noExplicitAny", "export const anything: any = 1;\n"],
  ["lint/suspicious/noConsole", 'console.log("here");\n'],
  ["lint/style/noDefaultExport", "export default 1;\n"],
  ["lint/style/noParameterAssign", "export function f(a: number) {\n  a = 2;\n  return a;\n}\n"],
  ["lint/style/useNodejsImportProtocol", 'export { join } from "path";\n'],
  ["lint/suspicious/noSkippedTests", 'describe.skip("x", () => {});\n'],
  ["lint/suspicious/noFocusedTests", 'describe.only("x", () => {});\n'],
  [
    "lint/style/useErrorCause",
    "export function f() {\n  try {\n    f();\n  } catch (error) {\n    throw new Error(String(error));\n  }\n}\n",
  ],
];

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string | { readonly file: string } };
}

/** What the linter says about files of these names and contents, in a folder with our settings. */
function lint(files: Record<string, string>): { file: string; rule: string }[] {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "arrows-")));
  try {
    for (const name of ["biome.json", ".gitignore"])
      copyFileSync(join(repository, name), join(folder, name));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [biome, "lint", "--reporter=json", "--max-diagnostics=none", "."],
      { cwd: folder, encoding: "utf8" },
    );
    assert.ok(stdout.trim(), `biome lint said nothing: ${stderr}`);
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] };
    return diagnostics.map(({ category, location }) => {
      const path = typeof location.path === "string" ? location.path : location.path.file;
      return { file: path.replace(`${folder}/`, "").replace(/^\.\//, ""), rule: category };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const importing = (module: string) =>
  `import { something } from "${module}";\n\nexport const used = something;\n`;

describe("the linter", function () {
  this.timeout(60_000);

  it("reports every import against the arrows, also one that imports only a type", () => {
    for (const [file, imported] of forbiddenImports) {
      for (const code of [
        importing(imported),
        importing(imported).replace("import {", "import type {"),
      ]) {
        const rules = lint({ [file]: code }).map(({ rule }) => rule);
        assert.ok(
          rules.includes("lint/style/noRestrictedImports"),
          `${file} may import ${imported}: ${rules}`,
        );
      }
    }
  });

  it("lets the imports along the arrows be", () => {
    for (const [file, imported] of allowedImports) {
      const rules = lint({ [file]: importing(imported) }).map(({ rule }) => rule);
      assert.ok(
        !rules.includes("lint/style/noRestrictedImports"),
        `${file} may not import ${imported}`,
      );
    }
  });

  it("reports import cycles", () => {
    const found = lint({ "sdk/a.ts": importing("./b"), "sdk/b.ts": importing("./a") });
    assert.ok(found.some(({ rule }) => rule === "lint/suspicious/noImportCycles"));
  });

  it("reports each planted mistake", () => {
    const files = Object.fromEntries(
      forbiddenCode.map(([, code], index) => [`provider/planted-${index}.ts`, code]),
    );
    const found = lint({ ...files, "provider/NotKebab.ts": "export const a = 1;\n" });
    for (const [index, [rule]] of forbiddenCode.entries()) {
      const rules = found
        .filter(({ file }) => file === `provider/planted-${index}.ts`)
        .map((one) => one.rule);
      assert.ok(rules.includes(rule), `${rule} was not reported, only: ${rules}`);
    }
    assert.ok(
      found.some(
        ({ file, rule }) =>
          file === "provider/NotKebab.ts" && rule === "lint/style/useFilenamingConvention",
      ),
    );
  });
});
