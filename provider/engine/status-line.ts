/**
 * Text on a resource's own line of the Pulumi CLI.
 *
 * `pulumi.log` is not connected in the provider process, but the engine's address is its last
 * argument, and the engine's log service takes the URN that a message belongs to. Where there is no
 * engine (a test, another host) nothing is shown and nothing fails.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { createRequire } from "node:module";
import type { RequestWait } from "../../sdk/index";
import { ConnectionError } from "../../sdk/index";

export type Severity = "info" | "warning";

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

/** A hung engine must never hold up an operation. */
const deliveryTimeoutMs = 1_000;

/** The reporter of the engine that started this process as its dynamic provider. */
export function engineReporter(address: string): Reporter {
  // The channel classes must be the very copy that Pulumi's generated client checks against, and a
  // strict node_modules layout does not let this package see it by name.
  const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const grpc = fromPulumi("@grpc/grpc-js");
  const { EngineClient } = fromPulumi("./proto/engine_grpc_pb");
  const { LogRequest, LogSeverity } = fromPulumi("./proto/engine_pb");
  const client = new EngineClient(address, grpc.credentials.createInsecure());
  return {
    report(urn, severity, message, options = {}) {
      const request = new LogRequest();
      request.setSeverity(severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
      request.setMessage(message);
      request.setUrn(urn);
      request.setEphemeral(options.ephemeral === true);
      return new Promise((resolve) => {
        // A message that cannot be delivered is no reason to fail the operation it is about.
        client.log(request, { deadline: Date.now() + deliveryTimeoutMs }, () => resolve());
      });
    },
  };
}

/**
 * Shows what an operation is doing, with the time that it has waited. Where the output is no terminal each
 * text is a line of its own, so the same activity is shown again only when the time has doubled.
 *
 * @param what `CREATING · 3 of 9 nodes`
 * @param usually how long it takes, where that is long: `20 to 30 min`
 */
export type Progress = (what: string, waitedMs?: number, usually?: string) => Promise<void>;

interface Line {
  readonly show: (text: string) => Promise<void>;
  shown: string;
  /** Waited time from which on the same activity is news. */
  newsFromMs: number;
}

const lineOfOperation = new AsyncLocalStorage<Line>();

/** Runs an operation of a resource; what it and its requests wait for is written by `show`. */
export function onItsLine<Result>(
  show: Line["show"],
  operation: () => Promise<Result>,
): Promise<Result> {
  return lineOfOperation.run({ show, shown: "", newsFromMs: 0 }, operation);
}

/** Shows progress on the line of the operation that is running. */
export const showProgress: Progress = async (what, waitedMs, usually) => {
  const line = lineOfOperation.getStore();
  if (line === undefined) return;
  const waited = waitedMs ?? 0;
  if (line.shown === what && waited < line.newsFromMs) return;
  line.shown = what;
  line.newsFromMs = waited * 2;
  const time = waitedMs === undefined ? [] : [durationText(waitedMs)];
  const typical = usually === undefined ? [] : [`usually ${usually}`];
  await line.show([what, ...time, ...typical].join(" · "));
};

/** Shorter waits for the budget are no news. */
const shortestShownWaitMs = 5_000;

/** The pauses between tries double: one of this length comes some seconds after the first failure. */
const shortestShownPauseMs = 2_000;

/** Says on the line of the operation that makes a request what the request is about to wait for. */
export function showWait({ reason, ms, error }: RequestWait): void {
  if (reason === "transient") {
    if (ms < shortestShownPauseMs || !ConnectionError.isInstance(error)) return;
    void showProgress(`retrying for up to 2 min · ${error.message}`);
    return;
  }
  if (ms < shortestShownWaitMs) return;
  void showProgress(`waiting for the rate limit of this API key · about ${durationText(ms)}`);
}

/** `45 s`, `4 min`, `1 h 5 min`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}
