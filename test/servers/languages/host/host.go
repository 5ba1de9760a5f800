// Package host serves a language host that generates packages and does nothing else, for `pulumi package gen-sdk`.
// The hosts that bring the generators have no versions on the Go module proxy; the generators have.
package host

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Files are the contents of a generated package by path.
type Files = map[string][]byte

// Generate makes the package of one language.
type Generate func(*schema.Package, *pulumirpc.GeneratePackageRequest, schema.ReferenceLoader) (Files, error)

type server struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	generate Generate
}

// Serve prints the port and serves until the CLI ends the process.
func Serve(generate Generate) {
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(to *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(to, &server{generate: generate})
			return nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(handle.Port)
	if err := <-handle.Done; err != nil {
		log.Fatal(err)
	}
}

func (*server) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{}, nil
}

func (s *server) GeneratePackage(
	_ context.Context, request *pulumirpc.GeneratePackageRequest,
) (*pulumirpc.GeneratePackageResponse, error) {
	loader, err := schema.NewLoaderClient(request.LoaderTarget)
	if err != nil {
		return nil, err
	}
	defer loader.Close()
	var spec schema.PackageSpec
	if err := json.Unmarshal([]byte(request.Schema), &spec); err != nil {
		return nil, err
	}
	pkg, diags, err := schema.BindSpec(spec, loader, schema.ValidationOptions{AllowDanglingReferences: true})
	if err != nil {
		return nil, err
	}
	if diags.HasErrors() {
		return nil, diags
	}
	files, err := s.generate(pkg, request, loader)
	if err != nil {
		return nil, err
	}
	return &pulumirpc.GeneratePackageResponse{}, write(request.Directory, files)
}

func write(directory string, files Files) error {
	for name, content := range files {
		file := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
