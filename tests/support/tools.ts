/** Programs in exact versions that users have and this repository does not: Node.js and package managers, from the npm registry. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { engineCache } from "../../scripts/engine.mjs";
import { runIn } from "./consumer";

/** Kept beside the engine, so that the next run has them at once. */
export const toolCache = join(dirname(engineCache()), "tools");

/** The folder of an npm package in this version. */
export async function obtainTool(name: string, version: string): Promise<string> {
  const folder = join(toolCache, `${name.replace("/", "-")}-${version}`);
  const installed = join(folder, "node_modules", name);
  if (existsSync(installed)) return installed;
  mkdirSync(toolCache, { recursive: true });
  const unfinished = mkdtempSync(join(toolCache, ".unfinished-"));
  try {
    const dependencies = { [name]: version };
    writeFileSync(join(unfinished, "package.json"), JSON.stringify({ dependencies }));
    await runIn(unfinished, "npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"]);
    if (!existsSync(installed)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return installed;
}

/** The folder that holds `node` in this version. */
export async function obtainNode(version: string): Promise<string> {
  return join(await obtainTool(`node-${process.platform}-${process.arch}`, version), "bin");
}

/** The folder that holds `bun` in this version. Its package `bun` would copy the same file by an install script. */
export async function obtainBun(version: string): Promise<string> {
  const arch = process.arch === "arm64" ? "aarch64" : process.arch;
  return join(await obtainTool(`@oven/bun-${process.platform}-${arch}`, version), "bin");
}
