/** Four processes with one key, as a section of the report. */
import { loadavg } from "node:os";
import type { PartOptions } from "./part";
import type { Section } from "./report";
import { figure } from "./report";
import type { SharedKeyFigures } from "./shared-key";
import { measureSharedKey } from "./shared-key";

export async function sharedKeySection({ quick }: PartOptions): Promise<Section> {
  const warmUpSeconds = quick ? 2 : 30;
  const measuredSeconds = quick ? 5 : 120;
  const figures: SharedKeyFigures[] = [];
  // What else the machine does counts among them.
  const busy = Math.max(0, 8 - Math.floor(loadavg()[0] ?? 0));
  for (const circumstances of [{}, { busy }, { onManyMachines: true }]) {
    figures.push(await measureSharedKey({ ...circumstances, warmUpSeconds, measuredSeconds }));
  }
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  const row = (title: string, of: (figures: SharedKeyFigures) => string) => [
    title,
    ...figures.map(of),
  ];
  return {
    title: "One key, four processes",
    method: `Four processes read as fast as they may with one key, against 10 requests per second by a sliding window in real time: ${measuredSeconds} s after ${warmUpSeconds} s of warm-up, one run each. Processes of one user on one machine have one queue ([decision 16](decisions/0016-one-queue-a-machine.md)); those of different machines see each other only by 429s.`,
    tables: [
      {
        columns: [
          "",
          "One machine",
          "One machine, beside 8 or more that use the processor",
          "Four machines",
        ],
        rows: [
          row("Part of each process", ({ parts }) =>
            [...parts]
              .sort((a, b) => a - b)
              .map(percent)
              .join(", "),
          ),
          row("Used of the budget", ({ used }) => percent(used)),
          row("Requests taken", ({ accepted }) => figure(accepted)),
          row("Requests with a 429 response, repeated", ({ refused }) => figure(refused)),
          row("Calls that failed", ({ failed }) => figure(failed)),
        ],
      },
    ],
    notes: [],
  };
}
