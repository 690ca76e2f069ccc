import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { resourceTypes } from "../../provider/resource/resource-types";
import type { Package } from "../../scripts/pack.mjs";
import type { Printed } from "../support/consumer";
import {
  installedVersion,
  nodeIn,
  npmInstall,
  packPackage,
  pnpmInstall,
  remove,
  temporaryFolder,
  topLevelPackages,
  writeFiles,
} from "../support/consumer";
import { checkEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { TestProgram } from "../support/engine";
import { startProgram } from "../support/engine";
import { warningsIn } from "../support/foreign-warnings";

const stems = Object.values(resourceTypes).map(({ stem }) => stem);

const program = `import * as cockroachdb from "pulumi-cockroachdb-cloud";

const cluster = new cockroachdb.Cluster("orders", {
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"], withEmptyIpAllowlist: false },
});
export const clusterId = cluster.id;
`;

const unitTest = `import * as pulumi from "@pulumi/pulumi";
import { mocks, promiseOf } from "pulumi-cockroachdb-cloud/testing";
import { clusterId } from "./index";

export async function test(): Promise<string> {
  const overrides = { Cluster: { state: "LOCKED", id: "0f8fad5b-d9cb-469f-a165-70867728950e" } };
  await pulumi.runtime.setMocks(mocks({ ...overrides, SqlUser: ({ name }) => ({ password: name }) }));
  return await promiseOf(clusterId);
}
`;

const wrongPrograms = {
  "wrong-literal.ts": program.replace('"BASIC"', '"BASICS"'),
  "wrong-mix.ts": program.replace("serverless: {", "dedicated: {}, serverless: {"),
  "missing-plan.ts": program.replace('plan: "BASIC",', ""),
};

const modernTsconfig = {
  compilerOptions: {
    target: "ES2022",
    module: "node20",
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  },
  files: ["index.ts"],
};

/** What `pulumi new typescript` writes. */
const classicTsconfig = {
  compilerOptions: {
    strict: true,
    outDir: "bin",
    target: "es2020",
    module: "commonjs",
    moduleResolution: "node",
    sourceMap: true,
    experimentalDecorators: true,
    pretty: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    forceConsistentCasingInFileNames: true,
  },
  files: ["index.ts"],
};

function manifest(
  name: string,
  dependencies: Record<string, string>,
  devDependencies: Record<string, string>,
): object {
  return {
    name,
    version: "1.0.0",
    private: true,
    main: "index.ts",
    dependencies: { "@pulumi/pulumi": installedVersion("@pulumi/pulumi"), ...dependencies },
    devDependencies: { "@types/node": installedVersion("@types/node"), ...devDependencies },
  };
}

const pulumiYaml = (name: string) => `name: ${name}\nruntime: nodejs\n`;

describe("The packed package", function () {
  this.timeout(180_000);

  const folder = temporaryFolder();
  const npmProject = join(folder, "npm");
  const pnpmProject = join(folder, "pnpm");
  const transitiveProject = join(folder, "transitive");
  let packed: Package;
  let installed: { readonly npm: Printed; readonly pnpm: Printed };

  before("pack it and install it in three projects", async () => {
    for (const project of [npmProject, pnpmProject, transitiveProject]) mkdirSync(project);
    packed = await packPackage(folder);
    const direct = { "pulumi-cockroachdb-cloud": `file:${packed.tarball}` };
    writeFiles(npmProject, {
      "package.json": manifest("npm-consumer", direct, {
        typescript: installedVersion("typescript"),
      }),
      "Pulumi.yaml": pulumiYaml("npm-consumer"),
      "tsconfig.json": modernTsconfig,
      "index.ts": program,
      "module.mts": program,
      "unit-test.ts": unitTest,
      ...wrongPrograms,
    });
    writeFiles(pnpmProject, {
      "package.json": manifest("pnpm-consumer", direct, { typescript: "^5.9.0" }),
      "Pulumi.yaml": pulumiYaml("pnpm-consumer"),
      "tsconfig.json": classicTsconfig,
      "index.ts": program,
    });
    writeFiles(transitiveProject, {
      "package.json": manifest(
        "transitive-consumer",
        { "cluster-stack": "file:./cluster-stack" },
        {},
      ),
      "Pulumi.yaml": pulumiYaml("transitive-consumer"),
      "tsconfig.json": classicTsconfig,
      "index.ts":
        'import { orders } from "cluster-stack";\n\nexport const clusterId = orders().id;\n',
      "cluster-stack/package.json": {
        name: "cluster-stack",
        version: "1.0.0",
        main: "index.js",
        types: "index.d.ts",
        dependencies: direct,
        peerDependencies: { "@pulumi/pulumi": "*" },
      },
      "cluster-stack/index.js":
        'const { Cluster } = require("pulumi-cockroachdb-cloud");\n' +
        'exports.orders = () => new Cluster("orders", ' +
        '{ plan: "BASIC", cloudProvider: "GCP", serverless: { regions: ["us-central1"] } });\n',
      "cluster-stack/index.d.ts":
        'import { Cluster } from "pulumi-cockroachdb-cloud";\n\nexport declare function orders(): Cluster;\n',
    });
    const [npm, pnpm] = await Promise.all([
      npmInstall(npmProject),
      pnpmInstall(pnpmProject).then(async (printed) => {
        await pnpmInstall(transitiveProject);
        return printed;
      }),
    ]);
    installed = { npm, pnpm };
  });

  after(() => remove(folder));

  it("holds what users need and nothing else", () => {
    const expected =
      /^(dist\/[\w/.-]+\.(js|d\.ts)|dist\/vendor\/[\w/.-]+|dist\/plugin\/(pulumi-resource-cockroachdb-cloud|schema\.json|third-party-licenses\.txt)|README\.md|LICENSE|CHANGELOG\.md|package\.json)$/;
    assert.deepEqual(
      packed.files.filter((file) => !expected.test(file) || /\btests?\b|\.test\./.test(file)),
      [],
    );
    const manifest = readFileSync(
      join(npmProject, "node_modules", "pulumi-cockroachdb-cloud", "package.json"),
      "utf8",
    );
    assert.ok(!("workspaces" in JSON.parse(manifest)), "yarn 1 would warn of it");
    const needed = [
      "LICENSE",
      "README.md",
      "CHANGELOG.md",
      "dist/index.js",
      "dist/index.d.ts",
      "dist/cli.js",
      "dist/sdk/index.js",
      "dist/emulator/index.js",
      "dist/testing/index.js",
      ...stems.map((stem) => `dist/provider/${stem}.js`),
    ];
    assert.deepEqual(
      needed.filter((file) => !packed.files.includes(file)),
      [],
    );
  });

  it("exports of provider/ the modules that states name, and nothing else", async () => {
    const modules = packed.files.flatMap(
      (file) => /^dist\/(provider\/.+)\.js$/.exec(file)?.[1] ?? [],
    );
    writeFiles(npmProject, {
      "provider-modules.js": `const exported = ${JSON.stringify(modules)}.filter((path) => {
  try {
    return require.resolve("pulumi-cockroachdb-cloud/" + path);
  } catch (error) {
    if (error.code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw error;
  }
});
console.log(JSON.stringify(exported.sort()));
`,
    });
    assert.ok(modules.length > stems.length, "provider/ has modules of its own");
    assert.deepEqual(
      JSON.parse(await nodeIn(npmProject, "provider-modules.js")),
      stems.map((stem) => `provider/${stem}`).sort(),
    );
  });

  it("loads with require and with import, and both give the same classes", async () => {
    writeFiles(npmProject, {
      "load.mjs": `import { createRequire } from "node:module";
import assert from "node:assert/strict";
import * as everything from "pulumi-cockroachdb-cloud";
import { Cluster, Provider } from "pulumi-cockroachdb-cloud";
import { startEmulator } from "pulumi-cockroachdb-cloud/emulator";
const require = createRequire(import.meta.url);
assert.equal(require("pulumi-cockroachdb-cloud").Cluster, Cluster);
assert.equal(everything.Provider, Provider);
assert.equal(require("pulumi-cockroachdb-cloud/emulator").startEmulator, startEmulator);
const names = (exported) => Object.keys(exported).filter((key) => !["default", "module.exports", "__esModule"].includes(key)).sort();
for (const path of ["", "/sdk", "/emulator", "/testing"]) {
  const name = "pulumi-cockroachdb-cloud" + path;
  assert.deepEqual(names(await import(name)), names(require(name)), name);
}
assert.equal(require("pulumi-cockroachdb-cloud/package.json").name, "pulumi-cockroachdb-cloud");
for (const stem of ${JSON.stringify(stems)}) assert.ok(require("pulumi-cockroachdb-cloud/provider/" + stem).provider, stem);
console.log("loaded");
`,
    });
    assert.equal(await nodeIn(npmProject, "load.mjs"), "loaded\n");
  });

  it("mocks a program in an ES module", async () => {
    writeFiles(npmProject, {
      "mocked.mjs": `import * as pulumi from "@pulumi/pulumi";
import { Cluster, SqlUser } from "pulumi-cockroachdb-cloud";
import { mocks, promiseOf } from "pulumi-cockroachdb-cloud/testing";
await pulumi.runtime.setMocks(mocks());
const cluster = new Cluster("orders", { plan: "BASIC", cloudProvider: "GCP", serverless: { regions: ["us-central1"] } });
const user = new SqlUser("app", { clusterId: cluster });
console.log(await promiseOf(cluster.state), await promiseOf(user.name));
`,
    });
    assert.equal(await nodeIn(npmProject, "mocked.mjs"), "CREATED app\n");
  });

  it("runs its command", async () => {
    const help = await nodeIn(
      npmProject,
      "node_modules/pulumi-cockroachdb-cloud/dist/cli.js",
      "--help",
    );
    assert.match(help, /\bemulator\b/);
  });

  describe("types", () => {
    const strict = ["--strict", "--target", "ES2022", "--types", "node"];
    const settings = {
      "node20, CommonJS and ES module": ["--module", "node20", "unit-test.ts", "module.mts"],
      "commonjs and bundler": [
        "--module",
        "commonjs",
        "--moduleResolution",
        "bundler",
        "unit-test.ts",
      ],
      "the classic resolution": [
        ...["--module", "commonjs", "--moduleResolution", "node10"],
        ...["--ignoreDeprecations", "6.0", "unit-test.ts"],
      ],
    };
    const wrong = ["--module", "node20", "--skipLibCheck", ...Object.keys(wrongPrograms)];
    /** By what is compiled, what the compiler says. */
    let problems: Readonly<Record<string, string>>;

    before("compile everything in one process, which starts the compiler once", async () => {
      const commands = Object.entries({ ...settings, wrong }).map(([name, options]) => [
        name,
        [...strict, ...options],
      ]);
      writeFiles(npmProject, { "compile.js": compiler });
      problems = JSON.parse(await nodeIn(npmProject, "compile.js", JSON.stringify(commands)));
    });

    for (const name of Object.keys(settings)) {
      it(`compile under ${name}, library declarations checked too`, () => {
        assert.deepEqual(ours(problems[name] ?? assert.fail(`${name} was not compiled`)), []);
      });
    }

    it("compile with the TypeScript that Pulumi brings along", async () => {
      const vendored = join(
        npmProject,
        "node_modules/@pulumi/pulumi/vendor/typescript@3.8.3/typescript.js",
      );
      writeFiles(npmProject, { "vendored.js": vendoredCheck(vendored) });
      const found = ours(
        await nodeIn(npmProject, "vendored.js", "unit-test.ts", "wrong-literal.ts"),
      );
      assert.deepEqual(
        found.filter((line) => !line.startsWith("wrong-literal.ts")),
        [],
      );
      assert.notDeepEqual(found, []);
    });

    it("refuse a wrong literal, a wrong mix and a missing plan", () => {
      assert.deepEqual(
        Object.keys(wrongPrograms).filter((file) => !problems["wrong"]?.includes(`${file}(`)),
        [],
      );
    });
  });

  describe("on the real engine", () => {
    const open: { close(): unknown }[] = [];

    afterEach(async () => {
      for (const one of open.splice(0)) await one.close();
    });
    checkEmulators();

    async function start(directory: string): Promise<TestProgram> {
      const emulator = await startTestEmulator();
      const env = environmentFor(emulator);
      const started = await startProgram({ directory, inPlace: true, start: "checked", env });
      open.push(started);
      return started;
    }

    for (const [manager, directory] of [
      ["npm", npmProject],
      ["pnpm", pnpmProject],
    ] as const) {
      it(`takes a cluster through its life, without a warning, when installed with ${manager}`, async () => {
        const { pulumi, exportState, setVariable } = await start(directory);
        const preview = await pulumi("preview");
        assert.match(preview.stdout, /Cluster orders create/);
        // The types of the same program were checked by the preview.
        setVariable("PULUMI_NODEJS_TRANSPILE_ONLY", "true");
        const up = await pulumi("up", "--yes", "--skip-preview");
        const id = (await pulumi("stack", "output", "clusterId")).stdout.trim();
        assert.match(id, /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
        const refresh = await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
        const destroy = await pulumi("destroy", "--yes", "--skip-preview");
        assert.deepEqual((await exportState()).deployment.resources ?? [], []);
        const printed = [installed[manager], preview, up, refresh, destroy];
        assert.deepEqual(printed.flatMap(warningsIn), []);
      });
    }

    it("says what to do when it is only a dependency of a dependency under pnpm", async () => {
      assert.ok(!topLevelPackages(transitiveProject).includes("pulumi-cockroachdb-cloud"));
      const { start: startPulumi } = await start(transitiveProject);
      const { code, stdout, stderr } = await startPulumi("up", "--yes", "--skip-preview").ended;
      assert.notEqual(code, 0);
      const missing = /pulumi-cockroachdb-cloud is missing beside Pulumi\.yaml, or too old/;
      assert.match(stdout + stderr, missing);
    });
  });
});

/** Errors in the program or in our declarations; the rest is not ours to fix. */
function ours(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => /error TS|pulumi-cockroachdb-cloud/.test(line))
    .filter(
      (line) => !line.startsWith("node_modules/") || line.includes("pulumi-cockroachdb-cloud"),
    );
}

/**
 * What a compiler finds in the program, our declarations and the options. The rest, such as the declarations of Pulumi and of
 * the browser, would take most of the time, and is not ours to fix.
 */
const findProblems = `const isOurs = ({ fileName }) => !fileName.includes("/node_modules/") || fileName.includes("/pulumi-cockroachdb-cloud/");
function problemsIn(program) {
  const ours = program.getSourceFiles().filter(isOurs);
  if (!ours.some(({ isDeclarationFile }) => isDeclarationFile)) throw new Error("no declaration of ours was found");
  const found = ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
  return [...program.getOptionsDiagnostics(), ...found, ...program.getGlobalDiagnostics()];
}
`;

/** Prints, by name, what tsc would print of each command. */
const compiler = `${findProblems}
const ts = require("typescript");
const format = { getCanonicalFileName: (file) => file, getCurrentDirectory: () => process.cwd(), getNewLine: () => "\\n" };
const problems = JSON.parse(process.argv[2]).map(([name, command]) => {
  const { options, fileNames, errors } = ts.parseCommandLine(command);
  const program = ts.createProgram(fileNames, { ...options, noEmit: true });
  return [name, ts.formatDiagnostics([...errors, ...problemsIn(program)], format)];
});
console.log(JSON.stringify(Object.fromEntries(problems)));
`;

/** Pulumi's copy of TypeScript has no command, only the compiler's functions. */
function vendoredCheck(typescript: string): string {
  return `${findProblems}
const ts = require(${JSON.stringify(typescript)});
const options = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2020, module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.NodeJs, types: ["node"] };
const program = ts.createProgram(process.argv.slice(2), options);
for (const { file, start, messageText } of problemsIn(program)) {
  const line = file ? ts.getLineAndCharacterOfPosition(file, start).line + 1 : 0;
  const path = file ? file.fileName.slice(file.fileName.indexOf("node_modules") + 1 ? file.fileName.indexOf("node_modules") : 0) : "";
  console.log(path + ":" + line + ": error TS: " + ts.flattenDiagnosticMessageText(messageText, " "));
}
`;
}
