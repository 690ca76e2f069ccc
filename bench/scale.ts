/** What stacks of thousands cost on the real engine: time, memory, bytes of state, beside the engine's own share. */
import { startEmulator } from "../emulator";
import type { MeasuredRun, MeasuredStack } from "./measured-stack";
import { startMeasuredStack } from "./measured-stack";
import type { PartOptions } from "./part";
import type { Section } from "./report";
import { figure } from "./report";
import type { Declared } from "./stacks";
import { clusterWithUsers, nullStack } from "./stacks";

const commands: readonly [title: string, command: Parameters<MeasuredStack["succeed"]>][] = [
  ["up", ["up"]],
  ["up, no change", ["up", "--expect-no-changes"]],
  ["refresh", ["refresh"]],
  ["destroy", ["destroy"]],
];

interface Step {
  readonly run: MeasuredRun;
  readonly requests: number;
  readonly stateBytes: number;
}

export async function measureScale({ quick }: PartOptions): Promise<Section> {
  const cases: [resources: number, checkpoints: boolean][] = quick
    ? [[20, true]]
    : [
        [100, true],
        [100, false],
        [1_000, true],
        [1_000, false],
        [5_000, false],
      ];
  const tables = [];
  for (const [resources, checkpoints] of cases) {
    const stack = clusterWithUsers(resources - 1);
    const engine = await runAll(nullStack(stack), checkpoints);
    const ours = await runAll(stack, checkpoints);
    tables.push({
      title: `${figure(resources)} resources, ${checkpoints ? "with" : "without"} the engine's checkpoints`,
      columns: [
        "Command",
        "Requests",
        "Bound, s",
        "Engine alone, s",
        "Total, s",
        "Provider, MB",
        "CLI, MB",
        "Program, MB",
        "Bytes of state per resource",
      ],
      rows: commands.map(([title], index) => {
        const { run, requests, stateBytes } = ours[index] as Step;
        const { provider, cli, program } = run.memory;
        return [
          title,
          figure(requests),
          figure(requests / 10),
          figure((engine[index] as Step).run.seconds),
          figure(run.seconds),
          figure(Math.round(provider.peak)),
          figure(Math.round(cli.peak)),
          program.peak === 0 ? "" : figure(Math.round(program.peak)),
          title === "destroy" ? "" : figure(Math.round(stateBytes / resources)),
        ];
      }),
    });
  }
  return {
    title: "Scale of the engine",
    method:
      "One cluster and N − 1 SQL users, from creation to destruction by the Pulumi CLI, at 10 requests per second in real time; beside it the same stack with a provider that does nothing. Memory is the largest resident set of the process, sampled twice a second. The engine writes its whole state after every step, which grows with the square of N and which `PULUMI_SKIP_CHECKPOINTS=true` leaves out, at the price that a crash loses the state: for tests, not for users.",
    tables,
    notes: [
      "Each row is one run. What the package adds is its requests, and those are linear in N; the bytes of state are too.",
      "Users with thousands of resources do well to split them into several stacks: the engine's own share grows faster than they do.",
    ],
  };
}

async function runAll(declared: readonly Declared[], checkpoints: boolean): Promise<Step[]> {
  const emulator = await startEmulator({ durations: { createBasicMs: 0 } });
  const stack = await startMeasuredStack({ emulator, checkpoints });
  const steps: Step[] = [];
  try {
    stack.declare(declared);
    for (const [, command] of commands) {
      const before = emulator.requests.length;
      const run = await stack.succeed(...command);
      steps.push({
        run,
        requests: emulator.requests.length - before,
        stateBytes: stack.stateBytes(),
      });
    }
    return steps;
  } finally {
    stack.close();
    await emulator.close();
  }
}
