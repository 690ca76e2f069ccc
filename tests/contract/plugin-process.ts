/** Pulumi's own dynamic provider as the engine starts it, spoken to over gRPC, with an engine that listens to its messages. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { delegateTo } from "../../provider/registration";
import { withoutUserSettings } from "../../scripts/environment.mjs";
import { plain } from "./secrets";

const repository = join(__dirname, "..", "..");
const dynamicProvider = join(
  repository,
  "node_modules",
  "@pulumi",
  "pulumi",
  "cmd",
  "dynamic-provider",
);

// The message classes must be the very copies that Pulumi's generated client checks against.
const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = fromPulumi("@grpc/grpc-js");
const { Struct } = fromPulumi("google-protobuf/google/protobuf/struct_pb");
const { Empty } = fromPulumi("google-protobuf/google/protobuf/empty_pb");
const { Status } = fromPulumi("./proto/status_pb");
const { EngineService } = fromPulumi("./proto/engine_grpc_pb");
const { LogSeverity } = fromPulumi("./proto/engine_pb");
const { ResourceProviderClient } = fromPulumi("./proto/provider_grpc_pb");
const proto = fromPulumi("./proto/provider_pb");

/** The text that clusters have in state. */
export const clusterText = delegateTo("cluster");

/** How the engine writes a value that a preview does not know yet, and a secret. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Properties = Record<string, unknown>;

export interface EngineMessage {
  readonly urn: string;
  readonly severity: "info" | "warning" | "error" | "debug";
  readonly text: string;
  readonly ephemeral: boolean;
}

/** What an operation failed with, as the engine understands it. */
export class OperationError extends Error {
  /** What goes into state; absent when the object does not exist. */
  readonly partial:
    | { id: string; properties: Properties; reasons: string[]; providerText: unknown }
    | undefined;
  readonly code: number;

  constructor(details: string, code: number, partial: OperationError["partial"]) {
    super(details);
    this.code = code;
    this.partial = partial;
  }
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
export interface Plugin {
  readonly process: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What it has told the engine, in order. */
  readonly messages: EngineMessage[];
  /** Waits for a message. */
  told(text: RegExp): Promise<EngineMessage>;
  stdout(): string;
  stderr(): string;
  configure(config?: Readonly<Record<string, string>>): Promise<void>;
  check(
    news: Properties,
    olds?: Properties,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  diff(
    id: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ changes: "unknown" | "none" | "some"; replaces: string[]; deleteFirst: boolean }>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(
    id: string,
    props: Properties,
  ): Promise<{ id: string; outs: Properties; inputs: Properties | undefined }>;
  update(id: string, olds: Properties, news: Properties): Promise<Properties>;
  delete(id: string, props: Properties): Promise<void>;
  cancel(): Promise<void>;
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

export const urn =
  "urn:pulumi:test::project::pulumi-nodejs:dynamic/cockroachdb-cloud:Cluster::orders";

/** Starts the process that the engine would start. */
export async function startPlugin(options: PluginOptions = {}): Promise<Plugin> {
  const { text = clusterText } = options;
  const folder = options.folder ?? programFolder();
  const engine = await listeningEngine();
  const child = spawn(process.execPath, [dynamicProvider, engine.address], {
    cwd: folder,
    env: { ...withoutUserSettings(), PULUMI_PROJECT: "project", ...options.environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  running.add(async () => {
    child.kill("SIGKILL");
    await ended;
    client.close();
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
  const client = new ResourceProviderClient(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
    { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 },
  );

  /** Calls a method; an answer that never comes fails the test. */
  const call = async (method: string, request: unknown, seconds = 30): Promise<Answer> =>
    await new Promise((resolve, reject) => {
      const deadline = Date.now() + seconds * 1000;
      client[method](request, { deadline }, (error: GrpcError | null, answer: Answer) =>
        error ? reject(failureOf(error)) : resolve(answer),
      );
    });

  // The dynamic server takes no secrets, so the engine unwraps what it hands over.
  const handed = (props: Properties) => struct(plain(props));
  const withText = (props: Properties) => handed({ __provider: text, ...props });
  const asInputs = (props: Properties) => withText({ __urn: urn, ...props });

  return {
    process: child,
    ended,
    messages: engine.messages,
    told: engine.told,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    async configure(config = {}) {
      const request = new proto.ConfigureRequest();
      request.setArgs(struct(config));
      await call("configure", request);
    },
    async check(news, olds = {}) {
      const request = new proto.CheckRequest();
      request.setUrn(urn);
      request.setNews(asInputs(news));
      request.setOlds(handed(olds));
      const answer = await call("check", request);
      return {
        inputs: answer.getInputs().toJavaScript(),
        failures: answer.getFailuresList().map((failure: Answer) => ({
          property: failure.getProperty(),
          reason: failure.getReason(),
        })),
      };
    },
    async diff(id, olds, news) {
      const request = new proto.DiffRequest();
      request.setId(id);
      request.setUrn(urn);
      request.setOlds(handed(olds));
      request.setNews(asInputs(news));
      const answer = await call("diff", request);
      const changes = (["unknown", "none", "some"] as const)[answer.getChanges() as number];
      assert.ok(changes);
      return {
        changes,
        replaces: answer.getReplacesList(),
        deleteFirst: answer.getDeletebeforereplace(),
      };
    },
    async create(inputs) {
      const request = new proto.CreateRequest();
      request.setUrn(urn);
      request.setProperties(asInputs(inputs));
      const answer = await call("create", request);
      return { id: answer.getId(), outs: answer.getProperties().toJavaScript() };
    },
    async read(id, props) {
      const request = new proto.ReadRequest();
      request.setId(id);
      request.setUrn(urn);
      request.setProperties(withText(props));
      const answer = await call("read", request);
      return {
        id: answer.getId(),
        outs: answer.getProperties().toJavaScript(),
        inputs: answer.getInputs()?.toJavaScript(),
      };
    },
    async update(id, olds, news) {
      const request = new proto.UpdateRequest();
      request.setId(id);
      request.setUrn(urn);
      request.setOlds(handed(olds));
      request.setNews(asInputs(news));
      return (await call("update", request)).getProperties().toJavaScript();
    },
    async delete(id, props) {
      const request = new proto.DeleteRequest();
      request.setId(id);
      request.setUrn(urn);
      request.setProperties(withText(props));
      await call("delete", request);
    },
    async cancel() {
      await call("cancel", new Empty());
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: generated message classes without usable types
type Answer = any;

interface GrpcError {
  code: number;
  details: string;
  metadata: { get(key: string): (string | Buffer)[] };
}

function struct(value: Properties): unknown {
  return Struct.fromJavaScript(value);
}

function failureOf({ code, details, metadata }: GrpcError): Error {
  // What the client itself says of a plugin that is silent or gone is no answer of the plugin.
  if (code === grpc.status.DEADLINE_EXCEEDED || code === grpc.status.UNAVAILABLE)
    return new Error(`The plugin did not answer: ${details}`);
  const [packed] = metadata.get("grpc-status-details-bin");
  if (packed === undefined) return new OperationError(details, code, undefined);
  const [detail] = Status.deserializeBinary(packed).getDetailsList();
  const failed = proto.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  const { __provider: providerText, ...properties } = failed.getProperties().toJavaScript();
  return new OperationError(details, code, {
    id: failed.getId(),
    properties,
    reasons: failed.getReasonsList(),
    providerText,
  });
}

async function listeningEngine() {
  const messages: EngineMessage[] = [];
  const listeners = new Set<() => void>();
  const severities = Object.entries(LogSeverity) as [string, number][];
  const server = new grpc.Server();
  const unavailable = (_call: unknown, answer: (error: unknown) => void) =>
    answer({ code: grpc.status.UNIMPLEMENTED, details: "this engine only listens" });
  server.addService(EngineService, {
    getRootResource: unavailable,
    setRootResource: unavailable,
    startDebugging: unavailable,
    requirePulumiVersion: unavailable,
    log({ request }: { request: Answer }, answer: (error: null, empty: unknown) => void) {
      const severity = severities.find(([, value]) => value === request.getSeverity());
      messages.push({
        urn: request.getUrn(),
        severity: (severity?.[0].toLowerCase() ?? "error") as EngineMessage["severity"],
        text: request.getMessage(),
        ephemeral: request.getEphemeral(),
      });
      for (const listener of listeners) listener();
      answer(null, new Empty());
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
    told: (text: RegExp) =>
      new Promise<EngineMessage>((resolve) => {
        const look = () => {
          const found = messages.find((message) => text.test(message.text));
          if (!found) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      }),
  };
}
