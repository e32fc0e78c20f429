package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// A route is one method of one path.
type route struct {
	method, path string
	handler      http.HandlerFunc
}

// monitoring are the routes that change nothing and tell nothing that was said.
func (s *Server) monitoring() []route {
	metrics := promhttp.HandlerFor(s.opts.Metrics, promhttp.HandlerOpts{})
	return []route{
		{http.MethodGet, "/", s.handlePage},
		{http.MethodGet, "/healthz", s.handleHealth},
		{http.MethodGet, "/readyz", s.handleReady},
		{http.MethodGet, "/metrics", metrics.ServeHTTP},
	}
}

// control are the routes of the socket alone.
func (s *Server) control() []route {
	routes := append(s.memory(), []route{
		{http.MethodPost, "/v1/turns", s.handleTurn},
		{http.MethodGet, "/v1/turns", s.list("turns", s.recent)},
		{http.MethodGet, "/v1/audit", s.list("entries of the audit", s.audit)},
		{http.MethodGet, "/v1/turns/{id}", s.handleOneTurn},
		{http.MethodGet, "/v1/plans", s.handlePlans},
		{http.MethodDelete, "/v1/plans/{id}", s.onPlan(Plans.Remove)},
		{http.MethodPut, "/v1/plans/{id}/pin", s.onPlan(Plans.Pin)},
		{http.MethodDelete, "/v1/plans/{id}/pin", s.onPlan(Plans.Unpin)},
	}...)
	if s.opts.Tools != nil {
		routes = append(routes, route{http.MethodPost, toolsPath, s.opts.Tools.ServeHTTP})
	}
	return routes
}

// toolsPath is where assistants find the tools of this home.
const toolsPath = "/mcp"

// handler answers to the routes, and with a RequestError to everything else.
func (s *Server) handler(routes []route) http.Handler {
	mux := http.NewServeMux()
	methods := map[string][]string{}
	for _, r := range routes {
		mux.Handle(r.method+" "+pattern(r.path), s.measure(r.path, r.handler))
		methods[r.path] = append(methods[r.path], r.method)
	}
	for path, allowed := range methods {
		mux.Handle(pattern(path), s.measure(path, s.notAllowed(allowed)))
	}
	mux.Handle("/", s.measure(otherRoute, s.notFound))
	return mux
}

// pattern makes "/" mean that path alone.
func pattern(path string) string {
	if path == "/" {
		return "/{$}"
	}
	return path
}

func (s *Server) notAllowed(methods []string) http.HandlerFunc {
	slices.Sort(methods)
	allowed := strings.Join(methods, ", ")
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allowed)
		s.fail(w, r, &RequestError{
			Status: http.StatusMethodNotAllowed, Field: "method", Value: r.Method,
			Message: "this path does not know the method", Remedy: "use " + allowed,
		})
	}
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, &RequestError{
		Status: http.StatusNotFound, Field: "path", Value: shorten(r.URL.Path),
		Message: "there is nothing here", Remedy: "GET / says what there is",
	})
}

// measure counts the requests of a route and how long they took.
func (s *Server) measure(route string, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		next(recorder, r)
		s.metrics.observe(route, recorder.status, time.Since(begun))
	})
}

// A statusRecorder remembers the status of an answer.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController and http.MaxBytesReader reach the connection.
func (r *statusRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
