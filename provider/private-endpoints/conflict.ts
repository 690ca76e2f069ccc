/** Two resources of one program that decide about the same private endpoint. */
import type { OthersInRun } from "../engine/run-record";
import type { CheckFailure } from "../resource/check";
import { hasUnknown } from "../values/unknown";

/** Fails where the program has another resource for the endpoint: each would undo what the other does. */
export function endpointConflicts(
  { clusterId, endpointId }: Readonly<Record<string, unknown>>,
  others: OthersInRun,
  other: { readonly kind: string; readonly type: string },
): CheckFailure[] {
  if (hasUnknown([clusterId, endpointId])) return [];
  return others(other.kind)
    .filter(
      ({ inputs }) => inputs["endpointId"] === endpointId && inputs["clusterId"] === clusterId,
    )
    .map(({ name }) => ({
      property: "endpointId",
      reason: `is the endpoint of ${other.type} "${name}" too, and the two would undo each other's decision: remove one of them.`,
    }));
}
