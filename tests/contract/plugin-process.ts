/** Pulumi's own dynamic provider as the engine starts it, spoken to over gRPC, with an engine that listens to its messages. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { withoutCertificates, withoutUserSettings } from "../../scripts/environment.mjs";
import type { PluginClient } from "./plugin-client";
import { clusterText, connectPlugin } from "./plugin-client";

const repository = join(__dirname, "..", "..");
const dynamicProvider = join(
  repository,
  "node_modules",
  "@pulumi",
  "pulumi",
  "cmd",
  "dynamic-provider",
);

const lazySdk = join(repository, "scripts", "lazy-sdk.cjs");

// The message classes must be the very copies that Pulumi's generated client checks against.
const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = fromPulumi("@grpc/grpc-js");
const { Empty } = fromPulumi("google-protobuf/google/protobuf/empty_pb");
const { EngineService } = fromPulumi("./proto/engine_grpc_pb");
const { LogSeverity } = fromPulumi("./proto/engine_pb");

/** How the engine writes a value that a preview does not know yet, and a secret. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface EngineMessage {
  readonly urn: string;
  readonly severity: "info" | "warning" | "error" | "debug";
  readonly text: string;
  readonly ephemeral: boolean;
}

export interface PluginOptions {
  /** On top of this process's variables, of which those of Pulumi and CockroachDB are left out. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The folder that stands for the program's. @default one where the package is installed */
  readonly folder?: string;
  /** The text in state. @default that of clusters */
  readonly text?: string;
}

/** Hidden inputs and the text in state are added where an operation takes inputs. */
export interface Plugin extends PluginClient {
  readonly process: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What it has reported the engine, in order. */
  readonly messages: EngineMessage[];
  /** Waits for a message. */
  reported(text: RegExp): Promise<EngineMessage>;
  stdout(): string;
  stderr(): string;
}

const running = new Set<() => Promise<void>>();

/** Ends every plugin that a test has started. */
export async function closePlugins(): Promise<void> {
  const all = [...running];
  running.clear();
  await Promise.all(all.map((close) => close()));
}

/** A folder with `node_modules`, in which the named packages are links to this repository's own. */
export function programFolder(packages: readonly string[] = ["pulumi-cockroachdb-cloud"]): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "contract-")));
  for (const name of ["@pulumi/pulumi", ...packages]) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(repository, "node_modules", name), link);
  }
  return folder;
}

/** Starts the process that the engine would start. */
export async function startPlugin(options: PluginOptions = {}): Promise<Plugin> {
  const { text = clusterText } = options;
  const folder = options.folder ?? programFolder();
  const engine = await listeningEngine();
  const child = spawn(process.execPath, ["--require", lazySdk, dynamicProvider, engine.address], {
    cwd: folder,
    env: {
      ...withoutUserSettings(),
      ...withoutCertificates,
      PULUMI_PROJECT: "project",
      ...options.environment,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  running.add(async () => {
    child.kill("SIGKILL");
    await ended;
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  });
  child.stderr.on("data", (data: Buffer) => {
    printed.stderr += data;
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (data: Buffer) => {
      printed.stdout += data;
      const line = /^(\d+)\n/.exec(printed.stdout);
      if (line?.[1]) resolve(line[1]);
    });
    child.on("error", reject);
    child.on("close", () => reject(new Error(`the plugin did not start:\n${printed.stderr}`)));
  });
  const client = connectPlugin(`127.0.0.1:${port}`, text);
  running.add(async () => client.close());

  return {
    process: child,
    ended,
    messages: engine.messages,
    reported: engine.reported,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    ...client,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: generated message classes without usable types
type Message = any;

async function listeningEngine() {
  const messages: EngineMessage[] = [];
  const listeners = new Set<() => void>();
  const severities = Object.entries(LogSeverity) as [string, number][];
  const server = new grpc.Server();
  const unavailable = (_call: unknown, response: (error: unknown) => void) =>
    response({ code: grpc.status.UNIMPLEMENTED, details: "this engine only listens" });
  server.addService(EngineService, {
    getRootResource: unavailable,
    setRootResource: unavailable,
    startDebugging: unavailable,
    requirePulumiVersion: unavailable,
    log({ request }: { request: Message }, response: (error: null, empty: unknown) => void) {
      const severity = severities.find(([, value]) => value === request.getSeverity());
      messages.push({
        urn: request.getUrn(),
        severity: (severity?.[0].toLowerCase() ?? "error") as EngineMessage["severity"],
        text: request.getMessage(),
        ephemeral: request.getEphemeral(),
      });
      for (const listener of listeners) listener();
      response(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      "127.0.0.1:0",
      grpc.ServerCredentials.createInsecure(),
      (error: Error | null, bound: number) => (error ? reject(error) : resolve(bound)),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    messages,
    close: () => server.forceShutdown(),
    reported: (text: RegExp) =>
      new Promise<EngineMessage>((resolve) => {
        const check = () => {
          const found = messages.find((message) => text.test(message.text));
          if (!found) return;
          listeners.delete(check);
          resolve(found);
        };
        listeners.add(check);
        check();
      }),
  };
}
