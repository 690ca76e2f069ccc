/** Reads how long an Advanced cluster puts patch upgrades off. */
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../program/cluster-reference";
import { omitUndefined } from "../values/omit-undefined";
import { clusterIdIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { orUndefinedWhenUnset } from "./cluster";

/** The deferral of a cluster. */
export interface VersionDeferralInfo {
  /** `NOT_DEFERRED`, `DEFERRAL_30_DAYS`, `DEFERRAL_60_DAYS` or `DEFERRAL_90_DAYS`. */
  deferralPolicy: string;
  /** RFC 3339; absent unless a patch is being put off. */
  deferredUntil?: string;
}

/** Whose deferral. */
export interface GetVersionDeferralArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Whose deferral. */
export interface GetVersionDeferralOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/**
 * Reads the version deferral of a cluster, `NOT_DEFERRED` when none was ever set, and until when a pending patch is
 * deferred.
 */
export function getVersionDeferral(
  args: GetVersionDeferralArgs,
  options?: FunctionOptions,
): Promise<VersionDeferralInfo> {
  return callFunction(versionDeferral, args, options);
}

/** `getVersionDeferral` for outputs. */
export function getVersionDeferralOutput(
  args: GetVersionDeferralOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<VersionDeferralInfo> {
  return callFunctionOutput(versionDeferral, args, options);
}

/** @internal */
export const versionDeferral: ProviderFunction<GetVersionDeferralArgs, VersionDeferralInfo> = {
  name: "getVersionDeferral",
  async read(connection, args) {
    const id = clusterIdIn("getVersionDeferral", args);
    const { versionDeferrals } = connection.cloud;
    const wire = await orUndefinedWhenUnset(connection, id, versionDeferrals.get(id));
    const policy = wire?.deferral_policy ?? "NOT_DEFERRED";
    return {
      // An old name of the same.
      deferralPolicy: policy === "FIXED_DEFERRAL" ? "DEFERRAL_60_DAYS" : policy,
      ...omitUndefined({ deferredUntil: wire?.deferred_until }),
    };
  },
};
