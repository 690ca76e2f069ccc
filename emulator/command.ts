// The emulator as a server of its own: the subcommand `emulator` of the package's command.

import { parseArgs } from "node:util";
import { readCatalogues } from "./catalogue/file";
import { startEmulator } from "./index";
import type { EmulatorOptions } from "./options";
import type { Clock } from "./server/clock";
import { realClock, scaledClock } from "./server/clock";

const usage = `Usage: pulumi-cockroachdb-cloud emulator [options]

Serves an emulated CockroachDB Cloud API on 127.0.0.1 until it is interrupted. Everything is kept in memory.

Options:
  --port <port>           TCP port, 0 takes a free one (default 0)
  --api-key <key>         an API key that is accepted; may be repeated (default: a random one, printed)
  --clock <scale>         how much faster than real time clusters change, for example 60 (default 1)
  --rate-limit <n|off>    requests per second and key (default 10)
  --latency <ms>          milliseconds that every response waits, as it does over the Internet (default 200)
  --plan-change <ms>      milliseconds of the emulator's clock for which a cluster shows its old plan after a change
                          of plan (default 0)
  --catalogue <file>      JSON with machines, regions or versions to add to the default ones
  --background <seed>     lets the service work on clusters by itself and lock them, as the seed says (default: never)
  --help                  shows this text
`;

/** An argument that the command does not understand. */
class UsageError extends Error {}

/** What the command talks to. */
export interface Terminal {
  /** Writes to the standard output. */
  out(text: string): void;
  /** Writes to the standard error. */
  error(text: string): void;
  /** Resolves when the user wants it to end. */
  interrupted(): Promise<void>;
}

/** Serves until it is interrupted. Resolves to the exit code: 0, or 2 for wrong arguments. */
export async function runEmulator(args: readonly string[], terminal: Terminal): Promise<number> {
  let options: EmulatorOptions | "help";
  try {
    options = optionsOf(args);
  } catch (error) {
    terminal.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options === "help") {
    terminal.out(usage);
    return 0;
  }
  const emulator = await startEmulator(options);
  // Lines that a shell can evaluate as they are.
  terminal.out(
    `# CockroachDB Cloud API emulator, ends with Ctrl-C; status page: ${emulator.url}/\n` +
      `export COCKROACH_SERVER=${emulator.url}\n` +
      `export COCKROACH_API_KEY=${emulator.apiKey}\n`,
  );
  try {
    await terminal.interrupted();
  } finally {
    await emulator.close();
  }
  return 0;
}

function optionsOf(args: readonly string[]): EmulatorOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string" },
      "api-key": { type: "string", multiple: true },
      clock: { type: "string" },
      "rate-limit": { type: "string" },
      latency: { type: "string" },
      "plan-change": { type: "string" },
      catalogue: { type: "string" },
      background: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    return "help";
  }
  const keys = values["api-key"] ?? [];
  if (keys.includes("")) {
    throw new UsageError("--api-key must not be empty.");
  }
  const { "rate-limit": rateLimit = "10" } = values;
  return {
    port: numberOf("--port", values.port ?? "0", 0, 65535),
    clock: clockOf(values.clock),
    latencyMs: numberOf("--latency", values.latency ?? "200", 0),
    durations: { changePlanMs: numberOf("--plan-change", values["plan-change"] ?? "0", 0) },
    rateLimit: rateLimit === "off" ? "off" : numberOf("--rate-limit", rateLimit, 1),
    ...(values.catalogue !== undefined && readCatalogues(values.catalogue)),
    ...(values.background !== undefined && {
      background: { seed: numberOf("--background", values.background, 0) },
    }),
    ...(keys.length > 0 && {
      organizations: [{ apiKeys: keys.map((secret) => ({ secret })) }],
    }),
  };
}

function clockOf(scale: string | undefined): Clock {
  if (scale === undefined) {
    return realClock();
  }
  const factor = Number(scale);
  if (scale.trim() === "" || !Number.isFinite(factor) || factor <= 0) {
    throw new UsageError(`--clock must be a number above zero, got "${scale}".`);
  }
  return scaledClock(factor);
}

function numberOf(option: string, text: string, least: number, most?: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > (most ?? Number.MAX_SAFE_INTEGER)) {
    const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new UsageError(`${option} must be a whole number ${range}, got "${text}".`);
  }
  return number;
}
