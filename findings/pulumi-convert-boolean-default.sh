#!/usr/bin/env bash
# A program that "pulumi convert" writes in TypeScript or Go cannot have a false in place of a default that is true, nor a
# zero in place of another number: getBoolean(…) || true is always true, and what the program in Go does comes to the same. In
# the program in Python the configuration counts. PCL is the form that "pulumi convert" brings every program to first. Needs
# Go and the Go module proxy. Exits non-zero when a version behaves in another way.
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
config "deleteProtection" "bool" {
  default = true
}
config "vcpus" "int" {
  default = 2
}
PCL
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/hcl/v2"
	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/hcl2/syntax"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/pcl"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// write prints the lines of a generated program that have the configuration.
func write(file string, generate func(*pcl.Program) (map[string][]byte, hcl.Diagnostics, error)) {
	text, err := os.Open("main.pp")
	check(err)
	parser := syntax.NewParser()
	check(parser.ParseFile(text, "main.pp"))
	program, _, err := pcl.BindProgram(parser.Files, schema.NewPluginLoader(nil))
	check(err)
	files, _, err := generate(program)
	check(err)
	for _, line := range strings.Split(string(files[file]), "\n") {
		if strings.Contains(line, "rotection") || strings.Contains(line, "vcpus") {
			fmt.Println(file, strings.TrimSpace(line))
		}
	}
}

func main() {
	write("index.ts", nodejs.GenerateProgram)
	write("main.go", golang.GenerateProgram)
	write("__main__.py", python.GenerateProgram)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
GO
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/pulumi/pulumi/pkg/v3 v3.259.0:"
echo "$seen"
[ "$seen" = 'index.ts const deleteProtection = config.getBoolean("deleteProtection") || true;
index.ts const vcpus = config.getNumber("vcpus") || 2;
main.go deleteProtection := true
main.go if param := cfg.GetBool("deleteProtection"); param {
main.go deleteProtection = param
main.go vcpus := 2
main.go if param := cfg.GetInt("vcpus"); param != 0 {
main.go vcpus = param
__main__.py delete_protection = config.get_bool("deleteProtection")
__main__.py if delete_protection is None:
__main__.py delete_protection = True
__main__.py vcpus = config.get_int("vcpus")
__main__.py if vcpus is None:
__main__.py vcpus = 2' ]
