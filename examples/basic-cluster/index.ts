import * as cockroachdb from "pulumi-cockroachdb-cloud";

/** The Basic cluster of the Cloud API guide: one region on GCP, no limits. */
const cluster = new cockroachdb.Cluster("basic", {
  name: "basic-test",
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"] },
});

export const clusterId = cluster.id;
export const sqlDns = cluster.sqlDns;
