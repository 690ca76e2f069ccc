/** Four processes with one key, as a section of the report. */
import type { PartOptions } from "./part";
import type { Section } from "./report";
import { figure } from "./report";
import { measureSharedKey } from "./shared-key";

export async function sharedKeySection({ quick }: PartOptions): Promise<Section> {
  const warmUpSeconds = quick ? 2 : 30;
  const measuredSeconds = quick ? 5 : 120;
  const { parts, used, accepted, refused, failed } = await measureSharedKey({
    warmUpSeconds,
    measuredSeconds,
  });
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  return {
    title: "One key, four processes",
    method: `Four processes read as fast as they may with one key, against 10 requests per second by a sliding window in real time: ${measuredSeconds} s after ${warmUpSeconds} s of warm-up, one run.`,
    tables: [
      {
        columns: ["", "Figure"],
        rows: [
          [
            "Part of each process",
            [...parts]
              .sort((a, b) => a - b)
              .map(percent)
              .join(", "),
          ],
          ["Used of the budget", percent(used)],
          ["Requests taken", figure(accepted)],
          ["Requests with a 429 response, repeated", figure(refused)],
          ["Calls that failed", figure(failed)],
        ],
      },
    ],
    notes: [],
  };
}
