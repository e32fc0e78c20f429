// Package openai asks a model on a server that speaks OpenAI's chat completions: llama.cpp, vLLM, OpenAI
// itself and others. It neither tries again nor sets limits of time: that is for its caller to do.
package openai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/ssestream"
	"github.com/openai/openai-go/v3/shared"

	"hearth/daemon/llm/chat"
	"hearth/daemon/llm/wire"
)

// DefaultURL is OpenAI's own service.
const DefaultURL = "https://api.openai.com/v1"

// Options configure a Model. Model is required.
type Options struct {
	URL   string // what paths such as "chat/completions" follow; DefaultURL when ""
	Model string // its name there, "gpt-5-mini"
	Key   string // of the account, "" for a server that wants none
	// Transport is what requests go through; nil for connections of its own.
	Transport http.RoundTripper
}

// A Model is one model on a server. It may be used by several at a time.
type Model struct {
	opts   Options
	hosted bool // by OpenAI, whose newer models refuse some of what other servers want
}

// New checks the options and connects to nothing. Its errors name the field.
func New(o Options) (*Model, error) {
	if o.URL == "" {
		o.URL = DefaultURL
	}
	base, err := url.Parse(o.URL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("url %q: want a URL like http://127.0.0.1:8080/v1", o.URL)
	}
	if o.Model == "" {
		return nil, errors.New("name is empty: want the name of a model such as gpt-5-mini")
	}
	if o.Transport == nil {
		o.Transport = wire.NewTransport()
	}
	o.URL = strings.TrimSuffix(o.URL, "/") + "/"
	return &Model{opts: o, hosted: base.Hostname() == "api.openai.com"}, nil
}

// Name is the model's name on the server.
func (m *Model) Name() string { return m.opts.Model }

// Complete streams the model's answer into write, piece by piece. What the model thinks is not among
// it. Errors are those of package chat, the context's cause, or what the server said.
func (m *Model) Complete(ctx context.Context, r chat.Request, write func(piece string)) (chat.Usage, error) {
	call := wire.NewCall(m.opts.Transport)
	service := openai.NewChatCompletionService(m.options(call)...)
	stream := service.NewStreaming(ctx, m.params(r))
	defer func() { _ = stream.Close() }() // what was read is read
	usage, end, err := read(stream, write)
	if err == nil && end == "length" && r.Form != nil {
		err = fmt.Errorf("%w within %d tokens", chat.ErrEndless, r.MaxTokens)
	}
	if lost := call.Err(); lost != nil {
		return usage, lost
	}
	return usage, fault(err)
}

// options are those of one call. A service that is made of them alone reads no settings and no key from the
// environment, as the library's client would.
func (m *Model) options(call *wire.Call) []option.RequestOption {
	options := []option.RequestOption{
		option.WithBaseURL(m.opts.URL), option.WithHTTPClient(call.Client()), option.WithMaxRetries(0),
	}
	if m.opts.Key != "" {
		options = append(options, option.WithAPIKey(m.opts.Key))
	}
	return options
}

// Check asks the server for its models, which costs nothing, and so finds out whether it is there and takes
// the key. Not every server lists the name that it answers to. Errors are those of Complete.
func (m *Model) Check(ctx context.Context) error {
	call := wire.NewCall(m.opts.Transport)
	service := openai.NewModelService(m.options(call)...)
	_, err := service.List(ctx)
	if lost := call.Err(); lost != nil {
		return lost
	}
	return fault(err)
}

// read takes the stream to its end, and tells why it ended.
func read(stream *ssestream.Stream[openai.ChatCompletionChunk], write func(string)) (usage chat.Usage, end string, err error) {
	thought := 0
	for stream.Next() {
		part := stream.Current()
		if part.Usage.TotalTokens > 0 {
			usage.Prompt, usage.Output = int(part.Usage.PromptTokens), int(part.Usage.CompletionTokens)
		}
		for _, choice := range part.Choices {
			if thought += len(thoughts(choice.Delta)); thought > chat.MaxThought {
				return usage, end, fmt.Errorf("%w: it thinks on and on", chat.ErrEndless)
			}
			if choice.Delta.Content != "" {
				write(choice.Delta.Content)
			}
			if choice.FinishReason != "" {
				end = choice.FinishReason
			}
		}
	}
	switch {
	case stream.Err() != nil:
		return usage, end, stream.Err()
	case end == "":
		return usage, end, fmt.Errorf("%w without a word of its being complete", chat.ErrCut)
	}
	return usage, end, nil
}

// thoughts are what servers with thinking models put beside the content (llama.cpp, vLLM, DeepSeek).
func thoughts(delta openai.ChatCompletionChunkChoiceDelta) string {
	for _, name := range []string{"reasoning_content", "reasoning"} {
		var text string
		if field, ok := delta.JSON.ExtraFields[name]; ok && json.Unmarshal([]byte(field.Raw()), &text) == nil {
			return text
		}
	}
	return ""
}

func (m *Model) params(r chat.Request) openai.ChatCompletionNewParams {
	p := openai.ChatCompletionNewParams{
		Model:         m.opts.Model,
		StreamOptions: openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(true)},
	}
	if m.hosted {
		// The newer ones think, which counts, and have no temperature but their own.
		p.MaxCompletionTokens = openai.Int(int64(r.MaxTokens + chat.ThoughtTokens))
	} else {
		p.MaxTokens, p.Temperature = openai.Int(int64(r.MaxTokens)), openai.Float(0)
	}
	for _, message := range r.Messages {
		p.Messages = append(p.Messages, messageOf(message))
	}
	if r.Form != nil {
		// Not "strict", which knows no optional properties: the answer is checked in any case.
		p.ResponseFormat.OfJSONSchema = &shared.ResponseFormatJSONSchemaParam{
			JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{Name: "answer", Schema: r.Form},
		}
	}
	return p
}

func messageOf(m chat.Message) openai.ChatCompletionMessageParamUnion {
	switch m.Role {
	case chat.System:
		return openai.SystemMessage(m.Content)
	case chat.Assistant:
		return openai.AssistantMessage(m.Content)
	}
	return openai.UserMessage(m.Content)
}

// Close lets go of connections that are not in use.
func (m *Model) Close() { (&http.Client{Transport: m.opts.Transport}).CloseIdleConnections() }
