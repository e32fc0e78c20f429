package gate

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"hearth/daemon/conversation"
)

type metrics struct {
	decisions map[conversation.GateVerdict]prometheus.Counter
}

func newMetrics(registerer prometheus.Registerer) metrics {
	decisions := promauto.With(registerer).NewCounterVec(prometheus.CounterOpts{
		Name: "hearth_gate_decisions_total",
		Help: "Service calls that the gate judged, by verdict.",
	}, []string{"verdict"})
	return metrics{decisions: map[conversation.GateVerdict]prometheus.Counter{
		conversation.Allow:   decisions.WithLabelValues("allow"),
		conversation.Confirm: decisions.WithLabelValues("confirm"),
		conversation.Code:    decisions.WithLabelValues("code"),
		conversation.PIN:     decisions.WithLabelValues("pin"),
		conversation.Refuse:  decisions.WithLabelValues("refuse"),
	}}
}

func (m metrics) count(verdict conversation.GateVerdict) { m.decisions[verdict].Inc() }
