#!/usr/bin/env bash
# Pulumi reads a value of Pulumi.<stack>.yaml without quotes as YAML, and the program gets it in another form: a time in RFC
# 3339 in that of Go, an account number without its leading zero or as the number that its digits are in octal, and version
# 25.10 as 25.1. Yes and no stay as they are.
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

func main() {
	for _, text := range []string{"2026-06-01T00:00:00Z", "012345678901", "012345670123", "25.10", "yes"} {
		var stack config.Map
		if err := yaml.Unmarshal([]byte("shop:value: "+text), &stack); err != nil {
			panic(err)
		}
		value := stack[config.MustMakeKey("shop", "value")]
		seen, err := value.Value(config.NopDecrypter)
		fmt.Println(text, "is", seen, err)
	}
}
GO
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/pulumi/pulumi/sdk/v3 v3.259.0:"
echo "$seen"
[ "$seen" = "2026-06-01T00:00:00Z is 2026-06-01 00:00:00 +0000 UTC <nil>
012345678901 is 12345678901 <nil>
012345670123 is 1402433619 <nil>
25.10 is 25.1 <nil>
yes is yes <nil>" ]
