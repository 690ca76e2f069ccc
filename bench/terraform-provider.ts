/**
 * The same work as was measured with the Terraform provider v1.22.0 against another emulator of the API. Its figures
 * are quoted here and not run again; ours are.
 */
import { startEmulator } from "../emulator";
import type { MeasuredStack } from "./measured-stack";
import { startMeasuredStack } from "./measured-stack";
import type { PartOptions } from "./part";
import type { Section } from "./report";
import { figure } from "./report";
import { clusterWithUsers } from "./stacks";
import { median } from "./statistics";

/** Requests, seconds of wall time, and what came of it. */
type Quoted = readonly [requests: string, seconds: string, outcome: string];

/** By number of users, in the order in which the work is done. */
const quoted: readonly [users: number, work: readonly [title: string, quoted: Quoted][]][] = [
  [
    10,
    [
      ["create", ["29", "1.4", "fails: 7 of 10 users"]],
      ["no change", ["14", "1.3", "done"]],
      ["destroy", ["24", "1.5", "fails: 1 user and the cluster left"]],
    ],
  ],
  [
    100,
    [
      [
        "create",
        ["368", "17.8", "fails: 77 of 100 users; done after 6 runs, 1,376 requests, 72.4 s"],
      ],
      ["no change", ["194", "10.7", "done"]],
      ["destroy", ["294", "11.3", "fails: 86 users and the cluster left; not done after 8 runs"]],
    ],
  ],
  [
    300,
    [
      ["create", ["1,114; 1,061", "55.0; 51.8", "fails: 225 and 197 of 300 users"]],
      ["no change", ["590; 590", "31.1; 31.0", "fails once in two runs"]],
      ["destroy", ["890; 889", "36.2; 35.9", "fails: 249 and 257 users and the cluster left"]],
    ],
  ],
];

export async function compareWithTerraform({ quick }: PartOptions): Promise<Section> {
  const rows: string[][] = [];
  for (const [users, work] of quoted.slice(0, quick ? 1 : undefined)) {
    const runs: Step[][] = [];
    for (let index = 0; index < (quick ? 1 : 3); index += 1) runs.push(await runAll(users));
    for (const [index, [title, [requests, seconds, outcome]]] of work.entries()) {
      const steps = runs.map((run) => run[index] as Step);
      rows.push([
        `${users} users, ${title}`,
        figure(median(steps.map((step) => step.requests))),
        figure(steps.reduce((sum, step) => sum + step.refused, 0)),
        figure(median(steps.map((step) => step.seconds))),
        "done",
        requests,
        seconds,
        outcome,
      ]);
    }
  }
  return {
    title: "Beside the Terraform provider v1.22.0",
    method:
      "One Basic cluster that is ready at once and N SQL users, against a bucket of 10 tokens that refills at 10 per second, full at the start, over HTTP on the loopback address. Ours: `pulumi up`, `pulumi up` without changes, `pulumi destroy`, the median of three runs, the engine's start of some seconds and its checkpoints included. **The figures of the Terraform provider are quoted, not run again**: they were measured on 23 November 2026 with terraform 1.11.4, its default of 10 operations at once, on a machine with 2 cores, against another emulator of the API; one run each, two for 300 users.",
    tables: [
      {
        columns: [
          "N and work",
          "Requests",
          "429 responses",
          "Time, s",
          "Outcome",
          "Quoted: requests",
          "Quoted: time, s",
          "Quoted: outcome",
        ],
        rows,
      },
    ],
    notes: [
      "Requests of the quoted columns include those that were refused. Without any limit the Terraform provider takes 2N + 3 requests to create, N + 2 to plan without changes, 2N + 3 to destroy. `terraform plan` reads every object; `pulumi up` reads none, and `pulumi refresh` does what `plan` does with two requests here.",
      "Terraform starts in less than half a second, Pulumi in some: small stacks are done sooner there, where they are done.",
    ],
  };
}

interface Step {
  readonly requests: number;
  readonly refused: number;
  readonly seconds: number;
}

async function runAll(users: number): Promise<Step[]> {
  const emulator = await startEmulator({
    rateLimit: { algorithm: "token-bucket" },
    durations: { createBasicMs: 0 },
  });
  const stack = await startMeasuredStack({ emulator, checkpoints: true });
  const step = async (...command: Parameters<MeasuredStack["succeed"]>): Promise<Step> => {
    const before = emulator.requests.length;
    const { seconds } = await stack.succeed(...command);
    const requests = emulator.requests.slice(before);
    return {
      requests: requests.length,
      refused: requests.filter(({ throttled }) => throttled).length,
      seconds,
    };
  };
  try {
    stack.declare(clusterWithUsers(users));
    return [await step("up"), await step("up", "--expect-no-changes"), await step("destroy")];
  } finally {
    stack.close();
    await emulator.close();
  }
}
