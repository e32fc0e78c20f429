package history

import (
	"cmp"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

type metrics struct {
	writes  *prometheus.CounterVec
	seconds prometheus.Histogram
	dropped prometheus.Counter
}

func newMetrics(registerer prometheus.Registerer, backlog func() int) *metrics {
	factory := promauto.With(registerer)
	factory.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "hearth_history_backlog_turns",
		Help: "Turns that wait to be written.",
	}, func() float64 { return float64(backlog()) })
	m := &metrics{
		writes: factory.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_history_writes_total",
			Help: "Attempts to write a turn, by result.",
		}, []string{"result"}),
		seconds: factory.NewHistogram(prometheus.HistogramOpts{
			Name:    "hearth_history_write_seconds",
			Help:    "Duration of one attempt to write a turn.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14), // 0.5 ms to 4 s, an SD card on a bad day
		}),
		dropped: factory.NewCounter(prometheus.CounterOpts{
			Name: "hearth_history_dropped_turns_total",
			Help: "Turns that will never be written: too many waited, or the database refuses them.",
		}),
	}
	for _, result := range []string{"ok", "full", "read_only", "other"} {
		m.writes.WithLabelValues(result)
	}
	return m
}

func (m *metrics) observe(took time.Duration, err error) {
	m.writes.WithLabelValues(cmp.Or(reasonOf(err), "ok")).Inc()
	m.seconds.Observe(took.Seconds())
}
