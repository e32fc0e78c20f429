package llm

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
	"hearth/daemon/llm/chat"
)

type metrics struct {
	questions *prometheus.CounterVec
	duration  prometheus.Histogram
	repairs   prometheus.Counter
	available prometheus.Gauge
	meanings  *prometheus.CounterVec

	// By provider.
	requests *prometheus.CounterVec
	prompt   *prometheus.CounterVec
	output   *prometheus.CounterVec
	reading  *prometheus.HistogramVec
}

// What became of a question; else the fault is told.
const (
	answered  = "answered"
	cancelled = "cancelled"
)

func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		questions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_llm_questions_total", Help: "Questions put to language models, by what became of them.",
		}, []string{"outcome"}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "hearth_llm_answer_duration_seconds", Help: "Time from a question to the end of its answer, tries and repair included.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2, 4, 8, 15, 30, 60},
		}),
		repairs: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hearth_llm_repairs_total", Help: "Answers that made no sense and were asked for once more.",
		}),
		available: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "hearth_llm_available", Help: "1 while the local language model is known to be there.",
		}),
		meanings: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_llm_meanings_total", Help: "Questions for which names were to be compared by their meaning, by whether that came in time.",
		}, []string{"outcome"}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_llm_requests_total", Help: "Requests sent, each try of each question, by what became of them.",
		}, []string{"provider", "outcome"}),
		prompt: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_llm_prompt_tokens_total", Help: "Tokens of prompts, those the server remembered included.",
		}, []string{"provider"}),
		output: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_llm_output_tokens_total", Help: "Tokens the model wrote.",
		}, []string{"provider"}),
		reading: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hearth_llm_prompt_duration_seconds", Help: "Time the model took to read a prompt, less what the server remembered of it.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2, 4, 8, 15, 30, 60, 120},
		}, []string{"provider"}),
	}
	for _, outcome := range outcomes() {
		m.questions.WithLabelValues(outcome)
	}
	for _, outcome := range []string{inTime, leftOut} {
		m.meanings.WithLabelValues(outcome)
	}
	r.MustRegister(m.questions, m.duration, m.repairs, m.available, m.meanings, m.requests, m.prompt, m.output, m.reading)
	return m
}

// outcomes are the values of the label.
func outcomes() []string {
	all := []string{answered, cancelled}
	for _, fault := range conversation.ModelFaults {
		all = append(all, string(fault))
	}
	return all
}

// add begins to count at 0 for a provider.
func (m *metrics) add(provider string) {
	for _, outcome := range outcomes() {
		m.requests.WithLabelValues(provider, outcome)
	}
	m.prompt.WithLabelValues(provider)
	m.output.WithLabelValues(provider)
	m.reading.WithLabelValues(provider)
}

func (m *metrics) observe(err error, took time.Duration) {
	m.questions.WithLabelValues(outcome(err)).Inc()
	m.duration.Observe(took.Seconds())
}

func outcome(err error) string {
	switch fault := faultOf(err); {
	case err == nil:
		return answered
	case fault == conversation.ModelFailed && errors.Is(err, context.Canceled):
		return cancelled
	default:
		return string(fault)
	}
}

func (m *metrics) completed(provider string, u chat.Usage, err error) {
	m.requests.WithLabelValues(provider, outcome(err)).Inc()
	m.prompt.WithLabelValues(provider).Add(float64(u.Prompt))
	m.output.WithLabelValues(provider).Add(float64(u.Output))
	if u.PromptTime > 0 {
		m.reading.WithLabelValues(provider).Observe(u.PromptTime.Seconds())
	}
}

func (m *metrics) seen(up bool) {
	if up {
		m.available.Set(1)
		return
	}
	m.available.Set(0)
}

// Whether the meaning of a sentence was compared.
const (
	inTime  = "compared"
	leftOut = "left_out"
)

func (m *metrics) compared(did bool) {
	outcome := leftOut
	if did {
		outcome = inTime
	}
	m.meanings.WithLabelValues(outcome).Inc()
}
