/**
 * `npm run soak`: a large stack on the real engine while requests fail at random. Every command is repeated until it
 * succeeds, as a user would; then the state must name exactly what the service has.
 */

import { availableParallelism, release, type } from "node:os";
import { parseArgs } from "node:util";
import type { Emulator, WireCreateCluster } from "../emulator";
import { scaledClock, startEmulator } from "../emulator";
import { engine } from "../tests/support/engine";
import type { MeasuredRun, MeasuredStack } from "./measured-stack";
import { startMeasuredStack } from "./measured-stack";
import { injectAtRandom } from "./random-faults";
import { runAsProgram } from "./run-as-program";
import { subresourcesOf, violationsOf } from "./soak-invariants";
import type { Declared } from "./stacks";
import { mixedStack } from "./stacks";

const usage = `npm run soak -- [options]
  --resources N   resources of the stack (default 1000)
  --rate R        share of the requests that get a fault (default 0.01)
  --seed N        which requests get which fault (default 1)
  --attempts N    how often a command may be repeated (default 30)`;

/** Twenty-five minutes of creating an Advanced cluster pass in eight seconds. */
const clockScale = 180;

/** A provider that does nothing takes about 145 MB, of which Node.js and Pulumi's SDK are most. */
const maxMegabytes = 256;
const maxTrend = 1.25;
/** A shorter run is all start-up, without a trend. */
const minTrendSeconds = 60;

type Command = "up" | "refresh" | "destroy";

interface Stage {
  readonly title: string;
  readonly command: Command;
  readonly options?: readonly string[];
  /** What the stack must hold afterwards. */
  readonly stack: readonly Declared[];
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      resources: { type: "string", default: "1000" },
      rate: { type: "string", default: "0.01" },
      seed: { type: "string", default: "1" },
      attempts: { type: "string", default: "30" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [resources, rate, seed, attempts] = [
    values.resources,
    values.rate,
    values.seed,
    values.attempts,
  ].map(Number) as [number, number, number, number];
  if (![resources, rate, seed, attempts].every((value) => value >= 0)) {
    console.error(usage);
    return 2;
  }
  const { version } = await engine();
  console.log(
    `${resources} resources, ${rate * 100} % faults, seed ${seed}; Pulumi ${version}, ` +
      `Node.js ${process.versions.node}, ${type()} ${release()}, ${availableParallelism()} cores`,
  );
  const emulator = await startEmulator({
    clock: scaledClock(clockScale),
    // The most tolerant service: it would accept two clusters of the same name.
    assumptions: { allowDuplicateNames: true },
  });
  const others = makeOthers(emulator);
  const before = subresourcesOf(emulator, others);
  const stack = await startMeasuredStack({ emulator, checkpoints: true });
  const declared = mixedStack(resources);
  stack.declare(declared);
  injectAtRandom(emulator, { seed, rate });

  const stages: Stage[] = [
    { title: "up", command: "up", stack: declared },
    {
      title: "up, no change",
      command: "up",
      options: ["--expect-no-changes"],
      stack: declared,
    },
    {
      title: "refresh",
      command: "refresh",
      options: ["--expect-no-changes"],
      stack: declared,
    },
    { title: "destroy", command: "destroy", stack: [] },
  ];
  const violations: string[] = [];
  try {
    for (const stage of stages) {
      violations.push(...(await carryOut(stage, stack, emulator, others, attempts)));
      if (subresourcesOf(emulator, others) !== before)
        violations.push(`${stage.title}: it touched a cluster that is not the stack's`);
    }
    violations.push(...doubledClusters(emulator, declared, others));
  } finally {
    stack.close();
    await emulator.close();
  }
  console.log(
    `\nInjected faults:\n${tally(emulator.requests.flatMap(({ fault }) => fault ?? []))}`,
  );
  console.log(`\n${violations.length} violations`);
  for (const violation of violations) console.log(`VIOLATION ${violation}`);
  return violations.length === 0 ? 0 : 1;
}

/** Repeats the command until it succeeds, reports it, and returns what is wrong then. */
async function carryOut(
  { title, command, options = [], stack: expected }: Stage,
  stack: MeasuredStack,
  emulator: Emulator,
  others: readonly string[],
  attempts: number,
): Promise<string[]> {
  const from = emulator.requests.length;
  const runs: MeasuredRun[] = [];
  do runs.push(await stack.run(command, ...options));
  while (!runs.at(-1)?.succeeded && runs.length < attempts);
  const requests = emulator.requests.slice(from);
  const longest = runs.reduce((one, other) => (other.seconds > one.seconds ? other : one));
  const { provider, cli } = longest.memory;
  const peak = Math.max(...runs.map(({ memory }) => memory.provider.peak));
  console.log(
    [
      `${title}: ${runs.length} runs, ${sum(runs.map(({ seconds }) => seconds)).toFixed(0)} s`,
      `${requests.length} requests, ${requests.filter(({ fault }) => fault).length} with a fault, ` +
        `${requests.filter(({ throttled }) => throttled).length} above the limit`,
      `provider ${peak.toFixed(0)} MB at most, trend ${provider.trend.toFixed(2)}, ` +
        `CLI ${cli.peak.toFixed(0)} MB`,
    ].join("; "),
  );
  for (const { succeeded, output } of runs)
    if (!succeeded) console.log(indented(reasonsIn(output)));
  if (!runs.at(-1)?.succeeded) return [`${title}: it did not succeed in ${attempts} runs`];
  return [
    ...violationsOf(expected, await stack.exportState(), emulator, others),
    ...(peak > maxMegabytes ? [`the provider took ${peak.toFixed(0)} MB`] : []),
    ...(longest.seconds > minTrendSeconds && provider.trend > maxTrend
      ? [`the memory of the provider grew by ${provider.trend.toFixed(2)} to the end`]
      : []),
  ].map((violation) => `after ${title}: ${violation}`);
}

/** Two clusters made by hand, with a user. */
function makeOthers(emulator: Emulator): string[] {
  return ["theirs", "legacy"].map((name) => {
    const { id } = emulator.clusters.create({
      name,
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    } as WireCreateCluster);
    emulator.sqlUsers.add(id, "user-0");
    return id;
  });
}

/** Deleted clusters count too: one that was made twice and tidied away is a second bill. */
function doubledClusters(
  emulator: Emulator,
  stack: readonly Declared[],
  others: readonly string[],
): string[] {
  const made = emulator.clusters.list().filter(({ id }) => !others.includes(id)).length;
  const wanted = stack.filter(({ type: name }) => name === "Cluster").length;
  return made === wanted
    ? []
    : [`${made} clusters were made in all, and the program names ${wanted}`];
}

/** What the CLI says about failed resources, shortened. */
function reasonsIn(output: string): string {
  const lines = output
    .split("\n")
    .filter((line) =>
      /^\s*error: (?!update failed|destroy failed)|no changes were expected/.test(line),
    );
  return [...new Set(lines.map((line) => line.trim().slice(0, 220)))].join("\n");
}

function tally(items: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return indented([...counts].map(([item, count]) => `${count} × ${item}`).join("\n"));
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

runAsProgram(main);
