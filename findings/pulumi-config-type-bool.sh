#!/usr/bin/env bash
# "pulumi config set --type bool" writes false for every text that it cannot read as a boolean, and ends without an error: for
# "yes" and "on" too. "--type int" refuses what is no integer. Without --type the text stays, and the SDKs for Node.js and
# Python refuse it in the program. Needs Go and the Go module proxy. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding

go 1.25.0

require (
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
	gopkg.in/yaml.v3 v3.0.1
)
MOD
cat > main.go <<'GO'
package main

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"gopkg.in/yaml.v3"
)

// set is what "pulumi config set" does with a value for the stack's file.
func set(text string, kind config.Type) {
	stack, key := config.Map{}, config.MustMakeKey("shop", "protect")
	err := stack.Set(key, config.NewTypedValue(text, kind), false)
	file := []byte{}
	if err == nil {
		file, err = yaml.Marshal(stack)
	}
	fmt.Print(text, " ", string(file))
	if err != nil {
		fmt.Println(err)
	}
}

func main() {
	for _, text := range []string{"true", "yes", "on", "ture"} {
		set(text, config.TypeBool)
	}
	set("two", config.TypeInt)
	set("yes", config.TypeUnknown)
}
GO
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/pulumi/pulumi/sdk/v3 v3.259.0, what is set, and the stack's file:"
echo "$seen"
[ "$seen" = 'true shop:protect: true
yes shop:protect: false
on shop:protect: false
ture shop:protect: false
two strconv.Atoi: parsing "two": invalid syntax
yes shop:protect: "yes"' ]
