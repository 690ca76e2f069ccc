/** Resident memory of a command line and of what it starts, sampled while it runs. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { median } from "./statistics";

/** Megabytes over time. */
export interface MemoryTrace {
  readonly samples: readonly { readonly seconds: number; readonly megabytes: number }[];
  readonly peak: number;
  /** Median of the last third of the run over that of its middle third: about 1 when nothing accumulates. */
  readonly trend: number;
}

/** The processes of one run of Pulumi. */
export interface RunMemory {
  readonly cli: MemoryTrace;
  readonly program: MemoryTrace;
  readonly provider: MemoryTrace;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly megabytes: number;
  readonly command: string;
}

type Role = keyof RunMemory;
type Samples = { seconds: number; megabytes: number }[];

const intervalMs = 500;

/** Samples until the returned function is called. @param cli Process id of the CLI. */
export function watchMemory(cli: number): () => Promise<RunMemory> {
  const samples: Record<Role, Samples> = { cli: [], program: [], provider: [] };
  const startedAt = performance.now();
  let isOver = false;
  const watch = async () => {
    while (!isOver) {
      const seconds = (performance.now() - startedAt) / 1000;
      for (const [role, megabytes] of sumsByRole(cli, await listProcesses())) {
        samples[role].push({ seconds, megabytes });
      }
      await new Promise((resolve) => setTimeout(resolve, intervalMs));
    }
  };
  const watching = watch();
  return async () => {
    isOver = true;
    await watching;
    return {
      cli: traceOf(samples.cli),
      program: traceOf(samples.program),
      provider: traceOf(samples.provider),
    };
  };
}

function sumsByRole(cli: number, processes: readonly Process[]): Map<Role, number> {
  const sums = new Map<Role, number>();
  for (const process of descendants(cli, processes)) {
    const role = roleOf(cli, process);
    if (role) sums.set(role, (sums.get(role) ?? 0) + process.megabytes);
  }
  return sums;
}

function roleOf(cli: number, { pid, command }: Process): Role | undefined {
  if (pid === cli) return "cli";
  if (command.includes("cmd/dynamic-provider")) return "provider";
  return command.includes("cmd/run") ? "program" : undefined;
}

function descendants(root: number, processes: readonly Process[]): Process[] {
  const found = processes.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...processes.filter(({ parent }) => parent === pid));
  return found;
}

async function listProcesses(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,rss=,args="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, kilobytes, command = ""] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined
      ? []
      : [
          {
            pid: Number(pid),
            parent: Number(parent),
            megabytes: Number(kilobytes) / 1024,
            command,
          },
        ];
  });
}

function traceOf(samples: Samples): MemoryTrace {
  const megabytes = samples.map((sample) => sample.megabytes);
  const third = Math.floor(megabytes.length / 3);
  return {
    samples,
    peak: Math.max(0, ...megabytes),
    trend:
      third === 0 ? 1 : median(megabytes.slice(-third)) / median(megabytes.slice(third, 2 * third)),
  };
}
