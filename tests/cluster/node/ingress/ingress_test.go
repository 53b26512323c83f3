package ingress

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestServe(t *testing.T) {
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Host+" "+r.Header.Get("X-Forwarded-Host")+" "+r.Header.Get("X-Forwarded-Proto"))
	}))
	defer shop.Close()
	up := []string{strings.TrimPrefix(shop.URL, "http://")}
	s := newServer("local")
	s.routes.Store(&table{"a.localhost": {
		{prefix: "/", service: "a/web"},
		{prefix: "/shop", service: "a/shop", addresses: up},
		{prefix: "/exact", exact: true, service: "a/shop", addresses: up},
	}})
	for _, c := range []struct {
		host, path string
		status     int
		body       string
	}{
		{"a.localhost:8080", "/shop/1", 200, "a.localhost:8080 a.localhost:8080 http"},
		{"A.localhost", "/shop", 200, "A.localhost A.localhost http"},
		{"a.localhost", "/exact", 200, "a.localhost a.localhost http"},
		{"a.localhost", "/exact/no", 503, "a/web has no ready pod"},
		{"a.localhost", "/shopping", 503, "a/web has no ready pod"},
		{"b.localhost", "/", 404, "no ingress for b.localhost"},
	} {
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "http://x"+c.path, nil)
		r.Host = c.host
		s.ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
			t.Errorf("%s%s: %d %q, wanted %d %q", c.host, c.path, w.Code, w.Body, c.status, c.body)
		}
	}
}
