// The programs of a Kubernetes node in one binary, which does what its name says: it is linked as
// kube-apiserver, kubelet, kubectl and so on. One binary, since they share most of their code: a
// fifth of the size, and one build.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/loadbalance"
	_ "github.com/coredns/coredns/plugin/ready"
	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"

	"storeward.local/node/ingress"
	"storeward.local/node/netpol"
)

// commands are built on demand: each registers flags and metrics of its own, which clash.
var commands = map[string]func() *cobra.Command{
	"kube-apiserver":          apiserver.NewAPIServerCommand,
	"kube-controller-manager": controllers.NewControllerManagerCommand,
	"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
	"kubelet":                 func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) },
	"kube-proxy":              proxy.NewProxyCommand,
	"kubectl":                 kubectl.NewDefaultKubectlCommand,
}

// services run until they fail.
var services = map[string]func(args []string) error{
	"netpol":  netpol.Main,
	"ingress": ingress.Main,
}

func main() {
	name := filepath.Base(os.Args[0])
	if command := commands[name]; command != nil {
		os.Exit(cli.Run(command()))
	}
	if service := services[name]; service != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, service(os.Args[1:]))
		os.Exit(1)
	}
	switch name {
	case "etcd":
		etcdmain.Main(os.Args)
	case "coredns":
		coremain.Run()
	default:
		fmt.Fprintf(os.Stderr, "%s: no such program in here; link it under the name of one\n", name)
		os.Exit(2)
	}
}
