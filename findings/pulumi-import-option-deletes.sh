#!/usr/bin/env bash
# The option "import" beside a change of the same resource deletes an object, and the engine does not compare ids. A resource
# that is renamed and imports the object that it has had is read under its new name, and then deleted under its old one: the
# state holds an object that no longer exists. An id that the program changes later deletes the object of the first one.
# "aliases" renames. Needs Go and the Go module proxy. Exits non-zero when a version behaves in another way.
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

// up runs a program with one database on a stack, and prints what the provider is asked to do.
func up(t *testing.T, before *deploy.Snapshot, name string, id resource.ID) *deploy.Snapshot {
	provider := func() (plugin.Provider, error) {
		return &deploytest.Provider{
			CreateF: func(_ context.Context, request plugin.CreateRequest) (plugin.CreateResponse, error) {
				fmt.Println("> create", request.Name)
				return plugin.CreateResponse{ID: "1", Status: resource.StatusOK}, nil
			},
			ReadF: func(_ context.Context, request plugin.ReadRequest) (plugin.ReadResponse, error) {
				fmt.Println("> read", request.Name, "with id", request.ID)
				none := resource.PropertyMap{}
				result := plugin.ReadResult{ID: request.ID, Inputs: none, Outputs: none}
				return plugin.ReadResponse{ReadResult: result, Status: resource.StatusOK}, nil
			},
			DeleteF: func(_ context.Context, request plugin.DeleteRequest) (plugin.DeleteResponse, error) {
				fmt.Println("> delete", request.Name, "with id", request.ID)
				return plugin.DeleteResponse{Status: resource.StatusOK}, nil
			},
		}, nil
	}
	program := func(_ plugin.RunInfo, monitor *deploytest.ResourceMonitor) error {
		_, err := monitor.RegisterResource("shop:index:Database", name, true, deploytest.ResourceOptions{ImportID: id})
		return err
	}
	host := deploytest.NewPluginHostF(nil, nil, deploytest.NewLanguageRuntimeF(program), nil, nil,
		deploytest.NewProviderLoader("shop", semver.MustParse("1.0.0"), provider))
	plan := &framework.TestPlan{}
	options := framework.TestUpdateOptions{T: t, HostF: host, SkipDisplayTests: true}
	after, err := framework.TestOp(engine.Update).Run(plan.GetProject(), plan.GetTarget(t, before), options, false, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range after.Resources {
		if state.Type == "shop:index:Database" {
			fmt.Println("> state:", state.URN.Name(), "with id", state.ID)
		}
	}
	return after
}

func TestImport(t *testing.T) {
	orders := up(t, nil, "orders", "")
	fmt.Println("> renamed:")
	up(t, orders, "ledger", "1")
	fmt.Println("> another id:")
	up(t, orders, "orders", "2")
}
GO
seen=$(GOFLAGS=-mod=mod go test -v . 2> /dev/null | sed -n 's/^> //p')
echo "github.com/pulumi/pulumi/pkg/v3 v3.259.0:"
echo "$seen"
[ "$seen" = "create orders
state: orders with id 1
renamed:
read ledger with id 1
delete orders with id 1
state: ledger with id 1
another id:
read orders with id 2
delete orders with id 1
state: orders with id 2" ]
