// Package anthropic asks one of Anthropic's models. It neither tries again nor sets limits of time: that
// is for its caller to do.
package anthropic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"
	"github.com/anthropics/anthropic-sdk-go/packages/ssestream"

	"hearth/daemon/llm/chat"
	"hearth/daemon/llm/wire"
)

// DefaultURL is Anthropic's own service.
const DefaultURL = "https://api.anthropic.com"

// Options configure a Model. Model and Key are required.
type Options struct {
	URL   string // what paths such as "v1/messages" follow; DefaultURL when ""
	Model string // its name there, "claude-haiku-4-5"
	Key   string // of the account
	// Transport is what requests go through; nil for connections of its own.
	Transport http.RoundTripper
}

// A Model is one model of the service. It may be used by several at a time.
type Model struct{ opts Options }

// New checks the options and connects to nothing. Its errors name the field.
func New(o Options) (*Model, error) {
	if o.URL == "" {
		o.URL = DefaultURL
	}
	base, err := url.Parse(o.URL)
	switch {
	case err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https":
		return nil, fmt.Errorf("url %q: want a URL like %s", o.URL, DefaultURL)
	case o.Model == "":
		return nil, errors.New("name is empty: want the name of a model such as claude-haiku-4-5")
	case o.Key == "":
		return nil, errors.New("key_file is empty: want a file with the key of the account")
	}
	if o.Transport == nil {
		o.Transport = wire.NewTransport()
	}
	return &Model{opts: o}, nil
}

// Name is the model's name.
func (m *Model) Name() string { return m.opts.Model }

// Complete streams the model's answer into write, piece by piece. What the model thinks is not among
// it. Errors are those of package chat, the context's cause, or what the server said.
func (m *Model) Complete(ctx context.Context, r chat.Request, write func(piece string)) (chat.Usage, error) {
	params, err := m.params(r)
	if err != nil {
		return chat.Usage{}, err
	}
	call := wire.NewCall(m.opts.Transport)
	service := anthropic.NewMessageService(m.options(call)...)
	stream := service.NewStreaming(ctx, params)
	defer func() { _ = stream.Close() }() // what was read is read
	usage, end, err := read(stream, write)
	if err == nil && end == anthropic.StopReasonMaxTokens && r.Form != nil {
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
	return []option.RequestOption{
		option.WithBaseURL(m.opts.URL), option.WithHTTPClient(call.Client()), option.WithMaxRetries(0), option.WithAPIKey(m.opts.Key),
	}
}

// Check asks the service for the model, which costs nothing, and so finds out whether it can be reached, takes
// the key and has the model. Errors are those of Complete.
func (m *Model) Check(ctx context.Context) error {
	call := wire.NewCall(m.opts.Transport)
	service := anthropic.NewModelService(m.options(call)...)
	_, err := service.Get(ctx, m.opts.Model, anthropic.ModelGetParams{})
	if lost := call.Err(); lost != nil {
		return lost
	}
	return fault(err)
}

// read takes the stream to its end, and tells why it ended.
func read(stream *ssestream.Stream[anthropic.MessageStreamEventUnion], write func(string)) (usage chat.Usage, end anthropic.StopReason, err error) {
	complete, thought := false, 0
	for stream.Next() {
		switch event := stream.Current().AsAny().(type) {
		case anthropic.MessageStartEvent:
			u := event.Message.Usage
			usage.Prompt = int(u.InputTokens + u.CacheReadInputTokens + u.CacheCreationInputTokens)
		case anthropic.ContentBlockDeltaEvent:
			if thought += len(event.Delta.Thinking); thought > chat.MaxThought {
				return usage, end, fmt.Errorf("%w: it thinks on and on", chat.ErrEndless)
			}
			if piece := event.Delta.PartialJSON + event.Delta.Text; piece != "" { // one of the two
				write(piece)
			}
		case anthropic.MessageDeltaEvent:
			usage.Output, end = int(event.Usage.OutputTokens), event.Delta.StopReason
		case anthropic.MessageStopEvent:
			complete = true
		}
	}
	switch {
	case stream.Err() != nil:
		return usage, end, stream.Err()
	case !complete:
		return usage, end, fmt.Errorf("%w without a word of its being complete", chat.ErrCut)
	}
	return usage, end, nil
}

func (m *Model) params(r chat.Request) (anthropic.MessageNewParams, error) {
	p := anthropic.MessageNewParams{Model: m.opts.Model, MaxTokens: int64(r.MaxTokens)}
	for _, message := range r.Messages {
		block := anthropic.NewTextBlock(message.Content)
		switch message.Role {
		case chat.System: // the service remembers its beginning for some minutes, and asks less for it then
			p.System = append(p.System, anthropic.TextBlockParam{
				Text: message.Content, CacheControl: anthropic.NewCacheControlEphemeralParam(),
			})
		case chat.Assistant:
			p.Messages = append(p.Messages, anthropic.NewAssistantMessage(block))
		default:
			p.Messages = append(p.Messages, anthropic.NewUserMessage(block))
		}
	}
	if r.Form == nil {
		return p, nil
	}
	// The answer is what the model calls the only tool with, which it must.
	answer, err := toolOf(r.Form)
	p.Tools = []anthropic.ToolUnionParam{{OfTool: &answer}}
	p.ToolChoice = anthropic.ToolChoiceParamOfTool(answer.Name)
	return p, err
}

// toolOf is a tool whose input has the form. The order of its properties stays.
func toolOf(form json.RawMessage) (anthropic.ToolParam, error) {
	var schema struct {
		Properties json.RawMessage `json:"properties"`
		Required   []string        `json:"required"`
	}
	if err := json.Unmarshal(form, &schema); err != nil {
		return anthropic.ToolParam{}, fmt.Errorf("read the form of the answer: %w", err)
	}
	return anthropic.ToolParam{
		Name:        "answer",
		InputSchema: anthropic.ToolInputSchemaParam{Properties: schema.Properties, Required: schema.Required},
		// Else the pieces come a whole property at a time, and a reply is not spoken while it is written.
		EagerInputStreaming: anthropic.Bool(true),
	}, nil
}

// Close lets go of connections that are not in use.
func (m *Model) Close() { (&http.Client{Transport: m.opts.Transport}).CloseIdleConnections() }
