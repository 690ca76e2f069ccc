import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

/** The region to take down; none at first. */
const lost = new pulumi.Config().get("lost");

/** Three regions survive the loss of one. */
const cluster = new cockroachdb.Cluster("orders", {
  plan: "ADVANCED",
  cloudProvider: "GCP",
  dedicated: {
    regionNodes: { "us-east1": 3, "us-west2": 3, "us-central1": 3 },
    hardware: { machineSpec: { numVirtualCpus: 4 } },
  },
});

if (lost !== undefined) {
  new cockroachdb.ClusterDisruption("loss-of-a-region", {
    clusterId: cluster,
    regionalDisruptorSpecifications: [{ regionCode: lost }],
  });
}

export const clusterId = cluster.id;

/** The host of each region that is up: the test connects to these. */
export const hosts = cluster.regions.apply((regions) =>
  regions.filter(({ name }) => name !== lost).map(({ sqlDns }) => sqlDns),
);
