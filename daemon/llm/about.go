package llm

import (
	"context"
	"slices"

	"github.com/ollama/ollama/api"
	"github.com/ollama/ollama/types/model"
)

// About is what the server tells of the model.
type About struct {
	Name  string
	Talks bool // it completes text, which is all that is asked of it here
	Tools bool // it has learned to call functions
	// Context is how many tokens it can read at most, 0 when the server does not tell.
	Context int
}

// About asks the server for the model, once. The error is one of Run's.
func (m *Model) About(ctx context.Context) (About, error) {
	defer m.connections.CloseIdleConnections()
	if err := m.check(ctx, dialTime); err != nil {
		return About{Name: m.Name()}, err
	}
	shown, err := m.client.Show(ctx, &api.ShowRequest{Model: m.Name()})
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
