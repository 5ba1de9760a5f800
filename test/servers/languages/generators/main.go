// The programs pulumi-language-go, -nodejs and -python, for `pulumi package gen-sdk` alone; which of them it is says its name.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	host "pulumi-secret-sync/test/generator-host"
)

func main() {
	language := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(os.Args[0]), "pulumi-language-"), ".exe")
	host.Serve(func(
		pkg *schema.Package, request *pulumirpc.GeneratePackageRequest, loader schema.ReferenceLoader,
	) (host.Files, error) {
		switch language {
		case "go":
			return golang.GeneratePackage("pulumi", pkg, request.LocalDependencies)
		case "nodejs":
			return nodejs.GeneratePackage("pulumi", pkg, request.ExtraFiles, request.LocalDependencies, request.Local, loader)
		case "python":
			return python.GeneratePackage("pulumi", pkg, request.ExtraFiles, loader)
		default:
			return nil, fmt.Errorf("there is no generator for %q here", language)
		}
	})
}
