/**
 * The executable of the plugin. The engine starts it with its address, reads the port from the first line of the
 * output, and ends it with the standard input.
 */
import { fstatSync } from "node:fs";
import { connectionFor } from "../provider/engine/configuration";
import { interrupt, interrupted } from "../provider/engine/interruption";
import { RunRecord } from "../provider/engine/run-record";
import type { Reporter } from "../provider/engine/status-line";
import { silentReporter } from "../provider/engine/status-line";
import { packageVersion } from "../sdk/http/user-agent";
import { systemClock } from "../sdk/index";
import { engineReporter } from "./engine-reporter";
import type { PluginHost } from "./plugin";
import { startServer } from "./server";

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.some((arg) => ["--help", "-h", "--version"].includes(arg))) {
    process.stdout.write(
      `pulumi-resource-cockroachdb-cloud ${packageVersion()} is the Pulumi plugin for CockroachDB Cloud. Pulumi starts it itself: run \`pulumi preview\`.\n`,
    );
    return;
  }
  // With `--logflow` and `--tracing`, options come before it.
  const engineAddress = args.at(-1);
  const { port } = await startServer(thisProcess(engineAddress));
  endWithEngine();
  process.stdout.write(`${port}\n`);
}

function thisProcess(engineAddress: string | undefined): PluginHost {
  let reporter: Reporter =
    engineAddress === undefined ? silentReporter : engineReporter(engineAddress);
  return {
    environment: process.env,
    connect: connectionFor,
    reporter: { report: (...message) => reporter.report(...message) },
    clock: systemClock,
    signal: interrupted,
    run: new RunRecord(),
    reportTo(address) {
      reporter = engineReporter(address);
    },
    interrupt,
  };
}

/** When the engine ends without a word, nobody reads our responses. */
function endWithEngine(): void {
  const input = fstatSync(process.stdin.fd);
  // Pulumi's language host for plugins in Node.js gives no input, and ends the process itself.
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.on("end", () => process.exit());
  process.stdin.resume();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
