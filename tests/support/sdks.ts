/** The SDKs of all languages, by Pulumi's own generators. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { schemaFile } from "../../schema/generate";
import { repository } from "./documents";

/** Generates the SDKs into a folder for each language. The first time the generators are built; then it takes three seconds. */
export function generateSdks(folder: string): void {
  const logo = join(repository, "docs", "images", "logo.png");
  const built = join(folder, "generate");
  runToEnd("go", ["build", "-o", built, "."], join(repository, "tests", "schema", "sdks"));
  const { stdout, stderr } = runToEnd(built, [schemaFile, logo, folder], folder);
  assert.equal(stderr, "");
  const languages = ["dotnet", "go", "java", "nodejs", "python"];
  assert.deepEqual(stdout.match(/^\w+(?=: \d+ files$)/gm)?.sort(), languages);
  assert.equal(stdout.match(/warn/i), null, stdout);
}

/** Runs a program of a language's toolchain. A failure fails the test, with everything it printed. */
export function runToEnd(program: string, given: readonly string[], cwd: string) {
  const env = { ...process.env, GOFLAGS: "-mod=readonly", GOWORK: "off" };
  const { status, error, stdout, stderr } = spawnSync(program, given, {
    cwd,
    env,
    encoding: "utf8",
  });
  assert.equal(error, undefined, `${program}: ${error?.message}`);
  assert.equal(status, 0, `${program}: ${stdout}${stderr}`);
  return { stdout, stderr };
}
