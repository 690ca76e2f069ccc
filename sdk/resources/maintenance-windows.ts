// Maintenance windows of Advanced clusters.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import { undefinedIfNotFound } from "../http/errors";
import { path } from "../http/path";
import { textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** A weekly window. Its durations are protobuf's: `parseDuration` and `formatDuration` convert them. */
export interface WireMaintenanceWindow {
  /** From Monday 00:00 UTC to the start: `"172800s"` is Wednesday 00:00. Less than a week. */
  offset_duration: string;
  /** At least six hours, `"21600s"`, and less than a week. */
  window_duration: string;
}

/** @internal What is not set reads as empty: the API may return that for a cluster without a window. */
export const maintenanceWindowSchema = z.object({
  offset_duration: textSchema,
  window_duration: textSchema,
});

const permitted = permission(["CA", "CO"], everywhere);

/** The maintenance window of an Advanced cluster. */
export class MaintenanceWindowsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Reads the window, `undefined` when none is set or there is no such cluster. */
  async get(
    clusterId: string,
    options?: RequestOptions,
  ): Promise<WireMaintenanceWindow | undefined> {
    const call = windowCall("GET", "Reading", clusterId);
    return whenSet(await undefinedIfNotFound(this.#caller.run(call, options)));
  }

  /** Sets the window, in place of one that is set already. */
  async set(
    clusterId: string,
    window: WireMaintenanceWindow,
    options?: RequestOptions,
  ): Promise<WireMaintenanceWindow> {
    const { offset_duration, window_duration } = window;
    const body = { offset_duration, window_duration };
    return await this.#caller.run({ ...windowCall("PUT", "Setting", clusterId), body }, options);
  }

  /**
   * Removes the window and returns it, or `undefined` when the response does not have it. One that
   * a retry does not find counts as removed; one that was never set is a `NotFoundError`.
   */
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
