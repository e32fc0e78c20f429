package homeassistant

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/home"
)

// Metrics count what goes on between Hearth and Home Assistant.
type Metrics struct {
	connections prometheus.Counter
	changes     prometheus.Counter
	unreadable  prometheus.Counter
	calls       *prometheus.CounterVec
	seconds     prometheus.Histogram
}

// NewMetrics registers the metrics. They stay at zero while the home is another one.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		connections: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hearth_homeassistant_connections_total", Help: "Connections to Home Assistant that were made.",
		}),
		changes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hearth_homeassistant_changes_total", Help: "Changes of exposed entities that Home Assistant told.",
		}),
		unreadable: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hearth_homeassistant_unreadable_total", Help: "Changes that could not be read.",
		}),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_homeassistant_calls_total", Help: "Service calls by what became of them.",
		}, []string{"outcome"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "hearth_homeassistant_call_seconds", Help: "How long Home Assistant took for the calls that it accepted.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 8),
		}),
	}
	for _, outcome := range outcomes {
		m.calls.WithLabelValues(outcome.label)
	}
	m.calls.WithLabelValues("accepted")
	m.calls.WithLabelValues("failed")
	r.MustRegister(m.connections, m.changes, m.unreadable, m.calls, m.seconds)
	return m
}

var outcomes = []struct {
	err   error
	label string
}{
	{home.ErrDisconnected, "disconnected"},
	{home.ErrInterrupted, "interrupted"},
	{home.ErrUnknownEntity, "unknown_entity"},
	{home.ErrUnavailable, "unavailable"},
	{home.ErrNotSupported, "unsupported"},
}

func (m *Metrics) call(err error, took time.Duration) {
	if err == nil {
		m.calls.WithLabelValues("accepted").Inc()
		m.seconds.Observe(took.Seconds())
		return
	}
	for _, outcome := range outcomes {
		if errors.Is(err, outcome.err) {
			m.calls.WithLabelValues(outcome.label).Inc()
			return
		}
	}
	m.calls.WithLabelValues("failed").Inc()
}
