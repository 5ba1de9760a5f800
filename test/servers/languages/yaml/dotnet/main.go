// The program pulumi-language-dotnet, for `pulumi package gen-sdk` alone. Newer versions of pkg do not hold this generator.
package main

import (
	"net/http"
	"net/http/httptest"

	"github.com/pulumi/pulumi/pkg/v3/codegen/dotnet"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	host "pulumi-secret-sync/test/generator-host"
)

func main() {
	host.Serve(func(pkg *schema.Package, request *pulumirpc.GeneratePackageRequest, _ schema.ReferenceLoader) (host.Files, error) {
		// It fetches a logo, from the vendor's repository where the schema names none. The code is the same with any.
		logo := httptest.NewServer(http.NotFoundHandler())
		defer logo.Close()
		pkg.LogoURL = logo.URL
		return dotnet.GeneratePackage("pulumi", pkg, request.ExtraFiles, request.LocalDependencies)
	})
}
