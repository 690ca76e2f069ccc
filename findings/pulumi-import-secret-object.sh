#!/usr/bin/env bash
# The code that "pulumi import" writes marks a secret text as a secret, but no secret object, list, number or boolean: what
# the state holds encrypted stands in the program as plain text, and is no secret there. Secret texts within an object are
# marked. Needs Go and the Go module proxy. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding

go 1.25.11

require (
	github.com/blang/semver v3.5.1+incompatible
	github.com/pulumi/pulumi/pkg/v3 v3.259.0
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)
MOD
cat > main.go <<'GO'
package main

import (
	"context"
	"encoding/json"
	"io"
	"os"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/pcl"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/pkg/v3/importer"
	pkgresource "github.com/pulumi/pulumi/pkg/v3/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

const spec = `{
  "name": "shop",
  "version": "1.0.0",
  "types": {
    "shop:index:Login": {
      "type": "object",
      "properties": { "user": { "type": "string" }, "password": { "type": "string" } }
    }
  },
  "resources": {
    "shop:index:Cluster": {
      "inputProperties": {
        "token": { "type": "string" },
        "login": { "$ref": "#/types/shop:index:Login" },
        "second": { "$ref": "#/types/shop:index:Login" },
        "pin": { "type": "integer" },
        "keys": { "type": "array", "items": { "type": "string" } }
      }
    }
  }
}`

type loader struct{ loaded *schema.Package }

func (l loader) LoadPackage(string, *semver.Version) (*schema.Package, error) { return l.loaded, nil }
func (l loader) LoadPackageV2(context.Context, *schema.PackageDescriptor) (*schema.Package, error) {
	return l.loaded, nil
}
func (l loader) LoadPackageReference(string, *semver.Version) (schema.PackageReference, error) {
	return l.loaded.Reference(), nil
}
func (l loader) LoadPackageReferenceV2(context.Context, *schema.PackageDescriptor) (schema.PackageReference, error) {
	return l.loaded.Reference(), nil
}

func main() {
	var parsed schema.PackageSpec
	check(json.Unmarshal([]byte(spec), &parsed))
	loaded, err := schema.ImportSpec(parsed, nil, loader{}, schema.ValidationOptions{})
	check(err)
	const providerURN = "urn:pulumi:dev::shop::pulumi:providers:shop::default"
	provider := &pkgresource.State{
		Type: "pulumi:providers:shop", URN: providerURN, ID: "1", Custom: true,
		Inputs: resource.PropertyMap{"version": resource.NewProperty("1.0.0")},
	}
	secret, text := resource.MakeSecret, resource.NewProperty[string]
	login := func(password resource.PropertyValue) resource.PropertyValue {
		return resource.NewProperty(resource.PropertyMap{"user": text("app"), "password": password})
	}
	cluster := &pkgresource.State{
		Type: "shop:index:Cluster", URN: "urn:pulumi:dev::shop::shop:index:Cluster::orders", ID: "2", Custom: true,
		Provider: providerURN + "::1",
		Inputs: resource.PropertyMap{
			"token":  secret(text("a secret")),
			"login":  login(secret(text("a secret"))),
			"second": secret(login(text("a secret"))),
			"pin":    secret(resource.NewProperty(1234.0)),
			"keys":   secret(resource.NewProperty([]resource.PropertyValue{text("a secret")})),
		},
	}
	write := func(out io.Writer, program *pcl.Program) error {
		files, _, err := nodejs.GenerateProgram(program)
		out.Write(files["index.ts"])
		return err
	}
	states := []*pkgresource.State{cluster}
	check(importer.GenerateLanguageDefinitions(os.Stdout, loader{loaded}, write, states, append(states, provider), nil))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
GO
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/pulumi/pulumi/pkg/v3 v3.259.0, where token, second, pin, keys and login.password are secrets:"
echo "$seen"
[ "$seen" = 'import * as pulumi from "@pulumi/pulumi";
import * as shop from "@pulumi/shop";

const orders = new shop.Cluster("orders", {
    keys: ["a secret"],
    login: {
        password: pulumi.secret("a secret"),
        user: "app",
    },
    pin: 1234,
    second: {
        password: "a secret",
        user: "app",
    },
    token: pulumi.secret("a secret"),
});' ]
