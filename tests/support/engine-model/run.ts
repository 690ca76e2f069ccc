// What one preview, up, refresh or destroy is asked for, and what it did.

import { strict as assert } from "node:assert";
import type { LoggedRequest } from "../../../emulator";
import type { ResourceOptions } from "./program";

export interface RunOptions {
  options?: Record<string, ResourceOptions>;
  /** Names of resources that are replaced whatever diff would say: `--replace`, or taint. */
  replace?: readonly string[];
  /** Ctrl-C after so long. */
  interruptAfterMs?: number;
  /** The process ends without a word after so long: nothing that it was doing reaches the state. */
  killAfterMs?: number;
  /** The same when this request has reached the service, counted from 1; its response comes too late. */
  killAtRequest?: number;
}

/** What the user reads on the line of a resource. */
export interface Message {
  name: string;
  severity: "info" | "warning";
  text: string;
}

/** What one preview, up, refresh or destroy did. */
export interface Run {
  /** `create orders`, `update orders`, `replace orders`, `same orders`, `delete orders`, in order. */
  steps: string[];
  /** Check failures as `property: reason`, and what operations threw. */
  failures: string[];
  /** Messages that stay on the screen. */
  notes: Message[];
  /** Messages that the next one replaces. */
  progress: Message[];
  /** By name, the input properties that differ: what the CLI prints. */
  differences: Record<string, string[]>;
  /** Requests that the emulator has seen during the run. */
  requests: LoggedRequest[];
  /** How long it took, on the clock of the lab. */
  elapsedMs: number;
}

/** Asserts that nothing failed. */
export function assertDone(run: Run): Run {
  assert.deepEqual(run.failures, []);
  return run;
}

/** Asserts that exactly one thing failed, and returns its text. */
export function failureOf(run: Run): string {
  assert.equal(run.failures.length, 1, `one failure: ${run.failures.join(" | ")}`);
  return run.failures[0] as string;
}

/** The arguments in the lines that a refused import prints. */
export function printedLines(failure: string): Record<string, unknown> {
  const [, lines] = failure.split("\nWrite in the program:\n");
  assert.ok(lines, `${failure} has no lines to write`);
  return new Function(`return {${lines}}`)() as Record<string, unknown>;
}
