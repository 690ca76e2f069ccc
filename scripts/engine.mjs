// Finds the real Pulumi engine that tests and demo run, or obtains one.
// By hand: `node scripts/engine.mjs` prints its folder.
import { execFile, spawn } from "node:child_process";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
} from "node:fs";
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { engineEnvironment } from "./environment.mjs";
import { isAlive, takeLock } from "./lock.mjs";

/** The engine that is obtained when none is found, and the oldest one that is accepted. */
export const engineVersions = { wanted: "3.259.0", oldest: "3.248.0" };

/** Three files that the engine loads from one folder. With a symlink, or one of them elsewhere, every run warns. */
const engineFiles = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
const [cli, languageHost, dynamicProvider] = engineFiles;

/** The version of the npm package `pulumi` that starts the official installer. */
const installerPackage = "pulumi@3.265.0";
const installerLimitMs = 180_000;
const heartbeatMs = 15_000;

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const bundledDynamicProvider = join(
  repository,
  "node_modules",
  "@pulumi",
  "pulumi",
  dynamicProvider,
);
const goModules = join(repository, "tests", "engine", "build");

/**
 * Returns a folder with a complete engine: found on PATH, in the Pulumi home or in this project's cache,
 * else obtained by the official installer, else built from the Go modules.
 * Nothing outside the project's cache is written.
 */
export async function findOrObtainEngine(say = () => {}) {
  const tried = [];
  const found = await findEngine(tried);
  if (found) return found;
  return await withLock(say, async () => {
    const madeMeanwhile = await engineIn(cacheFolder(engineVersions.wanted), "project cache", []);
    if (madeMeanwhile) return madeMeanwhile;
    return (await installEngine(say, tried)) ?? (await buildEngine(say, tried)) ?? noEngine(tried);
  });
}

const hostModule = "github.com/pulumi/pulumi/sdk/v3";

/**
 * The language hosts besides that of Node.js, each of the last version whose source is in a module that the proxy has:
 * those of Go and Python have been modules of their own since, which it does not have.
 */
const languageHosts = {
  yaml: {
    version: "1.30.0",
    module: "yaml-language-host",
    source: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
  },
  go: {
    version: "3.58.0",
    module: "go-language-host",
    source: `${hostModule}/go/pulumi-language-go`,
  },
  python: {
    version: "3.68.0",
    module: "language-host",
    source: `${hostModule}/python/cmd/pulumi-language-python`,
    script: "python/cmd/pulumi-language-python-exec",
  },
};

/** Returns the folder with the language host: beside the engine, else built from the Go modules. */
export async function findOrBuildLanguageHost(language, say = () => {}) {
  const { version, module, source, script } = languageHosts[language];
  const { binDir } = await findOrObtainEngine(say);
  const cached = cacheFolder(`${language}-${version}`);
  const files = [source, script].filter(Boolean).map((path) => basename(path));
  const isIn = (folder) => files.every((file) => isExecutable(join(folder, file)));
  const found = [binDir, cached].find(isIn);
  if (found) return found;
  return await withLock(say, async () => {
    if (isIn(cached)) return cached;
    say(
      `engine: building the language host of ${language} ${version} from the Go modules (some minutes, once; kept in ${cached})`,
    );
    await fillAtomically(cached, isIn, async (bin) => {
      await goBuild(say, module, join(bin, basename(source)), ["-ldflags=-s -w", source]);
      if (script) await copyExecutable(join(await goModule(module), script), join(bin, files[1]));
    });
    return cached;
  });
}

/** The folder outside the checkout where obtained engines are kept, so that a fresh clone finds them again. */
export function engineCache(environment = process.env) {
  return join(
    environment.XDG_CACHE_HOME || join(homedir(), ".cache"),
    "pulumi-cockroachdb-cloud",
    "engine",
  );
}

function cacheFolder(version) {
  return join(engineCache(), version, "bin");
}

async function findEngine(tried) {
  for (const { how, folders } of await searchedPlaces()) {
    const withPulumi = folders.filter((folder) => existsSync(join(folder, cli)));
    if (withPulumi.length === 0) tried.push(`${how}: no pulumi`);
    for (const folder of withPulumi) {
      const engine = await engineIn(folder, how, tried);
      if (engine) return engine;
    }
  }
}

async function searchedPlaces() {
  const home = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  return [
    { how: "PATH", folders: pathFolders() },
    {
      how: "Pulumi home",
      folders: [...(await installedVersions(join(home, "versions"))), join(home, "bin")],
    },
    { how: "project cache", folders: [cacheFolder(engineVersions.wanted)] },
  ];
}

/** Where `pulumi` on PATH really is. npm's wrapper is passed over: it does not forward signals to the engine. */
function pathFolders() {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const commands = folders.map((folder) => join(folder, cli)).filter(existsSync);
  return [
    ...new Set(
      commands
        .map((command) => realpathSync(command))
        .filter(isBinary)
        .map(dirname),
    ),
  ];
}

async function installedVersions(folder) {
  const names = existsSync(folder) ? await readdir(folder) : [];
  const accepted = names.filter((name) => !isOlder(name, engineVersions.oldest));
  accepted.sort(
    (a, b) =>
      Number(b === engineVersions.wanted) - Number(a === engineVersions.wanted) ||
      (isOlder(a, b) ? 1 : -1),
  );
  return accepted.map((name) => join(folder, name, "bin"));
}

/** The engine in `folder`, completed by a copy in the project's cache when only the script is missing. */
async function engineIn(folder, how, tried) {
  const refuse = (reason) => void tried.push(`${how}, ${folder}: ${reason}`);
  if (!existsSync(join(folder, cli))) return refuse("no pulumi here");
  const version = await versionOf(join(folder, cli));
  if (!version) return refuse("`pulumi version` prints no version");
  if (isOlder(version, engineVersions.oldest))
    return refuse(`${version} is older than ${engineVersions.oldest}`);
  if (!isExecutable(join(folder, languageHost))) return refuse(`no ${languageHost} beside pulumi`);
  if (isComplete(folder)) return describe(folder, version, how);
  return await completedCopy(folder, version, `${how}, completed in the project cache`);
}

async function completedCopy(folder, version, how) {
  const destination = cacheFolder(version);
  if (!isComplete(destination)) {
    await fillAtomically(destination, isComplete, async (bin) => {
      await copyExecutable(join(folder, cli), join(bin, cli));
      await copyExecutable(join(folder, languageHost), join(bin, languageHost));
      await copyExecutable(bundledDynamicProvider, join(bin, dynamicProvider));
    });
  }
  return describe(destination, version, how);
}

/** The Automation API wants `<root>/bin/pulumi`, so a folder of another name is not used as it is. */
function isComplete(folder) {
  return (
    basename(folder) === "bin" && engineFiles.every((file) => isExecutable(join(folder, file)))
  );
}

function describe(binDir, version, how) {
  return { root: dirname(binDir), binDir, version, pulumiPath: join(binDir, cli), how };
}

/** Kept beside the engines: to start one takes a quarter of a second, and each test file searches for it. */
async function versionOf(pulumi) {
  if (!isBinary(pulumi)) return undefined;
  const { size, mtimeMs, ino } = await stat(pulumi);
  const executable = [pulumi, size, mtimeMs, ino].join();
  const kept = join(engineCache(), "version.json");
  const last = existsSync(kept) ? JSON.parse(await readFile(kept, "utf8")) : {};
  if (last.executable === executable) return last.version;
  const version = await printedVersion(pulumi);
  if (version) {
    // Others may write the same file at the same time.
    const temporary = `${kept}.${process.pid}`;
    await mkdir(engineCache(), { recursive: true });
    await writeFile(temporary, JSON.stringify({ executable, version }));
    await rename(temporary, kept);
  }
  return version;
}

async function printedVersion(pulumi) {
  return await withTemporaryFolder(async (home) => {
    const { stdout } = await promisify(execFile)(pulumi, ["version"], {
      env: engineEnvironment({ home }),
      timeout: 20_000,
    }).catch(() => ({ stdout: "" }));
    return /^v?(\d+\.\d+\.\d+)/.exec(stdout.trim())?.[1];
  });
}

/** Runs the official installer through the npm package `pulumi`. Without its host this fails within seconds. */
async function installEngine(say, tried) {
  const { wanted } = engineVersions;
  say(`engine: no Pulumi ${wanted} found, asking the official installer (npx ${installerPackage})`);
  return await withTemporaryFolder(async (home) => {
    const environment = { ...engineEnvironment({ home }), PULUMI_VERSION: wanted };
    const result = await run("npx", ["--yes", installerPackage, "version"], {
      cwd: home,
      env: environment,
      limitMs: installerLimitMs,
      onHeartbeat: (elapsed) => say(`engine: official installer, ${elapsed}`),
    });
    const installed = join(home, "versions", wanted, "bin");
    if (result.failure || !existsSync(join(installed, languageHost))) {
      const reason = result.failure ?? "it left no complete engine";
      tried.push(`official installer (npx ${installerPackage}): ${reason}`);
      say(`engine: the official installer failed (${lastLine(reason)})`);
      return undefined;
    }
    return await completedCopy(installed, wanted, "official installer");
  });
}

/** Builds the engine from the Go module proxy: about five minutes on two cores, once. */
async function buildEngine(say, tried) {
  const { wanted } = engineVersions;
  const go = await run("go", ["version"], { cwd: goModules, limitMs: 60_000 });
  if (go.failure) {
    tried.push(`build from the Go modules: ${go.missing ? "no `go` on PATH" : go.failure}`);
    return undefined;
  }
  if (!existsSync(bundledDynamicProvider))
    throw new Error(`The engine needs ${bundledDynamicProvider}. Run \`npm ci\` first.`);
  const destination = cacheFolder(wanted);
  say(
    `engine: building Pulumi ${wanted} from the Go modules (about five minutes, once; kept in ${destination})`,
  );
  try {
    await fillAtomically(destination, isComplete, async (bin) => {
      await goBuild(say, "language-host", join(bin, languageHost), [
        "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      ]);
      await goBuild(say, "pulumi", join(bin, cli), [
        "-tags=osusergo,grpcnotrace",
        `-ldflags=-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${wanted}`,
        "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      ]);
      await copyExecutable(bundledDynamicProvider, join(bin, dynamicProvider));
    });
  } catch (error) {
    tried.push(`build from the Go modules: ${error.message}`);
    return undefined;
  }
  return describe(destination, wanted, "built from the Go modules");
}

async function goBuild(say, module, output, packageArguments) {
  const result = await run(
    "go",
    ["build", "-mod=readonly", "-buildvcs=false", "-o", output, ...packageArguments],
    {
      cwd: join(goModules, module),
      env: { ...process.env, GOFLAGS: "", GOWORK: "off" },
      onHeartbeat: (elapsed) => say(`engine: building ${module}, ${elapsed}`),
    },
  );
  if (result.failure) throw new Error(`go build of ${module} failed: ${result.failure}`);
}

/** Where Go keeps the source of the language hosts, after a build. */
async function goModule(module) {
  const { stdout } = await promisify(execFile)("go", ["list", "-m", "-f", "{{.Dir}}", hostModule], {
    cwd: join(goModules, module),
    env: { ...process.env, GOFLAGS: "-mod=readonly", GOWORK: "off" },
  });
  return stdout.trim();
}

function noEngine(tried) {
  throw new Error(
    [
      `No usable Pulumi engine (${engineVersions.oldest} or newer, with its Node.js language host) and no way to get one. Tried, in this order:`,
      ...tried.map((attempt) => `  - ${attempt}`),
      "Install the Pulumi CLI so that `pulumi` is on PATH (or in ~/.pulumi/bin), or install Go 1.25 or newer and run again.",
    ].join("\n"),
  );
}

/**
 * Fills a folder beside the destination and renames it, so that a killed run leaves nothing half. What another run
 * has put there meanwhile stays when `isWhole` says that it lacks nothing.
 */
export async function fillAtomically(destination, isWhole, fill) {
  const versions = dirname(dirname(destination));
  await mkdir(versions, { recursive: true });
  await removeAbandoned(versions);
  const unfinished = await mkdtemp(join(versions, `.unfinished-${process.pid}-`));
  try {
    await mkdir(join(unfinished, "bin"));
    await fill(join(unfinished, "bin"));
    await chmod(unfinished, 0o755);
    await replaceFolder(unfinished, dirname(destination), () => isWhole(destination));
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function replaceFolder(from, to, isWhole) {
  if (existsSync(to) && !isWhole()) await rm(to, { recursive: true, force: true });
  await rename(from, to).catch((error) => {
    if (!isWhole()) throw error;
  });
}

async function removeAbandoned(versions) {
  for (const name of await readdir(versions)) {
    const owner = /^\.unfinished-(\d+)-/.exec(name)?.[1];
    if (owner && !isAlive(Number(owner)))
      await rm(join(versions, name), { recursive: true, force: true });
  }
}

/** One run obtains the engine, the others wait for it. A run that died leaves a lock, which one of the others takes. */
async function withLock(say, work) {
  const lock = join(engineCache(), ".lock.d");
  let release = await takeLock(lock);
  for (let waited = 0; release === undefined; waited += 500) {
    if (waited % heartbeatMs === 0) say("engine: another run is obtaining it, waiting");
    await new Promise((resolve) => setTimeout(resolve, 500));
    release = await takeLock(lock);
  }
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Runs a command in a process group of its own, which ends when the limit is reached or this process ends. */
function run(command, commandArguments, { limitMs, onHeartbeat, ...options }) {
  return new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(command, commandArguments, {
      ...options,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let timedOut = false;
    const keepEnd = (data) => {
      output = (output + data).slice(-4000);
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", keepEnd);
    const kill = () => child.pid && signalGroup(child.pid);
    const endOverdue = () => {
      timedOut = true;
      kill();
    };
    const stop = (signal) => {
      kill();
      process.exit(signal === "SIGINT" ? 130 : 143);
    };
    const heartbeat =
      onHeartbeat && setInterval(() => onHeartbeat(elapsedText(started)), heartbeatMs);
    const limit = limitMs && setTimeout(endOverdue, limitMs);
    process.once("SIGINT", stop).once("SIGTERM", stop).once("exit", kill);
    const finish = (result) => {
      clearInterval(heartbeat);
      clearTimeout(limit);
      process.off("SIGINT", stop).off("SIGTERM", stop).off("exit", kill);
      resolve(result);
    };
    child.on("error", (error) =>
      finish({ failure: error.message, missing: error.code === "ENOENT" }),
    );
    child.on("close", (code) => {
      if (timedOut) finish({ failure: `no end after ${limitMs / 1000} s` });
      else
        finish(
          code === 0
            ? {}
            : {
                failure: output.trim().split("\n").slice(-6).join("\n    ") || `exit code ${code}`,
              },
        );
    });
  });
}

function signalGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

async function copyExecutable(from, to) {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await chmod(to, 0o755);
}

async function withTemporaryFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-engine-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    const status = lstatSync(file);
    return status.isFile() && status.size > 0;
  } catch {
    return false;
  }
}

/** False for scripts, such as npm's wrapper. */
function isBinary(file) {
  if (!isExecutable(file)) return false;
  const start = Buffer.alloc(2);
  const descriptor = openSync(file, "r");
  readSync(descriptor, start, 0, 2, 0);
  closeSync(descriptor);
  return start.toString() !== "#!";
}

/** Anything that is not a version, such as a folder of another name, counts as older. */
function isOlder(version, than) {
  const [a, b] = [version, than].map((text) =>
    /^(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1).map(Number),
  );
  if (!a) return true;
  const difference = a.map((part, index) => part - b[index]).find((part) => part !== 0);
  return difference !== undefined && difference < 0;
}

function elapsedText(started) {
  const seconds = Math.round((Date.now() - started) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function lastLine(text) {
  return text.trim().split("\n").at(-1).trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  findOrObtainEngine((line) => console.error(line)).then(
    (engine) => {
      console.error(`engine: Pulumi ${engine.version} (${engine.how})`);
      console.log(engine.binDir);
    },
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
