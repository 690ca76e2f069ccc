#!/usr/bin/env bash
# GetIntOutput of a stack reference in the SDK for Go cuts off the fraction of a number without an error: the output 2.5 of the
# other stack is 2 here, where GetStringOutput of a number is an error. Needs Go and the Go module proxy. Exits non-zero when a
# version behaves in another way.
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
	outputs := resource.PropertyMap{"hours": resource.NewProperty(2.5)}
	return args.Name, resource.PropertyMap{"outputs": resource.NewProperty(outputs)}, nil
}

func (mocks) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return args.Args, nil
}

// hours takes the output of the other stack in the form that method asks for.
func hours(method func(*pulumi.StackReference) pulumi.Output) error {
	return pulumi.RunErr(func(ctx *pulumi.Context) error {
		other, err := pulumi.NewStackReference(ctx, "organization/other/dev", nil)
		if err != nil {
			return err
		}
		ctx.Export("hours", pulumi.Sprintf("%v", method(other)).ApplyT(func(text string) string {
			fmt.Println(text)
			return text
		}))
		return nil
	}, pulumi.WithMocks("project", "stack", mocks{}))
}

func main() {
	name := pulumi.String("hours")
	err := hours(func(other *pulumi.StackReference) pulumi.Output { return other.GetIntOutput(name) })
	fmt.Println("GetIntOutput:", err)
	err = hours(func(other *pulumi.StackReference) pulumi.Output { return other.GetFloat64Output(name) })
	fmt.Println("GetFloat64Output:", err)
	err = hours(func(other *pulumi.StackReference) pulumi.Output { return other.GetStringOutput(name) })
	fmt.Println("GetStringOutput fails:", err != nil)
}
GO
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/pulumi/pulumi/sdk/v3 v3.259.0, the output 2.5 of another stack:"
echo "$seen"
[ "$seen" = '2
GetIntOutput: <nil>
2.5
GetFloat64Output: <nil>
GetStringOutput fails: true' ]
