/**
 * What the provider's own process needs: to hear that the user wants to stop, and to end with the CLI.
 *
 * Pulumi's dynamic server responds to `Cancel` and does nothing, so one Ctrl-C would wait
 * for a cluster to be ready. Its HTTP/2 server is among the process's handles, and every call opens
 * a stream that names its method; that is undocumented, so it is searched for and not relied on:
 * without it nothing is lost but speed.
 */
import { interrupt } from "../engine/interruption";
import { withUpToDate } from "./hidden-inputs";

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
  keepWhatRequestsHold();
  printErrorsOnce();
  // The engine holds our standard input; when it ends, the CLI has ended and nobody reads our response.
  process.stdin.on("end", () => process.exit());
  process.stdin.resume();
  // A listener that does not exit costs the engine five seconds at the end of every operation.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit());
}

/** What a request holds of a resource besides its outputs. */
interface Sent {
  readonly urn: string;
  /** The inputs of the last run. */
  readonly inputs: Record<string, unknown>;
}

interface ResourceRequest {
  getUrn(): string;
  getInputs?(): Struct | undefined;
  getOldInputs?(): Struct | undefined;
}

interface Struct {
  toJavaScript(): Record<string, unknown>;
}

const upToDate = new WeakSet<object>();

/**
 * Whether the outputs that `read` is passed have what the last run said of the resource: those in the first request of a
 * process do not. Outside of Pulumi's dynamic provider there is nothing to add.
 */
export function isUpToDate(outputs: object): boolean {
  return engineAddress() === undefined || upToDate.has(outputs);
}

let deletion: Sent | undefined;

/** What the request holds for which the server is calling `delete`. */
export function currentDeletion(): Sent | undefined {
  const sent = deletion;
  deletion = undefined;
  return sent;
}

/**
 * Keeps what the dynamic server, which passes the outputs alone, drops from the requests of `delete` and `read`. For the
 * id of a deletion it asks right before it calls `delete`. For the properties it asks as soon as the request is there:
 * with the first request of the process, before this module is loaded.
 */
function keepWhatRequestsHold(): void {
  const { DeleteRequest, ReadRequest } = require("@pulumi/pulumi/proto/provider_pb");
  const getId = DeleteRequest?.prototype.getId;
  const getProperties = ReadRequest?.prototype.getProperties;
  if (getId === undefined || getProperties === undefined) return;
  DeleteRequest.prototype.getId = function (this: ResourceRequest) {
    deletion = sentBy(this, this.getOldInputs?.());
    return getId.call(this);
  };
  ReadRequest.prototype.getProperties = function (this: ResourceRequest) {
    const properties: Struct = getProperties.call(this);
    const outputs = properties.toJavaScript();
    // A read by the static `get`, or a resource of another package.
    if (!("__urn" in outputs)) return properties;
    const current = withUpToDate(outputs, sentBy(this, this.getInputs?.()));
    upToDate.add(current);
    return { toJavaScript: () => current };
  };
}

function sentBy(request: ResourceRequest, inputs: Struct | undefined): Sent {
  return { urn: request.getUrn(), inputs: inputs?.toJavaScript() ?? {} };
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
