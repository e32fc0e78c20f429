// Package llm asks a language model what a sentence means that no template knows.
//
// The model sees the exposed entities of the home and answers in a form that a JSON schema made of
// those same entities enforces: calls first, then the reply. That order matters twice: a reply is
// spoken while it is being written only once it is certain that nothing is to be done first, and what
// a device cannot do cannot be asked of it. The package makes no call itself; every call it returns
// goes through the gate like any other.
package llm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/llm/chat"
	"hearth/daemon/llm/ollama"
)

// ErrBadAnswer is returned when the model's answer makes no sense, also after it was told why.
var ErrBadAnswer = errors.New("the language model gave no usable answer")

// Options configure a Model. Local is required.
type Options struct {
	Local *ollama.Model // the model that Run watches
	// Personality is how replies are to be worded, in the owner's words; "" for plainly.
	Personality string
	Timeout     time.Duration // for one try, from the question to the last word; 1 minute when 0
	// Home lets Run have the model read the home before the first question does; nil leaves that out.
	Home func() *home.Snapshot

	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

// A Model puts questions to a language model. It is a conversation.Model and may be asked by several
// turns at a time.
type Model struct {
	opts      Options
	local     *ollama.Model
	provider  Provider // whom questions are put to
	log       *slog.Logger
	metrics   *metrics
	up        atomic.Bool // Run has seen the model not long ago
	installed atomic.Pointer[[]string]
	look      chan struct{} // one signal is enough: Run looks at once
}

var _ conversation.Model = (*Model)(nil)

// New joins the parts and connects to nothing.
func New(o Options) *Model {
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	m := &Model{
		opts: o, local: o.Local, provider: o.Local, look: make(chan struct{}, 1),
		log: o.Logger, metrics: newMetrics(o.Registerer),
	}
	m.installed.Store(&[]string{})
	return m
}

// Name is the model's name; "" while none is chosen and the server has not been asked.
func (m *Model) Name() string { return m.provider.Name() }

// Ask puts the question to the model. It hands the words of a reply to say as the model writes them,
// once it is certain that the answer has no calls. Errors are conversation.ErrNoModel when no server answers or it lacks the model,
// ErrBadAnswer, the context's cause, or what the server said.
func (m *Model) Ask(ctx context.Context, q conversation.ModelQuestion, say func(string)) (conversation.ModelAnswer, error) {
	begun := time.Now()
	answer, err := m.ask(ctx, q, say)
	m.metrics.observe(err, time.Since(begun))
	if err != nil {
		return answer, fmt.Errorf("ask the language model %s: %w", m.Name(), err)
	}
	return answer, nil
}

func (m *Model) ask(ctx context.Context, q conversation.ModelQuestion, say func(string)) (conversation.ModelAnswer, error) {
	var answer conversation.ModelAnswer
	if err := m.reachable(ctx); err != nil {
		return answer, err
	}
	answer.Model = m.Name()
	request, err := m.request(q)
	if err != nil {
		return answer, err
	}
	answer.Reply, answer.Calls, err = m.converse(ctx, request, q.Home, say)
	return answer, err
}

// converse asks, and asks once more when the answer makes no sense.
func (m *Model) converse(ctx context.Context, request chat.Request, snapshot *home.Snapshot, say func(string)) (string, []home.Call, error) {
	for repaired := false; ; repaired = true {
		words := &speech{say: say}
		if err := m.complete(ctx, request, words); err != nil {
			return "", nil, err
		}
		reply, calls, err := parse(words.output(), snapshot)
		switch {
		case err == nil:
			if len(calls) == 0 {
				words.finish(reply)
			}
			return reply, calls, nil
		case words.begun():
			m.log.Warn("the language model's answer was cut off", "model", m.Name(), "error", err)
			return words.spoken(), nil, nil // what was said cannot be taken back
		case repaired:
			return "", nil, fmt.Errorf("%w: %w", ErrBadAnswer, err)
		}
		m.metrics.repairs.Inc()
		m.log.Debug("the language model's answer makes no sense", "model", m.Name(), "error", err)
		request.Messages = append(request.Messages, repair(words.output(), err)...)
	}
}
