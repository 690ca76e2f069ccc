import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const cluster = new cockroachdb.Cluster("orders", {
  plan: "STANDARD",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"], usageLimits: { provisionedVirtualCpus: 2 } },
});
const database = new cockroachdb.Database("orders", { clusterId: cluster, name: "orders" });

/** Another text in `keepers` makes another password. */
const app = new cockroachdb.SqlUser("app", {
  clusterId: cluster,
  keepers: { rotated: new pulumi.Config().get("rotated") ?? "never" },
});

export const clusterId = cluster.id;

/** Secret: Pulumi shows it only with `pulumi stack output databaseUrl --show-secrets`. */
export const databaseUrl = cluster.connectionUrl({ user: app, database: database.name });

/** A Secret for Kubernetes in a file, from which `kubectl apply -f` or a sealing tool takes it. */
export const manifest = databaseUrl.apply((url) => {
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "orders-database" },
    type: "Opaque",
    stringData: { DATABASE_URL: url },
  };
  const file = "orders-database.secret.json";
  if (!pulumi.runtime.isDryRun()) {
    const path = join(__dirname, file);
    // A file that is there already would keep its mode.
    rmSync(path, { force: true });
    writeFileSync(path, JSON.stringify(secret, null, 2), { mode: 0o600 });
  }
  return file;
});
