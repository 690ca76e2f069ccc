#!/usr/bin/env bash
# The program in Java that "pulumi convert" writes for a text with a value in it is String.format with the text as it is: a
# percent sign, as in an address with %3D, makes the call fail, and braces are doubled, so that JSON is none any more. The
# program in TypeScript has both right. PCL is the form that "pulumi convert" brings every program to first.
# Needs Go, the Go module proxy and Java 17. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding

go 1.25.11

require (
	github.com/pulumi/pulumi-java v1.34.0
	github.com/pulumi/pulumi/pkg/v3 v3.259.0
)
MOD
cat > main.pp <<'PCL'
config "host" "string" {
}
output "address" {
  value = "https://${host}/?filter=team%3Dpayments"
}
output "json" {
  value = "{\"host\": \"${host}\"}"
}
PCL
cat > main.go <<'GO'
package main

import (
	"os"

	"github.com/pulumi/pulumi-java/pkg/codegen/java"
	"github.com/pulumi/pulumi/pkg/v3/codegen/hcl2/syntax"
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
	files, _, err := java.GenerateProgram(program)
	check(err)
	os.Stdout.Write(files["MyStack.java"])
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
GO
GOFLAGS=-mod=mod go run . > Generated.java 2> /dev/null
{
  echo 'class Main { public static void main(String[] arguments) { var host = "db";'
  grep -o 'String.format(.*, host)' Generated.java | while read -r -- call; do
    echo "try { System.out.println($call); } catch (java.util.IllegalFormatException e) { System.out.println(e); }"
  done
  echo '} }'
} > Main.java
seen=$(grep -o 'String.format(.*, host)' Generated.java; java Main.java)
echo "github.com/pulumi/pulumi-java v1.34.0, two calls and what they return:"
echo "$seen"
[ "$seen" = 'String.format("https://%s/?filter=team%3Dpayments", host)
String.format("{{\"host\": \"%s\"}}", host)
java.util.UnknownFormatConversionException: Conversion = '"'D'"'
{{"host": "db"}}' ]
