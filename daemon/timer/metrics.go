package timer

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	rings *prometheus.CounterVec
}

// newMetrics registers the metrics; with a nil registerer they are counted and never seen.
func newMetrics(registerer prometheus.Registerer, s *Service) *metrics {
	m := &metrics{rings: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hearth_timer_rings_total",
		Help: "Timers that rang, by whether they were on time or came due while Hearth was off.",
	}, []string{"late"})}
	m.rings.WithLabelValues("false")
	m.rings.WithLabelValues("true")
	running := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "hearth_timer_set_timers",
		Help: "Timers, alarms, reminders and what else waits, paused ones included.",
	}, func() float64 { return float64(s.count()) })
	if registerer != nil {
		registerer.MustRegister(m.rings, running)
	}
	return m
}

func (m *metrics) rang(r Ring) {
	late := "false"
	if r.Late > 0 {
		late = "true"
	}
	m.rings.WithLabelValues(late).Inc()
}

func (s *Service) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.timers)
}
