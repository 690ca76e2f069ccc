/**
 * What the provider's own process needs: to hear that the user wants to stop, and to end with the CLI.
 *
 * Pulumi's dynamic server answers `Cancel` with nothing and tells nobody, so one Ctrl-C would wait
 * for a cluster to be ready. Its HTTP/2 server is among the process's handles, and every call opens
 * a stream that names its method; that is undocumented, so it is looked for and not relied on:
 * without it nothing is lost but speed.
 */
import { interrupt } from "../engine/interruption";

/** The address of the engine, when this process is Pulumi's dynamic provider. */
export function engineAddress(argv: readonly string[] = process.argv): string | undefined {
  return /[\\/]cmd[\\/]dynamic-provider([\\/]|$)/.test(argv[1] ?? "") ? argv.at(-1) : undefined;
}

let isWatched = false;

/** Starts to listen for the end, once, and only in a process that is Pulumi's dynamic provider. */
export function watchForTheEnd(): void {
  if (isWatched || engineAddress() === undefined) return;
  isWatched = true;
  for (const server of http2Servers()) {
    server.prependListener("stream", (_stream: unknown, headers: Record<string, unknown>) => {
      if (String(headers[":path"]).endsWith("/Cancel")) interrupt();
    });
  }
  useCurrentUrns();
  printErrorsOnce();
  // The engine holds our standard input; when it ends, the CLI is gone and nobody reads our answer.
  process.stdin.on("end", () => process.exit());
  process.stdin.resume();
  // A listener that does not exit costs the engine five seconds at the end of every operation.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit());
}

/**
 * Corrects the URN in what `delete` receives. Outputs hold the URN of the last write, which a rename or a move of the
 * resource does not change; the request has the present one, and the dynamic server passes the outputs alone. It has
 * read the first request of the process before this module is loaded.
 */
function useCurrentUrns(): void {
  const { DeleteRequest } = require("@pulumi/pulumi/proto/provider_pb");
  const { getProperties } = DeleteRequest?.prototype ?? {};
  if (typeof getProperties !== "function") return;
  DeleteRequest.prototype.getProperties = function (this: { getUrn?(): string }) {
    const properties = getProperties.call(this);
    const urn = this.getUrn?.();
    if (urn) properties?.getFieldsMap?.().get("__urn")?.setStringValue?.(urn);
    return properties;
  };
}

/** What an error of this package calls itself where the server prints it. */
export const printedName = "pulumi-cockroachdb-cloud";

/**
 * Keeps from the screen what the engine prints anyway. The dynamic server prints an error of check, diff, read or delete
 * as `${error}: ${error.stack}` before it responds with it, and the engine shows both: one on the stack, one on the resource.
 */
function printErrorsOnce(): void {
  const { console } = globalThis;
  const print = console.error.bind(console);
  console.error = (...values: unknown[]) => {
    const [text] = values;
    if (typeof text !== "string" || !text.startsWith(`${printedName}: `)) print(...values);
  };
}

interface Http2Server {
  prependListener(
    event: "stream",
    listener: (stream: unknown, headers: Record<string, unknown>) => void,
  ): void;
}

function http2Servers(): Http2Server[] {
  const handles: unknown = Reflect.get(process, "_getActiveHandles")?.call(process);
  if (!Array.isArray(handles)) return [];
  return handles.filter(
    (handle): handle is Http2Server =>
      handle?.constructor?.name === "Http2Server" && "prependListener" in handle,
  );
}
