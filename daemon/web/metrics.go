package web

import (
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// otherRoute is the label of requests to paths that do not exist.
const otherRoute = "other"

type metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_web_requests_total", Help: "HTTP requests by route and class of status code.",
		}, []string{"route", "code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hearth_web_request_duration_seconds", Help: "Time from a request's header to the end of its answer.",
			Buckets: []float64{.001, .01, .1, .5, 1, 2, 5, 10, 30, 120},
		}, []string{"route"}),
	}
	for _, route := range []string{"/", "/healthz", "/readyz", "/metrics", "/v1/turns", "/v1/turns/{id}", "/v1/audit", "/v1/plans", "/v1/plans/{id}",
		"/v1/plans/{id}/pin", "/v1/memory", "/v1/memory/{id}", toolsPath, otherRoute} {
		m.duration.WithLabelValues(route)
		for _, code := range []string{"2xx", "4xx", "5xx"} {
			m.requests.WithLabelValues(route, code)
		}
	}
	r.MustRegister(m.requests, m.duration)
	return m
}

func (m *metrics) observe(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, class(status)).Inc()
	m.duration.WithLabelValues(route).Observe(took.Seconds())
}

// class is the class of a status code, "2xx", "4xx" or "5xx": what is neither an error of the client's nor of the
// daemon's own is a success.
func class(status int) string {
	if status < http.StatusBadRequest {
		return "2xx"
	}
	return fmt.Sprintf("%dxx", status/100)
}
