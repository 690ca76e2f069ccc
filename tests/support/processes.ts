/** The processes that a run of the real command line has started. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { CliRun } from "./engine";

/** How long a process may outlive its command line. */
const outlivesMs = 5_000;

interface ProcessLine {
  pid: number;
  parent: number;
  isZombie: boolean;
  command: string;
}

function processes(): ProcessLine[] {
  return execFileSync("ps", ["-eo", "pid=,ppid=,stat=,args="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => {
      const [, pid, parent, stat = "", command = ""] =
        /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      if (pid === undefined) return [];
      return [{ pid: +pid, parent: Number(parent), isZombie: stat.startsWith("Z"), command }];
    });
}

/** The processes with such a command that this run has started; it has one at least. */
export function processesOf({ child }: CliRun, command: RegExp): number[] {
  const all = processes();
  const family = new Set([child.pid]);
  for (let grown = 0; grown < family.size; ) {
    grown = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  const found = all.filter((line) => family.has(line.pid) && command.test(line.command));
  assert.notEqual(found.length, 0, `the run has started no process like ${command}`);
  return found.map(({ pid }) => pid);
}

/** Waits until the process has ended; fails when it outlives its command line by too much. */
export async function untilEnded(pid: number): Promise<void> {
  const isAlive = () => processes().some((line) => line.pid === pid && !line.isZombie);
  for (const end = Date.now() + outlivesMs; isAlive(); await sleep(100))
    assert.ok(Date.now() < end, `process ${pid} outlives its command line`);
}
