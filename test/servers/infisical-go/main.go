// The official Go SDK of Infisical as a caller: logs in at the address given, lists a folder, prints what it understood as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	infisical "github.com/infisical/go-sdk"
)

func main() {
	origin, clientID, clientSecret, project, environment := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	client := infisical.NewInfisicalClient(context.Background(), infisical.Config{SiteUrl: origin})
	if _, err := client.Auth().UniversalAuthLogin(clientID, clientSecret); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	secrets, err := client.Secrets().List(infisical.ListSecretsOptions{
		ProjectID:              project,
		Environment:            environment,
		SecretPath:             "/",
		ExpandSecretReferences: true,
		IncludeImports:         true,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	values := map[string]string{}
	for _, secret := range secrets {
		values[secret.SecretKey] = secret.SecretValue
	}
	if err := json.NewEncoder(os.Stdout).Encode(values); err != nil {
		os.Exit(1)
	}
}
