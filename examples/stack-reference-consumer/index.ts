import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

/** The stack of the example standard-with-sql-user: `<organization>/standard-with-sql-user/<stack>`. */
const producer = new pulumi.StackReference(new pulumi.Config().require("producer"));
const clusterId = producer.requireOutput("clusterId") as pulumi.Output<string>;

/** Read, and not managed: destroying this stack leaves it alone. */
const cluster = cockroachdb.Cluster.get("orders", clusterId);
const reports = new cockroachdb.SqlUser("reports", { clusterId: cluster });

/** Secret. */
export const reportsUrl = cluster.connectionUrl({ user: reports, database: "orders" });

/** Secret as well: it was one in the other stack. */
export const ownersUrl = producer.requireOutput("databaseUrl");
