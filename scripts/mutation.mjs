// `npm run test:mutation`: Stryker over provider/ and sdk/, some files at a time, each with the fast tests that speak of them.
// `npm run test:mutation -- cmek sdk/api` takes these groups, `sdk` all below it. Ends with a table of all that has been measured.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join("reports", "mutation");
const inherited = "./scripts/mutation-processes.mjs";
const stryker = "9.6.1";
const packages = [
  `@stryker-mutator/core@${stryker}`,
  `@stryker-mutator/mocha-runner@${stryker}`,
  "mocha@11.8.0",
];

/**
 * Files, and test files below tests/: without their endings, `{a,b}` for either, `*` for any. A file belongs to the first
 * group that names it, so a group of a whole folder has what the groups before it leave. Where tests start processes
 * that run the files, `inProcesses`: nobody knows which test covers what, so all run for each change.
 */
const groups = {
  cluster: {
    files:
      "provider/{cluster,cluster/wire,cluster/declared,program/cluster-reference,cluster/creation-mark,cluster/bridged,program/connection,cluster/delete,cluster/impact,resource/bridge-migration-guard}",
    tests:
      "provider/{cluster/bridged,cluster/diff/*,cluster/schema/*,cluster/state,resource/cancellation,resource/transient-not-found,cluster/create/*,cluster/creation,cluster/read,cluster/update/*,cluster/updates,cluster/declared,engine/*,program/registration}",
  },
  "cluster-changes": {
    files: "provider/cluster/{diff,plan-transitions}",
    tests: "provider/{cluster/diff/*,cluster/plan-transitions,cluster/update/*}",
  },
  "cluster-creation": {
    files: "provider/cluster/{create,import,generated-name}",
    tests: "provider/{cluster/creation,cluster/create/*,cluster/generated-name}",
  },
  "cluster-schema": {
    files: "provider/cluster/{schema,check,to-program,args}",
    tests: "provider/{cluster/schema/*,cluster/create/*,values/unknown-values}",
  },
  "cluster-updates": {
    files: "provider/cluster/{update,requests}",
    tests: "provider/{cluster/updates,cluster/update/*,resource/concurrent-activity}",
  },
  cmek: {
    files: "provider/{cmek-config,cmek/*}",
    tests: "provider/{cmek/*,cmek-config,resource/cancellation,program/registration}",
  },
  waiting: {
    files:
      "provider/{cluster/wait,cache/cluster-cache,cache/cached-list,cache/polling,cache/turns,resource/not-found,resource/settlement,engine/status-line,engine/engine-log,dynamic/engine-reporter}",
    tests:
      "provider/{cluster/wait,cache/cluster-cache,cache/cached-list,cache/polling,engine/status-line,cluster/create/*,resource/cancellation,cache/list-after-write,resource/transient-not-found}",
  },
  configuration: {
    files:
      "provider/{resource/check,resource/misspelt-argument,resource/errors,cluster/*,values/left-out,values/state-values,values/unknown,values/property-value,engine/configuration}",
    tests:
      "provider/{resource/check,cluster/cockroach-version,engine/configuration,cluster/connection-url,resource/errors,values/left-out,values/property-value,values/state-values,values/unknown-values}",
  },
  "provider-process": {
    files: "provider/{dynamic/server-process,engine/interruption}",
    tests: "provider/dynamic/server-process",
    inProcesses: true,
  },
  registration: {
    files:
      "provider/{program/registration,program/explicit-provider,program/time-input,resource/resource-types,values/code-writer}",
    tests:
      "provider/{program/registration,program/explicit-provider,values/code-writer,resource/secrets}",
  },
  lifecycle: {
    files:
      "provider/{dynamic/*,engine/*,program/secret-paths,program/rejected-outputs,resource/lifecycle,values/secrets}",
    tests: "provider/{engine/*,program/registration,resource/secrets,resource/transient-not-found}",
  },
  functions: {
    files: "provider/functions/*",
    tests: "provider/{functions/*,program/explicit-provider}",
  },
  "sql-user": {
    files: "provider/sql-user",
    tests:
      "provider/{sql-user,resource/cancellation,cache/list-after-write,resource/concurrent-activity,resource/transient-not-found,program/registration}",
  },
  definitions: {
    files: "provider/{resource/*,cache/*,program/*,values/*}",
    tests:
      "{conformance/*,provider/resource/compare,provider/resource/lost-create,provider/resource/cancellation,provider/resource/part-deletion,provider/cache/cached-list,provider/cache/cluster-cache,provider/cache/list-after-write,provider/cache/polling,provider/resource/concurrent-activity,provider/resource/transient-not-found,provider/resource/requests,provider/blackout-window,provider/database,provider/user-role-grant,provider/program/explicit-provider,provider/program/promise-traces,provider/program/registration,provider/values/*}",
  },
  resources: {
    files: "provider/{*,exports/*,private-endpoints/*,restore/*}",
    tests: "{conformance/*,provider/*,provider/resource/part-deletion}",
  },
  "sdk/errors": {
    files:
      "sdk/http/{errors,duration-text,api-errors,error-context,transport-errors,sanitize,redaction,without-stack}",
    tests: "sdk/{errors,api-errors,transport-errors,sanitize,redaction,retry}",
  },
  "sdk/limit": {
    files: "sdk/http/{rate-limit,adaptive-limit,rate-limiter-for,machine-queue,private-folder}",
    tests: "sdk/{rate-limit,shared-budget,machine-queue}",
  },
  "sdk/requests": {
    files: "sdk/http/{http,call,agent,proxy}",
    tests: "sdk/{http,proxy,retry,client,clusters,operations,bad-server}",
  },
  "sdk/retry": {
    files: "sdk/http/{retry,retry-timing,retry-notice}",
    tests: "sdk/{retry,retry-timing,retry-notice}",
  },
  "sdk/types": {
    files:
      "sdk/{http/protobuf-json,resources/cloud-provider,resources/cloud-region,resources/cluster-settings,resources/clusters,resources/connection-string,resources/major-version,resources/node}",
    tests: "sdk/{protobuf-json,reading,clusters,audit-logs}",
  },
  "sdk/api": {
    files: "sdk/{resources/*,http/operation}",
    tests:
      "{sdk/clusters,sdk/allowlist,sdk/audit-logs,sdk/maintenance-windows,sdk/roles,sdk/scim,sdk/sql-users,sdk/cluster-certificates,sdk/folders,sdk/operations,sdk/emulated-operations,sdk/reading,sdk/client,sdk/redaction,provider/functions/*}",
  },
  "sdk/client": {
    files: "sdk/{*,http/*}",
    tests: "sdk/{client,clock,duration,path,redaction,timestamp,operations,reading,http}",
  },
};

main(process.argv.slice(2));

function main(wanted) {
  const names = Object.keys(groups).filter(
    (name) =>
      wanted.length === 0 || wanted.some((one) => name === one || name.startsWith(`${one}/`)),
  );
  if (names.length === 0)
    throw new Error(`There is no such group. The groups: ${Object.keys(groups).join(", ")}`);
  assertComplete();
  mkdirSync(join(repository, reports), { recursive: true });
  const failed = names.filter((name) => !measure(name));
  console.log(`\n${tableOf(Object.keys(groups).filter((name) => existsSync(reportOf(name))))}`);
  if (failed.length === 0) return;
  console.error(`\nStryker failed in ${failed.join(", ")}: see above.`);
  process.exitCode = 1;
}

/** A new folder needs a group. */
function assertComplete() {
  const grouped = new Set(Object.values(groups).flatMap(({ files }) => find(files, ".ts")));
  const left = ["provider", "sdk"]
    .flatMap((folder) =>
      readdirSync(join(repository, folder), { recursive: true }).map((file) => `${folder}/${file}`),
    )
    .filter((file) => file.endsWith(".ts") && !grouped.has(file));
  if (left.length > 0) throw new Error(`Put into a group of scripts/mutation.mjs: ${left}`);
}

/** The files of a group: those that no group before it has. */
function filesOf(name) {
  const before = Object.keys(groups).slice(0, Object.keys(groups).indexOf(name));
  const taken = new Set(before.flatMap((one) => find(groups[one].files, ".ts")));
  return find(groups[name].files, ".ts").filter((file) => !taken.has(file));
}

function measure(name) {
  console.log(`\n== ${name}`);
  const { tests, inProcesses = false } = groups[name];
  const base = JSON.parse(readFileSync(join(repository, "stryker.config.json"), "utf8"));
  const stem = stemOf(name);
  const spec = find(`tests/${tests}`, ".test.ts").map((file) => file.replace(/ts$/, "js"));
  const config = {
    ...base,
    mutate: filesOf(name),
    mochaOptions: { ...base.mochaOptions, spec, ...(inProcesses ? { require: [inherited] } : {}) },
    ...(inProcesses ? { coverageAnalysis: "off", ignoreStatic: false } : {}),
    tempDirName: join(base.tempDirName, stem),
    incrementalFile: join(reports, `${stem}.incremental.json`),
    htmlReporter: { fileName: join(reports, `${stem}.html`) },
    jsonReporter: { fileName: join(reports, `${stem}.json`) },
  };
  const file = join(reports, `${stem}.config.json`);
  writeFileSync(join(repository, file), JSON.stringify(config));
  const fetched = packages.map((one) => `--package=${one}`);
  const { status } = spawnSync("npx", ["--yes", ...fetched, "--", "stryker", "run", file], {
    cwd: repository,
    stdio: "inherit",
  });
  return status === 0;
}

/** The files of the repository that fit a pattern: `a/{b,c}` and `*` for any name. */
function find(pattern, ending) {
  const choices = /^(.*)\{(.*)\}(.*)$/.exec(pattern);
  if (choices) {
    const [, before, names, after] = choices;
    const found = names.split(",").flatMap((name) => find(before + name + after, ending));
    return [...new Set(found)];
  }
  const folder = dirname(pattern);
  const [before, after = ""] = pattern.slice(folder.length + 1).split("*");
  const fits = (name) =>
    pattern.includes("*")
      ? name.startsWith(before) && name.endsWith(after + ending)
      : name === before + ending;
  const found = readdirSync(join(repository, folder)).filter(fits);
  if (found.length === 0) throw new Error(`There is no ${pattern}${ending}`);
  return found.map((name) => `${folder}/${name}`);
}

/** What was measured, in the form of docs/reliability.md. */
function tableOf(names) {
  const rows = names.map((name) => ({ title: `\`${name}\``, mutants: mutantsOf(name) }));
  const all = { title: "**All**", mutants: rows.flatMap(({ mutants }) => mutants) };
  return [
    "| Files | Changes | Noticed | Of these, by time-out | Survived | Score | Left out |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...[...rows, all].map(rowOf),
  ].join("\n");
}

function mutantsOf(name) {
  const { files } = JSON.parse(readFileSync(reportOf(name), "utf8"));
  return Object.values(files).flatMap(({ mutants }) => mutants);
}

function rowOf({ title, mutants }) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const late = count("Timeout");
  const noticed = count("Killed") + late;
  const survived = count("Survived", "NoCoverage");
  const changes = noticed + survived;
  const score = `${((100 * noticed) / changes).toFixed(1)} %`;
  return `| ${[title, changes, noticed, late, survived, score, count("Ignored")].join(" | ")} |`;
}

function reportOf(name) {
  return join(repository, reports, `${stemOf(name)}.json`);
}

function stemOf(name) {
  return name.replace("/", "-");
}
