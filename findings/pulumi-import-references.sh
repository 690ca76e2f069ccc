#!/usr/bin/env bash
# The code that "pulumi import" writes for several resources guesses references from equal texts: a label that happens to be
# the name of another resource becomes a reference to that name. Where two resources have the same name, the guesses make a
# circle, and then all of them are dropped, the right ones too: the id of the cluster stands as text in its database. Needs Go
# and the Go module proxy. Exits non-zero when a version behaves in another way.
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
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/pcl"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/pkg/v3/importer"
	pkgresource "github.com/pulumi/pulumi/pkg/v3/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

const spec = `{
  "name": "shop",
  "version": "1.0.0",
  "resources": {
    "shop:index:Folder": {
      "inputProperties": { "name": { "type": "string" } },
      "properties": { "name": { "type": "string" } }
    },
    "shop:index:Cluster": {
      "inputProperties": {
        "name": { "type": "string" },
        "folderId": { "type": "string" },
        "stage": { "type": "string" }
      },
      "properties": { "name": { "type": "string" } }
    },
    "shop:index:Database": {
      "inputProperties": { "name": { "type": "string" }, "clusterId": { "type": "string" } },
      "properties": { "name": { "type": "string" } }
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

const providerURN = "urn:pulumi:dev::shop::pulumi:providers:shop::default"

func imported(kind tokens.Type, name string, id resource.ID, properties map[string]any) *pkgresource.State {
	values := resource.NewPropertyMapFromMap(properties)
	return &pkgresource.State{
		Type: kind, URN: resource.NewURN("dev", "shop", "", kind, name), ID: id, Custom: true,
		Provider: providerURN + "::1", Inputs: values, Outputs: values,
	}
}

func main() {
	var parsed schema.PackageSpec
	check(json.Unmarshal([]byte(spec), &parsed))
	loaded, err := schema.ImportSpec(parsed, nil, loader{}, schema.ValidationOptions{})
	check(err)
	provider := &pkgresource.State{
		Type: "pulumi:providers:shop", URN: providerURN, ID: "1", Custom: true,
		Inputs: resource.PropertyMap{"version": resource.NewProperty("1.0.0")},
	}
	write := func(out io.Writer, program *pcl.Program) error {
		files, _, err := nodejs.GenerateProgram(program)
		_, resources, _ := strings.Cut(string(files["index.ts"]), "\n\n")
		io.WriteString(out, resources)
		return err
	}
	folder := imported("shop:index:Folder", "folder", "f-1", map[string]any{"name": "prod"})
	cluster := imported("shop:index:Cluster", "cluster", "c-1",
		map[string]any{"name": "orders", "folderId": "f-1", "stage": "prod"})
	for _, name := range []string{"ledger", "orders"} {
		database := imported("shop:index:Database", "database", resource.ID("c-1/"+name),
			map[string]any{"name": name, "clusterId": "c-1"})
		states := []*pkgresource.State{folder, cluster, database}
		fmt.Println("// The database", name)
		check(importer.GenerateLanguageDefinitions(os.Stdout, loader{loaded}, write, states, append(states, provider), nil))
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
GO
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/pulumi/pulumi/pkg/v3 v3.259.0, a folder prod, a cluster orders of stage prod, and a database:"
echo "$seen"
[ "$seen" = '// The database ledger
const folder = new shop.Folder("folder", {name: "prod"});
const cluster = new shop.Cluster("cluster", {
    folderId: folder.id,
    name: "orders",
    stage: folder.name,
});
const database = new shop.Database("database", {
    clusterId: cluster.id,
    name: "ledger",
});
// The database orders
const folder = new shop.Folder("folder", {name: "prod"});
const cluster = new shop.Cluster("cluster", {
    folderId: "f-1",
    name: "orders",
    stage: "prod",
});
const database = new shop.Database("database", {
    clusterId: "c-1",
    name: "orders",
});' ]
