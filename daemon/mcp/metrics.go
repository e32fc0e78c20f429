package mcp

import (
	"context"
	"errors"
	"slices"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/breaker"
)

// Metrics count what others do with this home's tools, and what it does with theirs. A nil *Metrics counts nothing.
type Metrics struct {
	served *prometheus.CounterVec
	calls  *prometheus.CounterVec
}

// offered are the names of the tools of this home.
var offered = []string{"ask", "call", "list_entities", "get_state", "why"}

// NewMetrics registers the package's metrics.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		served: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_mcp_served_total", Help: "Calls of this home's tools by other assistants.",
		}, []string{"tool", "outcome"}),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_mcp_calls_total", Help: "Calls of the tools of the owner's servers.",
		}, []string{"outcome"}),
	}
	for _, tool := range offered {
		for _, outcome := range []string{"done", "failed"} {
			m.served.WithLabelValues(tool, outcome)
		}
	}
	for _, outcome := range []string{"answered", "refused", "timeout", "left_alone", "failed"} {
		m.calls.WithLabelValues(outcome)
	}
	r.MustRegister(m.served, m.calls)
	return m
}

// count counts the calls of tools that pass through a server.
func (m *Metrics) count(next sdk.MethodHandler) sdk.MethodHandler {
	return func(ctx context.Context, method string, r sdk.Request) (sdk.Result, error) {
		result, err := next(ctx, method, r)
		call, ok := r.(*sdk.CallToolRequest)
		if m == nil || !ok || !slices.Contains(offered, call.Params.Name) {
			return result, err
		}
		outcome := "done"
		if told, ok := result.(*sdk.CallToolResult); err != nil || !ok || told.IsError {
			outcome = "failed"
		}
		m.served.WithLabelValues(call.Params.Name, outcome).Inc()
		return result, err
	}
}

// called counts a call of a server's tool.
func (m *Metrics) called(err error) {
	if m == nil {
		return
	}
	outcome := "failed"
	switch {
	case err == nil:
		outcome = "answered"
	case errors.Is(err, errRefused):
		outcome = "refused"
	case errors.Is(err, breaker.ErrOpen):
		outcome = "left_alone"
	case errors.Is(err, context.DeadlineExceeded):
		outcome = "timeout"
	}
	m.calls.WithLabelValues(outcome).Inc()
}
