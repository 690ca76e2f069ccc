#!/usr/bin/env bash
# Indexing an output of the SDK for Go past the end of its list, or with a key that its map has not, gives the zero value and
# no error: the address of a fourth region is the empty string, where the SDK for Node.js gives undefined and that for
# Python an IndexError. Needs Go and the Go module proxy. Exits non-zero when a version behaves in another way.
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
)

type mocks struct{}

func (mocks) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return args.Name, args.Inputs, nil
}

func (mocks) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return args.Args, nil
}

func main() {
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		regions := pulumi.StringArray{pulumi.String("us-east-1")}.ToStringArrayOutput()
		labels := pulumi.StringMap{"team": pulumi.String("payments")}.ToStringMapOutput()
		printed := make(chan bool)
		pulumi.Sprintf("%q %q", regions.Index(pulumi.Int(3)), labels.MapIndex(pulumi.String("owner"))).ApplyT(func(text string) string {
			fmt.Println(text)
			close(printed)
			return text
		})
		<-printed
		return nil
	}, pulumi.WithMocks("project", "stack", mocks{}))
	fmt.Println(err)
}
GO
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/pulumi/pulumi/sdk/v3 v3.259.0, the fourth of one region and a label that is missing:"
echo "$seen"
[ "$seen" = '"" ""
<nil>' ]
