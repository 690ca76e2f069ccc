// The provider plugin in this process, so that what it serves lives on the clock of a lab. Messages travel in the form
// that they have on the wire.

import { strict as assert } from "node:assert";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Message } from "google-protobuf";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { ServiceFailure } from "../../plugin/messages";
import type { PluginHost } from "../../plugin/plugin";
import { Plugin } from "../../plugin/plugin";
import { implementationOf } from "../../plugin/server";
import type { Host } from "../../provider/engine/host";
import { RunRecord } from "../../provider/engine/run-record";
import { silentReporter } from "../../provider/engine/status-line";
import type { ResourceType } from "../../provider/resource/resource-types";
import { systemClock } from "../../sdk";
import type { Door, RequestInfo } from "./engine-model/door";

type Properties = Record<string, unknown>;

/** A class of messages. */
interface MessageClass<M extends Message> {
  new (): M;
  deserializeBinary(bytes: Uint8Array): M;
}

/** The plugin of a process, as the engine calls it. */
export class PluginInProcess {
  readonly #service: ReturnType<typeof implementationOf>;

  constructor(host: Host) {
    const inProcess: PluginHost = { ...host, reportTo() {}, interrupt() {} };
    this.#service = implementationOf(new Plugin(inProcess));
  }

  /** Calls a method. Throws an error that differs from others in `details`, as the engine reads it. */
  async call<Request extends Message, Response extends Message>(
    method: string,
    sent: Request,
    response: MessageClass<Response>,
  ): Promise<Response> {
    const requestClass = sent.constructor as unknown as MessageClass<Request>;
    const request = requestClass.deserializeBinary(sent.serializeBinary());
    return await new Promise((resolve, reject) => {
      const respond = (failure: ServiceFailure | null, responded?: Message) =>
        failure === null && responded !== undefined
          ? resolve(response.deserializeBinary(responded.serializeBinary()))
          : reject(thrownFor(failure as ServiceFailure));
      const serve = this.#service[method] as unknown as (
        call: { request: Request },
        respond: (failure: ServiceFailure | null, responded?: Message) => void,
      ) => void;
      serve({ request }, respond);
    });
  }
}

/** The failure as the dynamic provider's own interface has it. */
function thrownFor({ details, metadata }: ServiceFailure): Error {
  const thrown = new Error(details);
  const [packed] = metadata?.get("grpc-status-details-bin") ?? [];
  if (packed === undefined) return thrown;
  const [detail] = Status.deserializeBinary(packed as Buffer).getDetailsList();
  const failed = proto.ErrorResourceInitFailed.deserializeBinary(
    detail?.getValue_asU8() as Uint8Array,
  );
  return Object.assign(thrown, {
    id: failed.getId(),
    properties: failed.getProperties()?.toJavaScript(),
    reasons: failed.getReasonsList(),
  });
}

/** The plugin as what a stack of a lab calls. */
export function pluginDoor(host: Host): (type: ResourceType) => Door {
  const plugin = new PluginInProcess(host);
  return () => doorOf(plugin);
}

/** The plugin where it may only preview. */
export const previewDoor = pluginDoor({
  environment: {},
  connect: () => assert.fail("a preview connects"),
  reporter: silentReporter,
  clock: systemClock,
  signal: new AbortController().signal,
  run: new RunRecord(),
});

function doorOf(plugin: PluginInProcess): Door {
  return {
    async check(olds, news, { urn }) {
      const request = new proto.CheckRequest();
      request.setUrn(urn);
      request.setOlds(struct(olds));
      request.setNews(struct(news));
      const response = await plugin.call("check", request, proto.CheckResponse);
      return {
        inputs: response.getInputs()?.toJavaScript() ?? {},
        failures: response
          .getFailuresList()
          .map((one) => ({ property: one.getProperty(), reason: one.getReason() })),
      };
    },
    async diff(id, olds, news, { urn, oldInputs }) {
      const request = new proto.DiffRequest();
      request.setId(id);
      request.setUrn(urn);
      request.setOlds(struct(olds));
      request.setOldInputs(struct(oldInputs));
      request.setNews(struct(news));
      const response = await plugin.call("diff", request, proto.DiffResponse);
      return {
        changes: response.getChanges() === proto.DiffResponse.DiffChanges.DIFF_SOME,
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },
    async create(inputs, info) {
      const request = new proto.CreateRequest();
      request.setUrn(info.urn);
      request.setProperties(struct(inputs));
      request.setTimeout(seconds(info, "create"));
      request.setPreview(info.preview === true);
      const response = await plugin.call("create", request, proto.CreateResponse);
      return { id: response.getId(), outs: response.getProperties()?.toJavaScript() ?? {} };
    },
    async read(id, props, { urn, oldInputs }) {
      const request = new proto.ReadRequest();
      request.setId(id);
      request.setUrn(urn);
      request.setProperties(struct(props));
      request.setInputs(struct(oldInputs));
      const response = await plugin.call("read", request, proto.ReadResponse);
      if (response.getId() === "") return { id: "" };
      return {
        id: response.getId(),
        props: response.getProperties()?.toJavaScript() ?? {},
        inputs: response.getInputs()?.toJavaScript() ?? {},
      };
    },
    async update(id, olds, news, info) {
      const request = new proto.UpdateRequest();
      request.setId(id);
      request.setUrn(info.urn);
      request.setOlds(struct(olds));
      request.setOldInputs(struct(info.oldInputs));
      request.setNews(struct(news));
      request.setTimeout(seconds(info, "update"));
      request.setPreview(info.preview === true);
      const response = await plugin.call("update", request, proto.UpdateResponse);
      return { outs: response.getProperties()?.toJavaScript() ?? {} };
    },
    async delete(id, props, info) {
      const request = new proto.DeleteRequest();
      request.setId(id);
      request.setUrn(info.urn);
      request.setProperties(struct(props));
      request.setOldInputs(struct(info.oldInputs));
      request.setTimeout(seconds(info, "delete"));
      await plugin.call("delete", request, Empty);
    },
  };
}

function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}

/** The option customTimeouts as the engine sends it; 0 where there is none. */
function seconds({ timeouts }: RequestInfo, operation: "create" | "update" | "delete"): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(timeouts?.[operation] ?? "") ?? [];
  const unitSeconds = { ms: 0.001, s: 1, m: 60, h: 3_600 }[unit as "ms"] ?? 0;
  return amount === undefined ? 0 : Number(amount) * unitSeconds;
}
