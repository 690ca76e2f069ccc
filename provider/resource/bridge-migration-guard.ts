/**
 * The first update of a resource that another provider has left in state replaces nothing: the state may be
 * outdated, and a program in new words may be wrong.
 */
import { valueAt } from "../values/property-value";
import { hasUnknown } from "../values/unknown";

/** Why the update is refused; undefined when none of these properties is known to differ. */
export function migrationRefusal(
  state: object,
  news: object,
  properties: readonly string[],
): string | undefined {
  const differences = properties.flatMap((property) => {
    const [is, says] = [state, news].map((root) => valueAt(root, property));
    // What is not known yet may turn out equal. What the program cannot say is none of its mistakes.
    if (says === undefined || hasUnknown(says)) return [];
    return `${property} is ${JSON.stringify(is) ?? "not known"} but the program has ${JSON.stringify(says)}`;
  });
  return differences.length === 0
    ? undefined
    : `The state of another provider has this otherwise: ${differences.join("; ")}. Moving to this provider replaces nothing: make the arguments equal to what there is, and change them after the move.`;
}
