#!/usr/bin/env bash
# Config of the SDK for Go reads one value as two numbers: "010" is 8 by GetInt, which takes a leading zero for octal, and 10
# by GetFloat64; GetInt takes "0x10" for 16 and refuses "08". The SDKs for Node.js and Python read 10 of "010".
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
	values := map[string]string{"project:ten": "010", "project:hexadecimal": "0x10", "project:eight": "08"}
	pulumi.RunErr(func(ctx *pulumi.Context) error {
		project := config.New(ctx, "project")
		_, err := project.TryInt("eight")
		fmt.Println(project.GetInt("ten"), project.GetFloat64("ten"), project.GetInt("hexadecimal"), err != nil)
		return nil
	}, pulumi.WithMocks("project", "stack", mocks{}), func(info *pulumi.RunInfo) { info.Config = values })
}
GO
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/pulumi/pulumi/sdk/v3 v3.259.0, GetInt and GetFloat64 of 010, GetInt of 0x10, whether 08 is refused:"
echo "$seen"
[ "$seen" = "8 10 16 true" ]
