// `npm test`: every level of tests, and one line with the sum at the end.
// `npm test -- sdk provider/resource/check` runs the test files whose path under tests/ starts like that; `types` is the type check.
// With `--coverage` it also shows what of provider/ and sdk/ nothing ran, which takes a quarter longer.
// `languages` with `--available` leaves out those whose tools this machine has not, and names them.
// `faults`, `matrix`, `drivers` and `languages` run only when they are named, for they take long or need more than Node and Go; `faults` with `--part` is the part that CI does.
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { reportCoverage, startCoverage } from "./coverage.mjs";
import { withoutUserSettings } from "./environment.mjs";
import { build, install, obtainEngine, obtainLanguageHost, repository } from "./setup.mjs";
import { titleProblems } from "./test-titles.mjs";

/** Levels in this order; a folder that is not named here comes after `provider`. */
const quick = ["sdk", "emulator", "provider"];
const slow = ["contract", "engine", "package", "faults", "languages", "matrix"];
const onlyWhenNamed = ["faults", "matrix", "drivers", "languages"];
/** These start processes that load the compiled package. */
const needsBuild = new Set([
  "contract",
  "engine",
  "package",
  "docs",
  "faults",
  "languages",
  "matrix",
]);
const needsEngine = new Set(["engine", "package", "docs", "faults", "languages", "matrix"]);
/** `plugin-yaml-trouble` needs the language host of YAML. */
const languageHostOf = (file) => /(?:^|\/)plugin-(yaml|go|python)\b[^/]*$/.exec(file)?.[1];

/** What each file of `languages` needs beside Node and Go: commands that succeed where it is there. */
const toolsOf = {
  "languages/plugin-python.test.ts": [["python3", "-c", "import ensurepip, venv"]],
  "languages/java.test.ts": [
    ["javac", "-version"],
    ["mvn", "-version"],
  ],
};

/** More than there are processors: now and then each job only waits, for an engine or for a time. */
const jobsAtOnce = availableParallelism() + 2;
/** A quick level with more files is several jobs. */
const filesPerJob = 25;
/** These take longest, in this order, which a machine that has not run them cannot know. */
const longest = [
  "engine/examples",
  "contract/resources",
  "contract/state",
  "engine/deletion",
  "conformance",
  "package/consumers",
  "contract/plugin-failures",
  "provider",
];
/** Longer than any job: one that was not run here yet comes first. */
const dayMs = 24 * 60 * 60_000;
/** How many milliseconds each job took when it was last run here. */
const durationsFile = join(
  repository,
  "node_modules",
  ".cache",
  "pulumi-cockroachdb-cloud",
  "test-durations.json",
);

const exitGraceMs = 10_000;

/**
 * Each job has a folder in it for its temporary files: every process looks through the sockets there, of which ended ones
 * stay behind for a day. The folder that macOS gives is too long for a socket in a folder in it.
 */
const temporaryFolder = process.platform === "darwin" ? "/tmp" : tmpdir();

const arguments_ = process.argv.slice(2);
const isPart = arguments_.includes("--part");
const isMeasured = arguments_.includes("--coverage");
const areAvailable = arguments_.includes("--available");
const named = arguments_.filter(
  (argument) => !["--part", "--coverage", "--available"].includes(argument),
);
/** `faults faults/kills` is what `npm run test:faults -- faults/kills` hands over: the longer name narrows the shorter. */
const wanted = named.filter(
  (name) => !named.some((other) => other !== name && other.startsWith(`${name}/`)),
);
const isLong = !isPart && wanted.some((start) => /^(faults|matrix)/.test(start));
const levelLimitMs = (isLong ? 120 : 12) * 60_000;
const results = [];
const notRun = [];

await main();

async function main() {
  const levels = selectedLevels();
  if (levels.length === 0 && notRun.length === 0 && !typesWanted())
    fail("selection", [`no test file under tests/ starts with ${wanted.join(" or ")}`]);
  else if (await attempt("install", () => install())) await runAll(levels);
  printSum();
}

async function runAll(levels) {
  const types = typesWanted() ? [checkTypes()] : [];
  if (isMeasured) startCoverage();
  const names = levels.map(({ name }) => name);
  if (names.some((name) => needsBuild.has(name))) await attempt("build", () => build());
  if (names.some((name) => needsEngine.has(name))) await attempt("engine", () => obtainEngine());
  for (const language of new Set(levels.flatMap(({ files }) => files.map(languageHostOf))))
    if (language) await attempt(`host of ${language}`, () => obtainLanguageHost(language));
  await runJobs(jobsOf(levels));
  const problems = titleProblems(results.flatMap(({ titles = [] }) => titles));
  if (problems.length > 0) fail("titles", problems);
  results.push(...(await Promise.all(types)));
  if (isMeasured) await attempt("coverage", () => reportCoverage());
}

/**
 * Most of a slow level's time is waiting for other processes, so each of its files is a job of its own. The files of a
 * quick level share processes. What took longest in the last run comes first, so that none runs alone at the end.
 */
function jobsOf(levels) {
  const durations = lastDurations();
  const unknown = ({ name, isSlow }) => {
    const place = longest.toReversed().indexOf(name.split(" ")[0]);
    if (place >= 0) return (place + 2) * dayMs;
    return isSlow ? dayMs : 0;
  };
  const weight = (job) => durations[job.name] ?? unknown(job);
  return levels
    .flatMap((level) => (slow.includes(level.name) ? oneForEachFile(level) : shared(level)))
    .sort((a, b) => weight(b) - weight(a));
}

function oneForEachFile({ files }) {
  return files.map((file) => ({ name: file.replace(".test.ts", ""), files: [file], isSlow: true }));
}

function shared({ name, files }) {
  const count = Math.ceil(files.length / filesPerJob);
  if (count <= 1) return [{ name, files }];
  return Array.from({ length: count }, (_, part) => ({
    name: `${name} ${part + 1}/${count}`,
    files: files.filter((_, index) => index % count === part),
  }));
}

function lastDurations() {
  return existsSync(durationsFile) ? JSON.parse(readFileSync(durationsFile, "utf8")) : {};
}

function keepDurations() {
  const measured = results.filter(({ ms }) => ms !== undefined).map(({ name, ms }) => [name, ms]);
  mkdirSync(dirname(durationsFile), { recursive: true });
  writeFileSync(
    durationsFile,
    JSON.stringify({ ...lastDurations(), ...Object.fromEntries(measured) }),
  );
}

async function runJobs(jobs) {
  const waiting = [...jobs];
  const isQuiet = jobs.length > 1;
  const worker = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const startedAt = Date.now();
      const result = await runMocha(job, isQuiet);
      results.push({ ...result, ms: Date.now() - startedAt });
    }
  };
  await Promise.all(Array.from({ length: jobsAtOnce }, worker));
  keepDurations();
}

/** A step that must work but is no test: only its failure counts. */
async function attempt(name, work) {
  try {
    await work();
    return true;
  } catch (error) {
    console.error(error.message);
    fail(name, [error.message.split("\n")[0]]);
    return false;
  }
}

function fail(name, failed) {
  results.push({ name, passed: 0, failed });
}

function typesWanted() {
  return wanted.length === 0 || wanted.includes("types");
}

function selectedLevels() {
  const selected = testFiles().filter((file) =>
    wanted.length === 0
      ? !onlyWhenNamed.includes(file.split("/")[0])
      : wanted.some((start) => file.startsWith(start)),
  );
  if (areAvailable) notRun.push(...selected.filter((file) => missingTool(file) !== undefined));
  const files = selected.filter((file) => !notRun.includes(file));
  const names = [...new Set(files.map((file) => file.split("/")[0]))].sort(
    (a, b) => rank(a) - rank(b),
  );
  return names.map((name) => ({
    name,
    files: files.filter((file) => file.startsWith(`${name}/`)),
  }));
}

function missingTool(file) {
  const missing = toolsOf[file]?.find(([tool, ...given]) => spawnSync(tool, given).status !== 0);
  return missing?.[0];
}

function rank(name) {
  if (quick.includes(name)) return quick.indexOf(name);
  return slow.includes(name) ? 100 + slow.indexOf(name) : 50;
}

function testFiles() {
  const folder = join(repository, "tests");
  return readdirSync(folder, { recursive: true })
    .map((name) => name.split(sep).join("/"))
    .filter((name) => name.endsWith(".test.ts") && !name.includes("node_modules"))
    .sort();
}

async function checkTypes() {
  const { code, output } = await runNode(
    [join("node_modules", "typescript", "bin", "tsc"), "--noEmit"],
    { quiet: true },
  );
  if (code !== 0) console.log(`\n== types\n${output}`);
  return { name: "types", passed: code === 0 ? 1 : 0, failed: code === 0 ? [] : ["tsc --noEmit"] };
}

/** Runs the tests of a level. A quiet one shows what it printed at its end, so that two do not mix. */
async function runMocha({ name, files }, quiet) {
  if (!quiet) console.log(`\n== ${name}`);
  const folder = mkdtempSync(join(temporaryFolder, "test-"));
  // PostgreSQL runs as another user where the tests run as root.
  chmodSync(folder, 0o711);
  const countsFile = join(folder, "counts.json");
  try {
    const { code, problem, output } = await runNode(
      [
        join("node_modules", "mocha", "bin", "mocha.js"),
        ...files.map((file) => relative(repository, join(repository, "tests", file))),
      ],
      {
        environment: {
          MOCHA_COUNTS: countsFile,
          TMPDIR: folder,
          ...(isPart && { FAULTS_PART: "1" }),
        },
        doneFile: countsFile,
        quiet,
      },
    );
    if (quiet) console.log(`\n== ${name}\n${output}`);
    if (!existsSync(countsFile))
      return {
        name,
        passed: 0,
        failed: [problem ?? `mocha ended with ${code} before its tests did`],
      };
    const counts = JSON.parse(readFileSync(countsFile, "utf8"));
    if (problem) counts.failed.push(problem);
    else if (code !== 0 && counts.failed.length === 0)
      counts.failed.push(`mocha ended with ${code}`);
    if (counts.passed + counts.failed.length === 0)
      counts.failed.push("there was no test in the files");
    return { name, ...counts };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs a node program. One that goes on after its `doneFile` is there has left something open: a problem, and it is ended. */
function runNode(nodeArguments, { environment = {}, quiet = false, doneFile } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, nodeArguments, {
      cwd: repository,
      env: { ...withoutUserSettings(), ...environment },
      stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    });
    let output = "";
    let problem;
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (data) => {
        output += data;
      });
    const end = (reason) => {
      problem ??= reason;
      child.kill("SIGKILL");
    };
    const limit = setTimeout(
      () => end(`no end after ${levelLimitMs / 60_000} minutes`),
      levelLimitMs,
    );
    let doneSince;
    const watch = setInterval(() => {
      if (doneFile && existsSync(doneFile)) doneSince ??= Date.now();
      if (doneSince && Date.now() - doneSince > exitGraceMs)
        end("mocha did not exit after its last test: something was left open");
    }, 500);
    child.on("close", (code, signal) => {
      clearTimeout(limit);
      clearInterval(watch);
      resolve({ code: code ?? signal, output, problem });
    });
  });
}

function printSum() {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.flatMap(({ name, failed }) => failed.map((title) => `${name}: ${title}`));
  console.log("");
  for (const { name, passed: some, failed: none, ms, cpuSeconds } of results) {
    const time =
      ms === undefined ? "" : ` (${seconds(ms / 1000)}, processor ${seconds(cpuSeconds)})`;
    console.log(`${name}: ${some} passed, ${none.length} failed${time}`);
  }
  for (const file of notRun)
    console.log(`NOT RUN ${file}: it needs ${missingTool(file)}, which this machine has not`);
  for (const title of failed) console.log(`FAILED ${title}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
  console.log(`${passed} passed, ${failed.length} failed`);
}

function seconds(value = 0) {
  return `${Math.round(value)} s`;
}
