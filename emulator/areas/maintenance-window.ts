// The weekly maintenance window of an Advanced cluster. PUT replaces it as a whole, DELETE returns what it removed.

import type { ControlledArea, ControlParts } from "../area";
import { changeableClusterOf, liveClusterOf } from "../cluster/find";
import type { MaintenanceWindow } from "../cluster/patch-schedule";
import { patchSettingsOf, secondsOf } from "../cluster/patch-schedule";
import type { ClusterRecord } from "../cluster/record";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { ApiError, invalidValue, notFound } from "../server/errors";
import type { MessageShape } from "../server/protojson";
import { readMessage } from "../server/protojson";

const weekSeconds = 7 * 24 * 60 * 60;
/** The shortest window, inclusive. */
const minSeconds = 6 * 60 * 60;

/** A window as the API spells it; durations in seconds with the suffix "s", for example "172800s". */
export interface WireMaintenanceWindow {
  /** From Monday 00:00 UTC to the beginning of the window. */
  offset_duration: string;
  window_duration: string;
}

/** Maintenance windows outside the API. Cluster ids are UUIDs. */
export interface MaintenanceWindowControls {
  /** The window; undefined when none is set. */
  get(clusterId: string): WireMaintenanceWindow | undefined;
  /** Sets a window. @throws what the API refuses about its durations. */
  set(clusterId: string, window: WireMaintenanceWindow): void;
  /** Removes the window. */
  clear(clusterId: string): void;
}

const shape: MessageShape = {
  name: "cockroach.cloud.MaintenanceWindow",
  fields: { offset_duration: "duration", window_duration: "duration" },
};

function getMaintenanceWindow(call: Call): object {
  const window = patchSettingsOf(advancedOf(call, liveClusterOf(call))).maintenanceWindow;
  if (window === undefined) {
    if (call.context.assumptions.windowUnset === "empty-body") {
      return { offset_duration: "", window_duration: "" };
    }
    throw notSet();
  }
  return toWire(window);
}

function setMaintenanceWindow(call: Call): object {
  const window = windowOf(readBody(call, shape));
  const settings = patchSettingsOf(advancedOf(call, changeableClusterOf(call)));
  checkWindow(window);
  settings.maintenanceWindow = window;
  return toWire(window);
}

function deleteMaintenanceWindow(call: Call): object {
  const settings = patchSettingsOf(advancedOf(call, changeableClusterOf(call)));
  const removed = settings.maintenanceWindow;
  if (removed === undefined) {
    throw notSet();
  }
  settings.maintenanceWindow = undefined;
  return toWire(removed);
}

function advancedOf(call: Call, cluster: ClusterRecord): ClusterRecord {
  if (cluster.plan !== "ADVANCED") {
    throw new ApiError(
      call.context.assumptions.windowOnServerless,
      "maintenance windows are supported for advanced clusters only",
    );
  }
  return cluster;
}

function notSet(): Error {
  return notFound("maintenance window is not set");
}

function windowOf(asked: Partial<WireMaintenanceWindow>): MaintenanceWindow {
  return { offset: asked.offset_duration ?? "", length: asked.window_duration ?? "" };
}

function checkWindow(window: MaintenanceWindow): void {
  if (window.offset === "" || window.length === "") {
    const missing = window.offset === "" ? "offset_duration" : "window_duration";
    throw invalidValue(`${missing} is required`);
  }
  const offset = secondsOf(window.offset);
  const length = secondsOf(window.length);
  if (offset < 0 || offset >= weekSeconds) {
    throw invalidValue("offset_duration must not be negative and must be less than one week");
  }
  if (length < minSeconds || length >= weekSeconds) {
    throw invalidValue("window_duration must be at least 6 hours and less than one week");
  }
}

function toWire(window: MaintenanceWindow): WireMaintenanceWindow {
  return { offset_duration: window.offset, window_duration: window.length };
}

/** The maintenance window of a cluster. */
export const maintenanceWindowArea: ControlledArea<MaintenanceWindowControls> = {
  operations: {
    DeleteMaintenanceWindow: deleteMaintenanceWindow,
    GetMaintenanceWindow: getMaintenanceWindow,
    SetMaintenanceWindow: setMaintenanceWindow,
  },
  createControls: maintenanceWindowControls,
};

function maintenanceWindowControls({ findCluster }: ControlParts): MaintenanceWindowControls {
  return {
    get: (clusterId) => {
      const window = patchSettingsOf(findCluster(clusterId)).maintenanceWindow;
      return window && toWire(window);
    },
    set: (clusterId, asked) => {
      // Through the reader, so that it is stored as the API stores it.
      const window = windowOf(readMessage(JSON.stringify(asked), shape));
      checkWindow(window);
      patchSettingsOf(findCluster(clusterId)).maintenanceWindow = window;
    },
    clear: (clusterId) => {
      patchSettingsOf(findCluster(clusterId)).maintenanceWindow = undefined;
    },
  };
}
