package daemon

import "github.com/prometheus/client_golang/prometheus"

// componentsUp is a gauge for each component, 0 until it works.
func componentsUp(r prometheus.Registerer, components []component) *prometheus.GaugeVec {
	up := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "hearth_daemon_component_up", Help: "1 while a part of the daemon does its work.",
	}, []string{"component"})
	r.MustRegister(up)
	for _, c := range components {
		up.WithLabelValues(c.name)
	}
	return up
}
