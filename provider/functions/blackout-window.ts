/** Reads the times in which the service leaves an Advanced cluster alone. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireBlackoutWindow } from "../../sdk/index";
import type { ClusterReference } from "../program/cluster-reference";
import { clusterIdIn, collect, orderIn, textIn } from "./arguments";
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
  /**
   * `ASC` begins with the earliest start, `DESC` with the latest.
   * @default "ASC"
   */
  sortOrder?: "ASC" | "DESC";
  /** Most windows to list. @default no bound */
  limit?: number;
}

/** Whose windows. */
export interface ListBlackoutWindowsOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /**
   * `ASC` begins with the earliest start, `DESC` with the latest.
   * @default "ASC"
   */
  sortOrder?: pulumi.Input<"ASC" | "DESC">;
  /** Most windows to list. @default no bound */
  limit?: pulumi.Input<number>;
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

/** Which blackout window. */
export interface GetBlackoutWindowArgs {
  /** Id of the cluster. */
  clusterId: string;
  /** UUID of the window. */
  blackoutWindowId: string;
}

/** Which blackout window. */
export interface GetBlackoutWindowOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /** UUID of the window: the output `blackoutWindowId` of a `BlackoutWindow`. */
  blackoutWindowId: pulumi.Input<string>;
}

/** Reads a blackout window of an Advanced cluster. Fails when there is none. The organization must be enrolled. API operation: GetBlackoutWindow. */
export function getBlackoutWindow(
  args: GetBlackoutWindowArgs,
  options?: FunctionOptions,
): Promise<BlackoutWindowInfo> {
  return callFunction(oneBlackoutWindow, args, options);
}

/** `getBlackoutWindow` for outputs. */
export function getBlackoutWindowOutput(
  args: GetBlackoutWindowOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<BlackoutWindowInfo> {
  return callFunctionOutput(oneBlackoutWindow, args, options);
}

/** @internal */
export const blackoutWindows: ProviderFunction<ListBlackoutWindowsArgs, BlackoutWindowInfo[]> = {
  name: "listBlackoutWindows",
  async read({ cloud }, args) {
    const id = clusterIdIn("listBlackoutWindows", args);
    const { query, limit } = orderIn("listBlackoutWindows", args);
    return (await collect(cloud.blackoutWindows.list(id, query), limit)).map(toInfo);
  },
};

/** @internal */
export const oneBlackoutWindow: ProviderFunction<GetBlackoutWindowArgs, BlackoutWindowInfo> = {
  name: "getBlackoutWindow",
  async read({ cloud }, args) {
    const clusterId = clusterIdIn("getBlackoutWindow", args);
    const id = textIn(
      "getBlackoutWindow",
      "blackoutWindowId",
      args.blackoutWindowId,
      "the id of a window",
    );
    return toInfo(await cloud.blackoutWindows.get(clusterId, id));
  },
};

function toInfo({ id, start_time, end_time }: WireBlackoutWindow): BlackoutWindowInfo {
  return { id, startTime: start_time, endTime: end_time };
}
