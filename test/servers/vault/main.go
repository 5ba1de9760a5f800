// A real Vault core behind plain HTTP on loopback, for the tests: in memory, unsealed, with KV v2 and AppRole and nothing else.
//
// 1.14.1 is the last release line under MPL-2.0. The vault command itself does not build as a module dependency (its go.mod
// replaces sdk and api by local paths), but the core with its HTTP handler does, and that is the part that answers requests.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"

	log "github.com/hashicorp/go-hclog"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/builtin/credential/approle"
	"github.com/hashicorp/vault/helper/namespace"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
)

// noPlugins answers "nothing" to every question: a core without a registry panics on the first mount.
type noPlugins struct{}

func (noPlugins) Contains(string, consts.PluginType) bool { return false }
func (noPlugins) DeprecationStatus(string, consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Unknown, false
}
func (noPlugins) Get(string, consts.PluginType) (func() (interface{}, error), bool) {
	return nil, false
}
func (noPlugins) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }
func (noPlugins) Keys(consts.PluginType) []string                   { return nil }

func main() {
	address := flag.String("listen", "127.0.0.1:0", "address to listen on; port 0 takes a free one")
	token := flag.String("root-token", "root", "id of the root token to create")
	flag.Parse()
	if err := serve(*address, *token); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(address, token string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	url := "http://" + listener.Addr().String()
	core, err := start(url, token)
	if err != nil {
		return err
	}
	fmt.Printf("ready %s\n", url)
	handler := vaulthttp.Handler.Handler(&vault.HandlerProperties{
		Core:           core,
		ListenerConfig: &configutil.Listener{Address: listener.Addr().String()},
	})
	return http.Serve(listener, handler)
}

func start(url, token string) (*vault.Core, error) {
	logger := log.New(&log.LoggerOptions{Level: log.Error, Output: os.Stderr})
	store, err := inmem.NewInmem(nil, logger)
	if err != nil {
		return nil, err
	}
	core, err := vault.NewCore(&vault.CoreConfig{
		Physical:           store,
		DisableMlock:       true,
		BuiltinRegistry:    noPlugins{},
		RedirectAddr:       url,
		Logger:             logger,
		LogicalBackends:    map[string]logical.Factory{"kv": kv.Factory},
		CredentialBackends: map[string]logical.Factory{"approle": approle.Factory},
	})
	if err != nil {
		return nil, err
	}
	ctx := namespace.RootContext(context.Background())
	shares := &vault.SealConfig{SecretShares: 1, SecretThreshold: 1}
	initial, err := core.Initialize(ctx, &vault.InitParams{BarrierConfig: shares, RecoveryConfig: shares})
	if err != nil {
		return nil, err
	}
	if open, err := core.Unseal(initial.SecretShares[0]); err != nil || !open {
		return nil, errors.Join(errors.New("the core did not unseal"), err)
	}
	return core, prepare(ctx, core, initial.RootToken, token)
}

// prepare creates the wished root token and the two mounts.
func prepare(ctx context.Context, core *vault.Core, root, token string) error {
	steps := []struct {
		path string
		data map[string]interface{}
	}{
		{"auth/token/create", map[string]interface{}{"id": token, "policies": []string{"root"}, "no_parent": true}},
		{"sys/mounts/secret", map[string]interface{}{"type": "kv", "options": map[string]interface{}{"version": "2"}}},
		{"sys/auth/approle", map[string]interface{}{"type": "approle"}},
	}
	for _, step := range steps {
		request := &logical.Request{Operation: logical.UpdateOperation, Path: step.path, ClientToken: root, Data: step.data}
		if answer, err := core.HandleRequest(ctx, request); err != nil || (answer != nil && answer.IsError()) {
			return fmt.Errorf("%s: %w", step.path, errors.Join(err, answerError(answer)))
		}
	}
	return nil
}

func answerError(answer *logical.Response) error {
	if answer == nil {
		return nil
	}
	return answer.Error()
}
