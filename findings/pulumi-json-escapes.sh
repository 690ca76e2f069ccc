#!/usr/bin/env bash
# JSONMarshal of the SDK for Go writes the & of an address as \u0026, as fn::toJSON of YAML does; jsonStringify of the SDK for
# Node.js leaves it as it is, and Output.json_dumps of that for Python does so and puts spaces after commas and colons. The same
# program in another language has another text for the same values, so a resource that holds it is updated or replaced, and a
# search of the text for the address finds nothing. Needs Go, the Go module proxy, Node.js, npm and Python 3 with venv. Exits
# non-zero when a version behaves in another way.
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
		value := pulumi.Map{"port": pulumi.Int(26257), "query": pulumi.String("a=1&b=2")}
		printed := make(chan bool)
		pulumi.JSONMarshal(value).ApplyT(func(text string) string {
			fmt.Println("Go     ", text)
			close(printed)
			return text
		})
		<-printed
		return nil
	}, pulumi.WithMocks("project", "stack", mocks{}))
	if err != nil {
		panic(err)
	}
}
GO
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0 > /dev/null
cat > main.cjs <<'JS'
const pulumi = require("@pulumi/pulumi");
pulumi.runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) });
pulumi.jsonStringify({ port: 26257, query: "a=1&b=2" }).apply((text) => console.log("Node.js", text));
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


pulumi.runtime.set_mocks(Mocks())


@pulumi.runtime.test
def test_text():
    text = pulumi.Output.json_dumps({"port": 26257, "query": "a=1&b=2"})
    return text.apply(lambda text: print("Python ", text))


test_text()
PY
seen=$(
  GOFLAGS=-mod=mod go run . 2> /dev/null
  node main.cjs
  venv/bin/python main.py
)
echo "github.com/pulumi/pulumi/sdk/v3 v3.259.0, @pulumi/pulumi 3.248.0, pulumi 3.248.0 for Python, one value as JSON:"
echo "$seen"
[ "$seen" = 'Go      {"port":26257,"query":"a=1\u0026b=2"}
Node.js {"port":26257,"query":"a=1&b=2"}
Python  {"port": 26257, "query": "a=1&b=2"}' ]
