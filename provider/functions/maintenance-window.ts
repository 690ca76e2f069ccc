/** Reads the weekly time in which an Advanced cluster may be patched. */
import type * as pulumi from "@pulumi/pulumi";
import { parseDuration } from "../../sdk/index";
import type { ClusterReference } from "../program/cluster-reference";
import { weekSeconds } from "../values/weekly";
import { clusterIdIn, timeIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { orUndefinedWhenUnset } from "./cluster";

/** A weekly window. */
export interface MaintenanceWindowInfo {
  /** From Monday 00:00 UTC to the start: `"172800s"` is Wednesday 00:00. */
  offsetDuration: string;
  /** At least six hours, `"21600s"`. */
  windowDuration: string;
  /** When the next window begins, RFC 3339. */
  nextStartTime: string;
  /** When the next window ends, RFC 3339. */
  nextEndTime: string;
}

/** Whose window. */
export interface GetMaintenanceWindowArgs {
  /** Id of the cluster. */
  clusterId: string;
  /** The next window is the first one that begins then or later, RFC 3339. @default now */
  after?: string | Date;
}

/** Whose window. */
export interface GetMaintenanceWindowOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /** The next window is the first one that begins then or later, RFC 3339. @default now */
  after?: pulumi.Input<string> | Date;
}

/** Reads the maintenance window of a cluster, with the times of the next one, as a `BlackoutWindow` needs them. `undefined` when none is set. API operation: GetMaintenanceWindow. */
export function getMaintenanceWindow(
  args: GetMaintenanceWindowArgs,
  options?: FunctionOptions,
): Promise<MaintenanceWindowInfo | undefined> {
  return callFunction(maintenanceWindow, args, options);
}

/** `getMaintenanceWindow` for outputs. */
export function getMaintenanceWindowOutput(
  args: GetMaintenanceWindowOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<MaintenanceWindowInfo | undefined> {
  return callFunctionOutput(maintenanceWindow, args, options);
}

/** @internal */
export const maintenanceWindow: ProviderFunction<
  GetMaintenanceWindowArgs,
  MaintenanceWindowInfo | undefined
> = {
  name: "getMaintenanceWindow",
  async read(connection, args) {
    const id = clusterIdIn("getMaintenanceWindow", args);
    const after = timeIn("getMaintenanceWindow", "after", args.after);
    const { maintenanceWindows } = connection.cloud;
    const wire = await orUndefinedWhenUnset(connection, id, maintenanceWindows.get(id));
    if (wire === undefined) return undefined;
    const { offset_duration: offsetDuration, window_duration: windowDuration } = wire;
    const start = nextStart(offsetDuration, after === undefined ? Date.now() : Date.parse(after));
    return {
      ...{ offsetDuration, windowDuration },
      nextStartTime: rfc3339(start),
      nextEndTime: rfc3339(start + parseDuration(windowDuration) * 1_000),
    };
  },
};

const aMonday = Date.UTC(1970, 0, 5);

/** When the first window of that moment or later begins, in milliseconds. */
function nextStart(offsetDuration: string, after: number): number {
  const weekMs = weekSeconds * 1_000;
  const first = aMonday + parseDuration(offsetDuration) * 1_000;
  return first + Math.ceil((after - first) / weekMs) * weekMs;
}

function rfc3339(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}
