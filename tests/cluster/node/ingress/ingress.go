// Package ingress serves networking.k8s.io/v1 Ingress objects on one node: a reverse proxy that picks
// the Service by host and longest path. It is for tests and demonstrations, and knows no TLS, no
// wildcard hosts and no default backends; production clusters bring their own controller.
package ingress

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync/atomic"
	"time"

	netv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/tools/cache"

	"storeward.local/node/watch"
)

// route leads the paths below prefix to the ready addresses of one Service.
type route struct {
	prefix    string
	exact     bool
	service   string // namespace/name, for messages
	addresses []string
}

// table holds the routes of each host. It is replaced as a whole, never changed.
type table map[string][]route

type server struct {
	class  string
	routes atomic.Pointer[table]
	turn   atomic.Uint32 // spreads requests over a Service's addresses
	proxy  httputil.ReverseProxy
}

type targetKey struct{}

// Main serves until the process ends: --kubeconfig FILE --class NAME --http ADDRESS.
func Main(args []string) error {
	flags := flag.NewFlagSet("ingress", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "how to reach the API server")
	class := flags.String("class", "local", "IngressClass to serve")
	address := flags.String("http", ":80", "where to listen")
	flags.Parse(args)

	s := newServer(*class)
	failed := make(chan error, 2)
	var source lister
	go func() {
		failed <- watch.Run(*kubeconfig, func(f informers.SharedInformerFactory) []cache.SharedIndexInformer {
			ingresses, services, slices := f.Networking().V1().Ingresses(), f.Core().V1().Services(), f.Discovery().V1().EndpointSlices()
			source = lister{ingresses.Lister(), services.Lister(), slices.Lister()}
			return []cache.SharedIndexInformer{ingresses.Informer(), services.Informer(), slices.Informer()}
		}, func() error {
			routes, err := s.build(source)
			if err == nil {
				s.routes.Store(&routes)
			}
			return err
		})
	}()
	listener := &http.Server{Addr: *address, Handler: s, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	go func() { failed <- listener.ListenAndServe() }()
	return <-failed
}

func newServer(class string) *server {
	s := &server{class: class}
	s.routes.Store(&table{})
	s.proxy = httputil.ReverseProxy{
		Rewrite:       rewrite,
		FlushInterval: -1, // streams reach the client as they come
		Transport: &http.Transport{
			DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			ResponseHeaderTimeout: 2 * time.Minute,
			IdleConnTimeout:       30 * time.Second,
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			log.Printf("%s: %v", r.Host, err)
			http.Error(w, fmt.Sprintf("the service behind %s did not answer: %v", r.Host, err), http.StatusBadGateway)
		},
	}
	return s
}

// build makes the table of all Ingresses of the server's class.
func (s *server) build(source lister) (table, error) {
	list, err := source.ingresses.List(labels.Everything())
	if err != nil {
		return nil, err
	}
	routes := table{}
	for _, ingress := range list {
		if ingress.Spec.IngressClassName == nil || *ingress.Spec.IngressClassName != s.class {
			continue
		}
		for _, rule := range ingress.Spec.Rules {
			if rule.HTTP == nil {
				continue
			}
			for _, p := range rule.HTTP.Paths {
				if p.Backend.Service == nil {
					continue
				}
				routes[rule.Host] = append(routes[rule.Host], route{
					prefix:    p.Path,
					exact:     p.PathType != nil && *p.PathType == netv1.PathTypeExact,
					service:   ingress.Namespace + "/" + p.Backend.Service.Name,
					addresses: source.addresses(ingress.Namespace, p.Backend.Service),
				})
			}
		}
	}
	return routes, nil
}

func (r *route) matches(path string) bool {
	if path == r.prefix {
		return true
	}
	return !r.exact && strings.HasPrefix(path, strings.TrimSuffix(r.prefix, "/")+"/")
}

// find gives the route with the longest path, those of the very host before those of any host; nil
// when there is none.
func (t table) find(host, path string) *route {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	for _, h := range []string{strings.ToLower(host), ""} {
		var best *route
		for i := range t[h] {
			r := &t[h][i]
			if r.matches(path) && (best == nil || len(r.prefix) > len(best.prefix)) {
				best = r
			}
		}
		if best != nil {
			return best
		}
	}
	return nil
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	to := s.routes.Load().find(r.Host, r.URL.Path)
	if to == nil {
		http.Error(w, "no ingress for "+r.Host, http.StatusNotFound)
		return
	}
	if len(to.addresses) == 0 {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "service "+to.service+" has no ready pod; try again soon", http.StatusServiceUnavailable)
		return
	}
	target := to.addresses[int(s.turn.Add(1))%len(to.addresses)]
	s.proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), targetKey{}, target)))
}

// rewrite keeps the Host with its port, and adds to what a proxy before this one has said.
func rewrite(p *httputil.ProxyRequest) {
	p.Out.URL.Scheme = "http"
	p.Out.URL.Host = p.In.Context().Value(targetKey{}).(string)
	p.Out.Host = p.In.Host
	p.Out.Header["X-Forwarded-For"] = p.In.Header["X-Forwarded-For"]
	p.SetXForwarded()
	if proto := p.In.Header.Get("X-Forwarded-Proto"); proto != "" {
		p.Out.Header.Set("X-Forwarded-Proto", proto)
	}
}
