import type {
  WireCloudRegion,
  WireCluster,
  WireConnectionString,
  WireMajorVersion,
  WireNode,
} from "../../../sdk";
import type { cloudRegionListSchema } from "../../../sdk/resources/cloud-region";
import type { clusterListSchema, clusterSchema } from "../../../sdk/resources/clusters";
import type { connectionStringSchema } from "../../../sdk/resources/connection-string";
import type { majorVersionListSchema } from "../../../sdk/resources/major-version";
import type { nodeListSchema } from "../../../sdk/resources/node";
import { all, creation, wireCluster } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";
import { base, clusters, id, ofCluster } from "../operation";

const { deleted_at: _, ...liveCluster } = wireCluster;
const ofOrders = `${clusters}/${wireCluster.id}`;
const readCluster = {
  ...liveCluster,
  config: { serverless: { routing_id: "orders-1", upgrade_type: "AUTOMATIC" } },
  parent_id: "",
  account_id: "",
  azure_cluster_identity_client_id: "",
  sql_dns: "",
  delete_protection: "",
  network_visibility: "",
  egress_traffic_policy: "UNSPECIFIED",
};
const node = { name: "cockroachdb-0", region_name: "us-east-1", status: "LIVE" };
const region = { name: "r", location: "City", provider: "AWS", serverless: true, distance: 1.5 };
const version = {
  version: "v25.2",
  release_type: "REGULAR",
  support_status: "SUPPORTED",
  support_end: "2027-01-01T00:00:00Z",
  allowed_upgrades: ["v25.4"],
};
const connectionQuery = { sqlUser: "u", database: "d", os: "LINUX" } as const;
const connection = {
  connection_string: "postgresql://u@h:26257/d",
  params: { Host: "h", Port: "26257", Database: "d", Username: "u" },
};

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof clusterSchema, WireCluster>,
    true satisfies Lists<typeof clusterListSchema, "clusters", WireCluster>,
    true satisfies Lists<typeof nodeListSchema, "nodes", WireNode>,
    true satisfies Lists<typeof cloudRegionListSchema, "regions", WireCloudRegion>,
    true satisfies Lists<typeof majorVersionListSchema, "versions", WireMajorVersion>,
    true satisfies Reads<typeof connectionStringSchema, WireConnectionString>,
  ],

  operations: [
    {
      name: "clusters.create",
      operation: 'Creating cluster "orders"',
      object: 'cluster "orders"',
      call: (client) => client.clusters.create(creation),
      method: "POST",
      template: clusters,
      url: clusters,
      body: creation,
      response: wireCluster,
      result: readCluster,
    },
    {
      name: "clusters.get",
      operation: `Reading cluster ${wireCluster.id}`,
      object: `cluster ${wireCluster.id}`,
      call: (client) => client.clusters.get(wireCluster.id),
      method: "GET",
      template: ofCluster,
      url: ofOrders,
      response: wireCluster,
      result: readCluster,
    },
    {
      name: "clusters.list",
      operation: "Listing clusters",
      object: "clusters",
      call: (client) => all(client.clusters.list({ showInactive: true, pageSize: 7 })),
      method: "GET",
      template: clusters,
      url: `${clusters}?show_inactive=true&pagination.limit=7`,
      response: { clusters: [wireCluster], pagination: null },
      result: [readCluster],
    },
    {
      name: "clusters.update",
      operation: `Updating cluster ${wireCluster.id}`,
      object: `cluster ${wireCluster.id}`,
      call: (client) => client.clusters.update(wireCluster.id, { labels: { team: "a" } }),
      method: "PATCH",
      template: ofCluster,
      url: ofOrders,
      body: { labels: { team: "a" } },
      response: wireCluster,
      result: readCluster,
    },
    {
      name: "clusters.delete",
      operation: `Deleting cluster ${wireCluster.id}`,
      object: `cluster ${wireCluster.id}`,
      call: (client) => client.clusters.delete(wireCluster.id),
      method: "DELETE",
      template: ofCluster,
      url: ofOrders,
      response: wireCluster,
      result: readCluster,
    },
    {
      name: "clusters.listNodes",
      operation: "Listing the nodes of cluster c/1",
      object: "cluster c/1",
      call: (client) => all(client.clusters.listNodes(id, { regionName: node.region_name })),
      method: "GET",
      template: `${ofCluster}/nodes`,
      url: `${base}/nodes?region_name=us-east-1&pagination.limit=500`,
      response: { nodes: [node], pagination: null },
      result: [node],
    },
    {
      name: "clusters.listAvailableRegions",
      operation: "Listing the available regions",
      object: "available regions",
      call: (client) => all(client.clusters.listAvailableRegions({ provider: "AWS" })),
      method: "GET",
      template: `${clusters}/available-regions`,
      url: `${clusters}/available-regions?provider=AWS&pagination.limit=500`,
      response: { regions: [region], pagination: null },
      result: [region],
    },
    {
      name: "clusters.listMajorVersions",
      operation: "Listing the major versions",
      object: "major versions",
      call: (client) => all(client.clusters.listMajorVersions()),
      method: "GET",
      template: "/api/v1/cluster-versions",
      url: "/api/v1/cluster-versions?pagination.limit=500",
      response: { versions: [version], pagination: null },
      result: [version],
    },
    {
      name: "clusters.getConnectionString",
      operation: "Reading the connection string of cluster c/1",
      object: "cluster c/1",
      call: (client) => client.clusters.getConnectionString(id, connectionQuery),
      method: "GET",
      template: `${ofCluster}/connection-string`,
      url: `${base}/connection-string?sql_user=u&database=d&os=LINUX`,
      response: connection,
      result: connection,
    },
  ],

  async callEach({ client }) {
    const { id } = await client.clusters.create(creation);
    await client.clusters.get(id);
    await all(client.clusters.list({ showInactive: true }));
    await client.clusters.update(id, {
      labels: { team: "a" },
      serverless: { usage_limits: { request_unit_limit: 2 ** 40 } },
    });
    await all(client.clusters.listNodes(id, { regionName: "us-central1" }));
    await all(client.clusters.listAvailableRegions({ provider: "GCP", serverless: true }));
    await all(client.clusters.listMajorVersions());
    await client.clusters.getConnectionString(id, connectionQuery);
    await client.clusters.delete(id);
  },
};
