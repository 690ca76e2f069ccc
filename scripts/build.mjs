// Compiles the package into dist/. `npm run build` always compiles; tests and demo only when a source changed.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeRequiresLazy } from "./lazy-requires.mjs";
import { vendor } from "./vendor.mjs";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(repository, "dist");
const lastBuild = join(
  repository,
  "node_modules",
  ".cache",
  "pulumi-cockroachdb-cloud",
  "last-build.json",
);
const sources = [
  "index.ts",
  "cli.ts",
  "provider",
  "sdk",
  "emulator",
  "testing",
  "doctor",
  "export",
  "plugin",
  "scripts/lazy-requires.mjs",
  "scripts/vendor.mjs",
  "tsconfig.json",
  "tsconfig.build.json",
  "package-lock.json",
];

/**
 * Compiles when a source was changed, added or removed since the last build. Returns whether it compiled.
 * Types are not checked here: `npm test` does that apart, once, with the tests.
 */
export function buildIfChanged() {
  const state = sourceState();
  if (
    existsSync(join(dist, "index.js")) &&
    existsSync(lastBuild) &&
    readFileSync(lastBuild, "utf8") === state
  )
    return false;
  build(["--noCheck"]);
  return true;
}

/** Compiles into a new folder and puts it in the place of dist, so that nothing of removed sources is left. */
export function build(compilerArguments = []) {
  const state = sourceState();
  const fresh = join(repository, `dist.${process.pid}`);
  try {
    compileTo(fresh, compilerArguments);
    makeRequiresLazy(fresh);
    vendor(fresh, repository);
    writePluginExecutable(fresh);
    replaceDist(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  mkdirSync(dirname(lastBuild), { recursive: true });
  writeFileSync(lastBuild, state);
}

function compileTo(folder, compilerArguments) {
  const tsc = join(repository, "node_modules", "typescript", "bin", "tsc");
  const result = spawnSync(
    process.execPath,
    [tsc, "-p", "tsconfig.build.json", "--outDir", folder, ...compilerArguments],
    {
      cwd: repository,
      stdio: "inherit",
    },
  );
  if (result.status !== 0)
    throw new Error("The build failed: tsc reported the errors above. dist/ is as it was before.");
}

/** The engine starts a file of this name, which it finds on PATH or in the folder that a project names. */
function writePluginExecutable(folder) {
  const bundle = join(repository, "scripts", "bundle-plugin.mjs");
  const { status } = spawnSync(process.execPath, [bundle, folder], { stdio: "inherit" });
  if (status !== 0) throw new Error("The build failed: the plugin could not be bundled.");
  chmodSync(join(folder, "plugin", "pulumi-resource-cockroachdb-cloud"), 0o755);
}

function replaceDist(fresh) {
  const old = join(repository, `dist.old.${process.pid}`);
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

function sourceState() {
  const files = sources.flatMap((source) => filesIn(join(repository, source)));
  return JSON.stringify(
    files
      .sort()
      .map((file) => [file.slice(repository.length), statSync(file).mtimeMs, statSync(file).size]),
  );
}

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true })
    .map((name) => join(path, name))
    .filter((file) => file.endsWith(".ts"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    build();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
