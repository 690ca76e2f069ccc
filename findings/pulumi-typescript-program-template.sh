#!/usr/bin/env bash
# A text with a value in it stands as a template in the program in TypeScript that "pulumi convert" writes, with nothing
# escaped: a backslash and an n are a line break, and the dollar and brace that the text wrote as $${host} to keep them are
# one more value. In the programs in Go and Python the text is as it was. PCL is the form that "pulumi convert" brings every
# program to first. Needs Go, the Go module proxy and Node.js. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding

go 1.25.11

require (
	github.com/pulumi/pulumi/pkg/v3 v3.259.0
)
MOD
cat > main.pp <<'PCL'
config "host" "string" {
}
path = "C:\\new on ${host}"
shell = "host of $${host} is ${host}"
PCL
cat > main.go <<'GO'
package main

import (
	"os"

	"github.com/pulumi/pulumi/pkg/v3/codegen/hcl2/syntax"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/pcl"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	text, err := os.Open("main.pp")
	check(err)
	parser := syntax.NewParser()
	check(parser.ParseFile(text, "main.pp"))
	program, _, err := pcl.BindProgram(parser.Files, schema.NewPluginLoader(nil))
	check(err)
	files, _, err := nodejs.GenerateProgram(program)
	check(err)
	os.Stdout.Write(files["index.ts"])
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
GO
GOFLAGS=-mod=mod go run . > index.ts 2> /dev/null
{
  echo 'const host = "db";'
  grep -E '^ *const (path|shell) =' index.ts
  echo 'console.log(JSON.stringify([path, shell]));'
} > main.js
seen=$(grep -E '^const (path|shell) =' main.js; node main.js)
echo "github.com/pulumi/pulumi/pkg/v3 v3.259.0, two lines of the program, and their values where host is db:"
echo "$seen"
[ "$seen" = 'const path = `C:\new on ${host}`;
const shell = `host of ${host} is ${host}`;
["C:\new on db","host of db is db"]' ]
