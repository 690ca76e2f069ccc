/** What the package adds to the engine, beside a null provider in the same run: the goals of the project, row by row. */
import { startEmulator } from "../emulator";
import type { State } from "../tests/support/engine";
import type { MeasuredRun, MeasuredStack } from "./measured-stack";
import { startMeasuredStack } from "./measured-stack";
import type { PartOptions } from "./part";
import type { Section } from "./report";
import { figure } from "./report";
import type { Declared } from "./stacks";
import { clusterWithUsers, deletedWithClusters, nullStack } from "./stacks";
import type { Loading } from "./startup";
import { installedMegabytes, loadAfterPulumi } from "./startup";
import { median } from "./statistics";

/** One kind of work, by the same command on both stacks. */
interface Work {
  readonly title: string;
  readonly ours: readonly MeasuredRun[];
  readonly engine: readonly MeasuredRun[];
  /** What the API's limit takes of each of our runs. */
  readonly boundSeconds: number;
}

/** The two stacks of one size. */
interface Pair {
  readonly ours: MeasuredStack;
  readonly engine: MeasuredStack;
  readonly requests: { readonly length: number };
}

const perSecond = 10;
const notMeasured = "not measured";

export async function measureWeight({ quick, hasTime }: PartOptions): Promise<Section> {
  const runs = quick ? 1 : 3;
  const [few, small, large] = quick ? [5, 10, 20] : [11, 1_000, 5_000];
  const loads = await loadAfterPulumi(quick ? 2 : 15);
  const loadsUsed = await loadAfterPulumi(quick ? 2 : 15, ["Cluster", "SqlUser"]);
  const bytes = { ours: 0, engine: 0 };
  const works: Work[] = [];

  const alreadyCreated = async (resources: number) => {
    if (!hasTime()) return;
    await withPair({ declared: stackOf(resources), isCreated: true }, async (pair) => {
      bytes.ours = pair.ours.bytesOfLast();
      bytes.engine = pair.engine.bytesOfLast();
      for (const command of [noChange, refresh]) {
        works.push(await repeated(pair, command, resources, { runs, hasTime }));
      }
    });
  };
  const creations: Work[] = [];
  const deletions: Work[] = [];
  const fromNothing = async () => {
    if (!hasTime()) return;
    await withPair({ declared: stackOf(small), checkpoints: true }, async (pair) => {
      creations.push(await repeated(pair, create, small, { runs: 1, hasTime }));
      deletions.push(await repeated(pair, destroy, small, { runs: 1, hasTime }));
    });
  };
  const ends: Work[] = [];
  const withItsCluster = async () => {
    if (!hasTime()) return;
    const declared = deletedWithClusters(stackOf(small));
    await withPair({ declared, isCreated: true, checkpoints: true }, async (pair) => {
      ends.push(await repeated(pair, destroyWith, small, { runs: 1, hasTime }));
    });
  };
  if (hasTime()) {
    await withPair({ declared: stackOf(few), isCreated: true }, async (pair) => {
      works.push(await repeated(pair, preview, few, { runs, hasTime }));
    });
  }
  // Where the time ends, each row has one run at least, as far as possible.
  await alreadyCreated(small);
  await withItsCluster();
  await fromNothing();
  await alreadyCreated(large);
  for (let run = 1; run < runs; run += 1) await withItsCluster();
  for (let run = 1; run < runs; run += 1) await fromNothing();
  for (const runsOfOne of [ends, creations, deletions]) {
    if (runsOfOne.length > 0) works.push(joined(runsOfOne));
  }

  const find = (command: Command, resources: number) =>
    works.find(({ title }) => title === titleOf(command, resources));
  const row = (command: Command, resources: number, goal: string) => {
    const work = find(command, resources);
    return [
      titleOf(command, resources),
      ...(work === undefined ? [notMeasured, notMeasured, ""] : ratiosOf(work)),
      goal,
    ];
  };
  const created = find(create, small);
  const deleted = find(destroy, small);
  const large5 = find(noChange, large);
  return {
    title: "What the package adds",
    method: `One Basic cluster and N − 1 SQL users, by the classes of the package, beside the same stack of a provider that does nothing, on the same engine and in turns with it (medians of the runs that the table names). Processor time is that of the program, the provider and the CLI together, user and system, which other work on the machine changes less than the clock. From the clock of ours the bound of the API is taken off, requests ÷ 10 per second.`,
    tables: [
      {
        columns: ["Work", "Processor time, ours ÷ null", "Clock, ours ÷ null", "Runs", "Goal"],
        rows: [
          row(noChange, small, "≤ 1.10"),
          row(noChange, large, "≤ 1.15"),
          row(refresh, small, ""),
          row(refresh, large, "≤ 1.20"),
          row(destroyWith, small, "≤ 1.15"),
          row(preview, few, ""),
        ],
      },
      {
        columns: ["Figure", "Ours", "Null", "Ours ÷ null", "Goal"],
        rows: [
          [
            `creating ${figure(small)} with checkpoints, (total − engine alone) ÷ bound`,
            created === undefined ? notMeasured : figure(overBound(created)),
            "",
            "",
            "≤ 0.79",
          ],
          [
            `deleting ${figure(small)} with checkpoints, each by a request, (total − engine alone) ÷ bound`,
            deleted === undefined ? notMeasured : figure(overBound(deleted)),
            "",
            "",
            "",
          ],
          [
            "bytes of state of a SQL user",
            bytes.ours === 0 ? notMeasured : figure(bytes.ours),
            bytes.ours === 0 ? notMeasured : figure(bytes.engine),
            bytes.ours === 0 ? "" : figure(bytes.ours / bytes.engine),
            "≤ 1,700 bytes",
          ],
          [
            `largest memory of the program at ${figure(large)}, MB`,
            ...(large5 === undefined
              ? [notMeasured, notMeasured, ""]
              : compared(large5, ({ memory }) => memory.program.peak)),
            "≤ 1.20",
          ],
          ["`require` of the package after Pulumi's SDK, ms (modules)", ...loading(loads)],
          [
            "the same with the classes `Cluster` and `SqlUser`, ms (modules)",
            ...loading(loadsUsed),
          ],
          ["installed, without Pulumi's SDK, MB", figure(installedMegabytes()), "", "", "≤ 6 MB"],
          [
            "`preview` beside the Terraform provider's `plan`, starts taken off (its binary is not at hand)",
            notMeasured,
            "",
            "",
            "≤ 0.50",
          ],
        ],
      },
      {
        title: "Processor time by process, in seconds: ours, null",
        columns: ["Work", "Program", "Provider", "CLI"],
        rows: works.map((work) => [
          work.title,
          ...(["program", "provider", "cli"] as const).map((role) =>
            compared(work, ({ memory }) => memory[role].cpuSeconds)
              .slice(0, 2)
              .join(", "),
          ),
        ]),
      },
    ],
    notes: [
      "By profiles of an update of 1,000 without changes, the constructors of this package take less than 2 % of the program's time and its `check` and `diff` 16 % of the provider's, once both have started. Much of the program's time is Pulumi's transfer of properties, four promises for each: a SQL user has twice as many properties as the null resource, since an output is a property of the object only when the constructor names it. The stack trace of each promise is formatted for the null resource alone. Of `require`, more than half is zod, on which the schemas of the arguments stand.",
      "Programs of other languages are served by the plugin, which has a section of its own.",
    ],
  };
}

function loading(loads: readonly Loading[]): string[] {
  const [ms, modules] = [loads.map(({ ms }) => ms), loads.map(({ modules }) => modules)];
  return [`${figure(median(ms))} (${figure(median(modules))})`, "", "", "≤ 25 ms"];
}

interface Command {
  readonly title: string;
  readonly command: Parameters<MeasuredStack["succeed"]>;
}

const create: Command = { title: "creating", command: ["up"] };
const noChange: Command = {
  title: "`up` without changes",
  command: ["up", "--expect-no-changes"],
};
const refresh: Command = { title: "`refresh`", command: ["refresh"] };
const preview: Command = { title: "`preview` without changes", command: ["preview"] };
const destroyWith: Command = {
  title: "`destroy` with `deletedWith` and checkpoints",
  command: ["destroy"],
};
const destroy: Command = { title: "`destroy` with checkpoints", command: ["destroy"] };

function stackOf(resources: number): Declared[] {
  return clusterWithUsers(resources - 1);
}

function titleOf({ title }: Command, resources: number): string {
  return `${title}, ${figure(resources)}`;
}

/** The command on both stacks in turns. */
async function repeated(
  { ours, engine, requests }: Pair,
  command: Command,
  resources: number,
  { runs, hasTime }: { runs: number; hasTime(): boolean },
): Promise<Work> {
  const measured = { ours: [] as MeasuredRun[], engine: [] as MeasuredRun[] };
  const before = requests.length;
  do {
    measured.engine.push(await engine.succeed(...command.command));
    measured.ours.push(await ours.succeed(...command.command));
  } while (measured.ours.length < runs && hasTime());
  const boundSeconds = (requests.length - before) / measured.ours.length / perSecond;
  return { title: titleOf(command, resources), ...measured, boundSeconds };
}

function joined(works: readonly Work[]): Work {
  return {
    title: works[0]?.title ?? "",
    ours: works.flatMap(({ ours }) => ours),
    engine: works.flatMap(({ engine }) => engine),
    boundSeconds: median(works.map(({ boundSeconds }) => boundSeconds)),
  };
}

/**
 * Two stacks with the same program. Those that are created already are not measured in that, and take no time for it: one
 * user is created, and state and service get the others like it.
 */
async function withPair(
  {
    declared,
    isCreated = false,
    checkpoints = false,
  }: { declared: readonly Declared[]; isCreated?: boolean; checkpoints?: boolean },
  measure: (pair: Pair) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator({ durations: { createBasicMs: 0 } });
  const options = { emulator, checkpoints, sampleMs: 200 };
  const start = async (stack: readonly Declared[]) => {
    const started = await startMeasuredStack(options);
    if (isCreated) {
      started.declare(stack.slice(0, 2));
      await started.succeed("up");
      await started.importState(grown(await started.exportState(), stack));
    }
    started.declare(stack);
    return started;
  };
  const [ours, engine] = [await start(declared), await start(nullStack(declared))];
  const users = declared.slice(1).map(({ args }) => String(args["name"]));
  if (isCreated) {
    for (const { id } of emulator.clusters.list()) emulator.sqlUsers.add(id, users);
  }
  try {
    await measure({ ours, engine, requests: emulator.requests });
  } finally {
    ours.close();
    engine.close();
    await emulator.close();
  }
}

/** The state of the whole stack, by that of its first two resources. */
function grown(state: State, stack: readonly Declared[]): State {
  const { resources = [] } = state.deployment;
  const user = JSON.stringify(resources.at(-1));
  const others = stack.slice(2).map(({ args }) => {
    const text = user.replaceAll('user-0"', `${args["name"]}"`);
    return JSON.parse(text) as (typeof resources)[number];
  });
  return { ...state, deployment: { ...state.deployment, resources: [...resources, ...others] } };
}

/** Processor time and clock of ours over those of the null provider, run by run, and how many runs there are. */
function ratiosOf({ ours, engine, boundSeconds }: Work): string[] {
  const ratios = (of: (run: MeasuredRun, bound: number) => number) =>
    median(ours.map((run, index) => of(run, boundSeconds) / of(engine[index] as MeasuredRun, 0)));
  return [
    figure(ratios(cpuOf)),
    figure(ratios(({ seconds }, bound) => seconds - bound)),
    figure(ours.length),
  ];
}

function cpuOf({ memory: { cli, program, provider } }: MeasuredRun): number {
  return cli.cpuSeconds + program.cpuSeconds + provider.cpuSeconds;
}

function overBound({ ours, engine, boundSeconds }: Work): number {
  return median(
    ours.map(
      ({ seconds }, index) => (seconds - (engine[index] as MeasuredRun).seconds) / boundSeconds,
    ),
  );
}

/** The medians of both, and the ratio. */
function compared(
  { ours, engine }: Work,
  of: (run: MeasuredRun) => number,
): [ours: string, engine: string, ratio: string] {
  const [one, other] = [median(ours.map(of)), median(engine.map(of))];
  return [figure(one), figure(other), other === 0 ? "" : figure(one / other)];
}
