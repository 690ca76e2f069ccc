/** How soon a cluster that is ready is seen to be, and what the polls cost. The clock is driven: nothing is slept. */
import type { Durations } from "../emulator";
import { lifecycle } from "../provider/cluster";
import { toDynamicProvider } from "../provider/dynamic/dynamic-provider";
import type { ResourceType } from "../provider/resource/resource-types";
import { casesOf, placeOf } from "../tests/conformance/resource-cases";
import { advanced, basic } from "../tests/support/builders";
import { closeTestEmulators } from "../tests/support/emulator";
import { startLab } from "../tests/support/engine-model/lab";
import type { Program } from "../tests/support/engine-model/program";
import { Declaration } from "../tests/support/engine-model/program";
import { assertDone } from "../tests/support/engine-model/run";
import { kinds } from "../tests/support/kinds";
import type { PartOptions } from "./part";
import type { Section } from "./report";
import { figure } from "./report";
import { median } from "./statistics";

const second = 1_000;
const minute = 60 * second;

export async function measureWaiting({ quick }: PartOptions): Promise<Section> {
  const repetitions = quick ? 1 : 5;
  const waits: [title: string, ms: number, quoted: string][] = [
    ["3 s", 3 * second, "0.52 s, 6"],
    ["8 s", 8 * second, "7.5 s, 8"],
    ["20 s", 20 * second, "5.5 s, 9"],
    ["40 s", 40 * second, "5.6 s, 11"],
    ["60 s", 60 * second, "5.6 s, 13"],
    ["10 min", 10 * minute, "not measured"],
    ["30 min", 30 * minute, "not measured"],
    ["45 min", 45 * minute, "not measured"],
  ];
  const rows: string[][] = [];
  for (const [title, ms, quoted] of waits) {
    const runs = await repeated(repetitions, 1, ms);
    const lag = median(runs.map((run) => run.lagMs));
    rows.push([
      title,
      `${figure(lag / second)} s`,
      `${figure((100 * lag) / ms)} %`,
      figure(median(runs.map((run) => run.requests))),
      quoted,
    ]);
  }
  const together: string[][] = [];
  for (const clusters of [1, 10, 100]) {
    const runs = await repeated(quick ? 1 : 3, clusters, 30 * minute);
    const polls = median(runs.map((run) => run.requests)) - 2 * clusters;
    together.push([
      figure(clusters),
      figure(2 * clusters),
      figure(polls),
      `${figure(median(runs.map((run) => run.lagMs)) / second)} s`,
    ]);
  }
  const settled: string[][] = [];
  for (const minutes of [10, 30]) {
    for (const [type, duration] of settlements) {
      const { lagMs, requests } = await settle(type, duration, minutes * minute);
      settled.push([type, `${minutes} min`, `${figure(lagMs / second)} s`, figure(requests)]);
    }
  }
  return {
    title: "Waiting",
    method: `One cluster that the service takes so long to create, on a clock that jumps to the next thing that happens (${repetitions} runs, the median). The lag is from the moment in which the cluster is ready to the end of its creation, the last PATCH included. Up to a minute it is a Basic cluster, from ten minutes on an Advanced one.`,
    tables: [
      {
        columns: [
          "Creation takes",
          "Lag",
          "Lag of the wait",
          "Requests in all",
          "Terraform provider v1.22.0, quoted: lag, requests",
        ],
        rows,
      },
      {
        title: "Advanced clusters that take 30 minutes, created together",
        columns: ["Clusters", "Writes", "Polls", "Lag of the last"],
        rows: together,
      },
      {
        title: "Writes of other resources that take so long to come into force",
        columns: ["Resource", "Takes", "Lag", "Reads"],
        rows: settled,
      },
    ],
    notes: [
      "Nothing says when a write of another resource comes into force, so for ten minutes its polls are a tenth of the time waited apart, 20 s at most, and a minute at most after that.",
      "From 15.5 s on the Terraform provider polls every 10 s whatever the wait, by its quoted schedule: half an hour is about 180 polls for each cluster.",
    ],
  };
}

const settlements = [
  ["AllowlistEntry", "allowlistPropagationMs"],
  ["EgressRule", "egressRuleMs"],
  ["LogExportConfig", "logExportMs"],
  ["Restore", "restoreMs"],
] as const satisfies (readonly [ResourceType, keyof Durations])[];

/** One resource whose write takes so long to come into force, from the write on. */
async function settle(
  type: ResourceType,
  duration: keyof Durations,
  lastsMs: number,
): Promise<Run> {
  const { emulator, stack } = await startLab({ durations: { [duration]: lastsMs } });
  const place = placeOf(type, emulator);
  const [args] = casesOf[type].full;
  emulator.requests.clear();
  const { requests } = assertDone(
    await stack().up({ it: new Declaration(kinds[type], { ...place, ...args }) }),
  );
  const writtenAt = requests.findLast(({ method }) => method !== "GET")?.at ?? 0;
  const reads = requests.filter(({ at }) => at > writtenAt);
  await closeTestEmulators();
  return { lagMs: (reads.at(-1)?.at ?? 0) - writtenAt - lastsMs, requests: reads.length };
}

interface Run {
  readonly lagMs: number;
  readonly requests: number;
}

async function repeated(times: number, clusters: number, ms: number): Promise<Run[]> {
  const runs: Run[] = [];
  for (let index = 0; index < times; index += 1) runs.push(await createClusters(clusters, ms));
  return runs;
}

async function createClusters(clusters: number, ms: number): Promise<Run> {
  const isShort = ms <= minute;
  const lab = await startLab({ durations: { createBasicMs: ms, createAdvancedMs: ms } });
  const program: Program = Object.fromEntries(
    Array.from({ length: clusters }, (_, index) => [
      `cluster-${index}`,
      isShort ? basic() : advanced(),
    ]),
  );
  const { requests, elapsedMs } = assertDone(
    await lab.stack({ serve: (host) => toDynamicProvider(lifecycle, host) }).up(program),
  );
  const creations = requests.filter(({ operation }) => operation === "CreateCluster");
  const start = requests[0]?.at ?? 0;
  const readyMs = Math.max(...creations.map(({ at }) => at - start)) + ms;
  await closeTestEmulators();
  return { lagMs: elapsedMs - readyMs, requests: requests.length };
}
