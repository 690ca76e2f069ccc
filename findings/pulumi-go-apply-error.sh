#!/usr/bin/env bash
# An error that a function given to ApplyT of the SDK for Go returns is lost where no resource and no output of the stack
# takes the result: the program ends as if nothing were wrong, and with it a unit test that checks values so. The same happens
# to the functions of an output whose value has another type. The SDKs for Node.js and Python fail in the first case. Needs
# Go, the Go module proxy, Node.js, npm and Python 3 with venv. Exits non-zero when a version behaves in another way.
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
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

type some struct {
	pulumi.CustomResourceState
	Port pulumi.IntOutput `pulumi:"port"`
}

type mocks struct{ port resource.PropertyValue }

func (m mocks) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return args.Name, resource.PropertyMap{"port": m.port}, nil
}

func (mocks) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return args.Args, nil
}

func main() {
	for _, port := range []resource.PropertyValue{resource.NewProperty(1.0), resource.NewProperty("26257")} {
		hasRun := false
		err := pulumi.RunErr(func(ctx *pulumi.Context) error {
			var made some
			if err := ctx.RegisterResource("test:index:Some", "some", nil, &made); err != nil {
				return err
			}
			made.Port.ApplyT(func(port int) (int, error) {
				hasRun = true
				return 0, errors.New("another port")
			})
			return nil
		}, pulumi.WithMocks("project", "stack", mocks{port}))
		fmt.Println("Go", port, "has run:", hasRun, "error:", err)
	}
}
GO
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0 > /dev/null
cat > main.cjs <<'JS'
const pulumi = require("@pulumi/pulumi");
process.once("unhandledRejection", ({ message }) => {
  console.log("Node.js error:", message);
  process.exit();
});
pulumi.output(1).apply(() => {
  throw new Error("another port");
});
JS
python3 -m venv venv
venv/bin/python -m pip install --quiet pulumi==3.248.0
cat > main.py <<'PY'
import pulumi


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return args.name, args.inputs

    def call(self, args):
        return {}


def check(port):
    raise ValueError("another port")


@pulumi.runtime.test
def test_port():
    pulumi.Output.from_input(1).apply(check)


pulumi.runtime.set_mocks(Mocks())
try:
    test_port()
    print("Python no error")
except ValueError as error:
    print("Python error:", error)
PY
seen=$(
  GOFLAGS=-mod=mod go run . 2> /dev/null
  node main.cjs
  venv/bin/python main.py 2> /dev/null
)
echo "github.com/pulumi/pulumi/sdk/v3 v3.259.0, @pulumi/pulumi 3.248.0, pulumi 3.248.0 for Python:"
echo "$seen"
[ "$seen" = "Go {1} has run: true error: <nil>
Go {26257} has run: false error: <nil>
Node.js error: another port
Python error: another port" ]
