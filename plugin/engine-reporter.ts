/** Messages to the engine that started this process. */
import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { reporterTo } from "../provider/engine/engine-log";
import type { Reporter } from "../provider/engine/status-line";

/** The reporter of the engine at this address. */
export function engineReporter(address: string): Reporter {
  const client = new EngineClient(address, credentials.createInsecure());
  return reporterTo<LogRequest>({
    LogRequest,
    LogSeverity,
    send: (request, options, done) => client.log(request, new Metadata(), options, done),
  });
}
