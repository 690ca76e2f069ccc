/** The functions of the package as the engine invokes them. */
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { settingsFrom } from "../provider/engine/configuration";
import type { Host } from "../provider/engine/host";
import { ArgumentError, readably } from "../provider/functions/call";
import { functions, listPropertyOf } from "../provider/functions/table";
import { pluginPackage, pluginToken } from "../provider/resource/resource-types";
import { withoutLeftOut } from "../provider/values/left-out";
import { markSecrets, textsAt } from "../provider/values/secrets";
import { toStorable } from "../provider/values/state-values";
import type { Configuration } from "./configuration";
import { checkFailure, fromStruct, toStruct } from "./messages";

export async function invoke(
  request: provider.InvokeRequest,
  host: Host,
  configuration: Configuration,
): Promise<provider.InvokeResponse> {
  const name = request.getTok().split(":").at(-1) ?? "";
  const called = functions.get(name);
  if (called === undefined || pluginToken(name) !== request.getTok()) {
    throw new Error(
      `The package ${pluginPackage} has no function ${request.getTok()}. Check its spelling, or install a newer version of the plugin.`,
    );
  }
  const { values, secretPaths } = fromStruct(request.getArgs());
  const response = new provider.InvokeResponse();
  const show = (text: string) =>
    host.reporter.report("", "info", `${name}: ${text}`, { ephemeral: true });
  try {
    const read = () =>
      called.read(
        host.connect(settingsFrom(configuration, host.environment), configuration),
        withoutLeftOut(values) as never,
      );
    const texts = textsAt(values, secretPaths);
    const result = await readably(name, configuration, show, read, texts);
    const returned = asObject(name, result);
    const secrets = called.isSecret === true ? Object.keys(returned).map((key) => [key]) : [];
    response.setReturn(toStruct(markSecrets(returned, secrets, [])));
  } catch (error) {
    if (!ArgumentError.isInstance(error)) throw error;
    response.setFailuresList([checkFailure({ property: "", reason: error.message })]);
  }
  return response;
}

/** The result as the protocol carries it: nothing but an object. */
function asObject(name: string, result: unknown): object {
  const list = listPropertyOf(name);
  return toStorable(list === undefined ? ((result ?? {}) as object) : { [list]: result });
}
