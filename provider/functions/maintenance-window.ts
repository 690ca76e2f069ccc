/** Reads the weekly time in which an Advanced cluster may be patched. */
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../program/cluster-reference";
import { clusterIdIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { orUndefinedWhenUnset } from "./cluster";

/** A weekly window. */
export interface MaintenanceWindowInfo {
  /** From Monday 00:00 UTC to the start: `"172800s"` is Wednesday 00:00. */
  offsetDuration: string;
  /** At least six hours, `"21600s"`. */
  windowDuration: string;
}

/** Whose window. */
export interface GetMaintenanceWindowArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Whose window. */
export interface GetMaintenanceWindowOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Reads the maintenance window of a cluster, `undefined` when none is set. */
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
    const { maintenanceWindows } = connection.cloud;
    const wire = await orUndefinedWhenUnset(connection, id, maintenanceWindows.get(id));
    return wire && { offsetDuration: wire.offset_duration, windowDuration: wire.window_duration };
  },
};
