#!/usr/bin/env bash
# A program in YAML may have no aliases, and with them no merge keys: "*common" is refused, though the anchor is not. A key
# that stands twice is no error: the second value counts, where the YAML specification and the Pulumi.<stack>.yaml of the same
# project refuse it. Needs Go and the Go module proxy. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi-yaml/pkg/pulumiyaml"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"gopkg.in/yaml.v3"
)

const prefix = `
name: shop
runtime: yaml
variables:
  common: &common
    team: payments
resources:
  some:
    type: test:index:Some
    properties:
`

// test is a package with one resource, whose one property is a string.
type test struct{}

func (test) LoadPackage(context.Context, *schema.PackageDescriptor) (pulumiyaml.Package, error) {
	return test{}, nil
}
func (test) Close()                   {}
func (test) Name() string             { return "test" }
func (test) Version() *semver.Version { return nil }
func (test) ResolveResource(name string) (pulumiyaml.ResourceTypeToken, error) {
	return pulumiyaml.ResourceTypeToken(name), nil
}
func (test) ResolveFunction(name string) (pulumiyaml.FunctionTypeToken, error) {
	return pulumiyaml.FunctionTypeToken(name), nil
}
func (test) IsComponent(pulumiyaml.ResourceTypeToken) (bool, error) { return false, nil }
func (test) IsResourcePropertySecret(pulumiyaml.ResourceTypeToken, string) (bool, error) {
	return false, nil
}
func (test) ResourceTypeHint(pulumiyaml.ResourceTypeToken) *schema.ResourceType {
	text := []*schema.Property{{Name: "text", Type: schema.StringType}}
	return &schema.ResourceType{Resource: &schema.Resource{InputProperties: text, Properties: text}}
}
func (test) FunctionTypeHint(pulumiyaml.FunctionTypeToken) *schema.Function { return nil }
func (test) ResourceConstants(pulumiyaml.ResourceTypeToken) map[string]any  { return nil }

type mocks struct{}

func (mocks) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	fmt.Println(args.Inputs["text"].StringValue())
	return args.Name, args.Inputs, nil
}

func (mocks) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return args.Args, nil
}

func main() {
	for _, properties := range []string{"labels: *common", "labels: {<<: *common}", "{text: first, text: second}"} {
		fmt.Print(properties, ": ")
		template, diagnostics, err := pulumiyaml.LoadYAMLBytes("Pulumi.yaml", []byte(prefix+"      "+properties+"\n"))
		if err != nil || diagnostics.HasErrors() {
			fmt.Println(diagnostics)
			continue
		}
		err = pulumi.RunErr(func(ctx *pulumi.Context) error {
			return pulumiyaml.RunTemplate(ctx, template, nil, test{})
		}, pulumi.WithMocks("shop", "dev", mocks{}))
		if err != nil {
			panic(err)
		}
	}
	var stack config.Map
	fmt.Println("stack file:", yaml.Unmarshal([]byte("shop:text: first\nshop:text: second\n"), &stack))
}
GO
printf 'module finding\n\ngo 1.25.11\n\nrequire (\n\tgithub.com/pulumi/pulumi-yaml v1.38.1\n\tgithub.com/pulumi/pulumi/sdk/v3 v3.255.0\n\tgopkg.in/yaml.v3 v3.0.1\n)\n' > go.mod
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo "github.com/pulumi/pulumi-yaml v1.38.1:"
echo "$seen"
[ "$seen" = 'labels: *common: Pulumi.yaml:11,15-21: alias nodes are not supported; 
labels: {<<: *common}: Pulumi.yaml:11,20-26: alias nodes are not supported; 
{text: first, text: second}: second
stack file: could not unmarshal map: yaml: unmarshal errors:
  line 2: mapping key "shop:text" already defined at line 1' ]
