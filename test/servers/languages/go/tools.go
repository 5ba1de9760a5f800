// Names the one program this module exists to build: the Go language host, at the last sdk version that still contains it.

//go:build tools

package tools

import _ "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go"
