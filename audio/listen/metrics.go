package listen

import "github.com/prometheus/client_golang/prometheus"

// Metrics count utterances. One value serves every stream.
type Metrics struct {
	heard, dropped prometheus.Counter
}

// NewMetrics registers the counters; a nil Registerer leaves them unregistered.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		heard: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hearth_listen_utterances_total",
			Help: "Utterances found in the sound and handed on.",
		}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hearth_listen_dropped_utterances_total",
			Help: "Utterances dropped because the one before was still being handled.",
		}),
	}
	if r != nil {
		r.MustRegister(m.heard, m.dropped)
	}
	return m
}
