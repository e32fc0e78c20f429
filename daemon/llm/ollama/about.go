package ollama

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ollama/ollama/api"
	"github.com/ollama/ollama/types/model"

	"hearth/daemon/llm/chat"
)

// Check asks the server for the model, and first for a model when none is configured. Errors are those
// of Complete.
func (m *Model) Check(ctx context.Context) error {
	err := m.choose(ctx)
	if err == nil {
		_, err = m.show(ctx, m.Name())
	}
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
func (m *Model) talking(ctx context.Context) func(yield func(string, error) bool) {
	return func(yield func(string, error) bool) {
		listed, err := m.client.List(ctx)
		if err != nil {
			yield("", fault(err))
			return
		}
		for _, candidate := range listed.Models {
			about, err := m.show(ctx, candidate.Name)
			if err == nil && !slices.Contains(about.Capabilities, model.CapabilityCompletion) {
				continue
			}
			if !yield(candidate.Name, err) || err != nil {
				return
			}
		}
	}
}

func (m *Model) show(ctx context.Context, name string) (*api.ShowResponse, error) {
	shown, err := m.client.Show(ctx, &api.ShowRequest{Model: name})
	return shown, fault(err)
}

// About is what the server tells of the model.
type About struct {
	Name  string
	Talks bool // it completes text, which is all that is asked of it here
	Tools bool // it has learned to call functions
	// Context is how many tokens it can read at most, 0 when the server does not tell.
	Context int
}

// About asks the server for the model, once. Errors are those of Check; the name is set even so.
func (m *Model) About(ctx context.Context) (About, error) {
	if err := m.Check(ctx); err != nil {
		return About{Name: m.Name()}, err
	}
	shown, err := m.show(ctx, m.Name())
	if err != nil {
		return About{Name: m.Name()}, err
	}
	about := About{
		Name:  m.Name(),
		Talks: slices.Contains(shown.Capabilities, model.CapabilityCompletion),
		Tools: slices.Contains(shown.Capabilities, model.CapabilityTools),
	}
	family, _ := shown.ModelInfo["general.architecture"].(string)
	if tokens, ok := shown.ModelInfo[family+".context_length"].(float64); ok {
		about.Context = int(tokens)
	}
	return about, nil
}
