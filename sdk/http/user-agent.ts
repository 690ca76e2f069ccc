// The User-Agent. The version comes from package.json, which lies one folder up in the sources and
// two in the build, so it is searched upwards by name.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const packageName = "pulumi-cockroachdb-cloud";

let version: string | undefined;

/** The version of this package, `unknown` when its package.json is not beside it (a bundled copy). */
export function packageVersion(): string {
  version ??= versionAbove(__dirname) ?? "unknown";
  return version;
}

function versionAbove(folder: string): string | undefined {
  const version = versionIn(join(folder, "package.json"));
  const parent = dirname(folder);
  return version ?? (parent === folder ? undefined : versionAbove(parent));
}

function versionIn(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof manifest !== "object" || manifest === null) return undefined;
  const { name, version } = manifest as { name?: unknown; version?: unknown };
  return name === packageName && typeof version === "string" ? version : undefined;
}

/** The full User-Agent, with what the caller adds behind ours. */
export function userAgent(addition: string | undefined): string {
  const own = `${packageName}/${packageVersion()}`;
  return addition === undefined || addition === "" ? own : `${own} ${addition}`;
}
