package ollama

import (
	"context"
	"fmt"
	"time"

	"github.com/ollama/ollama/api"
)

// An Embedder is a model on an Ollama server that turns texts into vectors. It may be used by several at a time.
type Embedder struct {
	model     string
	keepAlive time.Duration
	server    *Model // whose client is used
}

// NewEmbedder checks the options, of which Model must be set, and connects to nothing. Its errors name the field.
func NewEmbedder(o Options) (*Embedder, error) {
	if o.Model == "" {
		return nil, fmt.Errorf("embeddings: want the name of a model such as all-minilm:22m")
	}
	server, err := New(o)
	if err != nil {
		return nil, err
	}
	return &Embedder{o.Model, server.opts.KeepAlive, server}, nil
}

// Name is the model's name on the server.
func (e *Embedder) Name() string { return e.model }

// Close lets go of connections that are not in use.
func (e *Embedder) Close() { e.server.Close() }

// Embed gives one vector of length 1 for each text. Errors are as of Complete.
func (e *Embedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	no := false
	var answer *api.EmbedResponse
	err := e.server.call(func(client *api.Client) (err error) {
		answer, err = client.Embed(ctx, &api.EmbedRequest{
			Model: e.model, Input: texts, Truncate: &no, KeepAlive: &api.Duration{Duration: e.keepAlive},
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(answer.Embeddings) != len(texts) {
		return nil, fmt.Errorf("the server gave %d vectors for %d texts", len(answer.Embeddings), len(texts))
	}
	return answer.Embeddings, nil
}
