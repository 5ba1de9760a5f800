// Names the one program this module exists to build: the Pulumi CLI at the version in go.mod.

//go:build tools

package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
