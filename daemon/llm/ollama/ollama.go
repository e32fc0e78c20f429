// Package ollama asks a model on an Ollama server. It neither tries again nor sets limits of time: that
// is for its caller to do.
package ollama

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ollama/ollama/api"

	"hearth/daemon/llm/chat"
	"hearth/daemon/llm/wire"
)

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
	opts   Options
	base   *url.URL
	chosen atomic.Pointer[string] // the model that was chosen, "" for the first one installed
	name   atomic.Pointer[string] // of the model that was found, when none is chosen
	about  atomic.Pointer[About]  // of the model that Check saw last
	// density is how many tokens a byte of a prompt has become, as float64 bits; 0 before the first answer.
	density atomic.Uint64
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
		o.Transport = wire.NewTransport()
	}
	m := &Model{opts: o, base: base}
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
	m.density.Store(0)
}

// Close lets go of connections that are not in use.
func (m *Model) Close() { (&http.Client{Transport: m.opts.Transport}).CloseIdleConnections() }

// call makes one request and returns its fault in the words of package chat.
func (m *Model) call(request func(*api.Client) error) error {
	call := wire.NewCall(m.opts.Transport)
	err := request(api.NewClient(m.base, call.Client()))
	if lost := call.Err(); lost != nil {
		return lost
	}
	return fault(err)
}

// Complete streams the model's answer into write, piece by piece. What the model thinks is not among
// it. Errors are those of package chat, the context's cause, or what the server said.
func (m *Model) Complete(ctx context.Context, r chat.Request, write func(piece string)) (chat.Usage, error) {
	if err := m.fits(r); err != nil {
		return chat.Usage{}, err
	}
	var last *api.ChatResponse
	thought := 0
	var written repetition
	err := m.call(func(client *api.Client) error {
		return client.Chat(ctx, m.request(r), func(part api.ChatResponse) error {
			if thought += len(part.Message.Thinking); thought > chat.MaxThought {
				return fmt.Errorf("%w: it thinks on and on", chat.ErrEndless)
			}
			if part.Message.Content != "" {
				write(part.Message.Content)
			}
			written.add(part.Message.Thinking + part.Message.Content)
			if part.Done {
				last = &part
			}
			return nil
		})
	})
	switch {
	case err != nil:
		return chat.Usage{}, err
	case last == nil && written.times >= stopsAfter:
		return chat.Usage{}, fmt.Errorf("%w: it writes one word again and again", chat.ErrEndless)
	case last == nil:
		return chat.Usage{}, fmt.Errorf("%w without a word of its being complete", chat.ErrCut)
	}
	return m.finish(r, last)
}

// stopsAfter is how often a server hands on the same token again. Then it ends the answer as if it were complete, but for the
// word that says so (llm/server.go of Ollama 0.17).
const stopsAfter = 30

// A repetition counts how often the last piece of an answer came again.
type repetition struct {
	piece string
	times int
}

func (r *repetition) add(piece string) {
	if piece = strings.TrimSpace(piece); piece != r.piece {
		*r = repetition{piece: piece}
		return
	}
	r.times++
}

// telling is how long a prompt is, in bytes, whose tokens say something about others: what the server puts
// around it counts, too.
const telling = 2000

// finish reads the last part of an answer.
func (m *Model) finish(r chat.Request, last *api.ChatResponse) (chat.Usage, error) {
	usage := chat.Usage{
		Prompt: last.PromptEvalCount, Output: last.EvalCount,
		PromptTime: last.PromptEvalDuration, OutputTime: last.EvalDuration, LoadTime: last.LoadDuration,
	}
	if size := promptSize(r); size >= telling && usage.Prompt > 0 {
		m.density.Store(math.Float64bits(float64(usage.Prompt) / float64(size)))
	}
	if last.DoneReason != "length" || r.Form == nil {
		return usage, nil
	}
	if window := m.Window(); usage.Prompt+usage.Output >= window {
		return usage, fmt.Errorf("%w: %d tokens leave %d of %d for the answer", chat.ErrTooLong, usage.Prompt, window-usage.Prompt, window)
	}
	return usage, fmt.Errorf("%w within %d tokens", chat.ErrEndless, r.MaxTokens)
}

// Window is how many tokens of prompt and answer the server gives the model: what it is asked for, less
// when the model cannot read that many.
func (m *Model) Window() int {
	if about := m.about.Load(); about != nil && about.Name == m.Name() && about.Context > 0 {
		return min(m.opts.NumCtx, about.Context)
	}
	return m.opts.NumCtx
}

// fits refuses a prompt that is too long by what earlier ones have shown, so that no server spends a
// minute on it. In doubt the server decides, which is told to cut nothing.
func (m *Model) fits(r chat.Request) error {
	const doubt = 0.9 // other words have other lengths
	tokens := int(float64(promptSize(r)) * math.Float64frombits(m.density.Load()))
	if window := m.Window(); float64(tokens)*doubt > float64(window) {
		return fmt.Errorf("%w: about %d tokens, and there are %d", chat.ErrTooLong, tokens, window)
	}
	return nil
}

// promptSize is the length of what the model reads. It does not read the form.
func promptSize(r chat.Request) int { return r.Size() - len(r.Form) }

// request is r in Ollama's words. Only temperature may differ between requests without the server
// loading the model again.
//
// Tools go by the form, too, and not by the field "tools" of the request: small models do not call them
// of their own accord, nobody holds their arguments to a schema, and a schema holds both.
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
	if about := m.about.Load(); about != nil && about.Name == request.Model && about.alwaysThinks() {
		request.Think.Value = "low"
		request.Options["num_predict"] = r.MaxTokens + chat.ThoughtTokens
	}
	for _, message := range r.Messages {
		request.Messages = append(request.Messages, api.Message{Role: string(message.Role), Content: message.Content})
	}
	return request
}
