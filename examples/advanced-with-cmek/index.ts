import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { awsKey } from "./aws-key";

const config = new pulumi.Config();
const region = "us-east-1";

/** A cluster with a key of your own needs a private network. */
const cluster = new cockroachdb.Cluster(
  "ledger",
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

/** A key and a role of this stack; or, with `keyArn` and `roleArn`, two that exist. */
const keyArn = config.get("keyArn");
const key =
  keyArn === undefined
    ? awsKey("ledger", cluster.accountId)
    : { arn: keyArn, roleArn: config.require("roleArn") };

const encryption = new cockroachdb.CmekConfig("ledger", {
  clusterId: cluster,
  regionSpecs: [{ region, keySpec: { type: "AWS_KMS", uri: key.arn, authPrincipal: key.roleArn } }],
});

/** Patches are applied on Wednesdays from 02:00 to 08:00 UTC, 60 days after their release. */
new cockroachdb.MaintenanceWindow("ledger", {
  clusterId: cluster,
  offsetDuration: cockroachdb.weekly({ day: "WEDNESDAY", hourUtc: 2 }),
  windowDuration: "21600s",
});
new cockroachdb.VersionDeferral("ledger", {
  clusterId: cluster,
  deferralPolicy: "DEFERRAL_60_DAYS",
});

export const clusterId = cluster.id;
export const encryptionStatus = encryption.status;
