import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import type { Network } from "./aws-endpoint";
import { EndpointPrivateDns, VpcEndpoint } from "./aws-endpoint";

const config = new pulumi.Config();
const region = "us-east-1";

/** Without an allowlist entry nobody reaches it from the internet. */
const cluster = new cockroachdb.Cluster(
  "orders",
  {
    plan: "ADVANCED",
    cloudProvider: "AWS",
    dedicated: {
      regionNodes: { [region]: 3 },
      hardware: { machineSpec: { numVirtualCpus: 4 } },
      networkVisibility: "PRIVATE",
    },
  },
  { customTimeouts: { create: "90m" } },
);

/** What an endpoint connects to. */
const services = new cockroachdb.PrivateEndpointServices("orders", {
  clusterId: cluster,
  regions: [region],
});

/** An endpoint of this stack in the network of the application; or, with `endpointId`, one that exists. */
const existingId = config.get("endpointId");
const endpoint =
  existingId === undefined
    ? new VpcEndpoint("orders", {
        ...config.requireObject<Network>("network"),
        serviceName: services.servicesMap.apply((byRegion) => byRegion[region]?.target ?? ""),
      })
    : undefined;

/** The cluster accepts the endpoint. */
const connection = new cockroachdb.PrivateEndpointConnection("orders", {
  clusterId: services.clusterId,
  endpointId: endpoint?.id ?? pulumi.output(existingId ?? ""),
});

/** The hosts of the cluster lead to the endpoint, which AWS refuses before the endpoint is accepted. */
if (endpoint !== undefined) {
  new EndpointPrivateDns(
    "orders",
    { vpcEndpointId: endpoint.id, privateDnsEnabled: true },
    { dependsOn: connection, deleteBeforeReplace: true },
  );
}

const app = new cockroachdb.SqlUser("app", { clusterId: cluster });
const database = new cockroachdb.Database("orders", { clusterId: cluster, name: "orders" });

export const clusterId = cluster.id;
export const serviceZones = services.servicesMap.apply(
  (byRegion) => byRegion[region]?.availabilityZoneIds,
);
export const connectionStatus = connection.status;

/** Secret, and only of use inside the network. */
export const databaseUrl = cluster.connectionUrl({
  user: app,
  database: database.name,
  via: "internal",
  region,
  services,
});
