package conversation

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count turns and time stages. A nil *Metrics counts nothing.
type Metrics struct {
	turns  *prometheus.CounterVec
	steps  *prometheus.CounterVec
	stages *prometheus.HistogramVec
	total  prometheus.Histogram
	plans  *prometheus.CounterVec
}

// A planEvent is what became of a learned plan.
type planEvent string

const (
	planLearned   planEvent = "learned"   // from a model
	planCorrected planEvent = "corrected" // dropped, as are the next: somebody objected
	planFailed    planEvent = "failed"    // it did not work
	planGone      planEvent = "gone"      // what it is about is gone, or called otherwise
	planCritical  planEvent = "critical"  // it has become critical
)

// NewMetrics registers the package's metrics.
func NewMetrics(r prometheus.Registerer) *Metrics {
	buckets := []float64{.0001, .0005, .001, .005, .01, .025, .05, .1, .25, .5, 1, 2, 5, 10, 30}
	m := &Metrics{
		turns: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_conversation_turns_total", Help: "Turns by what decided them and why they failed, if they did.",
		}, []string{"decided_by", "failure"}),
		steps: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_conversation_steps_total", Help: "Steps by outcome.",
		}, []string{"outcome"}),
		stages: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hearth_conversation_stage_seconds", Help: "Time spent in each stage of a turn.", Buckets: buckets,
		}, []string{"stage"}),
		total: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "hearth_conversation_turn_seconds", Help: "Time from the end of the utterance to the whole reply.", Buckets: buckets,
		}),
	}
	m.plans = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hearth_conversation_plans_total", Help: "Plans learned from a model, and learned plans dropped, by why.",
	}, []string{"event"})
	r.MustRegister(m.turns, m.steps, m.stages, m.total, m.plans)
	for _, e := range []planEvent{planLearned, planCorrected, planFailed, planGone, planCritical} {
		m.plans.WithLabelValues(string(e))
	}
	for _, o := range []Outcome{Confirmed, Sent, Failed, Refused} {
		m.steps.WithLabelValues(string(o))
	}
	for _, by := range []Decider{"", ByGrammar, ByPlan, ByModel, ByCaller} {
		for _, f := range []Failure{"", NotHeard, NotUnderstood, NoModel, NoTarget, NotAllowed, StepFailed, Internal} {
			m.turns.WithLabelValues(string(by), string(f))
		}
	}
	for _, s := range []string{"transcribe", "recall", "understand", "gate", "act", "confirm", "answer", "record"} {
		m.stages.WithLabelValues(s)
	}
	return m
}

func (m *Metrics) stage(name string, took time.Duration) {
	if m != nil {
		m.stages.WithLabelValues(name).Observe(took.Seconds())
	}
}

func (m *Metrics) plan(e planEvent) {
	if m != nil {
		m.plans.WithLabelValues(string(e)).Inc()
	}
}

func (m *Metrics) turn(t *Turn) {
	if m == nil {
		return
	}
	m.turns.WithLabelValues(string(t.DecidedBy), string(t.Failure)).Inc()
	m.total.Observe(t.Total / 1000)
	for _, s := range t.Steps {
		m.steps.WithLabelValues(string(s.Outcome)).Inc()
	}
}
