package wake

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/audio/child"
)

type metrics struct {
	detections prometheus.Counter
	dropped    prometheus.Counter
	running    prometheus.Gauge
	failures   *prometheus.CounterVec
}

// newMetrics registers on r, which may be nil.
func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		detections: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hearth_wake_detections_total", Help: "Times the wake phrase was heard.",
		}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hearth_wake_dropped_samples_total", Help: "Samples that the wake word detector was too slow for.",
		}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "hearth_wake_listening", Help: "Whether the wake word detector runs: 1 while it does.",
		}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_wake_failures_total", Help: "Ends of the wake word detector that nobody asked for, by reason.",
		}, []string{"reason"}),
	}
	for _, reason := range []string{"fault", "stalled", "ended"} {
		m.failures.WithLabelValues(reason)
	}
	if r != nil {
		r.MustRegister(m.detections, m.dropped, m.running, m.failures)
	}
	return m
}

func (m *metrics) setRunning(on bool) {
	if m.running.Set(0); on {
		m.running.Set(1)
	}
}

func (m *metrics) failed(err error) {
	var fault *child.FaultError
	switch {
	case errors.As(err, &fault):
		m.failures.WithLabelValues("fault").Inc()
	case errors.Is(err, child.ErrStalled):
		m.failures.WithLabelValues("stalled").Inc()
	default:
		m.failures.WithLabelValues("ended").Inc()
	}
}
