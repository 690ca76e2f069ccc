/**
 * Pulumi formats four stack traces for every property of a resource, for a report of promises that never end. It prints them
 * only where `PULUMI_DEBUG_PROMISE_LEAKS` is set, yet they take a fifth of the time of a large program in JavaScript,
 * and half of one in TypeScript, where each frame is mapped to its source.
 */

type FormatTrace = typeof Error.prepareStackTrace;

/** Also set by other copies of this package. */
const isShort = Symbol.for("pulumi-cockroachdb-cloud/short-traces");

/** Until the program pauses, the traces of Pulumi's promises are not formatted; all others are as before. */
export function shortenPromiseTraces(): void {
  // Some versions of Node.js have none of their own.
  const format: FormatTrace | undefined = Error.prepareStackTrace;
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] || (format && Reflect.has(format, isShort))) return;
  // It would no longer map any trace to its source.
  if (process.sourceMapsEnabled) return;
  const formatShort: FormatTrace = (error, frames) =>
    frames[0]?.getFunctionName() === "debuggablePromise"
      ? String(error)
      : (format ?? asNodeDoes)(error, frames);
  Error.prepareStackTrace = Object.assign(formatShort, { [isShort]: true });
  queueMicrotask(() => {
    if (Error.prepareStackTrace === formatShort)
      Object.assign(Error, { prepareStackTrace: format });
  });
}

function asNodeDoes(error: Error, frames: readonly NodeJS.CallSite[]): string {
  return [String(error), ...frames.map((frame) => `    at ${frame}`)].join("\n");
}
