/** The functions of the package as the engine invokes them. */
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { settingsFrom } from "../provider/engine/configuration";
import type { Host } from "../provider/engine/host";
import { ArgumentError, readably } from "../provider/functions/call";
import { functions, listPropertyOf } from "../provider/functions/table";
import type { CheckFailure } from "../provider/resource/check";
import { likelyName } from "../provider/resource/misspelt-argument";
import { pluginPackage, pluginToken } from "../provider/resource/resource-types";
import { withoutLeftOut } from "../provider/values/left-out";
import { markSecrets, textsAt } from "../provider/values/secrets";
import { toStorable } from "../provider/values/state-values";
import type { Configuration } from "./configuration";
import { checkFailure, fromStruct, toStruct } from "./messages";
import packageSchema from "./schema.json";

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
  const args = withoutLeftOut(values);
  const response = new provider.InvokeResponse();
  const misspelt = misspeltArguments(request.getTok(), Object.keys(args));
  if (misspelt.length > 0) {
    response.setFailuresList(misspelt.map(checkFailure));
    return response;
  }
  const show = (text: string) =>
    host.reporter.report("", "info", `${name}: ${text}`, { ephemeral: true });
  try {
    const read = () =>
      called.read(
        host.connect(settingsFrom(configuration, host.environment), configuration),
        args as never,
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

/** What the program passes and the function does not have: the hosts of languages pass on what they do not know. */
function misspeltArguments(token: string, passed: readonly string[]): CheckFailure[] {
  const described: Readonly<
    Record<string, { description: string; inputs?: { properties: object } }>
  > = packageSchema.functions;
  const names = Object.keys(described[token]?.inputs?.properties ?? {});
  return passed
    .filter((name) => !names.includes(name))
    .map((name) => {
      const meant = likelyName(names, name);
      const known = names.length === 0 ? "It takes none." : `It takes ${names.join(", ")}.`;
      const advice = meant === undefined ? known : `Did you mean ${meant}?`;
      return { property: name, reason: `${name} is not an argument of this function. ${advice}` };
    });
}

/** The result as the protocol carries it: nothing but an object. */
function asObject(name: string, result: unknown): object {
  const list = listPropertyOf(name);
  return toStorable(list === undefined ? ((result ?? {}) as object) : { [list]: result });
}
