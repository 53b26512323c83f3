// Package netpol enforces networking.k8s.io/v1 NetworkPolicy on one node with nftables.
// It needs every packet between pods to be routed by the node (CNI ptp, not bridge). What the node
// itself sends to a pod (probes, the ingress) is not filtered, nor is IPv6.
package netpol

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log"
	"os/exec"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	corelisters "k8s.io/client-go/listers/core/v1"
	netlisters "k8s.io/client-go/listers/networking/v1"
	"k8s.io/client-go/tools/cache"

	"storeward.local/node/watch"
)

type lister struct {
	pods       corelisters.PodLister
	namespaces corelisters.NamespaceLister
	policies   netlisters.NetworkPolicyLister
}

// Main enforces until it fails: --kubeconfig FILE.
func Main(args []string) error {
	flags := flag.NewFlagSet("netpol", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "how to reach the API server")
	flags.Parse(args)

	var source lister
	last := ""
	return watch.Run(*kubeconfig, func(f informers.SharedInformerFactory) []cache.SharedIndexInformer {
		pods, namespaces, policies := f.Core().V1().Pods(), f.Core().V1().Namespaces(), f.Networking().V1().NetworkPolicies()
		source = lister{pods.Lister(), namespaces.Lister(), policies.Lister()}
		return []cache.SharedIndexInformer{pods.Informer(), namespaces.Informer(), policies.Informer()}
	}, func() error {
		s, err := source.state()
		if err != nil {
			return err
		}
		rules := s.rules()
		if rules == last {
			return nil
		}
		if err := load(rules); err != nil {
			return err
		}
		last = rules
		log.Printf("enforcing %d policies on %d pods", len(s.policies), len(s.pods))
		return nil
	})
}

// state takes what the rules depend on: the pods that have an address of their own, and so on.
func (l lister) state() (*state, error) {
	pods, err := l.pods.List(labels.Everything())
	if err != nil {
		return nil, err
	}
	namespaces, err := l.namespaces.List(labels.Everything())
	if err != nil {
		return nil, err
	}
	s := &state{namespaces: map[string]labels.Set{}}
	for _, p := range pods {
		if addressed(p) {
			s.pods = append(s.pods, p)
		}
	}
	for _, n := range namespaces {
		s.namespaces[n.Name] = n.Labels
	}
	s.policies, err = l.policies.List(labels.Everything())
	return s, err
}

func addressed(p *corev1.Pod) bool {
	return p.Status.PodIP != "" && !p.Spec.HostNetwork &&
		p.Status.Phase != corev1.PodSucceeded && p.Status.Phase != corev1.PodFailed
}

// load puts all rules in place at once, or none of them.
func load(rules string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "nft", "-f", "-")
	cmd.Stdin = bytes.NewBufferString(rules)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("nft: %w: %s", err, out)
	}
	return nil
}
