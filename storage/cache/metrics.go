package cache

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

type metrics struct {
	hits, misses, evictions *prometheus.CounterVec
}

// namespaceMetrics are one namespace's own counters.
type namespaceMetrics struct {
	hits, misses, evictions prometheus.Counter
}

func newMetrics(registerer prometheus.Registerer) *metrics {
	counter := func(name, help string) *prometheus.CounterVec {
		return promauto.With(registerer).NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{"namespace"})
	}
	return &metrics{
		hits:      counter("hearth_cache_hits_total", "Keys that were found."),
		misses:    counter("hearth_cache_misses_total", "Keys that were not found."),
		evictions: counter("hearth_cache_evictions_total", "Entries that made room for newer ones; those that grew too old are not counted."),
	}
}

func (m *metrics) of(namespace string) namespaceMetrics {
	return namespaceMetrics{
		hits:      m.hits.WithLabelValues(namespace),
		misses:    m.misses.WithLabelValues(namespace),
		evictions: m.evictions.WithLabelValues(namespace),
	}
}
