// Between the provider and Pulumi's server: what of its responses is secret, and whether it is marked as such.

import type { DynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { allResourceTypes } from "../../../provider/resource/resource-types";
import { casesOf } from "../../conformance/resource-cases";

type Properties = Record<string, unknown>;

/** The signature by which Pulumi marks a secret in the properties of a resource. */
const mark = "4dabf18193072939515e22adb298388d";

export interface Secrets {
  readonly seen: Set<string>;
  /** Outputs that are secret and were not marked. */
  readonly inPlainText: Set<string>;
}

/** The same provider, whose secrets are noted: those of resources of this type, or of all. */
export function noting(
  { seen, inPlainText }: Secrets,
  provider: DynamicProvider,
  type?: ResourceType,
): DynamicProvider {
  const types = type === undefined ? allResourceTypes : [type];
  const names = new Set(types.flatMap((one) => casesOf[one].secretOutputs ?? []));
  const note = (properties: Properties | undefined): void => {
    for (const name of names) {
      const value = properties?.[name];
      if (value === undefined) continue;
      if (typeof value === "object" && value !== null && mark in value) {
        const { value: secret } = value as { value?: unknown };
        if (typeof secret === "string") seen.add(secret);
      } else inPlainText.add(name);
    }
  };
  const noted = async <Result>(
    work: Promise<Result>,
    propertiesOf: (result: Result) => Properties | undefined,
  ): Promise<Result> => {
    try {
      const result = await work;
      note(propertiesOf(result));
      return result;
    } catch (error) {
      note((error as { properties?: Properties }).properties);
      throw error;
    }
  };
  return {
    ...provider,
    create: (...given) => noted(provider.create(...given), ({ outs }) => outs),
    read: (...given) => noted(provider.read(...given), ({ props }) => props),
    update: (...given) => noted(provider.update(...given), ({ outs }) => outs),
  };
}
