// Names the program of another module that this one exists to build: the YAML language host.

//go:build tools

package tools

import _ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
