/**
 * Compares a stack's state with the organization: what is wrong, and how to fix it.
 *
 * Pure. There is at most one finding for each resource, the one to fix first; and one for each cluster that
 * holds more than the state.
 */
import { combinedTroubles } from "./combinations";
import type { DiagnosisContext, Finding } from "./finding";
import { ofPending } from "./interrupted-operations";
import { lostClusters } from "./lost-clusters";
import { lostKeys } from "./lost-keys";
import { ofResource } from "./resources-in-state";
import { isOwnCluster, unmanagedParts } from "./unmanaged-parts";

const severities = ["error", "warning", "hint"] as const satisfies Finding["severity"][];

/** Everything that is wrong, the worst first. */
export function diagnose(context: DiagnosisContext): Finding[] {
  const { state } = context;
  const resources = state.resources.filter((resource) => context.isReached(resource));
  const pending = state.pending.filter(({ resource }) => context.isReached(resource));
  const busy = new Set(pending.map(({ resource }) => resource.urn));
  const findings = [
    ...pending.map((operation) => ofPending(operation, context)),
    ...resources
      .filter(({ urn, isReplaced }) => isReplaced || !busy.has(urn))
      .flatMap((resource) => ofResource(resource, context)),
    ...lostClusters(context),
    ...lostKeys(context),
    ...unmanagedParts(resources.filter(isOwnCluster), context),
  ];
  const named = new Set(findings.map(({ urn }) => urn));
  const combined = combinedTroubles(resources, context).filter(
    ({ urn }) => urn === undefined || !named.has(urn),
  );
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  return [...findings, ...combined].sort(
    (a, b) => rank(a) - rank(b) || compare(a.urn ?? "", b.urn ?? ""),
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
