package tool

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
)

// names are the tools that are told apart in metrics; all others are "other".
var names = []string{"home", "history", "timers", "lists", "weather", "calendar", "calculator", "units", "web", "memory", "other"}

// Metrics count lookups.
type Metrics struct {
	lookups *prometheus.CounterVec
	seconds *prometheus.HistogramVec
	bytes   *prometheus.CounterVec
}

// NewMetrics registers the metrics.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		lookups: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_tool_lookups_total", Help: "Lookups of the language model, by what became of them.",
		}, []string{"tool", "outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hearth_tool_lookup_seconds", Help: "Time that a lookup took.",
			Buckets: []float64{.001, .005, .02, .1, .5, 1, 2, 5, 10},
		}, []string{"tool"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_tool_result_bytes_total", Help: "Bytes that the language model was given to read.",
		}, []string{"tool"}),
	}
	for _, name := range names {
		for _, outcome := range []conversation.LookupOutcome{conversation.LookedUp, conversation.LookupDenied, conversation.LookupFailed} {
			m.lookups.WithLabelValues(name, string(outcome))
		}
		m.seconds.WithLabelValues(name)
		m.bytes.WithLabelValues(name)
	}
	r.MustRegister(m.lookups, m.seconds, m.bytes)
	return m
}

// Observe counts a lookup. It may be called by many at once.
func (m *Metrics) Observe(l conversation.Lookup) {
	name := l.Tool
	if !slices.Contains(names, name) {
		name = "other"
	}
	m.lookups.WithLabelValues(name, string(l.Outcome)).Inc()
	m.seconds.WithLabelValues(name).Observe(l.Millis / 1000)
	m.bytes.WithLabelValues(name).Add(float64(l.Bytes))
}
