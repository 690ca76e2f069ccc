// What tests and demo need before they start: dependencies, the compiled package, the Pulumi engine.
// Runs on a fresh clone, so it uses only what Node.js brings.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildIfChanged } from "./build.mjs";
import { findOrBuildLanguageHost, findOrObtainEngine } from "./engine.mjs";
import { withoutNpmRun } from "./environment.mjs";

export const repository = dirname(dirname(fileURLToPath(import.meta.url)));

/** Everything, in order. Returns the engine. */
export async function setUp(say = console.log) {
  install(say);
  build(say);
  return await obtainEngine(say);
}

/** Runs `npm ci` when node_modules is missing or older than the lock file. */
export function install(say = console.log) {
  const lock = join(repository, "package-lock.json");
  const installed = join(repository, "node_modules", ".package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  say("install: npm ci");
  const result = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: repository,
    env: withoutNpmRun(),
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (result.status !== 0)
    throw new Error(
      `\`npm ci\` in ${repository} failed${result.error ? `: ${result.error.message}` : ""}.`,
    );
}

/** Compiles dist/ when a source changed. */
export function build(say = console.log) {
  const started = Date.now();
  if (buildIfChanged())
    say(`build: dist compiled (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

/** Finds the Pulumi engine or obtains it. */
export async function obtainEngine(say = console.log) {
  const engine = await findOrObtainEngine(say);
  say(`engine: Pulumi ${engine.version} (${engine.how})`);
  return engine;
}

/** Finds the language host or builds it. */
export async function obtainLanguageHost(language, say = console.log) {
  say(`engine: language host of ${language} in ${await findOrBuildLanguageHost(language, say)}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await setUp();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
