#!/usr/bin/env bash
# protobuf-go's protojson reads an integer in quotes by its first token only, up to 1.36.11: "3,4" for an int32 is
# accepted and is 3, and what follows the number is dropped without an error. 1.36.12 refuses it.
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
	"google.golang.org/protobuf/types/known/wrapperspb"
)

func main() {
	for _, body := range []string{`"3"`, `"3,4"`, `"3]"`, `"3x"`} {
		message := &wrapperspb.Int32Value{}
		if err := protojson.Unmarshal([]byte(body), message); err != nil {
			fmt.Printf("%s refused; ", body)
		} else {
			fmt.Printf("%s is %d; ", body, message.Value)
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
old=$(read_with v1.36.11)
new=$(read_with v1.36.12)
echo "google.golang.org/protobuf v1.36.11:  $old"
echo "google.golang.org/protobuf v1.36.12: $new"
[ "$old" = '"3" is 3; "3,4" is 3; "3]" is 3; "3x" refused; ' ]
[ "$new" = '"3" is 3; "3,4" refused; "3]" refused; "3x" refused; ' ]
