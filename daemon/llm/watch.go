package llm

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ollama/ollama/api"
	"github.com/ollama/ollama/types/model"

	"hearth/daemon/conversation"
)

// watchEvery is how old a good sign of the model gets before Run looks again.
const watchEvery = 30 * time.Second

// Run watches whether the model is there, so that a question need not find out, and calls up each time
// it is. It has the model read the home when names in it have changed. It returns an error, which wraps conversation.ErrNoModel, when
// the server cannot be reached after three tries or lacks the model, and nil when ctx ends. Questions
// may be asked without it.
func (m *Model) Run(ctx context.Context, up func()) error {
	defer m.connections.CloseIdleConnections()
	defer m.seen(false)
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for read := ""; ; {
		m.list(ctx)
		if err := m.watch(ctx); ctx.Err() != nil {
			return nil
		} else if err != nil {
			return err
		}
		m.seen(true)
		up()
		read = m.prepare(ctx, read)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-m.look:
			read = "" // by another model
		}
	}
}

func (m *Model) seen(up bool) {
	m.up.Store(up)
	m.metrics.seen(up)
}

func (m *Model) watch(ctx context.Context) error {
	return m.retry(ctx, func() error { return m.check(ctx, dialTime) }, passing)
}

// reachable is cheap when Run has seen the model, and else finds out quickly: somebody waits for the
// sentence that says that there is none.
func (m *Model) reachable(ctx context.Context) error {
	if m.up.Load() {
		return nil
	}
	return m.check(ctx, checkTime)
}

// check asks the server for the model, and first for a model when none is configured.
func (m *Model) check(ctx context.Context, within time.Duration) error {
	try, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	err := m.choose(try)
	if err == nil {
		_, err = m.client.Show(try, &api.ShowRequest{Model: m.Name()})
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case absent(err):
		m.name.Store(nil) // it may have been removed: look for another next time
		return fmt.Errorf("%w: %w", conversation.ErrNoModel, err)
	}
	return err
}

// choose takes the first model that the server lists and that can talk, unless one is chosen.
func (m *Model) choose(ctx context.Context) error {
	if m.Name() != "" {
		return nil
	}
	installed, err := m.client.List(ctx)
	if err != nil {
		return err
	}
	for _, candidate := range installed.Models {
		talks, err := m.talks(ctx, candidate.Name)
		if err != nil {
			return err
		}
		if talks {
			m.name.Store(&candidate.Name)
			return nil
		}
	}
	return fmt.Errorf("%w: the server has none installed that can talk (ollama pull qwen3:4b)", conversation.ErrNoModel)
}

func (m *Model) talks(ctx context.Context, name string) (bool, error) {
	about, err := m.client.Show(ctx, &api.ShowRequest{Model: name})
	if err != nil {
		return false, err
	}
	return slices.Contains(about.Capabilities, model.CapabilityCompletion), nil
}

// list notes which models are installed and can talk. What cannot be asked leaves the list as it was.
func (m *Model) list(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	listed, err := m.client.List(ctx)
	if err != nil {
		return // the next look says why
	}
	names := []string{}
	for _, candidate := range listed.Models {
		talks, err := m.talks(ctx, candidate.Name)
		if err != nil {
			return
		}
		if talks {
			names = append(names, candidate.Name)
		}
	}
	slices.Sort(names)
	m.installed.Store(&names)
}

// Installed are the models on the server that can talk, in the order of their names, as Run last saw them.
func (m *Model) Installed() []string { return *m.installed.Load() }

// Use has an installed model answer from the next question on.
func (m *Model) Use(name string) error {
	if !slices.Contains(m.Installed(), name) {
		return fmt.Errorf("model %q is not installed: name one of %q", name, m.Installed())
	}
	m.chosen.Store(&name)
	m.name.Store(nil)
	select {
	case m.look <- struct{}{}:
	default:
	}
	return nil
}

// Name is the model's name on the server; "" while none is chosen and the server has not been asked.
func (m *Model) Name() string {
	if name := m.name.Load(); name != nil {
		return *name
	}
	return *m.chosen.Load()
}

// prepare has the server load the model and read the unchanging part of the prompt, which it then
// remembers: read is the registry it has read before, and the result the one it has read now.
func (m *Model) prepare(ctx context.Context, read string) string {
	if m.opts.Home == nil {
		return read
	}
	snapshot := m.opts.Home()
	if snapshot.Registry() == read {
		return read
	}
	request, err := m.request(conversation.ModelQuestion{Home: snapshot})
	if err == nil {
		request.Messages = request.Messages[:1]
		request.Options["num_predict"] = 1 // with 0 the server would not stop
		request.Format = nil
		err = m.client.Chat(ctx, request, func(api.ChatResponse) error { return nil })
	}
	if err != nil {
		m.log.Debug("the language model has not read the home", "model", m.Name(), "error", err)
		return read
	}
	return snapshot.Registry()
}
