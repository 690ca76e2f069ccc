import pulumi
import pulumi_cockroachdb_cloud as cockroachdb

cluster = cockroachdb.Cluster(
    "orders",
    plan="STANDARD",
    cloud_provider="GCP",
    serverless=cockroachdb.ClusterServerlessArgs(
        regions=["us-central1"],
        usage_limits=cockroachdb.ClusterServerlessUsageLimitsArgs(provisioned_virtual_cpus=2),
    ),
)
database = cockroachdb.Database("orders", cluster_id=cluster.id, name="orders")
app = cockroachdb.SqlUser("app", cluster_id=cluster.id)

connection = cockroachdb.get_connection_output(
    cluster_id=cluster.id,
    user=app.name,
    password=app.password,
    database=database.name,
)

pulumi.export("clusterId", cluster.id)
pulumi.export("databaseUrl", connection.url)
