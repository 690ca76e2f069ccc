/** A stack on the real engine and on an emulator of its own, whose runs are measured. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../emulator";
import type { State } from "../tests/support/engine";
import { repository, startProgram } from "../tests/support/engine";
import type { RunMemory } from "./process-memory";
import { watchMemory } from "./process-memory";
import type { Declared } from "./stacks";

/** What one command cost. */
export interface MeasuredRun {
  readonly succeeded: boolean;
  readonly seconds: number;
  readonly memory: RunMemory;
  /** Everything it printed. */
  readonly output: string;
}

export interface MeasuredStack {
  /** What the program makes from the next run on. */
  declare(stack: readonly Declared[]): void;
  run(
    command: "preview" | "up" | "refresh" | "destroy",
    ...options: string[]
  ): Promise<MeasuredRun>;
  /** The same, and a failure is one of the benchmark too. */
  succeed(...command: Parameters<MeasuredStack["run"]>): Promise<MeasuredRun>;
  /** The state with its secrets in plain text: the stack is made for this and thrown away. */
  exportState(): Promise<State>;
  /** Puts another state in the place of the stack's. */
  importState(state: State): Promise<void>;
  /** Size of the state file. */
  stateBytes(): number;
  /** Size of the last resource in the state file, without indentation. */
  bytesOfLast(): number;
  close(): void;
}

export interface MeasuredStackOptions {
  /** The service; without one the stack can only hold resources that do nothing. */
  readonly emulator?: Pick<Emulator, "url" | "apiKey">;
  /** Whether the engine writes the state after every step, as it does for users. */
  readonly checkpoints: boolean;
  /** Time between two samples of the processes. @default 500 */
  readonly sampleMs?: number;
}

/** Makes an empty stack. */
export async function startMeasuredStack(options: MeasuredStackOptions): Promise<MeasuredStack> {
  const { emulator, checkpoints, sampleMs } = options;
  const program = await startProgram({
    directory: join(repository, "bench", "program"),
    checkpoints,
    start: "unchecked",
    env: emulator ? { COCKROACH_SERVER: emulator.url, COCKROACH_API_KEY: emulator.apiKey } : {},
  });
  const run: MeasuredStack["run"] = async (command, ...more) => {
    const confirmed = command === "preview" ? [] : ["--skip-preview"];
    const startedAt = performance.now();
    const started = program.start(command, ...confirmed, ...more);
    const stop = watchMemory(Number(started.child.pid), sampleMs);
    const ended = await started.ended;
    const seconds = (performance.now() - startedAt) / 1000;
    // Sign of life of a measurement that takes half an hour.
    console.error(`  pulumi ${[command, ...more].join(" ")}: ${seconds.toFixed(1)} s`);
    return {
      succeeded: ended.code === 0,
      seconds,
      memory: await stop(),
      output: ended.stdout + ended.stderr,
    };
  };
  return {
    declare: (stack) => writeFileSync(join(program.directory, "stack.json"), JSON.stringify(stack)),
    run,
    succeed: async (command, ...more) => {
      const result = await run(command, ...more);
      if (!result.succeeded) throw new Error(`pulumi ${command} failed:\n${result.output}`);
      return result;
    },
    exportState: async () =>
      JSON.parse((await program.pulumi("stack", "export", "--show-secrets")).stdout) as State,
    importState: async (state) => {
      const file = join(program.directory, "state.json");
      writeFileSync(file, JSON.stringify(state));
      await program.pulumi("stack", "import", "--file", file);
    },
    stateBytes: () => Buffer.byteLength(program.stateText()),
    bytesOfLast: () => {
      const { checkpoint } = JSON.parse(program.stateText());
      return Buffer.byteLength(JSON.stringify(checkpoint.latest.resources.at(-1)));
    },
    close: () => program.close(),
  };
}
