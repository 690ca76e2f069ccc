#!/usr/bin/env bash
# With DiscardUnknown, as grpc-gateway sets it, protobuf-go's protojson drops a misspelt name of an enum like an unknown
# field: the field stays unset, and no error is reported. 1.28.1 refuses the name.
# Needs Go and the Go module proxy. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > main.go <<'GO'
package main

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/typepb"
)

func main() {
	for _, name := range []string{"TYPE_STRING", "type_string", "TYPE_TEXT"} {
		field := &typepb.Field{}
		err := protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal([]byte(`{"kind": "`+name+`"}`), field)
		if err != nil {
			fmt.Printf("%s refused; ", name)
		} else {
			fmt.Printf("%s is %d; ", name, field.Kind)
		}
	}
	fmt.Println()
}
GO
read_with() {
  printf 'module finding\n\ngo 1.21\n\nrequire google.golang.org/protobuf %s\n' "$1" > go.mod
  rm -f go.sum
  GOFLAGS=-mod=mod go run . 2>/dev/null
}
old=$(read_with v1.28.1)
new=$(read_with v1.36.12)
echo "google.golang.org/protobuf v1.28.1:  $old"
echo "google.golang.org/protobuf v1.36.12: $new"
[ "$old" = 'TYPE_STRING is 9; type_string refused; TYPE_TEXT refused; ' ]
[ "$new" = 'TYPE_STRING is 9; type_string is 0; TYPE_TEXT is 0; ' ]
