// Pulumi's dynamic provider server in this process, so that what it serves lives on the clock of a lab.
// The operations travel over gRPC as they do to the process that the engine starts.

import { createRequire } from "node:module";
import type { DynamicProvider } from "../../provider/dynamic/dynamic-provider";
import type { PluginClient } from "../contract/plugin-client";
import { connectPlugin, OperationError } from "../contract/plugin-client";

type Properties = Record<string, unknown>;

/** By number, what stands behind the text in the properties. The server keeps every text, and must not keep these. */
const served: WeakRef<DynamicProvider>[] = [];
const registry = Symbol.for("pulumi-cockroachdb-cloud/tests/served");
Reflect.set(globalThis, registry, (number: number) => {
  const provider = () => served[number]?.deref() as Required<DynamicProvider>;
  return {
    configure: (...given) => provider().configure(...given),
    check: (...given) => provider().check(...given),
    diff: (...given) => provider().diff(...given),
    create: (...given) => provider().create(...given),
    read: (...given) => provider().read(...given),
    update: (...given) => provider().update(...given),
    delete: (...given) => provider().delete(...given),
  } satisfies DynamicProvider;
});

const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));

interface Running {
  readonly client: PluginClient;
  close(): void;
}

let running: Promise<Running> | undefined;

/** The provider as the engine meets it: behind Pulumi's server. */
export function throughPluginServer(provider: DynamicProvider): DynamicProvider {
  const number = served.push(new WeakRef(provider)) - 1;
  const text = `exports.handler = () => globalThis[Symbol.for(${JSON.stringify(registry.description)})](${number});`;
  /** Carries an operation out; its properties come back with the text that they went with. */
  const over = async <Result>(
    properties: Properties,
    operation: (client: PluginClient, sent: Properties) => Promise<Result>,
  ): Promise<Result> => {
    running ??= startServer();
    const { client } = await running;
    try {
      return await operation(client, { ...properties, __provider: text });
    } catch (error) {
      throw asThrown(error, properties["__provider"]);
    }
  };
  return {
    configure: (request) => provider.configure(request),
    check: (olds, news) =>
      over(news, async (plugin, sent) => {
        const { inputs, failures } = await plugin.check(sent, olds);
        return { inputs: { ...inputs, __provider: news["__provider"] }, failures };
      }),
    diff: (id, olds, news) =>
      over(news, async (plugin, sent) => {
        const { changes, replaces, deleteFirst } = await plugin.diff(id, olds, sent);
        return {
          ...(changes === "unknown" ? {} : { changes: changes === "some" }),
          replaces,
          deleteBeforeReplace: deleteFirst,
        };
      }),
    create: (inputs) => over(inputs, (plugin, sent) => plugin.create(sent)),
    read: (id, props) =>
      over(props, async (plugin, sent) => {
        const { id: responded, outs, inputs } = await plugin.read(id, sent);
        return responded === ""
          ? { id: "" }
          : { id: responded, props: outs, ...(inputs && { inputs }) };
      }),
    update: (id, olds, news) =>
      over(news, async (plugin, sent) => ({ outs: await plugin.update(id, olds, sent) })),
    delete: (id, props) => over(props, (plugin, sent) => plugin.delete(id, sent)),
  };
}

/** The failure as the provider's own interface has it, without what belongs to gRPC. */
function asThrown(error: unknown, text: unknown): unknown {
  if (!(error instanceof OperationError)) return error;
  const thrown = new Error(error.message);
  if (error.partial === undefined) return thrown;
  const { id, properties, reasons } = error.partial;
  return Object.assign(thrown, { id, properties: { ...properties, __provider: text }, reasons });
}

// It would keep the process alive, and it cannot be started again: it is there for every test of the process.
after(async () => {
  const ended = await running;
  ended?.close();
});

async function startServer(): Promise<Running> {
  const { log, error } = globalThis.console;
  const { argv } = process;
  const { Server } = fromPulumi("@grpc/grpc-js") as { Server: { prototype: GrpcServer } };
  const { bindAsync } = Server.prototype;
  process.env["PULUMI_PROJECT"] ??= "shop";
  // The script takes the address of an engine, which nothing here calls, and prints its port.
  process.argv = [...argv.slice(0, 2), "127.0.0.1:1"];
  let server: GrpcServer | undefined;
  Server.prototype.bindAsync = function bindAndNote(this: GrpcServer, ...args) {
    server = this;
    bindAsync.apply(this, args);
  };
  try {
    const port = await new Promise<string>((resolve) => {
      globalThis.console.log = (line: string) => resolve(line);
      fromPulumi("./cmd/dynamic-provider");
    });
    globalThis.console.error = (line: unknown, ...more: unknown[]) => {
      // The server prints each failure of check, diff, read and delete, which the caller gets anyway.
      if (!String(line).startsWith("pulumi-cockroachdb-cloud: ")) error(line, ...more);
    };
    const client = connectPlugin(`127.0.0.1:${port}`);
    await client.configure();
    return {
      client,
      close: () => {
        client.close();
        server?.forceShutdown();
        globalThis.console.error = error;
      },
    };
  } finally {
    globalThis.console.log = log;
    Server.prototype.bindAsync = bindAsync;
    process.argv = argv;
  }
}

interface GrpcServer {
  bindAsync(...args: unknown[]): void;
  forceShutdown(): void;
}
