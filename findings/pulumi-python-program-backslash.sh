#!/usr/bin/env bash
# A text of several lines loses its backslashes in the program in Python that "pulumi import" and "pulumi convert" write: it
# stands in """ as it is, where a backslash and an n are a line break, and \b is a backspace. A text of one line is escaped.
# The program in TypeScript has the text as it is. PCL is the form from which both commands write programs.
# Needs Go, the Go module proxy and Python 3. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding

go 1.25.11

require (
	github.com/hashicorp/hcl/v2 v2.23.0
	github.com/pulumi/pulumi/pkg/v3 v3.259.0
)
MOD
cat > main.pp <<'PCL'
output "one" {
  value = "C:\\new and \\bword"
}
output "two" {
  value = "C:\\new and \\bword\nsecond line"
}
PCL
cat > main.go <<'GO'
package main

import (
	"os"

	"github.com/pulumi/pulumi/pkg/v3/codegen/hcl2/syntax"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/pcl"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	text, err := os.Open("main.pp")
	check(err)
	parser := syntax.NewParser()
	check(parser.ParseFile(text, "main.pp"))
	program, _, err := pcl.BindProgram(parser.Files, schema.NewPluginLoader(nil))
	check(err)
	files, _, err := python.GenerateProgram(program)
	check(err)
	check(os.WriteFile("main.py", files["__main__.py"], 0o600))
	files, _, err = nodejs.GenerateProgram(program)
	check(err)
	check(os.WriteFile("main.ts", files["index.ts"], 0o600))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
GO
GOFLAGS=-mod=mod go run . 2> /dev/null
# In place of the SDK: the program exports two texts.
echo 'def export(name, text): print(name, repr(text))' > pulumi.py
seen=$(python3 main.py; grep -A1 two main.ts)
echo "github.com/pulumi/pulumi/pkg/v3 v3.259.0, what the program in Python exports, and two in TypeScript:"
echo "$seen"
[ "$seen" = "one 'C:\\\\new and \\\\bword'
two 'C:\\new and \\x08word\\nsecond line'
export const two = \`C:\\\\new and \\\\bword
second line\`;" ]
