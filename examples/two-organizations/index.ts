import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const config = new pulumi.Config();

/** Each organization has a provider with a key of its own. */
const retail = new cockroachdb.Provider("retail", { apiKey: config.requireSecret("retailKey") });
const bank = new cockroachdb.Provider("bank", { apiKey: config.requireSecret("bankKey") });

const orders = new cockroachdb.Cluster(
  "orders",
  { plan: "BASIC", cloudProvider: "GCP", serverless: { regions: ["us-central1"] } },
  { provider: retail },
);
const ledger = new cockroachdb.Cluster(
  "ledger",
  { plan: "BASIC", cloudProvider: "AWS", serverless: { regions: ["us-east-1"] } },
  { provider: bank },
);

/** A part of a cluster needs the provider of its cluster. */
const auditor = new cockroachdb.SqlUser("auditor", { clusterId: ledger }, { provider: bank });

export const ordersName = orders.name;
export const ledgerUrl = ledger.connectionUrl({ user: auditor });
