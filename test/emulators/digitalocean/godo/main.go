// Godo, the vendor's Go client, as a caller of the emulator. Prints one JSON line of what it saw.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/digitalocean/godo"
)

type report struct {
	Listed      int    `json:"listed"`
	LastPage    bool   `json:"lastPage"`
	SameSpec    bool   `json:"sameSpec"`
	Pending     bool   `json:"pending"`
	Deployments int    `json:"deployments"`
	Phase       string `json:"phase"`
	TotalSteps  int32  `json:"totalSteps"`
	Missing     string `json:"missing"`
	Remaining   int    `json:"remaining"`
}

func main() {
	seen, err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(seen)
}

func run(ctx context.Context, url, token, id string) (report, error) {
	var seen report
	client, err := godo.New(godo.NewFromToken(token).HTTPClient, godo.SetBaseURL(url))
	if err != nil {
		return seen, err
	}
	apps, response, err := client.Apps.List(ctx, &godo.ListOptions{PerPage: 200})
	if err != nil {
		return seen, err
	}
	seen.Listed, seen.LastPage, seen.Remaining = len(apps), response.Links.IsLastPage(), response.Rate.Remaining
	app, _, err := client.Apps.Get(ctx, id)
	if err != nil {
		return seen, err
	}
	same, _, err := client.Apps.Update(ctx, id, &godo.AppUpdateRequest{Spec: app.Spec})
	if err != nil {
		return seen, err
	}
	seen.SameSpec = same.PendingDeployment == nil
	app.Spec.Services[0].Envs = append(app.Spec.Services[0].Envs, &godo.AppVariableDefinition{
		Key: "FROM_GO", Value: "plain", Scope: godo.AppVariableScope_RunTime, Type: godo.AppVariableType_Secret,
	})
	changed, _, err := client.Apps.Update(ctx, id, &godo.AppUpdateRequest{Spec: app.Spec})
	if err != nil {
		return seen, err
	}
	seen.Pending = changed.PendingDeployment.ID != ""
	deployments, _, err := client.Apps.ListDeployments(ctx, id, nil)
	if err != nil {
		return seen, err
	}
	deployment, _, err := client.Apps.GetDeployment(ctx, id, changed.PendingDeployment.ID)
	if err != nil {
		return seen, err
	}
	seen.Deployments, seen.Phase, seen.TotalSteps = len(deployments), string(deployment.Phase), deployment.Progress.TotalSteps
	if _, _, err = client.Apps.Get(ctx, "nothing"); err != nil {
		seen.Missing = err.Error()
	}
	return seen, nil
}
