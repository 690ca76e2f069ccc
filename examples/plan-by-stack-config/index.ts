import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const config = new pulumi.Config();

/** What each stage costs at most. Further plans are further members. */
const stages = {
  BASIC: {
    plan: "BASIC",
    cloudProvider: "GCP",
    serverless: {
      regions: ["us-central1"],
      usageLimits: { requestUnitLimit: 10_000_000, storageMibLimit: 5_120 },
    },
  },
  STANDARD: {
    plan: "STANDARD",
    cloudProvider: "GCP",
    deleteProtection: true,
    serverless: {
      regions: ["us-central1"],
      usageLimits: { provisionedVirtualCpus: config.getNumber("vcpus") ?? 2 },
    },
  },
} satisfies Record<string, cockroachdb.ClusterArgs>;

const cluster = new cockroachdb.Cluster(
  "shop",
  stages[config.require<keyof typeof stages>("plan")],
);

export const plan = cluster.plan;
export const sqlDns = cluster.sqlDns;
