/** The configuration of a provider: that of the stack, or the arguments of an explicit one. */
import type * as provider from "@pulumi/pulumi/proto/provider_pb";
import { DiffResponse } from "@pulumi/pulumi/proto/provider_pb";
import { z } from "zod";
import type { Properties } from "../provider/engine/adapter";
import type { ConfigurationSource, Settings } from "../provider/engine/configuration";
import {
  configurationKeys,
  explicitProviderKey,
  isDefaultProvider,
  secretSettings,
} from "../provider/engine/configuration";
import { withoutHiddenValue } from "../provider/engine/diagnostics";
import { resourceNameIn } from "../provider/engine/run-record";
import { shapeFailures } from "../provider/resource/check";
import { ConfigurationError } from "../provider/resource/errors";
import { withoutLeftOut } from "../provider/values/left-out";
import { markSecrets } from "../provider/values/secrets";
import { isUnknown } from "../provider/values/unknown";
import { checkResponse, fromStruct } from "./messages";

const settings = Object.keys(configurationKeys) as (keyof Settings)[];

/** What the engine itself puts among the arguments. */
const ofEngine = ["version", "pluginDownloadURL", "__internal"];

const schema = z.strictObject(
  Object.fromEntries(settings.map((setting) => [setting, z.string().optional()] as const)),
);

/** Refuses a misspelt argument, and keeps the credential secret. */
export function checkConfiguration(request: provider.CheckRequest): provider.CheckResponse {
  const { values, secretPaths } = fromStruct(request.getNews());
  const given = withoutLeftOut(values);
  const own = Object.fromEntries(Object.entries(given).filter(([key]) => !ofEngine.includes(key)));
  const secrets = [...secretPaths, ...secretSettings.map((setting) => [setting])];
  // A misspelt key is still a key.
  const failures = shapeFailures(schema, own).map((failure) =>
    withoutHiddenValue(failure, own, secrets, true, (text) => text),
  );
  return checkResponse(markSecrets(given, secrets, []), failures);
}

/** Another credential or address is for the same organization, so it never replaces a resource. */
export function diffConfiguration(request: provider.DiffRequest): provider.DiffResponse {
  const [before, after] = [request.getOldInputs() ?? request.getOlds(), request.getNews()].map(
    (values) => fromStruct(values).values,
  ) as [Properties, Properties];
  const changed = settings.filter((setting) => before[setting] !== after[setting]);
  const response = new DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
  response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(changed);
  return response;
}

/** What a provider was configured with. */
export interface Configuration extends ConfigurationSource {
  /** Name of the explicit provider; undefined where it is the default one. */
  readonly providerName: string | undefined;
}

export function configurationIn(request: provider.ConfigureRequest): Configuration {
  const { values } = fromStruct(request.getArgs());
  const name = resourceNameIn(request.getUrn() ?? "");
  const isDefault = name === "" || isDefaultProvider(name);
  const settingOf = Object.fromEntries(settings.map((key) => [configurationKeys[key], key]));
  return {
    providerName: isDefault ? undefined : name,
    get(key) {
      if (key === explicitProviderKey) return isDefault ? undefined : "true";
      const value = values[settingOf[key] ?? ""];
      if (isUnknown(value)) {
        throw new ConfigurationError(
          `The argument ${settingOf[key]} of the provider is not known yet: it comes from a resource that this preview would create.`,
        );
      }
      return typeof value === "string" ? value : undefined;
    },
  };
}

/** What is in force before the engine has configured anything. */
export const unconfigured: Configuration = { providerName: undefined, get: () => undefined };
