/** Resident memory and processor time of a command line and of what it starts, sampled while it runs. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { median } from "./statistics";

/** Megabytes over time. */
export interface MemoryTrace {
  readonly samples: readonly { readonly seconds: number; readonly megabytes: number }[];
  readonly peak: number;
  /** Median of the last third of the run over that of its middle third: about 1 when nothing accumulates. */
  readonly trend: number;
  /** Processor time, user and system, as the last samples have it; 0 where the system has no /proc. */
  readonly cpuSeconds: number;
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

/** Samples until the returned function is called. @param cli Process id of the CLI. */
export function watchMemory(cli: number, intervalMs = 500): () => Promise<RunMemory> {
  const samples: Record<Role, Samples> = { cli: [], program: [], provider: [] };
  const cpu: Record<Role, Map<number, number>> = {
    cli: new Map(),
    program: new Map(),
    provider: new Map(),
  };
  const startedAt = performance.now();
  let isOver = false;
  const watch = async () => {
    while (!isOver) {
      const seconds = (performance.now() - startedAt) / 1000;
      const found = descendants(cli, await listProcesses()).flatMap((process) => {
        const role = roleOf(cli, process);
        return role === undefined ? [] : [{ ...process, role }];
      });
      for (const { pid, role } of found) {
        cpu[role].set(pid, cpuSecondsOf(pid) ?? cpu[role].get(pid) ?? 0);
      }
      for (const [role, megabytes] of sumsByRole(found)) samples[role].push({ seconds, megabytes });
      await new Promise((resolve) => setTimeout(resolve, intervalMs));
    }
  };
  const watching = watch();
  return async () => {
    isOver = true;
    await watching;
    return {
      cli: traceOf(samples.cli, cpu.cli),
      program: traceOf(samples.program, cpu.program),
      provider: traceOf(samples.provider, cpu.provider),
    };
  };
}

function sumsByRole(processes: readonly (Process & { role: Role })[]): Map<Role, number> {
  const sums = new Map<Role, number>();
  for (const { role, megabytes } of processes) sums.set(role, (sums.get(role) ?? 0) + megabytes);
  return sums;
}

const ticksPerSecond = 100;

/** Undefined when the process has ended, or the system has no /proc. */
function cpuSecondsOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold spaces; user and system time are the 12th and 13th field after it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return undefined;
  }
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

function traceOf(samples: Samples, cpu: ReadonlyMap<number, number>): MemoryTrace {
  const megabytes = samples.map((sample) => sample.megabytes);
  const third = Math.floor(megabytes.length / 3);
  return {
    samples,
    peak: Math.max(0, ...megabytes),
    cpuSeconds: [...cpu.values()].reduce((sum, seconds) => sum + seconds, 0),
    trend:
      third === 0 ? 1 : median(megabytes.slice(-third)) / median(megabytes.slice(third, 2 * third)),
  };
}
