/**
 * The file that `pulumi import --file` takes. Pulumi cannot ask a dynamic provider about an object that is
 * in no state, so each entry brings its state along: inputs as the program registers them, and outputs.
 */
import { storedOutputs } from "../provider/engine/lifecycle";
import { delegateTo } from "../provider/engine/registration";
import { resourceTypes, typeToken } from "../provider/resource/resource-types";
import { inFileForm, storable } from "../provider/values/state-values";
import type { ExportedResource } from "./exported-resource";

/** The text of the file. */
export function importFileOf(resources: readonly ExportedResource[], takenAt: string): string {
  const entries = resources.map(({ type, name, id, inputs, state }) => {
    const text = { __provider: delegateTo(resourceTypes[type].stem) };
    return {
      type: typeToken(type),
      name,
      id,
      inputs: storable({ ...inputs, ...text }),
      outputs: inFileForm({ ...storedOutputs(storable(state), inputs, takenAt), ...text }),
    };
  });
  return `${JSON.stringify({ resources: entries }, null, 2)}\n`;
}
