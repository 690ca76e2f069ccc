/** Reads the customer-managed encryption keys of an Advanced cluster. */
import type * as pulumi from "@pulumi/pulumi";
import type { CmekRegion } from "../cmek/args";
import { toState } from "../cmek/wire";
import type { ClusterReference } from "../program/cluster-reference";
import { clusterIdIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { orUndefinedWhenUnset } from "./cluster";

/** The encryption of a cluster with keys of the customer. */
export interface CmekClusterInfo {
  /** `DISABLED`, `ENABLING`, `ENABLED`, `ENABLE_FAILED`, `ROTATING`, `ROTATE_FAILED`, `REVOKING`, `REVOKED` or `REVOKE_FAILED`. */
  status: string;
  /** By name of the region; empty before encryption is enabled. */
  regionInfos: CmekRegion[];
}

/** Whose encryption. */
export interface GetCmekClusterInfoArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Whose encryption. */
export interface GetCmekClusterInfoOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Reads the encryption of a cluster; before it is enabled, the status is `DISABLED`. */
export function getCmekClusterInfo(
  args: GetCmekClusterInfoArgs,
  options?: FunctionOptions,
): Promise<CmekClusterInfo> {
  return callFunction(cmek, args, options);
}

/** `getCmekClusterInfo` for outputs. */
export function getCmekClusterInfoOutput(
  args: GetCmekClusterInfoOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<CmekClusterInfo> {
  return callFunctionOutput(cmek, args, options);
}

/** @internal */
export const cmek: ProviderFunction<GetCmekClusterInfoArgs, CmekClusterInfo> = {
  name: "getCmekClusterInfo",
  async read(connection, args) {
    const id = clusterIdIn("getCmekClusterInfo", args);
    // Before it is enabled the API returns DISABLED, or has been seen to respond with 404.
    const wire = await orUndefinedWhenUnset(connection, id, connection.cloud.cmek.get(id));
    if (wire === undefined) return { status: "DISABLED", regionInfos: [] };
    const { status, regions } = toState(id, wire, {});
    return { status, regionInfos: regions };
  },
};
