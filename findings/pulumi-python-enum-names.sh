#!/usr/bin/env bash
# The generator of SDKs for Python gives two values of an enum one name where they differ in signs alone, without an error: of
# ">=" and "<=" both are OP_, and of "us-east1" and "us_east1" both US_EAST1. The module that it writes cannot be imported. Of
# AWS_KMS it makes AW_S_KMS. A "name" of each value in the schema avoids both.
# Needs Go, the Go module proxy and Python 3. Exits non-zero when a version behaves in another way.
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
cat > main.go <<'GO'
package main

import (
	"os"

	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	values := []schema.EnumValueSpec{}
	for _, value := range os.Args[1:] {
		values = append(values, schema.EnumValueSpec{Value: value})
	}
	op := schema.ComplexTypeSpec{ObjectTypeSpec: schema.ObjectTypeSpec{Type: "string"}, Enum: values}
	reference := schema.PropertySpec{TypeSpec: schema.TypeSpec{Ref: "#/types/shop:index:Op"}}
	filter := schema.ResourceSpec{InputProperties: map[string]schema.PropertySpec{"op": reference}}
	spec := schema.PackageSpec{
		Name:      "shop",
		Version:   "1.0.0",
		Types:     map[string]schema.ComplexTypeSpec{"shop:index:Op": op},
		Resources: map[string]schema.ResourceSpec{"shop:index:Filter": filter},
	}
	loader := schema.NewPluginLoader(nil)
	bound, diagnostics, err := schema.BindSpec(spec, loader, schema.ValidationOptions{})
	check(err)
	if len(diagnostics) > 0 {
		check(diagnostics)
	}
	files, err := python.GeneratePackage("finding", bound, nil, loader)
	check(err)
	check(os.WriteFile("enums.py", files["pulumi_shop/_enums.py"], 0o644))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
GO
GOFLAGS=-mod=mod go build -o generate . 2> /dev/null
# The module needs nothing of the SDK but the decorator.
mkdir pulumi
echo 'def type_token(token): return lambda of: of' > pulumi/__init__.py
seen=$(for values in '>= <=' 'us-east1 us_east1' 'AWS_KMS'; do
  # shellcheck disable=SC2086
  ./generate $values
  sed -n 's/^    \([A-Z].*=.*\)/\1/p' enums.py
  if python3 -c 'import enums' 2> error.txt; then echo imported; else tail -n 1 error.txt; fi
done)
echo "github.com/pulumi/pulumi/pkg/v3 v3.259.0, members of an enum in Python:"
echo "$seen"
[ "$seen" = "OP_ = \">=\"
OP_ = \"<=\"
TypeError: 'OP_' already defined as '>='
US_EAST1 = \"us-east1\"
US_EAST1 = \"us_east1\"
TypeError: 'US_EAST1' already defined as 'us-east1'
AW_S_KMS = \"AWS_KMS\"
imported" ]
