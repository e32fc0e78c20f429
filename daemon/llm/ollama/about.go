package ollama

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/ollama/ollama/api"
	"github.com/ollama/ollama/types/model"

	"hearth/daemon/llm/chat"
)

// Check asks the server for the model, and first for a model when none is configured. Errors are those
// of Complete.
func (m *Model) Check(ctx context.Context) error {
	_, err := m.About(ctx)
	if errors.Is(err, chat.ErrAbsent) || errors.Is(err, chat.ErrNoModel) {
		m.name.Store(nil) // it may have been removed: look for another next time
	}
	return err
}

// choose takes the first model that the server lists and that can talk, unless one is chosen.
func (m *Model) choose(ctx context.Context) error {
	if m.Name() != "" {
		return nil
	}
	for name, err := range m.talking(ctx) {
		if err == nil {
			m.name.Store(&name)
		}
		return err
	}
	return fmt.Errorf("%w: it has none installed that can talk (ollama pull qwen3:4b)", chat.ErrNoModel)
}

// Installed are the models on the server that can talk, in the order of their names.
func (m *Model) Installed(ctx context.Context) ([]string, error) {
	names := []string{}
	for name, err := range m.talking(ctx) {
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

// talking are the models that can talk, in the order in which the server lists them. An error ends them.
func (m *Model) talking(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var listed *api.ListResponse
		if err := m.call(func(client *api.Client) (err error) { listed, err = client.List(ctx); return err }); err != nil {
			yield("", err)
			return
		}
		for _, candidate := range listed.Models {
			about, err := m.show(ctx, candidate.Name)
			if err == nil && !about.Talks {
				continue
			}
			if !yield(candidate.Name, err) || err != nil {
				return
			}
		}
	}
}

// Loaded tells whether the model is in the server's memory, and the window that it has there.
func (m *Model) Loaded(ctx context.Context) (loaded bool, window int, err error) {
	var running *api.ProcessResponse
	err = m.call(func(client *api.Client) (err error) { running, err = client.ListRunning(ctx); return err })
	if err != nil {
		return false, 0, err
	}
	for _, one := range running.Models {
		if name := m.Name(); one.Name == name || one.Name == name+":latest" {
			return true, one.ContextLength, nil
		}
	}
	return false, 0, nil
}

// About is what the server tells of the model.
type About struct {
	Name   string
	Talks  bool // it completes text, which is all that is asked of it here
	Tools  bool // it has learned to call functions
	Thinks bool // it thinks before it answers unless it is told not to
	// Context is how many tokens it can read at most, 0 when the server does not tell.
	Context int
	// Sliding is how many tokens back most of its layers look, 0 when all of them see everything. The
	// server forgets the beginning of a prompt that is longer, and reads it anew for each question.
	Sliding int

	family string
}

// Forgets tells whether the server cannot remember a beginning of so many tokens.
func (a About) Forgets(tokens int) bool { return a.Sliding > 0 && tokens > a.Sliding }

// alwaysThinks tells whether the model cannot be told not to think, but only how much.
func (a About) alwaysThinks() bool {
	return a.Thinks && (a.family == "gptoss" || a.family == "gpt-oss")
}

// Known is what Check saw last; false before that, or when it was another model.
func (m *Model) Known() (About, bool) {
	about := m.about.Load()
	if about == nil || about.Name != m.Name() {
		return About{}, false
	}
	return *about, true
}

// About asks the server for the model, once. Errors are those of Check; the name is set even so.
func (m *Model) About(ctx context.Context) (About, error) {
	if err := m.choose(ctx); err != nil {
		return About{Name: m.Name()}, err
	}
	about, err := m.show(ctx, m.Name())
	if err != nil {
		return About{Name: m.Name()}, err
	}
	m.about.Store(&about)
	if !about.Talks {
		return about, fmt.Errorf("%w: %s cannot write text", chat.ErrNoModel, about.Name)
	}
	return about, nil
}

func (m *Model) show(ctx context.Context, name string) (About, error) {
	var shown *api.ShowResponse
	err := m.call(func(client *api.Client) (err error) {
		shown, err = client.Show(ctx, &api.ShowRequest{Model: name})
		return err
	})
	if err != nil {
		return About{}, err
	}
	can := func(c model.Capability) bool { return slices.Contains(shown.Capabilities, c) }
	about := About{
		Name:  name,
		Talks: can(model.CapabilityCompletion) || shown.Capabilities == nil, // servers of before 0.6.4 do not tell
		Tools: can(model.CapabilityTools), Thinks: can(model.CapabilityThinking),
	}
	about.family, _ = shown.ModelInfo["general.architecture"].(string)
	number := func(key string) int {
		n, _ := shown.ModelInfo[about.family+key].(float64)
		return int(n)
	}
	about.Context, about.Sliding = number(".context_length"), number(".attention.sliding_window")
	return about, nil
}
