/** The engine's end of the wire to Pulumi's dynamic provider server. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { delegateTo } from "../../provider/program/registration";
import { plain } from "./secrets";

// The message classes must be the very copies that Pulumi's generated client checks against.
const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = fromPulumi("@grpc/grpc-js");
const { Struct } = fromPulumi("google-protobuf/google/protobuf/struct_pb");
const { Empty } = fromPulumi("google-protobuf/google/protobuf/empty_pb");
const { Status } = fromPulumi("./proto/status_pb");
const { ResourceProviderClient } = fromPulumi("./proto/provider_grpc_pb");
const proto = fromPulumi("./proto/provider_pb");

/** The text that clusters have in state. */
export const clusterText = delegateTo("cluster");

export type Properties = Record<string, unknown>;

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

/** The operations. Hidden inputs and the text in state are added where an operation takes inputs. */
export interface PluginClient {
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
  close(): void;
}

export const urn =
  "urn:pulumi:test::project::pulumi-nodejs:dynamic/cockroachdb-cloud:Cluster::orders";

/** As state has it. */
export const storedUrn = "test::project::~Cluster::orders";

/**
 * Speaks to a server.
 *
 * @param text what stands in state, unless the properties say it themselves
 */
export function connectPlugin(address: string, text: string = clusterText): PluginClient {
  const client = new ResourceProviderClient(address, grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });

  /** Calls a method; a response that never comes fails the test. */
  const call = async (method: string, request: unknown, seconds = 30): Promise<Message> =>
    await new Promise((resolve, reject) => {
      const deadline = Date.now() + seconds * 1000;
      client[method](request, { deadline }, (error: GrpcError | null, response: Message) =>
        error ? reject(failureOf(error)) : resolve(response),
      );
    });

  // The dynamic server takes no secrets, so the engine unwraps what it hands over.
  const handed = (props: Properties) => struct(plain(props));
  const withText = (props: Properties) => handed({ __provider: text, ...props });
  const asInputs = (props: Properties) => withText({ __urn: urn, ...props });

  return {
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
      const response = await call("check", request);
      return {
        inputs: response.getInputs().toJavaScript(),
        failures: response.getFailuresList().map((failure: Message) => ({
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
      const response = await call("diff", request);
      const changes = (["unknown", "none", "some"] as const)[response.getChanges() as number];
      assert.ok(changes);
      return {
        changes,
        replaces: response.getReplacesList(),
        deleteFirst: response.getDeletebeforereplace(),
      };
    },
    async create(inputs) {
      const request = new proto.CreateRequest();
      request.setUrn(urn);
      request.setProperties(asInputs(inputs));
      const response = await call("create", request);
      return { id: response.getId(), outs: response.getProperties().toJavaScript() };
    },
    async read(id, props) {
      const request = new proto.ReadRequest();
      request.setId(id);
      request.setUrn(String(props["__urn"] ?? urn));
      request.setProperties(withText(props));
      const response = await call("read", request);
      return {
        id: response.getId(),
        outs: response.getProperties().toJavaScript(),
        inputs: response.getInputs()?.toJavaScript(),
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
      request.setUrn(String(props["__urn"] ?? urn));
      request.setProperties(withText(props));
      await call("delete", request);
    },
    async cancel() {
      await call("cancel", new Empty());
    },
    close: () => client.close(),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: generated message classes without usable types
type Message = any;

interface GrpcError {
  code: number;
  details: string;
  metadata: { get(key: string): (string | Buffer)[] };
}

function struct(value: Properties): unknown {
  return Struct.fromJavaScript(value);
}

function failureOf({ code, details, metadata }: GrpcError): Error {
  // What the client itself says of a plugin that is silent or deleted is no response of the plugin.
  if (code === grpc.status.DEADLINE_EXCEEDED || code === grpc.status.UNAVAILABLE)
    return new Error(`The plugin did not respond: ${details}`);
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
