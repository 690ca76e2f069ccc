#!/usr/bin/env bash
# A query parameter without a value is false or nothing in most web frameworks. grpc-gateway refuses it for a bool or an enum,
# also where another default is meant, and refuses the same parameter given twice; it takes an enum by its number but not
# in lower case, and ignores a parameter that it does not know, also one in another case.
# Needs Go and the Go module proxy. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > main.go <<'GO'
package main

import (
	"fmt"
	"net/url"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/protobuf/types/known/apipb"
)

func main() {
	for _, query := range []string{
		"request_streaming=", "request_streaming=1", "syntax=", "syntax=1", "syntax=syntax_proto3",
		"name=", "name=a&name=b", "unknown=1", "Request_Streaming=1",
	} {
		values, _ := url.ParseQuery(query)
		message := &apipb.Method{}
		if err := runtime.PopulateQueryParameters(message, values, utilities.NewDoubleArray(nil)); err != nil {
			fmt.Printf("%s refused\n", query)
		} else {
			fmt.Printf("%s %t %d\n", query, message.RequestStreaming, message.Syntax)
		}
	}
}
GO
cat > go.mod <<'MOD'
module finding

go 1.25.0

require (
	github.com/grpc-ecosystem/grpc-gateway/v2 v2.33.0
	google.golang.org/protobuf v1.36.12
)
MOD
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "grpc-gateway v2.33.0, protobuf v1.36.12 (query, the bool, the enum):"
echo "$seen"
[ "$seen" = "request_streaming= refused
request_streaming=1 true 0
syntax= refused
syntax=1 false 1
syntax=syntax_proto3 refused
name= false 0
name=a&name=b refused
unknown=1 false 0
Request_Streaming=1 false 0" ]
