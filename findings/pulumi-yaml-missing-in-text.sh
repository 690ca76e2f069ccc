#!/usr/bin/env bash
# An output that a resource does not have is "<nil>" in a text of a program in YAML, without an error: the address of a user
# without a password is app:<nil>@host. A list and a mapping in a text have the form of Go, [a b] and map[team:payments], and
# not that of JSON, which fn::toJSON gives. Needs Go and the Go module proxy. Exits non-zero when a version behaves in another
# way.
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
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const program = `
name: shop
runtime: yaml
variables:
  regions: [a, b]
  labels: { team: payments }
resources:
  user:
    type: test:index:Some
  some:
    type: test:index:Some
    properties:
      text: app:${user.text}@host ${regions} ${labels}
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
	text := []*schema.Property{{Name: "text", Type: &schema.OptionalType{ElementType: schema.StringType}}}
	return &schema.ResourceType{Resource: &schema.Resource{InputProperties: text, Properties: text}}
}
func (test) FunctionTypeHint(pulumiyaml.FunctionTypeToken) *schema.Function { return nil }
func (test) ResourceConstants(pulumiyaml.ResourceTypeToken) map[string]any  { return nil }

type mocks struct{}

func (mocks) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	if text, ok := args.Inputs["text"]; ok {
		fmt.Println(text.StringValue())
	}
	return args.Name, args.Inputs, nil
}

func (mocks) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return args.Args, nil
}

func main() {
	template, diagnostics, err := pulumiyaml.LoadYAMLBytes("Pulumi.yaml", []byte(program))
	if err != nil || diagnostics.HasErrors() {
		panic(fmt.Sprint(err, diagnostics))
	}
	err = pulumi.RunErr(func(ctx *pulumi.Context) error {
		return pulumiyaml.RunTemplate(ctx, template, nil, test{})
	}, pulumi.WithMocks("shop", "dev", mocks{}))
	if err != nil {
		panic(err)
	}
}
GO
printf 'module finding\n\ngo 1.25.11\n\nrequire (\n\tgithub.com/pulumi/pulumi-yaml v1.38.1\n\tgithub.com/pulumi/pulumi/sdk/v3 v3.255.0\n)\n' > go.mod
seen=$(GOFLAGS=-mod=mod go run . 2> /dev/null)
echo 'github.com/pulumi/pulumi-yaml v1.38.1, app:${user.text}@host ${regions} ${labels}:'
echo "$seen"
[ "$seen" = 'app:<nil>@host [a b] map[team:payments]' ]
