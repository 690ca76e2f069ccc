#!/usr/bin/env bash
# ParseURL of upper/db's adapter for CockroachDB knows postgres:// alone. A URL with postgresql://, as the Cloud Console and
# libpq write it, and with a parameter is no error: all of it becomes the name of an option, and the settings name no host,
# which is then 127.0.0.1. Without a parameter it is refused. cockroachdb:// is read like postgresql://. Needs Go and the Go
# module proxy. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > main.go <<'GO'
package main

import (
	"fmt"

	"github.com/upper/db/v4/adapter/cockroachdb"
)

func main() {
	const rest = "://user@server:26257/orders"
	for _, url := range []string{
		"postgres" + rest + "?sslmode=verify-full",
		"postgresql" + rest + "?sslmode=verify-full",
		"cockroachdb" + rest + "?sslmode=verify-full",
		"postgresql" + rest,
	} {
		settings, err := cockroachdb.ParseURL(url)
		fmt.Printf("%s\n  host %q database %q options %v error %v\n", url, settings.Host, settings.Database, settings.Options, err)
	}
}
GO
printf 'module finding\n\ngo 1.25.0\n\nrequire github.com/upper/db/v4 v4.10.0\n' > go.mod
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/upper/db/v4 v4.10.0:"
echo "$seen"
[ "$seen" = 'postgres://user@server:26257/orders?sslmode=verify-full
  host "server:26257" database "orders" options map[sslmode:verify-full] error <nil>
postgresql://user@server:26257/orders?sslmode=verify-full
  host ":26257" database "" options map[postgresql://user@server:26257/orders?sslmode:verify-full] error <nil>
cockroachdb://user@server:26257/orders?sslmode=verify-full
  host ":26257" database "" options map[cockroachdb://user@server:26257/orders?sslmode:verify-full] error <nil>
postgresql://user@server:26257/orders
  host "" database "" options map[] error missing "=" after "postgresql://user@server:26257/orders" in connection info string"' ]
