import type { WireMaintenanceWindow } from "../../../sdk";
import type { maintenanceWindowSchema } from "../../../sdk/resources/maintenance-windows";
import { advanced } from "../../emulator/caller";
import type { OperationArea, Reads } from "../operation";
import { base, id, ofCluster } from "../operation";

const window = { offset_duration: "172800s", window_duration: "21600s" };

export const area: OperationArea = {
  wireTypes: [true satisfies Reads<typeof maintenanceWindowSchema, WireMaintenanceWindow>],

  operations: [
    {
      name: "maintenanceWindows.get",
      operation: "Reading the maintenance window of cluster c/1",
      object: "the maintenance window of cluster c/1",
      call: ({ maintenanceWindows }) => maintenanceWindows.get(id),
      method: "GET",
      template: `${ofCluster}/maintenance-window`,
      url: `${base}/maintenance-window`,
      response: window,
      result: window,
    },
    {
      name: "maintenanceWindows.set",
      operation: "Setting the maintenance window of cluster c/1",
      object: "the maintenance window of cluster c/1",
      call: ({ maintenanceWindows }) => maintenanceWindows.set(id, window),
      method: "PUT",
      template: `${ofCluster}/maintenance-window`,
      url: `${base}/maintenance-window`,
      body: window,
      response: window,
      result: window,
    },
    {
      name: "maintenanceWindows.delete",
      operation: "Removing the maintenance window of cluster c/1",
      object: "the maintenance window of cluster c/1",
      call: ({ maintenanceWindows }) => maintenanceWindows.delete(id),
      method: "DELETE",
      template: `${ofCluster}/maintenance-window`,
      url: `${base}/maintenance-window`,
      response: window,
      result: window,
    },
  ],

  async callEach({ client, emulator }) {
    const { id } = emulator.clusters.create(advanced("orders"));
    await client.maintenanceWindows.set(id, window);
    await client.maintenanceWindows.get(id);
    await client.maintenanceWindows.delete(id);
  },
};
