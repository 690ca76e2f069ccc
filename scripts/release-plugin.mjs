// Packs the plugin for a release on GitHub, where Pulumi downloads it from: `node scripts/release-plugin.mjs FOLDER`
// makes a single executable for this machine, with Node.js in it; with `--script` a script for machines that have Node.js.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";
import { licensesName, pluginName } from "./bundle-plugin.mjs";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = join(repository, "dist", "plugin", pluginName);
const architectures = { x64: "amd64", arm64: "arm64" };
const systems = { linux: "linux", darwin: "darwin", win32: "windows" };

/** Packs dist/ as it is. Returns the tarball. */
export function releasePlugin(destination, { isScript = false } = {}) {
  const { name, version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  const staged = mkdtempSync(join(tmpdir(), "release-plugin-"));
  chmodSync(staged, 0o755);
  try {
    if (isScript) stageScript(staged);
    else stageExecutable(staged);
    copyFileSync(join(repository, "LICENSE"), join(staged, "LICENSE"));
    copyFileSync(join(dirname(bundle), licensesName), join(staged, licensesName));
    // The plugin reads its version here.
    writeFileSync(join(staged, "package.json"), `${JSON.stringify({ name, version })}\n`);
    const place = isScript
      ? "script"
      : `${systems[process.platform]}-${architectures[process.arch]}`;
    mkdirSync(destination, { recursive: true });
    const tarball = join(resolve(destination), `${pluginName}-v${version}-${place}.tar.gz`);
    run("tar", ["-czf", tarball, "-C", staged, "."]);
    return tarball;
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

function stageScript(folder) {
  copyFileSync(bundle, join(folder, pluginName));
  chmodSync(join(folder, pluginName), 0o755);
  // Windows starts no script without one.
  writeFileSync(join(folder, `${pluginName}.cmd`), `@node "%~dp0${pluginName}" %*\r\n`);
}

/** Node.js with the bundle in it: https://nodejs.org/api/single-executable-applications.html */
function stageExecutable(folder) {
  const executable = join(folder, process.platform === "win32" ? `${pluginName}.exe` : pluginName);
  const work = mkdtempSync(join(tmpdir(), "executable-"));
  try {
    const main = join(work, "main.js");
    writeFileSync(main, readFileSync(bundle, "utf8").replace(/^#!.*\n/, ""));
    const blob = join(work, "plugin.blob");
    const settings = { main, output: blob, disableExperimentalSEAWarning: true };
    writeFileSync(join(work, "settings.json"), JSON.stringify(settings));
    run(process.execPath, ["--experimental-sea-config", join(work, "settings.json")]);
    copyFileSync(process.execPath, executable);
    chmodSync(executable, 0o755);
    const isMac = process.platform === "darwin";
    if (isMac) run("codesign", ["--remove-signature", executable]);
    run(process.execPath, [
      join(repository, "node_modules", "postject", "dist", "cli.js"),
      ...[executable, "NODE_SEA_BLOB", blob],
      ...["--sentinel-fuse", "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2"],
      ...(isMac ? ["--macho-segment-name", "NODE_SEA"] : []),
    ]);
    if (isMac) run("codesign", ["--sign", "-", executable]);
    copyFileSync(licenseOfNode(), join(folder, "node-license.txt"));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function licenseOfNode() {
  const folder = dirname(process.execPath);
  const file = [folder, dirname(folder), "/usr/share/doc/nodejs"]
    .map((place) => join(place, "LICENSE"))
    .find(existsSync);
  if (file === undefined) throw new Error(`The license of ${process.execPath} was not found.`);
  return file;
}

function run(program, given) {
  const { status, error, stderr } = spawnSync(program, given, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${given.join(" ")} failed: ${error ?? stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [destination = "."] = process.argv.slice(2).filter((given) => !given.startsWith("--"));
  build();
  console.log(releasePlugin(destination, { isScript: process.argv.includes("--script") }));
}
