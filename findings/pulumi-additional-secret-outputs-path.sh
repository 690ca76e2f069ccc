#!/usr/bin/env bash
# The option "additionalSecretOutputs" takes names and no paths, unlike "ignoreChanges": labels.token leaves the value in plain
# text in the state, and neither that nor a misspelt name is an error or a warning. The name of the whole property conceals it.
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
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

func TestSecrets(t *testing.T) {
	provider := func() (plugin.Provider, error) {
		return &deploytest.Provider{
			CreateF: func(_ context.Context, request plugin.CreateRequest) (plugin.CreateResponse, error) {
				return plugin.CreateResponse{ID: "1", Properties: request.Properties, Status: resource.StatusOK}, nil
			},
		}, nil
	}
	for _, name := range []resource.PropertyKey{"labels", "labels.token", "lables"} {
		program := func(_ plugin.RunInfo, monitor *deploytest.ResourceMonitor) error {
			labels := resource.PropertyMap{"token": resource.NewProperty("plain")}
			_, err := monitor.RegisterResource("shop:index:Database", "orders", true, deploytest.ResourceOptions{
				Inputs:                  resource.PropertyMap{"labels": resource.NewProperty(labels)},
				AdditionalSecretOutputs: []resource.PropertyKey{name},
			})
			return err
		}
		host := deploytest.NewPluginHostF(nil, nil, deploytest.NewLanguageRuntimeF(program), nil, nil,
			deploytest.NewProviderLoader("shop", semver.MustParse("1.0.0"), provider))
		plan := &framework.TestPlan{}
		options := framework.TestUpdateOptions{T: t, HostF: host, SkipDisplayTests: true}
		messages := 0
		count := func(_ workspace.Project, _ deploy.Target, _ engine.JournalEntries, events []engine.Event, err error) error {
			for _, event := range events {
				if event.Type == engine.DiagEvent {
					messages++
				}
			}
			return err
		}
		stack, err := framework.TestOp(engine.Update).Run(plan.GetProject(), plan.GetTarget(t, nil), options, false, nil, count)
		if err != nil {
			t.Fatal(err)
		}
		for _, state := range stack.Resources {
			if state.Type == "shop:index:Database" {
				fmt.Printf("> %s: a secret %v, messages %d\n", name, state.Outputs.ContainsSecrets(), messages)
			}
		}
	}
}
GO
seen=$(GOFLAGS=-mod=mod go test -v . 2> /dev/null | sed -n 's/^> //p')
echo "github.com/pulumi/pulumi/pkg/v3 v3.259.0, what additionalSecretOutputs names, whether the outputs in the state hold a secret:"
echo "$seen"
[ "$seen" = "labels: a secret true, messages 0
labels.token: a secret false, messages 0
lables: a secret false, messages 0" ]
