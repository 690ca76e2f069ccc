#!/usr/bin/env bash
# go-pg takes "verify-full" from a URL and makes a TLS configuration without the name of the host, with which the TLS library
# of Go refuses to begin a handshake: the safest of the values connects to no server. The parameters of a root certificate and
# of the start-up message are refused, and so is a URL without a database, which PostgreSQL takes from the user.
# Needs Go and the Go module proxy. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"io"
	"net"

	"github.com/go-pg/pg/v10"
)

func main() {
	listener, _ := net.Listen("tcp", "127.0.0.1:0")
	go func() {
		for {
			connection, _ := listener.Accept()
			io.ReadFull(connection, make([]byte, 8))
			connection.Write([]byte("S"))
		}
	}()
	address := "postgres://user:password@" + listener.Addr().String()
	options, _ := pg.ParseURL(address + "/orders?sslmode=verify-full")
	options.MaxRetries = 0
	fmt.Println(pg.Connect(options).Ping(context.Background()))
	for _, rest := range []string{"/orders?sslmode=verify-full&sslrootcert=ca.crt", "/orders?options=-c%20a.b%3Dc", "/?sslmode=verify-full"} {
		_, err := pg.ParseURL(address + rest)
		fmt.Println(err)
	}
}
GO
printf 'module finding\n\ngo 1.23.0\n\nrequire github.com/go-pg/pg/v10 v10.11.0\n' > go.mod
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/go-pg/pg/v10 v10.11.0, connecting, a root certificate, options, no database:"
echo "$seen"
[ "$seen" = "tls: either ServerName or InsecureSkipVerify must be specified in the tls.Config
pg: options other than 'sslmode', 'application_name' and 'connect_timeout' are not supported
pg: options other than 'sslmode', 'application_name' and 'connect_timeout' are not supported
pg: database name not provided" ]
