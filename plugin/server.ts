/** Serves the plugin over gRPC. */
import type { ServerUnaryCall, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { serviceFailure } from "./messages";
import type { PluginHost } from "./plugin";
import { Plugin } from "./plugin";

/** What the engine allows, too: a state may be larger than the default. */
const maxMessageBytes = 400 * 1024 * 1024;

export interface RunningServer {
  readonly port: number;
  close(): void;
}

export async function startServer(host: PluginHost): Promise<RunningServer> {
  const server = new Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  // What is not implemented gets the response UNIMPLEMENTED, which the engine takes for "has no such thing".
  server.addService(ResourceProviderService, implementationOf(new Plugin(host)));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

export function implementationOf(plugin: Plugin): UntypedServiceImplementation {
  const serve =
    <Request, Response>(operation: (request: Request) => Response | Promise<Response>) =>
    async ({ request }: ServerUnaryCall<Request, Response>, respond: sendUnaryData<unknown>) => {
      try {
        respond(null, (await operation(request)) ?? new Empty());
      } catch (error) {
        respond(serviceFailure(error));
      }
    };
  return {
    handshake: serve(plugin.handshake.bind(plugin)),
    attach: serve(plugin.attach.bind(plugin)),
    getPluginInfo: serve(plugin.getPluginInfo.bind(plugin)),
    getSchema: serve(plugin.getSchema.bind(plugin)),
    checkConfig: serve(plugin.checkConfig.bind(plugin)),
    diffConfig: serve(plugin.diffConfig.bind(plugin)),
    configure: serve(plugin.configure.bind(plugin)),
    invoke: serve(plugin.invoke.bind(plugin)),
    check: serve(plugin.check.bind(plugin)),
    diff: serve(plugin.diff.bind(plugin)),
    create: serve(plugin.create.bind(plugin)),
    read: serve(plugin.read.bind(plugin)),
    update: serve(plugin.update.bind(plugin)),
    delete: serve(plugin.delete.bind(plugin)),
    cancel: serve(plugin.cancel.bind(plugin)),
  };
}
