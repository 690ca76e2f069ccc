import type { WirePhysicalReplicationStream } from "../../../sdk";
import type {
  physicalReplicationStreamListSchema,
  physicalReplicationStreamSchema,
} from "../../../sdk/resources/physical-replication-streams";
import { advanced } from "../../emulator/caller";
import { all } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";

const streams = "/api/v1/physical-replication-streams";
const pair = { primary_cluster_id: "c1", standby_cluster_id: "c2" };
const stream = {
  id: "s/1",
  status: "REPLICATING",
  ...pair,
  created_at: "2026-01-01T00:00:00Z",
  retained_time: "2026-01-01T00:05:00Z",
  replication_lag_seconds: 9,
};

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof physicalReplicationStreamSchema, WirePhysicalReplicationStream>,
    true satisfies Lists<
      typeof physicalReplicationStreamListSchema,
      "physical_replication_streams",
      WirePhysicalReplicationStream
    >,
  ],

  operations: [
    {
      name: "physicalReplicationStreams.list",
      operation: "Listing physical replication streams",
      object: "physical replication streams",
      call: ({ physicalReplicationStreams }) =>
        all(
          physicalReplicationStreams.list({
            primaryClusterId: "c1",
            standbyClusterId: "c2",
            clusterId: "c1",
            showCompleted: true,
          }),
        ),
      method: "GET",
      template: streams,
      url: `${streams}?primary_cluster_id=c1&standby_cluster_id=c2&cluster_id=c1&show_completed=true&pagination.limit=500`,
      // Before the initial scan is done.
      response: {
        physical_replication_streams: [{ ...stream, replicated_time: "0001-01-01T00:00:00Z" }],
        pagination: null,
      },
      result: [stream],
    },
    {
      name: "physicalReplicationStreams.create",
      operation: "Creating a physical replication stream from cluster c1 to cluster c2",
      object: "a physical replication stream from cluster c1 to cluster c2",
      call: ({ physicalReplicationStreams }) => physicalReplicationStreams.create(pair),
      method: "POST",
      template: streams,
      url: streams,
      body: pair,
      response: stream,
      result: stream,
    },
    {
      name: "physicalReplicationStreams.get",
      operation: "Reading physical replication stream s/1",
      object: "physical replication stream s/1",
      call: ({ physicalReplicationStreams }) => physicalReplicationStreams.get(stream.id),
      method: "GET",
      template: `${streams}/{id}`,
      url: `${streams}/s%2F1`,
      response: { ...stream, replicated_time: "2026-01-01T01:00:00Z" },
      result: { ...stream, replicated_time: "2026-01-01T01:00:00Z" },
    },
    {
      name: "physicalReplicationStreams.update",
      operation: "Updating physical replication stream s/1",
      object: "physical replication stream s/1",
      call: ({ physicalReplicationStreams }) =>
        physicalReplicationStreams.update(stream.id, {
          status: "FAILING_OVER",
          failover_at: "2026-01-01T01:00:00Z",
        }),
      method: "PATCH",
      template: `${streams}/{id}`,
      url: `${streams}/s%2F1`,
      body: { status: "FAILING_OVER", failover_at: "2026-01-01T01:00:00Z" },
      response: { ...stream, status: "FAILING_OVER", canceled_at: null },
      result: { ...stream, status: "FAILING_OVER" },
    },
  ],

  async callEach({ client: { physicalReplicationStreams }, emulator }) {
    const [primary, standby] = ["us-east-1", "us-west-2"].map((region) => {
      const dedicated = { region_nodes: { [region]: 3 }, supports_cluster_virtualization: true };
      return emulator.clusters.create(advanced(region, dedicated)).id;
    });
    const { id } = await physicalReplicationStreams.create({
      primary_cluster_id: primary ?? "",
      standby_cluster_id: standby ?? "",
    });
    await emulator.clock.advance(15 * 60_000);
    await physicalReplicationStreams.get(id);
    await physicalReplicationStreams.update(id, { status: "FAILING_OVER" });
    await all(physicalReplicationStreams.list({ clusterId: standby ?? "", showCompleted: true }));
  },
};
