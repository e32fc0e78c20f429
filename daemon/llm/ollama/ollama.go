// Package ollama asks a model on an Ollama server. It neither tries again nor sets limits of time: that
// is for its caller to do.
package ollama

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/ollama/ollama/api"

	"hearth/daemon/llm/chat"
)

// dialTime is how long a connection may take to open.
const dialTime = 2 * time.Second

// Options configure a Model. URL is required.
type Options struct {
	URL       string        // of the server, "http://127.0.0.1:11434"
	Model     string        // its name there, "qwen3:4b"; "" takes the first one that is installed
	KeepAlive time.Duration // how long the server keeps the model in memory; negative: for ever; 30 minutes when 0
	NumCtx    int           // context window in tokens; 4096 when 0
	// Transport is what requests go through; nil for connections of its own.
	Transport http.RoundTripper
}

// A Model is one model on an Ollama server. It may be used by several at a time; the server answers
// them in the order it likes.
type Model struct {
	opts        Options
	client      *api.Client
	connections *http.Client           // what client uses
	chosen      atomic.Pointer[string] // the model that was chosen, "" for the first one installed
	name        atomic.Pointer[string] // of the model that was found, when none is chosen
}

// New checks the options and connects to nothing. Its errors name the field.
func New(o Options) (*Model, error) {
	base, err := url.Parse(o.URL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("url %q: want a URL like http://127.0.0.1:11434", o.URL)
	}
	if o.KeepAlive == 0 {
		o.KeepAlive = 30 * time.Minute
	}
	if o.NumCtx == 0 {
		o.NumCtx = 4096
	}
	if o.Transport == nil {
		o.Transport = &http.Transport{
			DialContext:     (&net.Dialer{Timeout: dialTime}).DialContext,
			IdleConnTimeout: time.Minute,
		}
	}
	connections := &http.Client{Transport: o.Transport}
	m := &Model{opts: o, client: api.NewClient(base, connections), connections: connections}
	m.chosen.Store(&o.Model)
	return m, nil
}

// Name is the model's name on the server; "" while none is chosen and the server has not been asked.
func (m *Model) Name() string {
	if name := m.name.Load(); name != nil {
		return *name
	}
	return *m.chosen.Load()
}

// Use has another model answer from now on. Whether the server has it is for Check to find out.
func (m *Model) Use(name string) {
	m.chosen.Store(&name)
	m.name.Store(nil)
}

// Close lets go of connections that are not in use.
func (m *Model) Close() { m.connections.CloseIdleConnections() }

// Complete streams the model's answer into write, piece by piece. What the model thinks is not among
// it. Errors are those of package chat, the context's, or what the server said.
func (m *Model) Complete(ctx context.Context, r chat.Request, write func(piece string)) (chat.Usage, error) {
	var usage chat.Usage
	complete := false
	err := m.client.Chat(ctx, m.request(r), func(part api.ChatResponse) error {
		write(part.Message.Content) // what it thinks is in Message.Thinking, and its own business
		if part.Done {
			complete = true
			usage = used(part.Metrics)
		}
		return nil
	})
	if err == nil && !complete {
		err = chat.ErrCut
	}
	return usage, fault(err)
}

// request is r in Ollama's words. Only temperature may differ between requests without the server
// loading the model again.
func (m *Model) request(r chat.Request) *api.ChatRequest {
	no := false
	request := &api.ChatRequest{
		Model:  m.Name(),
		Format: r.Form,
		Think:  &api.ThinkValue{Value: false},
		// Without these the server would leave out the rules when the home is too large, and go on.
		Truncate: &no, Shift: &no,
		KeepAlive: &api.Duration{Duration: m.opts.KeepAlive},
		Options:   map[string]any{"num_ctx": m.opts.NumCtx, "num_predict": r.MaxTokens, "temperature": 0},
	}
	for _, message := range r.Messages {
		request.Messages = append(request.Messages, api.Message{Role: string(message.Role), Content: message.Content})
	}
	return request
}

func used(m api.Metrics) chat.Usage {
	return chat.Usage{
		Prompt: m.PromptEvalCount, Output: m.EvalCount,
		PromptTime: m.PromptEvalDuration, OutputTime: m.EvalDuration, LoadTime: m.LoadDuration,
	}
}

// fault is err as one of package chat's, where it is one.
func fault(err error) error {
	var status api.StatusError
	var transport *url.Error // what http.Client returns when there is no response
	switch {
	case errors.As(err, &status) && status.StatusCode == http.StatusNotFound:
		return fmt.Errorf("%w: %w", chat.ErrNoModel, err)
	case errors.As(err, &transport) && !errors.Is(err, context.Canceled):
		return fmt.Errorf("%w: %w", chat.ErrAbsent, err)
	}
	return err
}
