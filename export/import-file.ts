/**
 * The file for `pulumi import --file`. Pulumi cannot read an object that is not in state through a dynamic
 * provider, so each entry includes its state: inputs as the program registers them, and outputs.
 */
import { storedOutputs } from "../provider/dynamic/dynamic-provider";
import { delegateTo } from "../provider/program/registration";
import { resourceTypes, typeToken } from "../provider/resource/resource-types";
import { inFileForm, toStorable } from "../provider/values/state-values";
import type { ExportedResource } from "./exported-resource";

/** The text of the file. */
export function importFileOf(resources: readonly ExportedResource[], takenAt: string): string {
  const entries = resources.map(({ type, name, id, inputs, state }) => {
    const text = { __provider: delegateTo(resourceTypes[type].stem) };
    return {
      type: typeToken(type),
      name,
      id,
      inputs: toStorable({ ...inputs, ...text }),
      outputs: inFileForm({ ...storedOutputs(toStorable(state), inputs, takenAt), ...text }),
    };
  });
  return `${JSON.stringify({ resources: entries }, null, 2)}\n`;
}
