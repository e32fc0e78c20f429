package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
)

// EndpointOptions configure an Endpoint.
type EndpointOptions struct {
	Name   string // of its section in the configuration: one of Endpoints
	Listen string // TCP address, "127.0.0.1:11435"
	// Token is what a request must have, as "Authorization: Bearer TOKEN".
	Token string
	// InPath takes the token also as the first part of the path, for clients that can send no header. It is cut off.
	InPath  bool
	Handler http.Handler
	// RequestTime bounds one request; 2 minutes when 0.
	RequestTime time.Duration

	Metrics *EndpointMetrics
	Logger  *slog.Logger
}

// Endpoints are the names of all there may be.
var Endpoints = []string{"ollama", "mcp"}

// An Endpoint is an address at which programs of other machines may use the home, if they know its token. Without
// the token it tells nothing.
type Endpoint struct {
	opts    EndpointOptions
	refused atomic.Bool // the last request had no token, or a wrong one
}

// NewEndpoint opens nothing.
func NewEndpoint(o EndpointOptions) *Endpoint {
	if o.RequestTime == 0 {
		o.RequestTime = 2 * time.Minute
	}
	return &Endpoint{opts: o}
}

// Name is its section in the configuration.
func (e *Endpoint) Name() string { return e.opts.Name }

// Run serves until ctx ends, and stops as Server.Run does. It calls up when it listens. It may be run again.
func (e *Endpoint) Run(ctx context.Context, up func()) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", e.opts.Listen)
	if err != nil {
		return fmt.Errorf("listen for programs (%s.listen): %w", e.opts.Name, err)
	}
	up()
	requests, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	server := newHTTPServer(requests, e, e.opts.RequestTime, e.opts.Logger)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serve(server, l) })
	group.Go(func() error {
		<-ctx.Done()
		return stop(server, cancel)
	})
	return group.Wait()
}

// ServeHTTP lets requests with the token through.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
	defer func() { e.opts.Metrics.requests.WithLabelValues(e.opts.Name, class(recorder.status)).Inc() }()
	admitted, ok := e.admit(r)
	if !ok {
		e.refuse(recorder, r)
		return
	}
	if e.refused.Swap(false) {
		e.opts.Logger.Info("a program is let in again", "endpoint", e.opts.Name)
	}
	e.opts.Handler.ServeHTTP(recorder, admitted)
}

// admit is the request without its token, if that is right.
func (e *Endpoint) admit(r *http.Request) (*http.Request, bool) {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return r, e.isToken(strings.TrimSpace(token))
	}
	token, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if !e.opts.InPath || !e.isToken(token) {
		return nil, false
	}
	admitted := r.Clone(r.Context())
	admitted.URL.Path, admitted.URL.RawPath, admitted.RequestURI = "/"+rest, "", ""
	return admitted, true
}

// isToken compares in a time that tells nothing of the token.
func (e *Endpoint) isToken(given string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(e.opts.Token))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && e.opts.Token != ""
}

func (e *Endpoint) refuse(w http.ResponseWriter, r *http.Request) {
	e.opts.Metrics.refused.WithLabelValues(e.opts.Name).Inc()
	if !e.refused.Swap(true) {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		e.opts.Logger.Warn("a program is refused: it has no token, or a wrong one", "endpoint", e.opts.Name, "from", host)
	}
	w.Header().Set("WWW-Authenticate", "Bearer")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusUnauthorized)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": "send the token of " + e.opts.Name + ".token_file as Authorization: Bearer TOKEN"})
}

// EndpointMetrics count what all endpoints do.
type EndpointMetrics struct {
	requests *prometheus.CounterVec
	refused  *prometheus.CounterVec
}

// NewEndpointMetrics registers the metrics.
func NewEndpointMetrics(r prometheus.Registerer) *EndpointMetrics {
	m := &EndpointMetrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_web_endpoint_requests_total", Help: "Requests of other programs by endpoint and class of status code.",
		}, []string{"endpoint", "code"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_web_endpoint_refused_total", Help: "Requests without the endpoint's token.",
		}, []string{"endpoint"}),
	}
	for _, endpoint := range Endpoints {
		m.refused.WithLabelValues(endpoint)
		for _, code := range []string{"2xx", "4xx", "5xx"} {
			m.requests.WithLabelValues(endpoint, code)
		}
	}
	r.MustRegister(m.requests, m.refused)
	return m
}
