import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const config = new pulumi.Config();
const plan = config.require<cockroachdb.Plan>("plan");
const keepers = { rotated: config.get("rotated") ?? "never" };
const keyArn = config.get("keyArn");

const common = { name: "basic-test", cloudProvider: "GCP" } as const;
const hardware = { machineSpec: { numVirtualCpus: 4 } };

/** The same cluster under each plan. From BASIC to STANDARD and back it stays; ADVANCED is another cluster. */
const underPlan: Record<cockroachdb.Plan, cockroachdb.ClusterArgs> = {
  BASIC: { ...common, plan: "BASIC", serverless: { regions: ["us-central1"] } },
  STANDARD: {
    ...common,
    plan: "STANDARD",
    serverless: { regions: ["us-central1"], usageLimits: { provisionedVirtualCpus: 2 } },
  },
  ADVANCED: {
    ...common,
    plan: "ADVANCED",
    dedicated: { regionNodes: { "us-central1": 3 }, hardware },
  },
};

const basic = new cockroachdb.Cluster("basic", underPlan[plan]);
const shop = new cockroachdb.SqlUser("shop", { clusterId: basic, keepers });

const advanced = new cockroachdb.Cluster("advanced", {
  name: "advanced-test",
  plan: "ADVANCED",
  cloudProvider: "AWS",
  dedicated: { regionNodes: { "us-east-1": 3 }, hardware, networkVisibility: "PRIVATE" },
});
new cockroachdb.SqlUser("app", { clusterId: advanced });
new cockroachdb.SqlUser("reports", { clusterId: advanced });
new cockroachdb.MaintenanceWindow("wednesdays", {
  clusterId: advanced,
  offsetDuration: cockroachdb.weekly({ day: "WEDNESDAY", hourUtc: 2 }),
  windowDuration: "21600s",
});
const deferralPolicy = "DEFERRAL_60_DAYS";
new cockroachdb.VersionDeferral("patches", { clusterId: advanced, deferralPolicy });
if (keyArn !== undefined) {
  const keySpec = {
    type: "AWS_KMS",
    uri: keyArn,
    authPrincipal: config.require("roleArn"),
  } as const;
  const regionSpecs = [{ region: "us-east-1", keySpec }];
  new cockroachdb.CmekConfig("key", { clusterId: advanced, regionSpecs });
}

export const shopUrl = basic.connectionUrl({ user: shop });
export const basicSqlDns = basic.sqlDns;
export const advancedVersion = advanced.cockroachVersion;
