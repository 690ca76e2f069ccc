/**
 * Messages to the engine that started this process.
 *
 * `pulumi.log` is not connected in the provider process, but the engine's address is its last argument.
 */
import { createRequire } from "node:module";
import { reporterTo } from "../engine/engine-log";
import type { Reporter } from "../engine/status-line";

/** The reporter of the engine that started this process as its dynamic provider. */
export function engineReporter(address: string): Reporter {
  // The channel classes must be the very copy that Pulumi's generated client checks against, and a
  // strict node_modules layout does not let this package see it by name.
  const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const grpc = fromPulumi("@grpc/grpc-js");
  const { EngineClient } = fromPulumi("./proto/engine_grpc_pb");
  const { LogRequest, LogSeverity } = fromPulumi("./proto/engine_pb");
  const client = new EngineClient(address, grpc.credentials.createInsecure());
  return reporterTo({ LogRequest, LogSeverity, send: client.log.bind(client) });
}
