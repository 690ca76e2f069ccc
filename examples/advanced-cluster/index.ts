import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const password = new pulumi.Config().requireSecret("password");

/** Three regions survive the loss of one. What is left out (version, storage, network) the service chooses. */
const cluster = new cockroachdb.Cluster(
  "orders",
  {
    plan: "ADVANCED",
    cloudProvider: "AWS",
    deleteProtection: true,
    labels: { team: "payments" },
    dedicated: {
      regionNodes: { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 },
      hardware: { machineSpec: { numVirtualCpus: 4 } },
    },
  },
  { customTimeouts: { create: "90m" } },
);

export const clusterId = cluster.id;
export const version = cluster.cockroachVersion;
export const sqlHosts = cluster.regions.apply((regions) => regions.map(({ sqlDns }) => sqlDns));

/** Secret: Pulumi shows it only with `pulumi stack output databaseUrl --show-secrets`. */
export const databaseUrl = cluster.connectionUrl({ user: "app", password });
