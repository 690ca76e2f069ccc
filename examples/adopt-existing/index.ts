import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const config = new pulumi.Config();

/** Id of a cluster that was made in the Console, with Terraform, or by a stack that is lost. */
const existing = config.require("clusterId");

/** The arguments describe the cluster as it is. What they leave out is not managed and may be anything. */
const cluster = new cockroachdb.Cluster(
  "orders",
  {
    name: "legacy-orders",
    plan: "BASIC",
    cloudProvider: "GCP",
    labels: { team: "payments" },
    serverless: { regions: ["us-central1"] },
  },
  { import: existing, retainOnDelete: true },
);

/** Its password is left alone and not known here; a change of `keepers` sets a new one. */
const app = new cockroachdb.SqlUser(
  "app",
  { clusterId: cluster, keepers: { rotated: config.get("rotated") ?? "never" } },
  { import: `${existing}:app`, retainOnDelete: true },
);

export const sqlDns = cluster.sqlDns;
export const userName = app.name;
