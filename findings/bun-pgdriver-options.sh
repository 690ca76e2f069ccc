#!/usr/bin/env bash
# bun's pgdriver for Go sends a parameter of a URL that it does not know as SET after the login, and "options" too, which
# belongs in the start-up message: "SET options TO '-c statement_timeout=5s'" sets no session variable, and PostgreSQL
# refuses it. Needs Go and the Go module proxy. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > main.go <<'GO'
package main

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/uptrace/bun/driver/pgdriver"
)

func main() {
	listener, _ := net.Listen("tcp", "127.0.0.1:0")
	url := fmt.Sprintf("postgres://user:password@%s/db?sslmode=disable&options=-c%%20statement_timeout%%3D5s", listener.Addr())
	go sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(url))).PingContext(context.Background())
	connection, _ := listener.Accept()
	startup := read(connection)
	connection.Write([]byte("R\x00\x00\x00\x08\x00\x00\x00\x00Z\x00\x00\x00\x05I"))
	io.ReadFull(connection, make([]byte, 1))
	statement := read(connection)
	fmt.Println(strings.Contains(startup, "options"), strings.TrimRight(statement, "\x00"))
}

// read takes one message without its type.
func read(connection net.Conn) string {
	length := make([]byte, 4)
	io.ReadFull(connection, length)
	body := make([]byte, binary.BigEndian.Uint32(length)-4)
	io.ReadFull(connection, body)
	return string(body)
}
GO
printf 'module finding\n\ngo 1.25.0\n\nrequire github.com/uptrace/bun/driver/pgdriver v1.2.18\n' > go.mod
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/uptrace/bun/driver/pgdriver v1.2.18, whether options is in the start-up message, first statement:"
echo "$seen"
[ "$seen" = "false SET options TO '-c statement_timeout=5s'" ]
