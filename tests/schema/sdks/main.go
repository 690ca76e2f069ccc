// Generates the SDKs of a package schema as `pulumi package gen-sdk` does, and fails with every warning.
// go run . <schema.json> <logo.png> <folder>
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	dotnet "github.com/pulumi/pulumi-dotnet/pulumi-language-dotnet/v3/codegen"
	java "github.com/pulumi/pulumi-java/pkg/codegen/java"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(schemaFile, logoFile, folder string) error {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		return err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return err
	}
	// Only Pulumi's own types are referred to: nothing is loaded.
	loader := schema.NewPluginLoader(nil)
	// The generator of .NET downloads the logo.
	logo := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		http.ServeFile(response, request, logoFile)
	}))
	defer logo.Close()
	spec.LogoURL = logo.URL

	generators := map[string]func(*schema.Package) (map[string][]byte, error){
		"dotnet": func(bound *schema.Package) (map[string][]byte, error) {
			return dotnet.GeneratePackage("test", bound, nil, nil)
		},
		"go": func(bound *schema.Package) (map[string][]byte, error) {
			return gogen.GeneratePackage("test", bound, nil)
		},
		"java": func(bound *schema.Package) (map[string][]byte, error) {
			return java.GeneratePackage("test", bound, nil, nil, true, false)
		},
		"nodejs": func(bound *schema.Package) (map[string][]byte, error) {
			return nodejs.GeneratePackage("test", bound, nil, nil, true, loader)
		},
		"python": func(bound *schema.Package) (map[string][]byte, error) {
			return python.GeneratePackage("test", bound, nil, loader)
		},
	}
	for language, generate := range generators {
		// A generator may rename things in what it gets: that of Go prefixes the values of enums.
		bound, diagnostics, err := schema.BindSpec(spec, loader, schema.ValidationOptions{})
		if err != nil {
			return err
		}
		if len(diagnostics) > 0 {
			for _, one := range diagnostics {
				fmt.Fprintf(os.Stderr, "%s: %s\n", one.Summary, one.Detail)
			}
			return fmt.Errorf("the schema has %d warnings or errors", len(diagnostics))
		}
		files, err := generate(bound)
		if err != nil {
			return fmt.Errorf("%s: %w", language, err)
		}
		if err := write(filepath.Join(folder, language), files); err != nil {
			return err
		}
		fmt.Printf("%s: %d files\n", language, len(files))
	}
	return nil
}

func write(folder string, files map[string][]byte) error {
	for name, content := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
