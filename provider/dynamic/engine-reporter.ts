/**
 * Messages to the engine that started this process.
 *
 * `pulumi.log` is not connected in the provider process, but the engine's address is its last argument, and the
 * engine's log service takes the URN that a message belongs to.
 */
import { createRequire } from "node:module";
import type { Reporter } from "../engine/status-line";

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
