// Coverage of provider/ and sdk/, from the test processes and from the provider processes that the engine starts.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(repository, "coverage", "tmp");
const measured = ["provider/", "sdk/", "dist/provider/", "dist/sdk/"].map(
  (path) => pathToFileURL(join(repository, path)).href,
);

/** From here on, every node process that is started writes what it ran. */
export function startCoverage() {
  rmSync(join(repository, "coverage"), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  process.env.NODE_V8_COVERAGE = folder;
}

/** Prints a summary and the lines that nothing ran. */
export function reportCoverage() {
  delete process.env.NODE_V8_COVERAGE;
  for (const name of readdirSync(folder)) keepMeasured(join(folder, name));
  if (readdirSync(folder).length === 0) return;
  const c8 = join(repository, "node_modules", "c8", "bin", "c8.js");
  const result = spawnSync(process.execPath, [c8, "report"], { cwd: repository, stdio: "inherit" });
  if (result.status !== 0) throw new Error(`c8 report ended with ${result.status}`);
}

/** Most of each file is about node_modules: without that, the report takes a second instead of minutes. */
function keepMeasured(file) {
  const coverage = readJson(file);
  const result = (coverage?.result ?? []).filter(({ url }) =>
    measured.some((start) => url.startsWith(start)),
  );
  if (result.length === 0) return rmSync(file);
  const kept = Object.entries(coverage["source-map-cache"] ?? {}).filter(([url]) =>
    result.some((script) => script.url === url),
  );
  writeFileSync(file, JSON.stringify({ result, "source-map-cache": Object.fromEntries(kept) }));
}

/** A process that was killed while it wrote leaves half a file, which is useless. */
function readJson(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
