import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const repository = join(__dirname, "..", "..");
const biome = join(repository, "node_modules", "@biomejs", "biome", "bin", "biome");
const rules = join(repository, ".dependency-cruiser.cjs");
const cruisedFolders = [
  ...["index.ts", "cli.ts", "provider", "sdk", "emulator", "doctor", "export", "plugin", "testing"],
  "examples",
];

/** Each breaks one rule of the architecture. */
const forbiddenImports: [file: string, imported: string][] = [
  ["index.ts", "./sdk"],
  ["index.ts", "./emulator"],
  ["provider/engine/status-line.ts", "node-fetch"],
  ["provider/engine/status-line.ts", "p-retry"],
  ["provider/engine/status-line.ts", "../../emulator"],
  ["provider/engine/status-line.ts", "../../index"],
  ["provider/cluster.ts", "node-fetch"],
  ["provider/cluster.ts", "./sql-user"],
  ["provider/resource/define-resource.ts", "../dynamic/dynamic-provider"],
  ["provider/engine/operations.ts", "../dynamic/hidden-inputs"],
  ["provider/cluster/wait.ts", "../dynamic/hidden-inputs"],
  ["provider/sql-user.ts", "./cluster"],
  ["sdk/http.ts", "@pulumi/pulumi"],
  ["sdk/http.ts", "../provider/resource/errors"],
  ["sdk/http.ts", "../emulator/server/clock"],
  ["emulator/server/server.ts", "@pulumi/pulumi"],
  ["emulator/server/server.ts", "../../provider/cluster/plan-transitions"],
  ["emulator/server/server.ts", "../../sdk/http"],
  ["emulator/server/server.ts", "node-fetch"],
  ["emulator/cluster/create.ts", "../areas/database"],
  ["emulator/cluster/find.ts", "../registry"],
  ["index.ts", "./doctor/diagnosis"],
  ["provider/engine/status-line.ts", "../../doctor/finding"],
  ["sdk/http.ts", "../doctor/finding"],
  ["emulator/server/server.ts", "../../doctor/finding"],
  ["provider/engine/status-line.ts", "../../bench/statistics"],
  ["index.ts", "./testing"],
  ["provider/engine/status-line.ts", "../../testing/mocks"],
  ["emulator/server/server.ts", "../../testing/mocks"],
  ["testing/mocks.ts", "../index"],
  ["doctor/diagnosis.ts", "../emulator"],
  ["doctor/diagnosis.ts", "../index"],
  ["doctor/diagnosis.ts", "node-fetch"],
  ["index.ts", "./export/program"],
  ["provider/engine/status-line.ts", "../../export/program"],
  ["sdk/http.ts", "../export/program"],
  ["emulator/server/server.ts", "../../export/program"],
  ["doctor/diagnosis.ts", "../export/program"],
  ["export/program.ts", "../doctor/finding"],
  ["export/program.ts", "../emulator"],
  ["export/program.ts", "../index"],
  ["export/program.ts", "node-fetch"],
  ["provider/engine/status-line.ts", "../../plugin/messages"],
  ["plugin/server.ts", "../provider/dynamic/dynamic-provider"],
  ["plugin/server.ts", "../emulator"],
  ["plugin/server.ts", "../index"],
  ["plugin/server.ts", "node-fetch"],
  ["examples/basic-cluster/index.ts", "../../index"],
  ["examples/basic-cluster/index.ts", "../other/index"],
];

const allowedImports: [file: string, imported: string][] = [
  ["index.ts", "./provider/cluster"],
  ["provider/cluster.ts", "../sdk"],
  ["provider/cluster.ts", "./cluster/plan-transitions"],
  ["provider/program/registration.ts", "@pulumi/pulumi"],
  ["provider/cluster.ts", "./dynamic/dynamic-provider"],
  ["provider/dynamic/dynamic-provider.ts", "../engine/operations"],
  ["sdk/http.ts", "node-fetch"],
  ["emulator/server/server.ts", "node:http"],
  ["emulator/server/server.ts", "./clock"],
  ["emulator/areas/database.ts", "../cluster/find"],
  ["doctor/diagnosis.ts", "../provider/cluster/creation-mark"],
  ["testing/mocks.ts", "../provider/cluster"],
  ["testing/cluster-outputs.ts", "../emulator/catalogue/versions"],
  ["doctor/organization.ts", "../sdk"],
  ["doctor/organization.ts", "../provider/resource/registry"],
  ["export/organization.ts", "../provider/database"],
  ["export/organization.ts", "../sdk"],
  ["plugin/server.ts", "@pulumi/pulumi"],
  ["plugin/server.ts", "../provider/resource/registry"],
  ["plugin/server.ts", "../sdk"],
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
    "async function is() {\n  return true;\n}\nexport const result = is() ? 1 : 2;\n",
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

/** What breaks our rules, as `from -> to`, in these files and folders of a folder. */
async function violationsIn(baseDir: string, cruisedPaths: string[]): Promise<Set<string>> {
  const { cruise } = await import("dependency-cruiser");
  const { default: ruleSetOf } = await import(
    "dependency-cruiser/config-utl/extract-depcruise-config"
  );
  const { default: tsConfigOf } = await import("dependency-cruiser/config-utl/extract-ts-config");
  const ruleSet = await ruleSetOf(rules);
  const tsConfig = tsConfigOf(join(repository, "tsconfig.json"));
  const { output } = await cruise(
    cruisedPaths,
    { baseDir, ruleSet, validate: true },
    {},
    { tsConfig },
  );
  assert.ok(typeof output === "object", `depcruise returned ${output}`);
  return new Set(output.summary.violations.map(({ from, to }) => `${from} -> ${to}`));
}

/** The same in a folder of these files. */
async function violations(files: Record<string, string>): Promise<Set<string>> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "architecture-")));
  try {
    symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await violationsIn(folder, ["."]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One file for each that imports something, and a stub for each local file that is imported. */
function planted(imports: readonly (readonly [string, string])[], keyword: string) {
  const texts = new Map<string, string>();
  for (const [file, imported] of imports) {
    const line = `${keyword} { something as it${texts.get(file)?.length ?? 0} } from "${imported}";\n`;
    texts.set(file, (texts.get(file) ?? "") + line);
    const target = targetOf(file, imported);
    if (target.endsWith(".ts") && !texts.has(target)) texts.set(target, "");
  }
  const stub = "export const something = 1;\n";
  return Object.fromEntries([...texts].map(([file, text]) => [file, text + stub]));
}

function targetOf(file: string, imported: string): string {
  return imported.startsWith(".") ? `${join(dirname(file), imported)}.ts` : imported;
}

/** How the import is reported: a package by its file, if it is installed. */
function isReported(found: ReadonlySet<string>, file: string, imported: string): boolean {
  const target = targetOf(file, imported).replace(/^node:/, "");
  return [...found].some((pair) => pair.startsWith(`${file} -> `) && pair.includes(target));
}

describe("The architecture", function () {
  this.timeout(60_000);

  for (const keyword of ["import", "import type"]) {
    it(`is broken by every forbidden \`${keyword}\``, async () => {
      const found = await violations(planted(forbiddenImports, keyword));
      const missed = forbiddenImports.filter(([file, to]) => !isReported(found, file, to));
      assert.deepEqual(missed, []);
    });

    it(`allows every \`${keyword}\` along the arrows`, async () => {
      const found = await violations(planted(allowedImports, keyword));
      assert.deepEqual([...found], []);
    });

    for (const folder of ["sdk", "emulator/areas"]) {
      it(`is broken by a circle of \`${keyword}\` in ${folder}/`, async () => {
        const found = await violations(
          planted(
            [
              [`${folder}/a.ts`, "./b"],
              [`${folder}/b.ts`, "./c"],
              [`${folder}/c.ts`, "./a"],
            ],
            keyword,
          ),
        );
        assert.ok(found.has(`${folder}/a.ts -> ${folder}/b.ts`), [...found].join("\n"));
      });
    }
  }

  for (const imported of ["@pulumi/pulumi", "../program/registration"]) {
    const file = "provider/resource/define-resource.ts";

    it(`lets what a resource is import types of ${imported}, and no code`, async () => {
      const found = await violations(planted([[file, imported]], "import"));
      assert.ok(isReported(found, file, imported), [...found].join("\n"));
      assert.deepEqual([...(await violations(planted([[file, imported]], "import type")))], []);
    });
  }

  it("is kept by this repository", async () => {
    assert.deepEqual([...(await violationsIn(repository, cruisedFolders))], []);
  });
});

describe("The linter", function () {
  this.timeout(60_000);

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

describe("A clone without node_modules", () => {
  /** What a script and those that it imports load from elsewhere before they run. */
  function packagesOf(file: string, found = new Set<string>()): Set<string> {
    const code = readFileSync(file, "utf8");
    for (const [, name = ""] of code.matchAll(/^(?:import|export)\b[^;"']*["']([^"']+)["'];$/gm)) {
      if (name.startsWith(".")) packagesOf(join(dirname(file), name), found);
      else if (!isBuiltin(name)) found.add(name);
    }
    return found;
  }

  for (const script of ["setup", "test", "demo"]) {
    it(`can run scripts/${script}.mjs, which installs the packages`, () => {
      assert.deepEqual([...packagesOf(join(repository, "scripts", `${script}.mjs`))], []);
    });
  }
});
