// Blackout windows: times in which the service leaves an Advanced cluster alone. Patches wait for their end.

import { randomUUID } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import { changeableClusterOf, liveClusterOf } from "../cluster/find";
import type { BlackoutWindow } from "../cluster/patch-schedule";
import { blackoutWindowsOf, maintenanceStarts, patchSettingsOf } from "../cluster/patch-schedule";
import type { ClusterRecord } from "../cluster/record";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { checkEnrolled } from "../server/enrollment";
import { ApiError, failedPrecondition, invalidValue } from "../server/errors";
import { momentKey } from "../server/paging";
import { timestamp } from "../server/protobuf-values";
import type { Field } from "../server/protojson";
import { collection } from "./collection";

const dayMs = 24 * 60 * 60 * 1000;
const leadMs = 7 * dayMs;
const maxLengthMs = 14 * dayMs;
const maxMonthsAhead = 3;

/** A window as the API spells it. */
export interface WireBlackoutWindow {
  id: string;
  cluster_id: string;
  /** RFC 3339. */
  start_time: string;
  /** RFC 3339. */
  end_time: string;
}

/** Blackout windows outside the API. Cluster ids are UUIDs. */
export interface BlackoutWindowControls {
  /** The windows of a cluster, by their start. */
  list(clusterId: string): WireBlackoutWindow[];
  /** Adds a window without any rule, also one of the past. Returns its UUID. */
  add(clusterId: string, startTime: string, endTime: string): string;
  /** Moves a window without any rule. @throws when there is none. */
  edit(clusterId: string, id: string, changes: { startTime?: string; endTime?: string }): void;
  /** Removes a window. */
  remove(clusterId: string, id: string): void;
}

interface Times {
  start_time?: string;
  end_time?: string;
}

const fields: Readonly<Record<string, Field>> = { start_time: "timestamp", end_time: "timestamp" };

const windows = collection<BlackoutWindow, Times>({
  noun: "blackout window",
  parameter: "blackout_window_id",
  listed: "blackout_windows",
  shapes: {
    create: { name: "cockroach.cloud.CreateBlackoutWindowRequest", fields },
    update: { name: "cockroach.cloud.UpdateBlackoutWindowSpecification", fields },
  },
  itemsOf: (call) => blackoutWindowsOf(advancedOf(call)),
  sortKey: ({ start, id }) => [momentKey(start), id],
  toWire: ({ clusterId }, window) => toWire(clusterId, window),
  showsDeleted: true,

  create(call, { start_time, end_time }) {
    const cluster = advancedOf(call);
    for (const [name, time] of Object.entries({ start_time, end_time })) {
      if (time === undefined) {
        throw invalidValue(`${name} is required`);
      }
    }
    const window = {
      id: randomUUID(),
      createdAt: call.now,
      start: Date.parse(start_time ?? ""),
      end: Date.parse(end_time ?? ""),
    };
    checkStart(window, call);
    checkEnd(window, call);
    checkNeighbours(window, cluster, call.context);
    return window;
  },

  update(call, window, { start_time, end_time }) {
    const next = {
      ...window,
      start: start_time === undefined ? window.start : Date.parse(start_time),
      end: end_time === undefined ? window.end : Date.parse(end_time),
    };
    if (next.start !== window.start) {
      checkStart(next, call);
    }
    checkEnd(next, call);
    checkNeighbours(next, advancedOf(call), call.context);
    Object.assign(window, next);
  },
});

function advancedOf(call: Call): ClusterRecord {
  checkEnrolled(call.context);
  const isRead = call.operation.method === "GET";
  const cluster = isRead ? liveClusterOf(call) : changeableClusterOf(call);
  if (cluster.plan !== "ADVANCED") {
    throw invalidValue("blackout windows are supported for advanced clusters only");
  }
  return cluster;
}

function checkStart({ start }: BlackoutWindow, { now }: Call): void {
  if (start < now + leadMs) {
    throw invalidValue("start_time must be at least 7 days in the future");
  }
}

function checkEnd({ start, end }: BlackoutWindow, { now }: Call): void {
  if (end <= start) {
    throw invalidValue("end_time must be after start_time");
  }
  if (end - start > maxLengthMs) {
    throw invalidValue("a blackout window can be at most 14 days long");
  }
  const latest = new Date(now);
  latest.setUTCMonth(latest.getUTCMonth() + maxMonthsAhead);
  if (end > latest.getTime()) {
    throw invalidValue("end_time must be at most three months in the future");
  }
}

/** What a window may not do together with the others and the maintenance window. */
function checkNeighbours(
  window: BlackoutWindow,
  cluster: ClusterRecord,
  { assumptions }: EmulatorContext,
): void {
  const { windowsMayOverlap, blackoutNeedsMaintenanceWindow } = assumptions;
  const others = [...blackoutWindowsOf(cluster).values()].filter(({ id }) => id !== window.id);
  if (
    !windowsMayOverlap &&
    others.some((one) => one.start < window.end && window.start < one.end)
  ) {
    throw new ApiError({ status: 409, code: 6 }, "blackout windows must not overlap");
  }
  const { maintenanceWindow } = patchSettingsOf(cluster);
  if (maintenanceWindow === undefined) {
    if (blackoutNeedsMaintenanceWindow) {
      throw failedPrecondition("blackout windows need a maintenance window");
    }
    return;
  }
  const all = [...others, window];
  const isCovered = ([start, end]: readonly [number, number]) =>
    all.some((one) => one.start <= start && end <= one.end);
  const from = Math.min(...all.map(({ start }) => start));
  const to = Math.max(...all.map(({ end }) => end));
  const covered = maintenanceStarts(maintenanceWindow, from, to).map(isCovered);
  if (covered.some((isFirst, index) => isFirst && covered[index + 1] === true)) {
    throw failedPrecondition("two consecutive maintenance windows cannot both be covered");
  }
}

function toWire(clusterId: string, { id, start, end }: BlackoutWindow): WireBlackoutWindow {
  return { id, cluster_id: clusterId, start_time: timestamp(start), end_time: timestamp(end) };
}

/** The blackout windows of a cluster. */
export const blackoutWindowArea: ControlledArea<BlackoutWindowControls> = {
  operations: {
    CreateBlackoutWindow: windows.create,
    DeleteBlackoutWindow: windows.delete,
    GetBlackoutWindow: windows.get,
    ListBlackoutWindows: (call) => windows.list(call),
    UpdateBlackoutWindow: windows.update,
  },
  createControls: blackoutWindowControls,
};

function blackoutWindowControls({ findCluster, context }: ControlParts): BlackoutWindowControls {
  return {
    list: (clusterId) =>
      [...blackoutWindowsOf(findCluster(clusterId)).values()]
        .sort((a, b) => a.start - b.start)
        .map((window) => toWire(clusterId, window)),
    add: (clusterId, startTime, endTime) => {
      const window = windowOf(startTime, endTime, context);
      blackoutWindowsOf(findCluster(clusterId)).set(window.id, window);
      return window.id;
    },
    edit: (clusterId, id, { startTime, endTime }) => {
      const window = blackoutWindowsOf(findCluster(clusterId)).get(id);
      if (window === undefined) {
        throw new Error(`Cluster ${clusterId} has no blackout window ${id}.`);
      }
      window.start = startTime === undefined ? window.start : Date.parse(startTime);
      window.end = endTime === undefined ? window.end : Date.parse(endTime);
    },
    remove: (clusterId, id) => {
      blackoutWindowsOf(findCluster(clusterId)).delete(id);
    },
  };
}

function windowOf(startTime: string, endTime: string, { clock }: EmulatorContext): BlackoutWindow {
  return {
    id: randomUUID(),
    createdAt: clock.now(),
    start: Date.parse(startTime),
    end: Date.parse(endTime),
  };
}
