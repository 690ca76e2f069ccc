/** How many requests a piece of work takes, counted by the emulator, on the real engine. */
import type { Emulator } from "../emulator";
import { startEmulator } from "../emulator";
import type { MeasuredStack } from "./measured-stack";
import { startMeasuredStack } from "./measured-stack";
import type { PartOptions } from "./part";
import type { Section } from "./report";
import { figure } from "./report";
import type { Declared } from "./stacks";
import { basicCluster, clusterWithUsers, mixedStack } from "./stacks";

interface Work {
  readonly title: string;
  /** The stack, with these labels on its first cluster. */
  stack(labels: Record<string, string>): Declared[];
}

export async function measureRequests({ quick }: PartOptions): Promise<Section> {
  const sizes = quick ? [1, 10] : [1, 10, 100];
  const works: Work[] = [
    ...sizes.map((users) => ({
      title: `1 Basic cluster, ${users} SQL users`,
      stack: (labels: Record<string, string>) => clusterWithUsers(users, labels),
    })),
    ...sizes.slice(1).map((clusters) => ({
      title: `${clusters} Basic clusters`,
      stack: (labels: Record<string, string>) =>
        Array.from({ length: clusters }, (_, index) =>
          basicCluster(`cluster-${index}`, index === 0 ? labels : {}),
        ),
    })),
    { title: "3 clusters of all kinds, 150 resources", stack: () => mixedStack(150) },
  ].slice(0, quick ? 3 : undefined);
  const rows: string[][] = [];
  for (const work of works) rows.push([work.title, ...(await countWork(work)).map(cell)]);
  return {
    title: "Requests per piece of work",
    method:
      "Requests that the emulator received during each command of the Pulumi CLI, one after the other on the same stack. The count of `up` includes the polls of a cluster that is being created (2 s for Basic and Standard here). Each user is one write; a cluster is two, as its creation mark is removed at the end.",
    tables: [
      {
        columns: [
          "Stack",
          "preview",
          "up",
          "up, no change",
          "refresh",
          "up, one label changed",
          "destroy",
        ],
        rows,
      },
    ],
    notes: [
      "The Terraform provider v1.22.0 takes 2N + 3 requests to create one cluster with N users, N + 2 for a plan without changes and 2N + 3 to destroy them ([below](#beside-the-terraform-provider-v1220)).",
      "In the stack of all kinds every second cluster is named by its id alone. Labels are not changed there.",
    ],
  };
}

/** Requests of the commands, in the order of the columns; undefined where a command has nothing to do. */
async function countWork(work: Work): Promise<(number | undefined)[]> {
  const emulator = await startEmulator({ durations: { createAdvancedMs: 2_000, cmekMs: 0 } });
  const stack = await startMeasuredStack({ emulator, checkpoints: false });
  try {
    const before = work.stack({ team: "payments" });
    const after = work.stack({ team: "search" });
    stack.declare(before);
    const counts: (number | undefined)[] = [
      await requestsOf(emulator, stack, "preview"),
      await requestsOf(emulator, stack, "up"),
      await requestsOf(emulator, stack, "up", "--expect-no-changes"),
      await requestsOf(emulator, stack, "refresh"),
    ];
    stack.declare(after);
    const isChanged = JSON.stringify(before) !== JSON.stringify(after);
    counts.push(isChanged ? await requestsOf(emulator, stack, "up") : undefined);
    counts.push(await requestsOf(emulator, stack, "destroy"));
    return counts;
  } finally {
    stack.close();
    await emulator.close();
  }
}

async function requestsOf(
  emulator: Emulator,
  stack: MeasuredStack,
  ...command: Parameters<MeasuredStack["succeed"]>
): Promise<number> {
  const before = emulator.requests.length;
  await stack.succeed(...command);
  return emulator.requests.length - before;
}

function cell(count: number | undefined): string {
  return count === undefined ? "" : figure(count);
}
