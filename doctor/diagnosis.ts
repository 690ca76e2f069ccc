/**
 * What is wrong between a stack's state and the organization, and what mends it.
 *
 * Pure: everything that was seen comes in, and the findings go out. There is one finding for each
 * resource at most, the one whose remedy comes first; and one for each cluster that holds more than the state.
 */
import type { Case, Finding } from "./finding";
import { ofPending } from "./interrupted-operations";
import { lostClusters } from "./lost-clusters";
import { ofResource } from "./resources-in-state";
import { isOwnCluster, unmanagedParts } from "./unmanaged-parts";

const severities = ["error", "warning", "hint"] as const satisfies Finding["severity"][];

/** Everything that is wrong, the worst first. */
export function diagnose(one: Case): Finding[] {
  const { state } = one;
  const resources = state.resources.filter((resource) => one.isReached(resource));
  const pending = state.pending.filter(({ resource }) => one.isReached(resource));
  const busy = new Set(pending.map(({ resource }) => resource.urn));
  const findings = [
    ...pending.map((operation) => ofPending(operation, one)),
    ...resources
      .filter(({ urn, isReplaced }) => isReplaced || !busy.has(urn))
      .flatMap((resource) => ofResource(resource, one)),
    ...lostClusters(one),
    ...unmanagedParts(resources.filter(isOwnCluster), one),
  ];
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  return findings.sort((a, b) => rank(a) - rank(b) || compare(a.urn ?? "", b.urn ?? ""));
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
