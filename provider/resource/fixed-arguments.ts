/** Arguments that can never change, where a read shows another value. */

import { valueAt, withValueAt } from "../values/property-value";
import { isInState } from "../values/state-values";
import type { Lifecycle, Note, Stored } from "./lifecycle";
import { warning } from "./lifecycle";

interface Found<Inputs, State> {
  state: State;
  inputs: Inputs;
}

/**
 * What a read has found. Where the service gives the id, the object is the same, and so is an argument that can never
 * change: another value would replace it by the next update. An id that the arguments say may be that of another object
 * by now, so there it is drift.
 */
export function withFixed<Inputs extends object, State extends object>(
  { fixed = [], identify, kind, diff }: Lifecycle<Inputs, State>,
  id: string,
  { state: before, inputs, isFromBridge }: Stored<Inputs, Partial<State>>,
  found: Found<Inputs, State>,
): Found<Inputs, State> & { note?: Note } {
  if (isFromBridge || !isInState(inputs) || identify?.(inputs as never) !== undefined) return found;
  const replacing = (state: Partial<State>) =>
    diff(id, { state: state as State, inputs, isFromBridge }, inputs as Inputs).replaces;
  const known = replacing(before);
  const changed = replacing(found.state).filter(
    (property) => fixed.includes(property) && !known.includes(property),
  );
  if (changed.length === 0) return found;
  const differences = changed.map((property) => {
    const [shown, was] = [found.state, before].map((state) =>
      JSON.stringify(valueAt(state, property)),
    );
    return `${property} is ${shown ?? "not set"} there and ${was ?? "not set"} in state`;
  });
  const message = `The service returns another value of an argument of this ${kind} that can never change: ${differences.join("; ")}. State stays as it is, and nothing is replaced for that. Run \`pulumi refresh\` again; if it shows the same, ask the support of Cockroach Labs. To manage the ${kind} as the service shows it, write that in the program, remove the resource from state with \`pulumi state delete\`, and add the option {import: "${id}"} to it.`;
  const kept = <Values extends object>(values: Values, from: object) =>
    changed.reduce((all, property) => withValueAt(all, property, valueAt(from, property)), values);
  return {
    state: kept(found.state, before),
    inputs: kept(found.inputs, inputs),
    note: warning(message),
  };
}
