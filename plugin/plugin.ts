/** The provider plugin: what the engine asks of it, whatever carries the messages. */
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { marksOfPlugin } from "../provider/cluster/creation-mark";
import type { Host } from "../provider/engine/host";
import { adapterOf } from "../provider/engine/host";
import { resources } from "../provider/resource/registry";
import { pluginPackage, resourceTypeOf } from "../provider/resource/resource-types";
import { packageVersion } from "../sdk/http/user-agent";
import {
  checkConfiguration,
  configurationIn,
  diffConfiguration,
  unconfigured,
} from "./configuration";
import { invoke } from "./functions";
import packageSchema from "./schema.json";
import { ServedResource } from "./served-resource";

/** What the process gives to the plugin. */
export interface PluginHost extends Host {
  /** Sends messages to the engine at this address from now on. */
  reportTo(engineAddress: string): void;
  /** Stops all operations. */
  interrupt(): void;
}

export class Plugin {
  readonly #host: PluginHost;
  #configuration = unconfigured;
  /** By the token of the type. */
  readonly #served = new Map<string, ServedResource>();

  constructor(host: PluginHost) {
    this.#host = host;
  }

  handshake(request: provider.ProviderHandshakeRequest): provider.ProviderHandshakeResponse {
    if (request.getEngineAddress() !== "") this.#host.reportTo(request.getEngineAddress());
    const response = new provider.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    return response;
  }

  attach(request: PluginAttach): void {
    this.#host.reportTo(request.getAddress());
  }

  getPluginInfo(): PluginInfo {
    const info = new PluginInfo();
    info.setVersion(packageVersion());
    return info;
  }

  getSchema(): provider.GetSchemaResponse {
    const response = new provider.GetSchemaResponse();
    response.setSchema(JSON.stringify(packageSchema));
    return response;
  }

  checkConfig(request: provider.CheckRequest): provider.CheckResponse {
    return checkConfiguration(request);
  }

  diffConfig(request: provider.DiffRequest): provider.DiffResponse {
    return diffConfiguration(request);
  }

  configure(request: provider.ConfigureRequest): provider.ConfigureResponse {
    this.#configuration = configurationIn(request);
    this.#served.clear();
    const response = new provider.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  }

  async invoke(request: provider.InvokeRequest): Promise<provider.InvokeResponse> {
    return await invoke(request, this.#host, this.#configuration);
  }

  async check(request: provider.CheckRequest): Promise<provider.CheckResponse> {
    return await this.#resourceOf(request).check(request);
  }

  async diff(request: provider.DiffRequest): Promise<provider.DiffResponse> {
    return await this.#resourceOf(request).diff(request);
  }

  async create(request: provider.CreateRequest): Promise<provider.CreateResponse> {
    return await this.#resourceOf(request).create(request);
  }

  async read(request: provider.ReadRequest): Promise<provider.ReadResponse> {
    return await this.#resourceOf(request).read(request);
  }

  async update(request: provider.UpdateRequest): Promise<provider.UpdateResponse> {
    return await this.#resourceOf(request).update(request);
  }

  async delete(request: provider.DeleteRequest): Promise<void> {
    await this.#resourceOf(request).delete(request);
  }

  cancel(): void {
    this.#host.interrupt();
  }

  #resourceOf(request: { getUrn(): string }): ServedResource {
    const token = request.getUrn().split("::")[2]?.split("$").at(-1) ?? "";
    const known = this.#served.get(token);
    if (known !== undefined) return known;
    const type = resourceTypeOf(token);
    if (type === undefined) {
      throw new Error(
        `The package ${pluginPackage} has no resource of the type ${token}. Check its spelling, or install a newer version of the plugin: this is ${packageVersion()}.`,
      );
    }
    const { isMarked } = resources[type];
    const served = new ServedResource(type, {
      adapter: adapterOf(this.#host, this.#configuration, ({ mark, urn }, account) =>
        isMarked === true && urn !== undefined ? marksOfPlugin(mark, urn, account) : undefined,
      ),
      providerName: this.#configuration.providerName,
    });
    this.#served.set(token, served);
    return served;
  }
}
