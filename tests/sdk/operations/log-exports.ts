import type { WireLogExport } from "../../../sdk";
import type { logExportSchema } from "../../../sdk/resources/log-exports";
import { advanced } from "../../emulator/caller";
import type { OperationArea, Reads } from "../operation";
import { base, id, ofCluster } from "../operation";

const request = {
  type: "AWS_CLOUDWATCH",
  log_name: "orders",
  auth_principal: "arn:aws:iam::123456789012:role/Export",
  region: "us-east-1",
  redact: true,
  groups: [
    { log_name: "sql", channels: ["SQL_EXEC"], min_level: "WARNING", enable_sending_queue: true },
  ],
  omitted_channels: ["SQL_PERF"],
  aws_external_id: "ext-1",
};
const logExport = {
  cluster_id: id,
  status: "ENABLED",
  user_message: "",
  spec: { ...request, azure_shared_key: "" },
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-02T00:00:00Z",
};
const target = "the log export of cluster c/1";

export const area: OperationArea = {
  wireTypes: [true satisfies Reads<typeof logExportSchema, WireLogExport>],

  operations: [
    {
      name: "logExports.get",
      operation: `Reading ${target}`,
      object: target,
      call: ({ logExports }) => logExports.get(id),
      method: "GET",
      template: `${ofCluster}/logexport`,
      url: `${base}/logexport`,
      response: { status: "DISABLED", spec: null },
      result: {
        cluster_id: "",
        status: "DISABLED",
        user_message: "",
        spec: {
          type: "",
          log_name: "",
          auth_principal: "",
          region: "",
          redact: false,
          groups: [],
          omitted_channels: [],
          aws_external_id: "",
          azure_shared_key: "",
        },
      },
    },
    {
      name: "logExports.set",
      operation: `Setting ${target}`,
      object: target,
      call: ({ logExports }) => logExports.set(id, request),
      method: "POST",
      template: `${ofCluster}/logexport`,
      url: `${base}/logexport`,
      body: request,
      response: logExport,
      result: logExport,
    },
    {
      name: "logExports.delete",
      operation: `Deleting ${target}`,
      object: target,
      call: ({ logExports }) => logExports.delete(id),
      method: "DELETE",
      template: `${ofCluster}/logexport`,
      url: `${base}/logexport`,
      response: logExport,
      result: undefined,
    },
  ],

  async callEach({ client, emulator }) {
    const { id } = emulator.clusters.create(advanced("orders"));
    await client.logExports.set(id, request);
    await emulator.clock.advance(5 * 60_000);
    await client.logExports.get(id);
    await client.logExports.delete(id);
  },
};
