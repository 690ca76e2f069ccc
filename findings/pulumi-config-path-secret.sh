#!/usr/bin/env bash
# "pulumi config set --path" makes a number of digits and a boolean of true and false, as its help says; with --secret both
# stay texts. The same command with --secret added changes the type of the value in the program: what was 26257 is "26257",
# and what was false is "false", which is true in JavaScript and Python. Needs Go and the Go module proxy. Exits non-zero when
# a version behaves in another way.
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
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
)

// valueOf is what the program gets of a value that "pulumi config set --path" has written.
func valueOf(text string, isSecret bool) string {
	crypter := config.NewSymmetricCrypter(make([]byte, config.SymmetricCrypterKeyBytes))
	value := config.NewValue(text)
	if isSecret {
		encrypted, err := crypter.EncryptValue(context.Background(), text)
		check(err)
		value = config.NewSecureValue(encrypted)
	}
	stack := config.Map{}
	check(stack.Set(config.MustParseKey("shop:database.value"), value, true))
	values, err := stack.Decrypt(crypter)
	check(err)
	return values[config.MustMakeKey("shop", "database")]
}

func main() {
	for _, text := range []string{"26257", "false"} {
		fmt.Println(text, "plain:", valueOf(text, false), "secret:", valueOf(text, true))
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
GO
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/pulumi/pulumi/sdk/v3 v3.259.0, what the program gets of database.value:"
echo "$seen"
[ "$seen" = '26257 plain: {"value":26257} secret: {"value":"26257"}
false plain: {"value":false} secret: {"value":"false"}' ]
