//go:build tools

package main

// Built from this module too, so that its versions are pinned with the rest.
import _ "github.com/rancher/local-path-provisioner"
