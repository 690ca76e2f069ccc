#!/usr/bin/env bash
# "pulumi destroy --exclude" with a URN that the stack does not have is refused; with a pattern that matches nothing it goes on
# without a word, and destroys what was to be kept. A pattern must match the whole URN, and one "*" stops at a colon: "*ledger"
# matches no resource at all, "**ledger" does. With --target the same pattern does nothing, and ends without an error.
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

func program(_ plugin.RunInfo, monitor *deploytest.ResourceMonitor) error {
	for _, name := range []string{"orders", "ledger"} {
		_, err := monitor.RegisterResource("shop:index:Database", name, true, deploytest.ResourceOptions{})
		if err != nil {
			return err
		}
	}
	return nil
}

// left destroys a stack of two databases, and returns what is left of it.
func left(t *testing.T, options engine.UpdateOptions) string {
	provider := func() (plugin.Provider, error) {
		return &deploytest.Provider{
			CreateF: func(_ context.Context, request plugin.CreateRequest) (plugin.CreateResponse, error) {
				return plugin.CreateResponse{ID: resource.ID(request.Name), Status: resource.StatusOK}, nil
			},
		}, nil
	}
	host := deploytest.NewPluginHostF(nil, nil, deploytest.NewLanguageRuntimeF(program), nil, nil,
		deploytest.NewProviderLoader("shop", semver.MustParse("1.0.0"), provider))
	plan := &framework.TestPlan{}
	run := func(operation framework.TestOp, before *deploy.Snapshot, options engine.UpdateOptions) (*deploy.Snapshot, error) {
		return operation.Run(plan.GetProject(), plan.GetTarget(t, before),
			framework.TestUpdateOptions{T: t, HostF: host, UpdateOptions: options, SkipDisplayTests: true}, false, nil, nil)
	}
	stack, err := run(engine.Update, nil, engine.UpdateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	stack, err = run(engine.Destroy, stack, options)
	text := "left:"
	for _, state := range stack.Resources {
		if state.Type == "shop:index:Database" {
			text += " " + state.URN.Name()
		}
	}
	if err != nil {
		text += ", " + err.Error()
	}
	return text
}

func TestPatterns(t *testing.T) {
	for _, pattern := range []string{"**ledger", "*ledger", "**ledgr", "ledgr"} {
		urns := deploy.NewUrnTargets([]string{pattern})
		fmt.Println("> --exclude", pattern, left(t, engine.UpdateOptions{Excludes: urns}))
		fmt.Println("> --target", pattern, left(t, engine.UpdateOptions{Targets: urns}))
	}
}
GO
seen=$(GOFLAGS=-mod=mod go test -v . 2> /dev/null | sed -n 's/^> //p')
echo "github.com/pulumi/pulumi/pkg/v3 v3.259.0 destroys a stack of orders and ledger:"
echo "$seen"
[ "$seen" = "--exclude **ledger left: ledger
--target **ledger left: orders
--exclude *ledger left:
--target *ledger left: orders ledger
--exclude **ledgr left:
--target **ledgr left: orders ledger
--exclude ledgr left: orders ledger, no resource named 'ledgr' found
--target ledgr left: orders ledger, no resource named 'ledgr' found" ]
