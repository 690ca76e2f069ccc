/** What a part can check, at preview, of the cluster that the program gives it. */
import type { ClusterInRun } from "../engine/run-record";
import type { CheckFailure } from "../resource/check";
import { valueAt } from "../values/property-value";
import { hasUnknown, isUnknown } from "../values/unknown";

/** Fails where the cluster has no such region; where its regions are not known yet, each may be one. */
export function regionFailures(
  property: string,
  region: unknown,
  cluster: ClusterInRun | undefined,
): CheckFailure[] {
  const known = cluster === undefined ? undefined : regionsIn(cluster);
  if (cluster === undefined || known === undefined) return [];
  if (typeof region !== "string" || isUnknown(region) || known.includes(region)) return [];
  const reason = `must be a region of the cluster. Cluster "${cluster.name}" has ${known.join(", ")}, not "${region}".`;
  return [{ property, reason }];
}

/** The cloud of the cluster, where it is known. */
export function cloudOf(cluster: ClusterInRun | undefined): string | undefined {
  return knownText(cluster?.inputs["cloudProvider"]);
}

/** The plan of the cluster, where it is known. */
export function planOf(cluster: ClusterInRun | undefined): string | undefined {
  return knownText(cluster?.inputs["plan"]);
}

/** Fails where the cluster is in another cloud than this one, which alone has the object. */
export function cloudFailures(cloud: string, cluster: ClusterInRun | undefined): CheckFailure[] {
  const actual = cloudOf(cluster);
  if (actual === undefined || actual === cloud) return [];
  const reason = `must be a cluster on ${cloud}. Cluster "${cluster?.name}" is on ${actual}: remove this resource.`;
  return [{ property: "clusterId", reason }];
}

/** Fails where the cluster has not the plan Advanced, which alone takes the argument. */
export function advancedOnlyFailures(
  property: string,
  cluster: ClusterInRun | undefined,
): CheckFailure[] {
  const plan = planOf(cluster);
  if (plan === undefined || plan === "ADVANCED") return [];
  const reason = `is for the plan ADVANCED only, and cluster "${cluster?.name}" has the plan ${plan}: leave it out.`;
  return [{ property, reason }];
}

function knownText(value: unknown): string | undefined {
  return typeof value === "string" && !isUnknown(value) ? value : undefined;
}

/** The regions of the cluster, where they are known. */
export function regionsIn({ inputs }: ClusterInRun): readonly string[] | undefined {
  const serverless = valueAt(inputs, ["serverless", "regions"]);
  const dedicated = valueAt(inputs, ["dedicated", "regionNodes"]);
  if (hasUnknown([serverless, dedicated])) return undefined;
  if (Array.isArray(serverless)) return serverless;
  return typeof dedicated === "object" && dedicated !== null ? Object.keys(dedicated) : undefined;
}
