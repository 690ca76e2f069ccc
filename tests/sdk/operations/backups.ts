import type { WireBackup, WireBackupConfiguration } from "../../../sdk";
import type { backupConfigurationSchema, backupListSchema } from "../../../sdk/resources/backups";
import { advanced } from "../../emulator/caller";
import { all } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";
import { base, id, ofCluster, range, rangeText } from "../operation";

const backupConfiguration = { enabled: true, frequency_minutes: 60, retention_days: 30 };
const backup = { id: "b1", as_of_time: "2026-01-01T00:00:00.123456789Z" };

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof backupConfigurationSchema, WireBackupConfiguration>,
    true satisfies Lists<typeof backupListSchema, "backups", WireBackup>,
  ],

  operations: [
    {
      name: "backups.getConfiguration",
      operation: "Reading the backup configuration of cluster c/1",
      object: "the backup configuration of cluster c/1",
      call: ({ backups }) => backups.getConfiguration(id),
      method: "GET",
      template: `${ofCluster}/backups-config`,
      url: `${base}/backups-config`,
      response: backupConfiguration,
      result: backupConfiguration,
    },
    {
      name: "backups.updateConfiguration",
      operation: "Changing the backup configuration of cluster c/1",
      object: "the backup configuration of cluster c/1",
      call: ({ backups }) => backups.updateConfiguration(id, { retention_days: 30 }),
      method: "PATCH",
      template: `${ofCluster}/backups-config`,
      url: `${base}/backups-config`,
      body: { retention_days: 30 },
      response: backupConfiguration,
      result: backupConfiguration,
    },
    {
      name: "backups.list",
      operation: "Listing the backups of cluster c/1",
      object: "cluster c/1",
      call: ({ backups }) => all(backups.list(id, range)),
      method: "GET",
      template: `${ofCluster}/backups`,
      url: `${base}/backups?${rangeText}&pagination.sort_order=ASC&pagination.limit=500`,
      response: { backups: [backup], pagination: null },
      result: [backup],
    },
  ],

  async callEach({ client, emulator }) {
    const { id } = emulator.clusters.create(advanced("orders"));
    await client.backups.getConfiguration(id);
    await client.backups.updateConfiguration(id, { retention_days: 30 });
    await all(client.backups.list(id, range));
  },
};
