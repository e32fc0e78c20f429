package stt

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/audio/child"
)

type metrics struct {
	verdicts *prometheus.CounterVec
	failures *prometheus.CounterVec
	seconds  prometheus.Histogram
}

// newMetrics registers on r, which may be nil.
func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		verdicts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_stt_clips_total", Help: "Clips recognised, by what the hypothesis was worth.",
		}, []string{"verdict"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_stt_failures_total", Help: "Clips that were not recognised, by reason.",
		}, []string{"reason"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "hearth_stt_transcribe_seconds", Help: "Time from a clip to its hypothesis.",
			Buckets: []float64{.05, .1, .2, .3, .5, .75, 1, 1.5, 2, 4, 8},
		}),
	}
	for v := Reject; v <= Act; v++ {
		m.verdicts.WithLabelValues(v.String())
	}
	for _, reason := range []string{"fault", "stalled", "ended"} {
		m.failures.WithLabelValues(reason)
	}
	if r != nil {
		r.MustRegister(m.verdicts, m.failures, m.seconds)
	}
	return m
}

func (m *metrics) observe(v Verdict, took time.Duration, err error) {
	var f *child.FaultError
	switch {
	case err == nil:
		m.verdicts.WithLabelValues(v.String()).Inc()
		m.seconds.Observe(took.Seconds())
	case errors.As(err, &f):
		m.failures.WithLabelValues("fault").Inc()
	case errors.Is(err, ErrStalled):
		m.failures.WithLabelValues("stalled").Inc()
	default:
		m.failures.WithLabelValues("ended").Inc()
	}
}
