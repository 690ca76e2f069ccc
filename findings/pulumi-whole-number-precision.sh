#!/usr/bin/env bash
# A whole number above 2^53 loses its last digits on the way to the provider in the SDKs for Python and Go, though both
# languages hold it exactly and an int of 64 bits is what the SDK for Go takes: 9007199254740993 arrives as 9007199254740992,
# without an error or a warning. A number that must not change has to be a text. Needs Go, the Go module proxy and Python 3
# with venv. Exits non-zero when a version behaves in another way.
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
	fmt.Printf("Go     %.0f\n", args.Inputs["limit"].NumberValue())
	return args.Name, args.Inputs, nil
}

func (mocks) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return args.Args, nil
}

func main() {
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		var some struct{ pulumi.CustomResourceState }
		return ctx.RegisterResource("test:index:Some", "some", pulumi.Map{"limit": pulumi.Int(9007199254740993)}, &some)
	}, pulumi.WithMocks("project", "stack", mocks{}))
	if err != nil {
		panic(err)
	}
}
GO
python3 -m venv venv
venv/bin/python -m pip install --quiet pulumi==3.248.0
cat > main.py <<'PY'
import pulumi


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        print("Python", f"{args.inputs['limit']:.0f}")
        return args.name, args.inputs

    def call(self, args):
        return {}


pulumi.runtime.set_mocks(Mocks())


@pulumi.runtime.test
def test_limit():
    return pulumi.CustomResource("test:index:Some", "some", {"limit": 9007199254740993}).urn


test_limit()
PY
seen=$(
  GOFLAGS=-mod=mod go run . 2> /dev/null
  venv/bin/python main.py
)
echo "github.com/pulumi/pulumi/sdk/v3 v3.259.0, pulumi 3.248.0 for Python, 9007199254740993 as the provider gets it:"
echo "$seen"
[ "$seen" = 'Go     9007199254740992
Python 9007199254740992' ]
