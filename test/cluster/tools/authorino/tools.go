//go:build tools

// Package tools pins Authorino, whose libraries are older than those of the control plane.
package tools

import _ "github.com/kuadrant/authorino"
