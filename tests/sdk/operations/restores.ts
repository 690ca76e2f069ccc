import type { WireRestore } from "../../../sdk";
import type { restoreListSchema, restoreSchema } from "../../../sdk/resources/restores";
import { advanced } from "../../emulator/caller";
import { all } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";
import { base, clusters, id, ofCluster, range, rangeText } from "../operation";

const restoreRequest = {
  type: "TABLE",
  backup_id: "b1",
  source_cluster_id: "c2",
  objects: [{ database: "d", schema: "public", table: "t" }],
  restore_opts: { into_db: "d2", skip_missing_views: true },
};
const restore = {
  id: "r/1",
  backup_id: "b1",
  status: "PENDING",
  type: "TABLE",
  source_cluster_name: "orders",
  destination_cluster_name: "copy",
  completion_percent: 0.25,
  created_at: "2026-01-01T00:00:00Z",
  backup_end_time: "2026-01-01T00:00:00Z",
  crdb_job_id: "",
  client_error_code: 0,
  client_error_message: "",
  objects: restoreRequest.objects,
  restore_opts: {
    into_db: "d2",
    new_db_name: "",
    schema_only: false,
    skip_localities_check: false,
    skip_missing_foreign_keys: false,
    skip_missing_sequences: false,
    skip_missing_views: true,
  },
};

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof restoreSchema, WireRestore>,
    true satisfies Lists<typeof restoreListSchema, "restores", WireRestore>,
  ],

  operations: [
    {
      name: "restores.create",
      operation: "Creating a restore into cluster c/1",
      object: "cluster c/1",
      call: ({ restores }) => restores.create(id, restoreRequest),
      method: "POST",
      template: `${clusters}/{destination_cluster_id}/restores`,
      url: `${base}/restores`,
      body: restoreRequest,
      response: restore,
      result: restore,
    },
    {
      name: "restores.get",
      operation: "Reading restore r/1 into cluster c/1",
      object: "restore r/1 into cluster c/1",
      call: ({ restores }) => restores.get(id, restore.id),
      method: "GET",
      template: `${ofCluster}/restores/{restore_id}`,
      url: `${base}/restores/r%2F1`,
      response: restore,
      result: restore,
    },
    {
      name: "restores.list",
      operation: "Listing the restores into cluster c/1",
      object: "cluster c/1",
      call: ({ restores }) => all(restores.list(id, range)),
      method: "GET",
      template: `${ofCluster}/restores`,
      url: `${base}/restores?${rangeText}&pagination.sort_order=ASC&pagination.limit=500`,
      response: { restores: [restore], pagination: null },
      result: [restore],
    },
  ],

  async callEach({ client, emulator }) {
    const { id } = emulator.clusters.create(advanced("orders"));
    emulator.backups.take(id);
    const { id: restoreId } = await client.restores.create(id, {
      type: "DATABASE",
      objects: [{ database: "defaultdb" }],
      restore_opts: { new_db_name: "copy" },
    });
    await client.restores.get(id, restoreId);
    await all(client.restores.list(id, range));
  },
};
