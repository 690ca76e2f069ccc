#!/usr/bin/env bash
# pulumi.Sprintf of the SDK for Go does not take the value that an optional output points to, such as a StringPtrOutput: it
# formats the pointer, so that %s prints "%!s(*string=0x…)", an address that differs from run to run, and %d of an
# IntPtrOutput prints the address as if it were the number. Elem() gives the value.
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
)

type mocks struct{}

func (mocks) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return args.Name, args.Inputs, nil
}

func (mocks) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return args.Args, nil
}

func main() {
	pulumi.RunErr(func(ctx *pulumi.Context) error {
		user := pulumi.StringPtr("app").ToStringPtrOutput()
		port := pulumi.IntPtr(26257).ToIntPtrOutput()
		printed := make(chan bool)
		pulumi.All(
			pulumi.Sprintf("%s", user), pulumi.Sprintf("%s", user.Elem()),
			pulumi.Sprintf("%d", port), pulumi.Sprintf("%d", port.Elem()),
		).ApplyT(func(texts []any) bool {
			for _, text := range texts {
				fmt.Println(text)
			}
			close(printed)
			return true
		})
		<-printed
		return nil
	}, pulumi.WithMocks("project", "stack", mocks{}))
}
GO
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/pulumi/pulumi/sdk/v3 v3.259.0, %s of a string, of its Elem(), %d of 26257, of its Elem():"
echo "$seen"
pattern='^%!s\(\*string=0x[0-9a-f]+\)
app
[0-9]{6,}
26257$'
[[ "$seen" =~ $pattern ]]
