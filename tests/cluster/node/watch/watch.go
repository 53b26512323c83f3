// Package watch calls a function after every change of some Kubernetes objects, and once at the start.
package watch

import (
	"context"
	"time"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// settle is how long a burst of changes is gathered into one call.
const settle = 50 * time.Millisecond

// Run registers informers by the given function, and calls apply for each burst of their changes,
// one call at a time. It returns when the configuration cannot be used or apply fails.
func Run(kubeconfig string, register func(informers.SharedInformerFactory) []cache.SharedIndexInformer, apply func() error) error {
	cfg, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(cfg)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	dirty := make(chan struct{}, 1)
	mark := func() {
		select {
		case dirty <- struct{}{}:
		default:
		}
	}
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { mark() },
		UpdateFunc: func(_, _ any) { mark() },
		DeleteFunc: func(any) { mark() },
	}
	for _, informer := range register(factory) {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return err
		}
	}
	ctx := context.Background()
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	mark()
	for range dirty {
		time.Sleep(settle)
		if err := apply(); err != nil {
			return err
		}
	}
	return nil
}
