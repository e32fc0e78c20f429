package mqtt

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	connected prometheus.Gauge
	published prometheus.Counter
	dropped   *prometheus.CounterVec
	commands  *prometheus.CounterVec
}

// Reasons why a message was not published.
const (
	queueFull   = "queue_full"
	offline     = "offline"
	unpublished = "not_acknowledged"
)

// What became of a command.
const (
	done      = "done"
	malformed = "malformed"
	failed    = "failed"
	busy      = "busy"
)

func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		connected: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "hearth_mqtt_connected", Help: "1 while the connection to the MQTT broker is open.",
		}),
		published: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hearth_mqtt_published_total", Help: "Messages the broker has acknowledged.",
		}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_mqtt_dropped_total", Help: "Messages that were not published, by reason.",
		}, []string{"reason"}),
		commands: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_mqtt_commands_total", Help: "Commands received, by what they were and what became of them.",
		}, []string{"command", "outcome"}),
	}
	for _, reason := range []string{queueFull, offline, unpublished} {
		m.dropped.WithLabelValues(reason)
	}
	for name := range commands {
		for _, outcome := range []string{done, malformed, failed, busy} {
			m.commands.WithLabelValues(commandName(name), outcome)
		}
	}
	r.MustRegister(m.connected, m.published, m.dropped, m.commands)
	return m
}
