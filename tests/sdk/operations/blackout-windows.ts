import type { WireBlackoutWindow } from "../../../sdk";
import type {
  blackoutWindowListSchema,
  blackoutWindowSchema,
} from "../../../sdk/resources/blackout-windows";
import { advanced } from "../../emulator/caller";
import { all } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";
import { base, id, ofCluster } from "../operation";

const times = { start_time: "2026-06-15T00:00:00Z", end_time: "2026-06-17T00:00:00Z" };
const later = { start_time: "2026-06-15T06:00:00Z", end_time: "2026-06-16T18:00:00Z" };
const window = { id: "w/1", cluster_id: id, ...times };
const oneWindow = `${ofCluster}/blackout-windows/{blackout_window_id}`;
const object = "blackout window w/1 of cluster c/1";

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof blackoutWindowSchema, WireBlackoutWindow>,
    true satisfies Lists<typeof blackoutWindowListSchema, "blackout_windows", WireBlackoutWindow>,
  ],

  operations: [
    {
      name: "blackoutWindows.list",
      operation: "Listing the blackout windows of cluster c/1",
      object: "the blackout windows of cluster c/1",
      call: ({ blackoutWindows }) => all(blackoutWindows.list(id)),
      method: "GET",
      template: `${ofCluster}/blackout-windows`,
      url: `${base}/blackout-windows?pagination.sort_order=ASC&pagination.limit=500`,
      response: { blackout_windows: [window], pagination: null },
      result: [window],
    },
    {
      name: "blackoutWindows.create",
      operation: "Creating a blackout window of cluster c/1",
      object: "a blackout window of cluster c/1",
      call: ({ blackoutWindows }) => blackoutWindows.create(id, times),
      method: "POST",
      template: `${ofCluster}/blackout-windows`,
      url: `${base}/blackout-windows`,
      body: times,
      response: window,
      result: window,
    },
    {
      name: "blackoutWindows.get",
      operation: `Reading ${object}`,
      object,
      call: ({ blackoutWindows }) => blackoutWindows.get(id, window.id),
      method: "GET",
      template: oneWindow,
      url: `${base}/blackout-windows/w%2F1`,
      response: window,
      result: window,
    },
    {
      name: "blackoutWindows.update",
      operation: `Updating ${object}`,
      object,
      call: ({ blackoutWindows }) => blackoutWindows.update(id, window.id, later),
      method: "PATCH",
      template: oneWindow,
      url: `${base}/blackout-windows/w%2F1`,
      body: later,
      response: { ...window, ...later },
      result: { ...window, ...later },
    },
    {
      name: "blackoutWindows.delete",
      operation: `Deleting ${object}`,
      object,
      call: ({ blackoutWindows }) => blackoutWindows.delete(id, window.id),
      method: "DELETE",
      template: oneWindow,
      url: `${base}/blackout-windows/w%2F1`,
      response: window,
      result: undefined,
    },
  ],

  async callEach({ client: { blackoutWindows }, emulator }) {
    const { id } = emulator.clusters.create(advanced("orders"));
    const { id: windowId } = await blackoutWindows.create(id, times);
    await all(blackoutWindows.list(id));
    await blackoutWindows.get(id, windowId);
    await blackoutWindows.update(id, windowId, later);
    await blackoutWindows.delete(id, windowId);
  },
};
