/** How near creating many resources comes to what ten requests a second allow, in real time. */
import type { RateLimit } from "../emulator";
import { startEmulator } from "../emulator";
import { startJitteryNetwork } from "./jittery-network";
import { startMeasuredStack } from "./measured-stack";
import type { PartOptions } from "./part";
import type { Point, Section } from "./report";
import { figure } from "./report";
import type { Declared } from "./stacks";
import { clusterWithUsers, nullStack } from "./stacks";
import { median, spread } from "./statistics";

const perSecond = 10;
const jitterMs = 50;

type Algorithm = NonNullable<RateLimit["algorithm"]>;

interface Run {
  readonly requests: number;
  readonly refused: number;
  readonly seconds: number;
  /** The same stack of resources that do nothing, right before. */
  readonly engineSeconds: number;
}

export async function measureRate({ quick }: PartOptions): Promise<Section> {
  const sizes: [users: number, repetitions: number][] = quick
    ? [[20, 1]]
    : [
        [10, 3],
        [100, 3],
        [1_000, 1],
      ];
  const rows: string[][] = [];
  const points: Point[] = [];
  for (const [users, repetitions] of sizes) {
    for (const algorithm of ["sliding-window", "token-bucket"] as const) {
      const runs: Run[] = [];
      for (let index = 0; index < repetitions; index += 1)
        runs.push(await createUsers(users, algorithm));
      const seconds = median(runs.map((run) => run.seconds));
      const engineSeconds = median(runs.map((run) => run.engineSeconds));
      const requests = median(runs.map((run) => run.requests));
      const bound = requests / perSecond;
      rows.push([
        figure(users),
        algorithm.replace("-", " "),
        figure(requests),
        figure(runs.reduce((sum, { refused }) => sum + refused, 0)),
        figure(bound),
        figure(engineSeconds),
        figure(seconds),
        figure(seconds / (bound + engineSeconds)),
        figure(
          median(runs.map((run) => (run.seconds - run.engineSeconds) / (run.requests / perSecond))),
        ),
        repetitions === 1 ? "one run" : `${figure(100 * spread(runs.map((run) => run.seconds)))} %`,
      ]);
      if (algorithm === "sliding-window")
        points.push({ resources: users, requests, seconds, engineSeconds });
    }
  }
  return {
    title: "Rate",
    method: `N SQL users on a cluster that is ready, created by one \`pulumi up\` against ${perSecond} requests per second in real time. The server counts by a sliding window, which allows nothing more than ${perSecond} in any second, or by a token bucket. Between it and the provider every packet is held up by 0 to ${jitterMs} ms in each direction. The engine's own time is that of the same stack with a provider that does nothing, run right before, both with the engine's checkpoints.`,
    tables: [
      {
        columns: [
          "N",
          "Limit",
          "Requests",
          "429 responses",
          "Bound, s",
          "Engine alone, s",
          "Total, s",
          "Total ÷ (bound + engine)",
          "(Total − engine) ÷ bound",
          "Spread of runs",
        ],
        rows,
      },
    ],
    notes: [
      "The bound is requests ÷ 10 per second. A full bucket lets the first ten through at once, so that a small stack can be below it.",
    ],
    points,
  };
}

async function createUsers(users: number, algorithm: Algorithm): Promise<Run> {
  const [cluster, ...rest] = clusterWithUsers(users) as [Declared, ...Declared[]];
  const engineSeconds = await timeOfLast(
    undefined,
    nullStack([cluster]),
    nullStack([cluster, ...rest]),
  );
  const emulator = await startEmulator({
    rateLimit: { perSecond, algorithm },
    durations: { createBasicMs: 0 },
  });
  const network = await startJitteryNetwork(emulator.port, jitterMs);
  try {
    const service = { url: network.url, apiKey: emulator.apiKey };
    const first = { requests: 0 };
    const seconds = await timeOfLast(service, [cluster], [cluster, ...rest], () => {
      first.requests = emulator.requests.length;
    });
    const requests = emulator.requests.slice(first.requests);
    return {
      requests: requests.length,
      refused: requests.filter(({ throttled }) => throttled).length,
      seconds,
      engineSeconds,
    };
  } finally {
    network.close();
    await emulator.close();
  }
}

/** Updates one stack to another, and returns how long the last step takes. */
async function timeOfLast(
  emulator: { url: string; apiKey: string } | undefined,
  before: Declared[],
  after: Declared[],
  between: () => void = () => undefined,
): Promise<number> {
  const stack = await startMeasuredStack({ ...(emulator && { emulator }), checkpoints: true });
  try {
    stack.declare(before);
    await stack.succeed("up");
    between();
    stack.declare(after);
    return (await stack.succeed("up")).seconds;
  } finally {
    stack.close();
  }
}
