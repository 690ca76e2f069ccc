#!/usr/bin/env bash
# GetBool and GetBoolean of the SDK for Go hide what they cannot read: "yes" and "on" in a stack's configuration are false, without
# an error, and "1" and "t" are true. TryBool reports the first two. The SDKs for Node.js and Python refuse all four, so the
# same stack file protects a resource in one language and stops or unprotects it in another.
# Needs Go and the Go module proxy. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding

go 1.25.0

require (
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)
MOD
cat > main.go <<'GO'
package main

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

type mocks struct{}

func (mocks) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return args.Name, args.Inputs, nil
}

func (mocks) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return args.Args, nil
}

func main() {
	for _, value := range []string{"true", "yes", "on", "1", "t"} {
		program := func(ctx *pulumi.Context) error {
			_, err := config.TryBool(ctx, "project:protect")
			fmt.Println(value, config.GetBool(ctx, "project:protect"), err == nil)
			return nil
		}
		configured := func(info *pulumi.RunInfo) { info.Config = map[string]string{"project:protect": value} }
		if err := pulumi.RunErr(program, pulumi.WithMocks("project", "stack", mocks{}), configured); err != nil {
			panic(err)
		}
	}
}
GO
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/pulumi/pulumi/sdk/v3 v3.259.0, value, GetBool, whether TryBool takes it:"
echo "$seen"
[ "$seen" = "true true true
yes false false
on false false
1 true true
t true true" ]
