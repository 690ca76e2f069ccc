/**
 * Text on a resource's own line of the Pulumi CLI: what an operation is doing, and what its requests wait for. Where
 * there is no engine (a test, another host) nothing is shown and nothing fails.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { durationText } from "../../sdk/http/duration-text";
import type { RequestWait } from "../../sdk/index";
import { ConnectionError } from "../../sdk/index";
import type { Progress, Severity } from "../resource/lifecycle";

/** Where messages about resources go. */
export interface Reporter {
  /** Shows the message on the resource's line. An ephemeral one is replaced by the next and not kept. */
  report(
    urn: string,
    severity: Severity,
    message: string,
    options?: { ephemeral?: boolean },
  ): Promise<void>;
}

/** Shows nothing: for processes that have no engine. */
export const silentReporter: Reporter = { report: async () => {} };

interface Line {
  readonly show: (text: string) => Promise<void>;
  shown: string;
  /** Waited time from which on the same activity is news. */
  newsFromMs: number;
}

const lineOfOperation = new AsyncLocalStorage<Line>();

/**
 * Runs an operation of a resource; what it and its requests wait for is written by `show`. Where something was, the last
 * text is the end that it came to: the line would go on to say what has been waited for.
 */
export async function onItsLine<Result>(
  show: Line["show"],
  operation: () => Promise<Result>,
  endOf?: (result: Result) => string,
): Promise<Result> {
  const line: Line = { show, shown: "", newsFromMs: 0 };
  const result = await lineOfOperation.run(line, operation);
  const end = endOf?.(result);
  if (end !== undefined && line.shown !== "" && line.shown !== end) await show(end);
  return result;
}

/** Shows progress on the line of the operation that is running. */
export const showProgress: Progress = async (what, waitedMs, usually) => {
  const line = lineOfOperation.getStore();
  if (line === undefined) return;
  const waited = waitedMs ?? 0;
  if (line.shown === what && waited < line.newsFromMs) return;
  line.shown = what;
  line.newsFromMs = waited * 2;
  const time = waitedMs === undefined ? [] : [durationText(1_000 * Math.round(waitedMs / 1_000))];
  const typical = usually === undefined ? [] : [`usually ${usually}`];
  await line.show([what, ...time, ...typical].join(" · "));
};

/** Shorter waits for the budget are no news. */
const minShownWaitMs = 5_000;

/** The pauses between tries double: one of this length comes some seconds after the first failure. */
const minShownPauseMs = 2_000;

/** Says on the line of the operation that makes a request what the request is about to wait for. */
export function showWait({ reason, ms, error }: RequestWait): void {
  if (reason === "transient") {
    if (ms < minShownPauseMs || !ConnectionError.isInstance(error)) return;
    void showProgress(`retrying for up to 2 min · ${error.message}`);
    return;
  }
  if (ms < minShownWaitMs) return;
  void showProgress(`waiting for the rate limit of this credential · about ${durationText(ms)}`);
}
