#!/usr/bin/env bash
# "pulumi config set" of one key rewrites the others in the stack's file: what stands there without quotes is written back as
# it was read, and so version 25.10 becomes "25.1" for good, an account number its octal value, and the items of a list too.
# Comments and texts in quotes stay as they are. Needs Go and the Go module proxy. Exits non-zero when a version behaves in
# another way.
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
cat > Pulumi.dev.yaml <<'YAML'
config:
  # A comment.
  shop:version: 25.10
  shop:account: 012345670123
  shop:ports: [010, 26257]
  shop:name: 'orders'
YAML
cat > main.go <<'GO'
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

// main does what "pulumi config set owner payments" does with the stack's file.
func main() {
	const file = "Pulumi.dev.yaml"
	stack, err := workspace.LoadProjectStack(nil, &workspace.Project{Name: "shop"}, file)
	check(err)
	check(stack.Config.Set(config.MustMakeKey("shop", "owner"), config.NewValue("payments"), false))
	check(stack.Save(file))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
GO
GOFLAGS=-mod=mod go run . 2> /dev/null
seen=$(cat Pulumi.dev.yaml)
echo "github.com/pulumi/pulumi/sdk/v3 v3.259.0, the stack's file afterwards:"
echo "$seen"
[ "$seen" = "config:
  # A comment.
  shop:version: \"25.1\"
  shop:account: \"1402433619\"
  shop:ports: [8, 26257]
  shop:name: 'orders'
  shop:owner: payments" ]
