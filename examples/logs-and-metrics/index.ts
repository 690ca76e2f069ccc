import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const config = new pulumi.Config();

const cluster = new cockroachdb.Cluster("orders", {
  plan: "ADVANCED",
  cloudProvider: "AWS",
  dedicated: {
    regionNodes: { "us-east-1": 3 },
    hardware: { machineSpec: { numVirtualCpus: 4 } },
  },
});

/** Who reads and changes data goes to a log group of its own, which fewer people may read. */
const logs = new cockroachdb.LogExportConfig(
  "logs",
  {
    clusterId: cluster,
    type: "AWS_CLOUDWATCH",
    logName: "orders",
    authPrincipal: config.require("logRole"),
    redact: true,
    groups: [{ logName: "orders-audit", channels: ["SENSITIVE_ACCESS", "PRIVILEGES"] }],
  },
  { deletedWith: cluster },
);

new cockroachdb.MetricExportDatadogConfig(
  "datadog",
  { clusterId: cluster, site: "US1", apiKey: config.requireSecret("datadogKey") },
  { deletedWith: cluster },
);

const prometheus = new cockroachdb.MetricExportPrometheusConfig(
  "prometheus",
  { clusterId: cluster },
  { deletedWith: cluster },
);

/** Prometheus may read the metrics of this cluster, and nothing else. */
const scraper = new cockroachdb.ServiceAccount("prometheus", {
  name: "prometheus-orders",
  description: "Scrapes the metrics of the cluster orders",
});
const reader = new cockroachdb.UserRoleGrant("prometheus", {
  userId: scraper,
  role: { roleName: "METRICS_VIEWER", resourceType: "CLUSTER", resourceId: cluster.id },
});
const key = new cockroachdb.ApiKey(
  "prometheus",
  {
    serviceAccountId: scraper,
    name: "prometheus",
    keepers: { rotated: config.get("rotated") ?? "never" },
  },
  { dependsOn: reader },
);

export const logStatus = logs.status;

/** The address of each region and the bearer token, which is secret. */
export const scrape = { targets: prometheus.targets, token: key.secret };
