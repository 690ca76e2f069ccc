import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const failsOver = new pulumi.Config().getBoolean("failover") ?? false;

const clusterIn = (name: string, region: string) =>
  new cockroachdb.Cluster(name, {
    plan: "ADVANCED",
    cloudProvider: "AWS",
    dedicated: {
      regionNodes: { [region]: 3 },
      hardware: { machineSpec: { numVirtualCpus: 4 } },
      supportsClusterVirtualization: true,
    },
  });

const primary = clusterIn("orders", "us-east-1");
const standby = clusterIn("orders-standby", "us-west-2");

const stream = new cockroachdb.PhysicalReplicationStream("orders", {
  primaryClusterId: primary,
  standbyClusterId: standby,
  // Only a stream that exists can fail over: the first update creates it, a later one fails over.
  ...(failsOver ? { failoverImmediately: true } : {}),
});

export const streamId = stream.id;
export const status = stream.status;

/** The cluster that takes reads and writes. */
export const activeClusterId = stream.status.apply((now) =>
  now === "COMPLETED" ? standby.id : primary.id,
);
