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
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/intent"
	"hearth/daemon/llm/ollama"
)

// ErrBadAnswer is returned when the model's answer makes no sense, also after it was told why.
var ErrBadAnswer = errors.New("the language model gave no usable answer")

// Options configure a Model. Local or one of Others is required.
type Options struct {
	Local     *ollama.Model // the model that Run watches; nil for none
	Others    []Other       // asked in their order when the local one gives no answer
	LocalLast bool          // the others go before the local one
	Spending  Spending      // of the others; nil forgets it at a restart
	// Timeout is for an answer, whoever gives it, with all tries and a repair; 1 minute when 0.
	Timeout time.Duration
	// Personality is how replies are to be worded, in the owner's words; "" for plainly.
	Personality string
	// Home lets Run have the model read the home before the first question does; nil leaves that out.
	Home func() *home.Snapshot
	// Vocabulary tells which words speak of which devices; nil when only names do.
	Vocabulary func() *intent.Vocabulary
	// Used counts how often entities were used lately, for Run to ask for now and then; nil when nobody counts.
	Used func(ctx context.Context) (map[home.EntityID]int, error)
	// Embedder finds entities by what their names mean, with Vectors to keep that in; nil for by their words alone.
	Embedder Embedder
	Vectors  Vectors
	// Tools are what the model may look things up with. LookedUp is told of each lookup; nil tells nobody.
	Tools []Tool
	// Servers are the tools of the owner's servers, which come and go; nil for none.
	Servers  func() []Tool
	LookedUp func(conversation.Lookup)

	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

// A Model puts questions to a language model. It is a conversation.Model and may be asked by several
// turns at a time.
type Model struct {
	opts    Options
	local   *ollama.Model
	members []*member // in the order in which they are asked
	log     *slog.Logger
	metrics *metrics

	up        atomic.Bool // Run has seen the local model not long ago
	installed atomic.Pointer[[]string]
	known     atomic.Pointer[knowledge]
	used      atomic.Pointer[usage]
	meaning   *meaning      // nil without an Embedder
	look      chan struct{} // one signal is enough: Run looks at once
	wanted    chan struct{} // and so here: a question is about to come
	reader    reader
}

var _ conversation.Model = (*Model)(nil)

// New joins the parts and connects to nothing.
func New(o Options) *Model {
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	m := &Model{
		opts: o, local: o.Local, look: make(chan struct{}, 1), wanted: make(chan struct{}, 1),
		log: o.Logger, metrics: newMetrics(o.Registerer),
	}
	m.installed.Store(&[]string{})
	m.line()
	if o.Embedder != nil {
		m.meaning = &meaning{embedder: o.Embedder, vectors: o.Vectors}
	}
	return m
}

// Name is the name of the local model, "" while none is chosen and the server has not been asked; without
// one, it is the name of the first other.
func (m *Model) Name() string {
	if m.local == nil {
		return m.members[0].Name()
	}
	return m.local.Name()
}

// Ask puts the question to the model. It hands the words of a reply to say as the model writes them,
// once it is certain that the answer has no calls. Errors are of type conversation.ModelError; they wrap
// what failed at each provider that was asked, or the context's cause.
func (m *Model) Ask(ctx context.Context, q conversation.ModelQuestion, say func(string)) (conversation.ModelAnswer, error) {
	begun := time.Now()
	limited, cancel := context.WithTimeoutCause(ctx, m.opts.Timeout,
		fmt.Errorf("no answer within %s: %w", m.opts.Timeout, context.DeadlineExceeded))
	defer cancel()
	answer, err := m.answer(limited, q, say)
	m.metrics.observe(err, time.Since(begun))
	if err != nil {
		return answer, &conversation.ModelError{Fault: faultOf(err), Err: fmt.Errorf("ask the language model: %w", err)}
	}
	return answer, nil
}

func (m *Model) answer(ctx context.Context, q conversation.ModelQuestion, say func(string)) (conversation.ModelAnswer, error) {
	r := &rounds{
		Model: m, q: m.question(q, time.Now(), m.similar(ctx, q)), say: say, tools: m.tools(q.Home), asked: map[string]bool{},
		private: len(q.Facts) > 0 || slices.ContainsFunc(q.Earlier, func(x conversation.Exchange) bool { return x.Private }),
	}
	var err error
	if r.request, err = r.q.request(); err == nil {
		err = r.run(ctx)
	}
	r.answer.Private = r.private
	return r.answer, err
}

// similar compares the sentence with the names of the home, if there is something to do it with, and in time.
func (m *Model) similar(ctx context.Context, q conversation.ModelQuestion) func(int32) float32 {
	if m.meaning == nil {
		return nil
	}
	similar, err := m.meaning.similar(ctx, q)
	m.metrics.compared(similar != nil)
	if err != nil {
		m.log.Debug("the sentence's meaning is left out", "model", m.meaning.embedder.Name(), "error", err)
	}
	return similar
}
