/** Lists the times in which the service leaves an Advanced cluster alone. */
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../program/cluster-reference";
import { clusterIdIn, collected } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** A time in which the service does nothing to a cluster that impairs SQL or restarts nodes. */
export interface BlackoutWindowInfo {
  /** UUID. */
  id: string;
  /** The start, RFC 3339. */
  startTime: string;
  /** The end, RFC 3339. */
  endTime: string;
}

/** Whose windows. */
export interface ListBlackoutWindowsArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Whose windows. */
export interface ListBlackoutWindowsOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Lists the blackout windows of an Advanced cluster by their start, those of the past too. The organization must be enrolled. API operation: ListBlackoutWindows. */
export function listBlackoutWindows(
  args: ListBlackoutWindowsArgs,
  options?: FunctionOptions,
): Promise<BlackoutWindowInfo[]> {
  return callFunction(blackoutWindows, args, options);
}

/** `listBlackoutWindows` for outputs. */
export function listBlackoutWindowsOutput(
  args: ListBlackoutWindowsOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<BlackoutWindowInfo[]> {
  return callFunctionOutput(blackoutWindows, args, options);
}

/** @internal */
export const blackoutWindows: ProviderFunction<ListBlackoutWindowsArgs, BlackoutWindowInfo[]> = {
  name: "listBlackoutWindows",
  async read({ cloud }, args) {
    const id = clusterIdIn("listBlackoutWindows", args);
    return (await collected(cloud.blackoutWindows.list(id))).map((window) => ({
      id: window.id,
      startTime: window.start_time,
      endTime: window.end_time,
    }));
  },
};
