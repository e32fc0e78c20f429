package llm

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"hearth/daemon/llm/chat"
	"hearth/daemon/llm/ollama"
)

// readTime is how long the model may take to read the home: minutes on a small machine.
const readTime = 10 * time.Minute

// errNoAnswer is a server that takes a connection and then says nothing.
var errNoAnswer = fmt.Errorf("%w: it gives no answer", chat.ErrAbsent)

// A reader knows what the local model has read, which the server remembers.
type reader struct {
	busy atomic.Bool // it reads at this moment

	mu     sync.Mutex
	prefix string        // that was read, "" for none
	took   time.Duration // to read it without remembering anything, 0 when not known
	said   string        // the model of which it is said that it forgets
}

func (r *reader) forget() { r.set("", 0) }

func (r *reader) set(prefix string, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.prefix, r.took = prefix, took
}

func (r *reader) known() (prefix string, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.prefix, r.took
}

// first tells whether nothing was said of this model yet.
func (r *reader) first(model string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.said == model {
		return false
	}
	r.said = model
	return true
}

// Prepare tells that a question may be about to come: somebody has begun to speak. Run then sees to it that
// the local model is in memory and has read the home. It returns at once; while Run is at it, more calls
// change nothing.
func (m *Model) Prepare() {
	select {
	case m.wanted <- struct{}{}:
	default:
	}
}

// wake has the model read the home again when the server has let go of it.
func (m *Model) wake(ctx context.Context) {
	look, cancel := context.WithTimeout(ctx, watchTime)
	defer cancel()
	loaded, window, err := m.local.Loaded(look)
	if err != nil {
		return // the next look says why
	}
	if want := m.local.Window(); loaded && window > 0 && window < want && m.reader.first(m.local.Name()+" window") {
		m.log.Warn("the language model has a smaller window than it should: set model.context to it",
			"model", m.local.Name(), "tokens", window, "wanted", want)
	}
	if !loaded {
		m.reader.forget()
	}
	m.read(ctx)
}

// read has the server load the model and read the unchanging part of the prompt, which it then remembers,
// unless it has read it already. The options are those of a question: others would load it again.
func (m *Model) read(ctx context.Context) {
	if m.opts.Home == nil {
		return
	}
	prefix := m.know(m.opts.Home()).prefix
	if read, _ := m.reader.known(); read == prefix {
		return
	}
	m.reader.busy.Store(true)
	defer m.reader.busy.Store(false)
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	usage, err := m.local.Complete(ctx, chat.Request{
		Messages:  []chat.Message{{Role: chat.System, Content: prefix}},
		MaxTokens: 1, // with 0 the server would not stop
	}, func(string) {})
	if err != nil {
		m.log.Debug("the language model has not read the home", "model", m.local.Name(), "error", err)
		return
	}
	m.reader.set(prefix, usage.PromptTime)
	if about, ok := m.local.Known(); ok && about.Forgets(usage.Prompt) {
		m.sayForgets(about, usage)
	}
}

// observe looks at an answer of the local model for what it tells about reading.
func (m *Model) observe(usage chat.Usage, err error) error {
	const noticed = 2 * time.Second // less does not matter
	_, took := m.reader.known()
	switch {
	case errors.Is(err, context.DeadlineExceeded) && m.reader.busy.Load():
		return fmt.Errorf("%w, or reads the home: %w", chat.ErrLoading, err)
	case err == nil && took > noticed && usage.PromptTime > took/2:
		about, _ := m.local.Known()
		m.sayForgets(about, usage)
	}
	return err
}

// sayForgets says once of each model that it reads everything anew.
func (m *Model) sayForgets(about ollama.About, usage chat.Usage) {
	if m.reader.first(about.Name) {
		m.log.Warn("the language model does not remember the home, and reads it again for every question: choose another model",
			"model", about.Name, "prompt_tokens", usage.Prompt, "sliding_window", about.Sliding, "reading", usage.PromptTime)
	}
}
