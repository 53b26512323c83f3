package ingress

import (
	"fmt"
	"net"

	discoveryv1 "k8s.io/api/discovery/v1"
	netv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
	corelisters "k8s.io/client-go/listers/core/v1"
	discoverylisters "k8s.io/client-go/listers/discovery/v1"
	netlisters "k8s.io/client-go/listers/networking/v1"
)

// lister reads the cluster's objects from memory.
type lister struct {
	ingresses netlisters.IngressLister
	services  corelisters.ServiceLister
	slices    discoverylisters.EndpointSliceLister
}

// addresses gives the ready pods of a Service as ip:port; none when it does not exist.
func (l lister) addresses(namespace string, backend *netv1.IngressServiceBackend) []string {
	service, err := l.services.Services(namespace).Get(backend.Name)
	if err != nil {
		return nil
	}
	portName, found := "", false
	for _, p := range service.Spec.Ports {
		if backend.Port.Name != "" && p.Name == backend.Port.Name || p.Port == backend.Port.Number {
			portName, found = p.Name, true
		}
	}
	if !found {
		return nil
	}
	slices, err := l.slices.EndpointSlices(namespace).List(labels.Set{discoveryv1.LabelServiceName: backend.Name}.AsSelector())
	if err != nil {
		return nil
	}
	var addresses []string
	for _, slice := range slices {
		addresses = append(addresses, ready(slice, portName)...)
	}
	return addresses
}

func ready(slice *discoveryv1.EndpointSlice, portName string) []string {
	var addresses []string
	for _, port := range slice.Ports {
		if port.Port == nil || port.Name != nil && *port.Name != portName {
			continue
		}
		for _, endpoint := range slice.Endpoints {
			if endpoint.Conditions.Ready == nil || *endpoint.Conditions.Ready {
				addresses = append(addresses, net.JoinHostPort(endpoint.Addresses[0], fmt.Sprint(*port.Port)))
			}
		}
	}
	return addresses
}
