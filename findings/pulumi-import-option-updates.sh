#!/usr/bin/env bash
# The option "import" does not refuse a program that differs from the object any more: the engine reads the object, and in the
# same run updates it to what the program says. What the program leaves out is taken off the object. "pulumi up --skip-
# preview", as the Automation API runs it, so changes an object in the run that was to adopt it. Needs Go and the Go module
# proxy. Exits non-zero when a version behaves in another way.
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
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy/deploytest"
	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

func TestImport(t *testing.T) {
	text := resource.NewProperty[string]
	provider := func() (plugin.Provider, error) {
		return &deploytest.Provider{
			ReadF: func(_ context.Context, request plugin.ReadRequest) (plugin.ReadResponse, error) {
				found := resource.PropertyMap{"plan": text("STANDARD"), "owner": text("payments")}
				fmt.Println("> read", found)
				result := plugin.ReadResult{ID: request.ID, Inputs: found, Outputs: found}
				return plugin.ReadResponse{ReadResult: result, Status: resource.StatusOK}, nil
			},
			UpdateF: func(_ context.Context, request plugin.UpdateRequest) (plugin.UpdateResponse, error) {
				fmt.Println("> update to", request.NewInputs)
				return plugin.UpdateResponse{Properties: request.NewInputs, Status: resource.StatusOK}, nil
			},
		}, nil
	}
	program := func(_ plugin.RunInfo, monitor *deploytest.ResourceMonitor) error {
		inputs := resource.PropertyMap{"plan": text("BASIC")}
		_, err := monitor.RegisterResource("shop:index:Cluster", "orders", true, deploytest.ResourceOptions{ImportID: "1", Inputs: inputs})
		return err
	}
	host := deploytest.NewPluginHostF(nil, nil, deploytest.NewLanguageRuntimeF(program), nil, nil,
		deploytest.NewProviderLoader("shop", semver.MustParse("1.0.0"), provider))
	plan := &framework.TestPlan{}
	options := framework.TestUpdateOptions{T: t, HostF: host, SkipDisplayTests: true}
	_, err := framework.TestOp(engine.Update).Run(plan.GetProject(), plan.GetTarget(t, nil), options, false, nil, nil)
	fmt.Println("> error:", err)
}
GO
seen=$(GOFLAGS=-mod=mod go test -v . 2> /dev/null | sed -n 's/^> //p')
echo "github.com/pulumi/pulumi/pkg/v3 v3.259.0, import of a cluster by a program that says plan: BASIC:"
echo "$seen"
[ "$seen" = "read map[owner:{payments} plan:{STANDARD}]
update to map[plan:{BASIC}]
error: <nil>" ]
