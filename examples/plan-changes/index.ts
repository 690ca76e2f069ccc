import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const plan = new pulumi.Config().require<cockroachdb.Plan>("plan");

/** The same cluster under each plan. From BASIC to STANDARD and back it stays; ADVANCED is another cluster. */
const underPlan: Record<cockroachdb.Plan, cockroachdb.ClusterArgs> = {
  BASIC: {
    name: "basic-test",
    plan: "BASIC",
    cloudProvider: "GCP",
    serverless: { regions: ["us-central1"] },
  },
  STANDARD: {
    name: "basic-test",
    plan: "STANDARD",
    cloudProvider: "GCP",
    serverless: { regions: ["us-central1"], usageLimits: { provisionedVirtualCpus: 2 } },
  },
  ADVANCED: {
    name: "basic-test",
    plan: "ADVANCED",
    cloudProvider: "GCP",
    dedicated: {
      regionNodes: { "us-central1": 3 },
      hardware: { machineSpec: { numVirtualCpus: 4 } },
    },
  },
};

const basic = new cockroachdb.Cluster("basic", underPlan[plan]);

const advanced = new cockroachdb.Cluster("advanced", {
  name: "advanced-test",
  plan: "ADVANCED",
  cloudProvider: "AWS",
  dedicated: {
    regionNodes: { "us-east-1": 3 },
    hardware: { machineSpec: { numVirtualCpus: 4 } },
  },
});

export const basicSqlDns = basic.sqlDns;
export const advancedVersion = advanced.cockroachVersion;
