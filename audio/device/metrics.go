package device

import "github.com/prometheus/client_golang/prometheus"

// Metrics count what happens to sound devices. One value serves a microphone and a speaker together,
// and every reopening.
type Metrics struct {
	opened  *prometheus.CounterVec
	stalled *prometheus.CounterVec
	dropped prometheus.Counter
}

// NewMetrics registers the counters; a nil Registerer leaves them unregistered.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		opened: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_device_opened_total",
			Help: "Sound devices opened, reopenings included.",
		}, []string{"kind"}),
		stalled: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_device_stalled_total",
			Help: "Sound devices that stopped answering and were given up.",
		}, []string{"kind"}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hearth_device_dropped_samples_total",
			Help: "Samples of the microphone lost because nobody took them in time.",
		}),
	}
	for _, kind := range []Kind{Capture, Playback} {
		m.opened.WithLabelValues(string(kind))
		m.stalled.WithLabelValues(string(kind))
	}
	if r != nil {
		r.MustRegister(m.opened, m.stalled, m.dropped)
	}
	return m
}
