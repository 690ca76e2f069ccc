#!/usr/bin/env bash
# A path of the option "ignoreChanges" that cannot be read is passed over without a word, and the change is made: labels['team']
# is one, as JavaScript and Python have it, for quotes must be double. The same path in "replaceOnChanges" is an error.
# A path that can be read and names nothing, as a misspelt one, is passed over, too.
# Needs Go and the Go module proxy. Exits non-zero when a version behaves in another way.
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

// change creates a database with a label, changes the label, and returns what came of it.
func change(t *testing.T, options deploytest.ResourceOptions) string {
	outcome := "ignored"
	provider := func() (plugin.Provider, error) {
		return &deploytest.Provider{
			CreateF: func(_ context.Context, request plugin.CreateRequest) (plugin.CreateResponse, error) {
				return plugin.CreateResponse{ID: "1", Properties: request.Properties, Status: resource.StatusOK}, nil
			},
			UpdateF: func(_ context.Context, request plugin.UpdateRequest) (plugin.UpdateResponse, error) {
				outcome = "updated"
				return plugin.UpdateResponse{Properties: request.NewInputs, Status: resource.StatusOK}, nil
			},
		}, nil
	}
	var stack *deploy.Snapshot
	for _, team := range []string{"payments", "logistics"} {
		labels := resource.PropertyMap{"team": resource.NewProperty(team)}
		options.Inputs = resource.PropertyMap{"labels": resource.NewProperty(labels)}
		program := func(_ plugin.RunInfo, monitor *deploytest.ResourceMonitor) error {
			_, err := monitor.RegisterResource("shop:index:Database", "orders", true, options)
			return err
		}
		host := deploytest.NewPluginHostF(nil, nil, deploytest.NewLanguageRuntimeF(program), nil, nil,
			deploytest.NewProviderLoader("shop", semver.MustParse("1.0.0"), provider))
		plan := &framework.TestPlan{}
		testOptions := framework.TestUpdateOptions{T: t, HostF: host, SkipDisplayTests: true}
		after, err := framework.TestOp(engine.Update).Run(plan.GetProject(), plan.GetTarget(t, stack), testOptions, false, nil, nil)
		if err != nil {
			return err.Error()
		}
		stack = after
	}
	return outcome
}

func TestPaths(t *testing.T) {
	for _, path := range []string{`labels.team`, `labels["team"]`, `labels['team']`, `label.team`} {
		fmt.Println("> ignoreChanges", path, change(t, deploytest.ResourceOptions{IgnoreChanges: []string{path}}))
	}
	path := `labels['team']`
	fmt.Println("> replaceOnChanges", path, change(t, deploytest.ResourceOptions{ReplaceOnChanges: []string{path}}))
}
GO
seen=$(GOFLAGS=-mod=mod go test -v . 2> /dev/null | sed -n 's/^> //p')
echo "github.com/pulumi/pulumi/pkg/v3 v3.259.0, a label changes:"
echo "$seen"
[ "$seen" = "ignoreChanges labels.team ignored
ignoreChanges labels[\"team\"] ignored
ignoreChanges labels['team'] updated
ignoreChanges label.team updated
replaceOnChanges labels['team'] BAIL: invalid array index: strconv.ParseInt: parsing \"'team'\": invalid syntax" ]
