// The operations on maintenance windows.

import type { ApiCall, Caller } from "./call";
import { orUndefinedWhenGone } from "./errors";
import type { WireMaintenanceWindow } from "./maintenance-window";
import { maintenanceWindowSchema } from "./maintenance-window";
import { path } from "./path";
import type { RequestOptions } from "./request-options";
import { everywhere, permission } from "./role";

/** The maintenance window of an Advanced cluster. */
export interface MaintenanceWindowsApi {
  /** Reads the window, `undefined` when none is set or there is no such cluster. */
  get(clusterId: string, options?: RequestOptions): Promise<WireMaintenanceWindow | undefined>;
  /** Sets the window, in place of one that is set already. */
  set(
    clusterId: string,
    window: WireMaintenanceWindow,
    options?: RequestOptions,
  ): Promise<WireMaintenanceWindow>;
  /**
   * Removes the window and answers it, or `undefined` when the API's answer did not show it. One that
   * a repeated request finds gone counts as removed; one that was never set is a `NotFoundError`.
   */
  delete(clusterId: string, options?: RequestOptions): Promise<WireMaintenanceWindow | undefined>;
}

const permitted = permission(["CA", "CO"], everywhere);

/** @internal */
export class MaintenanceWindowOperations implements MaintenanceWindowsApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async get(
    clusterId: string,
    options?: RequestOptions,
  ): Promise<WireMaintenanceWindow | undefined> {
    const call = windowCall("GET", "Reading", clusterId);
    return whenSet(await orUndefinedWhenGone(this.#caller.run(call, options)));
  }

  async set(
    clusterId: string,
    window: WireMaintenanceWindow,
    options?: RequestOptions,
  ): Promise<WireMaintenanceWindow> {
    const { offset_duration, window_duration } = window;
    const body = { offset_duration, window_duration };
    return await this.#caller.run({ ...windowCall("PUT", "Setting", clusterId), body }, options);
  }

  async delete(
    clusterId: string,
    options?: RequestOptions,
  ): Promise<WireMaintenanceWindow | undefined> {
    const call = windowCall("DELETE", "Removing", clusterId);
    return whenSet(await this.#caller.delete(call, options));
  }
}

function windowCall(
  method: "GET" | "PUT" | "DELETE",
  doing: string,
  clusterId: string,
): ApiCall<WireMaintenanceWindow> {
  const object = `the maintenance window of cluster ${clusterId}`;
  return {
    method,
    path: path`/api/v1/clusters/${clusterId}/maintenance-window`,
    operation: `${doing} ${object}`,
    object,
    permission: permitted,
    schema: maintenanceWindowSchema,
  };
}

// None lasts no time at all.
const notSet = new Set(["", "0s"]);

/** A window that lasts is set, and begins on Monday when the API does not say. */
function whenSet(window: WireMaintenanceWindow | undefined): WireMaintenanceWindow | undefined {
  if (window === undefined || notSet.has(window.window_duration)) return undefined;
  return window.offset_duration === "" ? { ...window, offset_duration: "0s" } : window;
}
