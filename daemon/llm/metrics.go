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
	prompt    prometheus.Counter
	output    prometheus.Counter
	available prometheus.Gauge
	meanings  *prometheus.CounterVec
}

// What became of a question.
const (
	answered  = "answered"
	noModel   = "no_model"
	badAnswer = "bad_answer"
	timedOut  = "timeout"
	cancelled = "cancelled"
	failed    = "failed"
)

func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		questions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_llm_questions_total", Help: "Questions put to the language model, by what became of them.",
		}, []string{"outcome"}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "hearth_llm_answer_duration_seconds", Help: "Time from a question to the end of its answer, tries and repair included.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2, 4, 8, 15, 30, 60},
		}),
		repairs: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hearth_llm_repairs_total", Help: "Answers that made no sense and were asked for once more.",
		}),
		prompt: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hearth_llm_prompt_tokens_total", Help: "Tokens of prompts, those the server remembered included.",
		}),
		output: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hearth_llm_output_tokens_total", Help: "Tokens the model wrote.",
		}),
		available: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "hearth_llm_available", Help: "1 while the language model is known to be there.",
		}),
		meanings: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hearth_llm_meanings_total", Help: "Questions for which names were to be compared by their meaning, by whether that came in time.",
		}, []string{"outcome"}),
	}
	for _, outcome := range []string{answered, noModel, badAnswer, timedOut, cancelled, failed} {
		m.questions.WithLabelValues(outcome)
	}
	for _, outcome := range []string{inTime, leftOut} {
		m.meanings.WithLabelValues(outcome)
	}
	r.MustRegister(m.meanings, m.questions, m.duration, m.repairs, m.prompt, m.output, m.available)
	return m
}

func (m *metrics) observe(err error, took time.Duration) {
	m.questions.WithLabelValues(outcome(err)).Inc()
	m.duration.Observe(took.Seconds())
}

func outcome(err error) string {
	switch {
	case err == nil:
		return answered
	case errors.Is(err, conversation.ErrNoModel):
		return noModel
	case errors.Is(err, ErrBadAnswer):
		return badAnswer
	case errors.Is(err, context.DeadlineExceeded):
		return timedOut
	case errors.Is(err, context.Canceled):
		return cancelled
	}
	return failed
}

func (m *metrics) tokens(u chat.Usage) {
	m.prompt.Add(float64(u.Prompt))
	m.output.Add(float64(u.Output))
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
