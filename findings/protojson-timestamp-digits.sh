#!/usr/bin/env bash
# protobuf-go's protojson refuses a timestamp with ten digits of a second after a point and accepts the same after a
# comma, dropping the tenth. It also accepts an hour of one digit, which RFC 3339 does not have.
# Needs Go and the Go module proxy. Exits non-zero when it behaves in another way.
set -eu
version=v1.36.12
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > main.go <<'GO'
package main

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/timestamppb"
)

func main() {
	for _, moment := range []string{
		"2026-01-01T00:00:00.1234567891Z",
		"2026-01-01T00:00:00,1234567891Z",
		"2026-01-01T0:00:00Z",
	} {
		message := &timestamppb.Timestamp{}
		if err := protojson.Unmarshal([]byte(`"`+moment+`"`), message); err != nil {
			fmt.Printf("%s refused\n", moment)
		} else {
			fmt.Printf("%s is %d s %d ns\n", moment, message.Seconds, message.Nanos)
		}
	}
}
GO
printf 'module finding\n\ngo 1.21\n\nrequire google.golang.org/protobuf %s\n' "$version" > go.mod
seen=$(GOFLAGS=-mod=mod go run . 2>/dev/null)
echo "google.golang.org/protobuf $version:"
echo "$seen"
[ "$seen" = "2026-01-01T00:00:00.1234567891Z refused
2026-01-01T00:00:00,1234567891Z is 1767225600 s 123456789 ns
2026-01-01T0:00:00Z is 1767225600 s 0 ns" ]
