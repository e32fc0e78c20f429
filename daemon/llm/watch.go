package llm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hearth/daemon/breaker"
)

const (
	watchEvery = 30 * time.Second // how old a good sign of the model gets before Run looks again
	watchTime  = 2 * time.Second  // for one look
	checkTime  = time.Second      // to find out before a question whether a model is there
)

// Run watches whether the local model is there, so that a question need not find out, and calls up each
// time it is. It has the model read the home when names in it have changed, and when Prepare asks for it.
// It returns an error, one of package chat, when the server cannot be reached after three tries or lacks
// the model, and nil when ctx ends. Questions may be asked without it.
func (m *Model) Run(ctx context.Context, up func()) error {
	defer m.close()
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for m.local == nil { // there is nothing to watch
		up()
		m.learnNames(ctx)
		m.countUsed(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
	defer m.seen(false)
	for {
		m.list(ctx)
		if err := m.watch(ctx); ctx.Err() != nil {
			return nil
		} else if err != nil {
			return fmt.Errorf("look for the language model: %w", err)
		}
		m.seen(true)
		up()
		m.read(ctx)
		m.learnNames(ctx)
		m.countUsed(ctx)
		for again := false; !again; {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
				again = true
			case <-m.look:
				m.reader.forget() // it was another model
				again = true
			case <-m.wanted:
				m.wake(ctx)
			}
		}
	}
}

// close lets go of connections.
func (m *Model) close() {
	for _, p := range m.members {
		p.Close()
	}
	if m.meaning != nil {
		m.meaning.embedder.Close()
	}
}

func (m *Model) seen(up bool) {
	m.up.Store(up)
	m.metrics.seen(up)
}

func (m *Model) watch(ctx context.Context) error {
	return m.retry(ctx, func() error { return m.check(ctx, watchTime) }, passing)
}

// reachable is cheap when Run has seen the local model, and else finds out quickly: somebody waits for the
// sentence that says that there is none.
func (m *Model) reachable(ctx context.Context) error {
	if m.up.Load() {
		return nil
	}
	return m.check(ctx, checkTime)
}

// check asks the server for the model.
func (m *Model) check(ctx context.Context, within time.Duration) error {
	try, cancel := context.WithTimeoutCause(ctx, within, errNoAnswer)
	defer cancel()
	err := m.local.Check(try)
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// list notes which models are installed and can talk. What cannot be asked leaves the list as it was.
func (m *Model) list(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, watchTime)
	defer cancel()
	if names, err := m.local.Installed(ctx); err == nil { // else the next look says why
		m.installed.Store(&names)
	}
}

// Installed are the models on the local server that can talk, in the order of their names, as Run last saw them.
func (m *Model) Installed() []string { return *m.installed.Load() }

// Use has an installed model answer from the next question on.
func (m *Model) Use(name string) error {
	if !slices.Contains(m.Installed(), name) {
		return fmt.Errorf("model %q is not installed: name one of %q", name, m.Installed())
	}
	m.local.Use(name)
	select {
	case m.look <- struct{}{}:
	default:
	}
	return nil
}

// Trouble says of each provider that is not asked for now why not; "" when all are.
func (m *Model) Trouble() string {
	var all []string
	for _, p := range m.members {
		if state := p.breaker.State(); state == breaker.Open {
			all = append(all, fmt.Sprintf("%s: %v", p.label, breaker.ErrOpen))
		} else if err := p.budget.left(); err != nil {
			all = append(all, fmt.Sprintf("%s: %v", p.label, err))
		}
	}
	return strings.Join(all, "; ")
}

// learnNames gets ready to find the entities of the home, by their names and, if there is something to do it with, by what
// those mean. What fails is tried again at the next look.
func (m *Model) learnNames(ctx context.Context) {
	if m.opts.Home == nil {
		return
	}
	snapshot := m.opts.Home()
	m.know(snapshot)
	if m.opts.Vocabulary != nil {
		m.opts.Vocabulary()
	}
	if m.meaning == nil {
		return
	}
	err := m.meaning.learn(ctx, snapshot)
	switch {
	case ctx.Err() != nil:
	case err != nil && !m.meaning.failing:
		m.log.Warn("names are compared by their words alone", "model", m.meaning.embedder.Name(), "error", err)
	case err == nil && m.meaning.failing:
		m.log.Info("names are compared by their meaning again", "model", m.meaning.embedder.Name())
	}
	m.meaning.failing = err != nil
}
