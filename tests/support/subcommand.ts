// A subcommand of the package's command, run in this process on a clock that is driven.

import type { Output } from "../../export/command";
import type { Clock } from "../../sdk/http/clock";
import { manualClock } from "./clock";

/** Pauses between tries are shorter, and time-outs of requests longer. */
const maxPauseMs = 20_000;

/** What a subcommand has written, and its exit status. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a subcommand to its end. */
export async function saidBy(
  subcommand: (output: Output, clock: Clock) => Promise<number>,
): Promise<Said> {
  const clock = manualClock();
  const said = { out: "", error: "" };
  const work = subcommand(
    {
      out: (text) => {
        said.out += text;
      },
      error: (text) => {
        said.error += text;
      },
    },
    clock,
  );
  return { code: await clock.run(work, maxPauseMs), ...said };
}
