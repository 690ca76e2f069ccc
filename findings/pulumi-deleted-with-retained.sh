#!/usr/bin/env bash
# A resource with the option "deletedWith" is not deleted where the other one has "retainOnDelete": the engine drops both from
# the state and deletes neither, since the other one is to be deleted, although it stays. What was to go with it stays on the
# service and is in no state. Without "deletedWith" it is deleted. Needs Go and the Go module proxy. Exits non-zero when a
# version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding

go 1.25.11

require (
	github.com/blang/semver v3.5.1+incompatible
	github.com/pulumi/pulumi/pkg/v3 v3.259.0
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)
MOD
cat > main_test.go <<'GO'
package main

import (
	"context"
	"fmt"
	"testing"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/pkg/v3/engine"
	"github.com/pulumi/pulumi/pkg/v3/engine/lifecycletest/framework"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy/deploytest"
	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// deleted destroys a stack of a cluster that is retained and a database in it, and returns what was deleted and what is left in the state.
func deleted(t *testing.T, isDeletedWithCluster bool) string {
	text := "deleted:"
	provider := func() (plugin.Provider, error) {
		return &deploytest.Provider{
			CreateF: func(_ context.Context, request plugin.CreateRequest) (plugin.CreateResponse, error) {
				return plugin.CreateResponse{ID: resource.ID(request.Name), Status: resource.StatusOK}, nil
			},
			DeleteF: func(_ context.Context, request plugin.DeleteRequest) (plugin.DeleteResponse, error) {
				text += " " + request.Name
				return plugin.DeleteResponse{Status: resource.StatusOK}, nil
			},
		}, nil
	}
	program := func(_ plugin.RunInfo, monitor *deploytest.ResourceMonitor) error {
		isRetained := true
		cluster, err := monitor.RegisterResource("shop:index:Cluster", "cluster", true, deploytest.ResourceOptions{RetainOnDelete: &isRetained})
		if err != nil {
			return err
		}
		options := deploytest.ResourceOptions{Dependencies: []resource.URN{cluster.URN}}
		if isDeletedWithCluster {
			options.DeletedWith = cluster.URN
		}
		_, err = monitor.RegisterResource("shop:index:Database", "database", true, options)
		return err
	}
	host := deploytest.NewPluginHostF(nil, nil, deploytest.NewLanguageRuntimeF(program), nil, nil,
		deploytest.NewProviderLoader("shop", semver.MustParse("1.0.0"), provider))
	plan := &framework.TestPlan{}
	options := framework.TestUpdateOptions{T: t, HostF: host, SkipDisplayTests: true}
	var stack *deploy.Snapshot
	for _, operation := range []framework.TestOp{engine.Update, engine.Destroy} {
		after, err := operation.Run(plan.GetProject(), plan.GetTarget(t, stack), options, false, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		stack = after
	}
	return fmt.Sprintf("%s, left in the state: %d", text, len(stack.Resources))
}

func TestDestroy(t *testing.T) {
	fmt.Println("> without deletedWith", deleted(t, false))
	fmt.Println("> with deletedWith", deleted(t, true))
}
GO
seen=$(GOFLAGS=-mod=mod go test -v . 2> /dev/null | sed -n 's/^> //p')
echo "github.com/pulumi/pulumi/pkg/v3 v3.259.0 destroys a retained cluster and a database in it:"
echo "$seen"
[ "$seen" = "without deletedWith deleted: database, left in the state: 0
with deletedWith deleted:, left in the state: 0" ]
