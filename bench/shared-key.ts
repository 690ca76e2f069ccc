/**
 * How several processes share one key: real processes, real sockets and the emulator at the service's
 * true limit, each process with as much to do as it gets through.
 */
import type { ChildProcess } from "node:child_process";
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../emulator";
import type { ProcessReport, ProcessTask } from "./shared-key-process";

/** What to measure. */
export interface SharedKeyOptions {
  /** @default 4 */
  processes?: number;
  /** Whether each has a machine of its own, and cannot see the others. @default false */
  onManyMachines?: boolean;
  /** Processes beside them that do nothing but use the processor. @default 0 */
  busy?: number;
  /** @default 30 */
  warmUpSeconds?: number;
  /** @default 120 */
  measuredSeconds?: number;
  /** How the server counts. @default "sliding-window" */
  algorithm?: "sliding-window" | "token-bucket";
  /** Latency of the server. @default 0 */
  latencyMs?: number;
}

/** What came out, of the measured seconds only. */
export interface SharedKeyFigures {
  /** Each process's part of all requests that the server took: 0.25 is a quarter. */
  parts: number[];
  /** What the server took, of what it would have taken at most: 0.95 is 95 %. */
  used: number;
  /** Requests that the server took. */
  accepted: number;
  /** Requests that it refused with 429, and that were repeated. */
  refused: number;
  /** Calls that failed. */
  failed: number;
}

const perSecond = 10;

/** Runs the processes against an emulator of their own; takes as long as the two phases. */
export async function measureSharedKey(options: SharedKeyOptions = {}): Promise<SharedKeyFigures> {
  const {
    processes = 4,
    onManyMachines = false,
    busy = 0,
    warmUpSeconds = 30,
    measuredSeconds = 120,
    algorithm = "sliding-window",
    latencyMs = 0,
  } = options;
  const emulator = await startEmulator({ rateLimit: { perSecond, algorithm }, latencyMs });
  const folder = mkdtempSync(join(tmpdir(), "shared-key-"));
  const others = Array.from({ length: busy }, () => spawn(process.execPath, ["-e", "for (;;);"]));
  try {
    // Processes of one machine meet in its folder for temporary files.
    const folders = Array.from({ length: processes }, (_, index) =>
      onManyMachines ? join(folder, String(index)) : folder,
    );
    const children = await Promise.all(folders.map(started));
    const from = Date.now() + warmUpSeconds * 1_000;
    const to = from + measuredSeconds * 1_000;
    const task: ProcessTask = { serverUrl: emulator.url, apiKey: emulator.apiKey, from, to };
    const reports = await Promise.all(children.map((child) => reportOf(child, task)));
    const refused = emulator.requests.filter(
      ({ at, throttled }) => throttled && at >= from && at < to,
    ).length;
    const taken = reports.map(({ accepted }) => accepted);
    const sum = taken.reduce((total, count) => total + count, 0);
    return {
      parts: taken.map((count) => count / sum),
      used: sum / (perSecond * measuredSeconds),
      accepted: sum,
      refused,
      failed: reports.reduce((total, { failed }) => total + failed, 0),
    };
  } finally {
    for (const other of others) other.kill("SIGKILL");
    await emulator.close();
    rmSync(folder, { recursive: true });
  }
}

/** A process that has loaded what it needs: loading is not what is measured. */
async function started(temporary: string): Promise<ChildProcess> {
  mkdirSync(temporary, { recursive: true });
  const child = fork(join(__dirname, "shared-key-process"), {
    execArgv: process.execArgv,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await messageOf(child);
  return child;
}

async function reportOf(child: ChildProcess, task: ProcessTask): Promise<ProcessReport> {
  child.send(task);
  return (await messageOf(child)) as ProcessReport;
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  const [message] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => {
      throw new Error(`A process of the measurement has ended with ${code} and without figures.`);
    }),
  ]);
  return message;
}
