package main

import (
	"github.com/pulumi/pulumi-cockroachdb-cloud/sdk/go/cockroachdbcloud"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		cluster, err := cockroachdbcloud.NewCluster(ctx, "orders", &cockroachdbcloud.ClusterArgs{
			Plan:          cockroachdbcloud.PlanSTANDARD,
			CloudProvider: cockroachdbcloud.CloudProviderGCP,
			Serverless: &cockroachdbcloud.ClusterServerlessArgs{
				Regions: pulumi.StringArray{pulumi.String("us-central1")},
				UsageLimits: &cockroachdbcloud.ClusterServerlessUsageLimitsArgs{
					ProvisionedVirtualCpus: pulumi.Int(2),
				},
			},
		})
		if err != nil {
			return err
		}
		database, err := cockroachdbcloud.NewDatabase(ctx, "orders", &cockroachdbcloud.DatabaseArgs{
			ClusterId: cluster.ID(),
			Name:      pulumi.String("orders"),
		})
		if err != nil {
			return err
		}
		app, err := cockroachdbcloud.NewSqlUser(ctx, "app", &cockroachdbcloud.SqlUserArgs{
			ClusterId: cluster.ID(),
		})
		if err != nil {
			return err
		}
		connection := cockroachdbcloud.GetConnectionOutput(ctx, cockroachdbcloud.GetConnectionOutputArgs{
			ClusterId: cluster.ID(),
			User:      app.Name,
			Password:  app.Password.Elem(),
			Database:  database.Name,
		})
		ctx.Export("clusterId", cluster.ID())
		ctx.Export("databaseUrl", connection.Url())
		return nil
	})
}
