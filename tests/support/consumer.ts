/** Projects outside the repository that install the package as users do: the packed tarball, through a package manager. */
import { execFile } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildIfChanged } from "../../scripts/build.mjs";
import { engineCache } from "../../scripts/engine.mjs";
import { withoutNpmRun, withoutUserSettings } from "../../scripts/environment.mjs";
import type { Package } from "../../scripts/pack.mjs";
import { pack } from "../../scripts/pack.mjs";

const repository = join(__dirname, "..", "..");
const installLimitMs = 120_000;

/** The versions that this repository itself is tested with. */
export function installedVersion(name: string): string {
  const manifest = readFileSync(join(repository, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** The tarball of the compiled package, as it is published. */
export async function packPackage(folder: string): Promise<Package> {
  buildIfChanged();
  return await pack(folder);
}

export function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "consumer-")));
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(
      join(folder, name),
      typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`,
    );
  }
}

/** A Pulumi project whose program is the JavaScript of index.js, which needs no compiler to start. */
export function javascriptProject(name: string) {
  return {
    "Pulumi.yaml": `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.js\n`,
    "package.json": { name, private: true, main: "index.js" },
  };
}

export async function npmInstall(folder: string): Promise<Printed> {
  return await runIn(folder, "npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"]);
}

/** pnpm with its default, isolated node_modules. Its store is kept beside the engine, so that the next run is quick. */
export async function pnpmInstall(folder: string): Promise<Printed> {
  const pnpm = join(repository, "node_modules", "pnpm", "bin", "pnpm.cjs");
  const store = join(dirname(engineCache()), "pnpm-store");
  const args = [pnpm, "install", "--prefer-offline", "--store-dir", store];
  return await runIn(folder, process.execPath, args);
}

export async function nodeIn(folder: string, ...args: string[]): Promise<string> {
  return (await runIn(folder, process.execPath, args)).stdout;
}

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. A failure fails the test, with everything it printed. */
export async function runIn(
  folder: string,
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Printed> {
  return await new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      {
        cwd: folder,
        env: { ...cleanEnvironment(), ...variables },
        timeout: installLimitMs,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error)
          reject(
            new Error(`${command} ${args.join(" ")} in ${folder} failed:\n${stdout}\n${stderr}`, {
              cause: error,
            }),
          );
        else resolve({ stdout, stderr });
      },
    );
  });
}

/** Coverage of processes in other folders reports nothing about this repository's files. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_V8_COVERAGE: _, ...environment } = withoutNpmRun(withoutUserSettings());
  return environment;
}

export function topLevelPackages(folder: string): string[] {
  return readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
}

export function remove(...folders: string[]): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
