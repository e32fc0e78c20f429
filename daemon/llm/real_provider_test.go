package llm

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"hearth/daemon/llm/anthropic"
	"hearth/daemon/llm/chat"
	"hearth/daemon/llm/ollama"
	"hearth/daemon/llm/ollamatest"
	"hearth/daemon/llm/openai"
)

// TestRealProviders asks a real server in its own protocol and in OpenAI's and Anthropic's, which it speaks, too. Of
// Anthropic's it leaves out that a tool must be called, and so that a form holds.
func TestRealProviders(t *testing.T) {
	url := ollamatest.Start(t)
	local, err := ollama.New(ollama.Options{URL: url, Model: ollamatest.Talks, NumCtx: 1024})
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close()
	if err := local.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	compatible, err := openai.New(openai.Options{URL: url + "/v1", Model: ollamatest.Talks})
	if err != nil {
		t.Fatal(err)
	}
	defer compatible.Close()
	messages, err := anthropic.New(anthropic.Options{URL: url, Model: ollamatest.Talks, Key: "none is asked for"})
	if err != nil {
		t.Fatal(err)
	}
	defer messages.Close()
	t.Run("a form holds", func(t *testing.T) {
		for name, p := range map[string]Provider{"ollama": local, "openai": compatible} {
			holdsForm(t, name, p)
		}
	})
	t.Run("a text comes in pieces", func(t *testing.T) {
		for name, p := range map[string]Provider{"ollama": local, "openai": compatible, "anthropic": messages} {
			tellsText(t, name, p)
		}
	})
	t.Run("the prefix is remembered", func(t *testing.T) { remembersPrefix(t, local) })
	t.Run("who goes is not worked for", func(t *testing.T) { stopsWork(t, local) })
	t.Run("one that repeats itself is not cut off", func(t *testing.T) {
		r := chat.Request{Messages: []chat.Message{{Role: chat.User, Content: "Write the word yes one hundred times:" + strings.Repeat(" yes", 16)}}, MaxTokens: 300}
		if _, err := local.Complete(t.Context(), r, func(string) {}); err != nil && !errors.Is(err, chat.ErrEndless) {
			t.Error(err)
		}
	})
	t.Run("a prompt that is too long", func(t *testing.T) {
		long := chat.Request{Messages: []chat.Message{{Role: chat.User, Content: strings.Repeat("The light is on. ", 400)}}, MaxTokens: 5}
		fresh, err := ollama.New(ollama.Options{URL: url, Model: ollamatest.Talks, NumCtx: 1024}) // nothing is known to it, so the server decides
		if err != nil {
			t.Fatal(err)
		}
		defer fresh.Close()
		if _, err := fresh.Complete(t.Context(), long, func(string) {}); !errors.Is(err, chat.ErrTooLong) {
			t.Errorf("the server: %v, want ErrTooLong", err)
		}
		if _, err := local.Complete(t.Context(), long, func(string) {}); !errors.Is(err, chat.ErrTooLong) || !strings.Contains(err.Error(), "about ") {
			t.Errorf("one that knows what a byte is worth: %v, want ErrTooLong before it asks", err)
		}
	})
	t.Run("a model that is missing", func(t *testing.T) {
		for name, p := range map[string]func() (Provider, error){
			"ollama": func() (Provider, error) { return ollama.New(ollama.Options{URL: url, Model: "no-such"}) },
			"openai": func() (Provider, error) { return openai.New(openai.Options{URL: url + "/v1", Model: "no-such"}) },
			"anthropic": func() (Provider, error) {
				return anthropic.New(anthropic.Options{URL: url, Model: "no-such", Key: "none is asked for"})
			},
		} {
			p, err := p()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Complete(t.Context(), chat.Request{Messages: []chat.Message{{Role: chat.User, Content: "Hi"}}, MaxTokens: 5}, func(string) {}); !errors.Is(err, chat.ErrNoModel) {
				t.Errorf("%s: %v, want ErrNoModel", name, err)
			}
			p.Close()
		}
	})
	t.Run("what is loaded", func(t *testing.T) {
		if loaded, window, err := local.Loaded(t.Context()); !loaded || window != 1024 || err != nil {
			t.Errorf("got %v, a window of %d, %v", loaded, window, err)
		}
		for _, p := range []interface{ Check(context.Context) error }{compatible, messages} {
			if err := p.Check(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
}

func holdsForm(t *testing.T, name string, p Provider) {
	t.Helper()
	request := chat.Request{
		Messages:  []chat.Message{{Role: chat.System, Content: "Answer in JSON."}, {Role: chat.User, Content: "Which colour has the sky?"}},
		Form:      json.RawMessage(`{"type":"object","properties":{"colour":{"type":"string","enum":["blue","green"]},"sure":{"type":"boolean"}},"required":["colour","sure"]}`),
		MaxTokens: 60,
	}
	var text strings.Builder
	pieces := 0
	usage, err := p.Complete(t.Context(), request, func(piece string) { text.WriteString(piece); pieces++ })
	var answer struct {
		Colour string
		Sure   *bool
	}
	if err != nil || json.Unmarshal([]byte(text.String()), &answer) != nil || answer.Colour != "blue" && answer.Colour != "green" || answer.Sure == nil {
		t.Errorf("%s: %q, %v", name, text.String(), err)
	}
	if pieces < 3 || usage.Prompt == 0 || usage.Output == 0 {
		t.Errorf("%s: %d pieces, %+v", name, pieces, usage)
	}
}

func tellsText(t *testing.T, name string, p Provider) {
	t.Helper()
	request := chat.Request{Messages: []chat.Message{
		{Role: chat.System, Content: "You are a friendly house."}, {Role: chat.User, Content: "Hello!"},
		{Role: chat.Assistant, Content: "Good evening."}, {Role: chat.User, Content: "Which colour has the sky?"},
	}, MaxTokens: 30}
	var text strings.Builder
	pieces := 0
	usage, err := p.Complete(t.Context(), request, func(piece string) { text.WriteString(piece); pieces++ })
	if err != nil && !errors.Is(err, chat.ErrEndless) || strings.TrimSpace(text.String()) == "" || pieces < 3 || usage.Prompt < 20 || usage.Output == 0 {
		t.Errorf("%s: %q in %d pieces, %+v, %v", name, text.String(), pieces, usage, err)
	}
}

// remembersPrefix tells how long a prompt takes with and without the beginning remembered.
func remembersPrefix(t *testing.T, m *ollama.Model) {
	t.Helper()
	prefix := chat.Message{Role: chat.System, Content: strings.Repeat("There is a lamp in the kitchen, and one in the hall. ", 40)}
	var took []time.Duration
	for _, question := range []string{"", "Which lamps are there?", "How many lamps are there?"} {
		r := chat.Request{Messages: []chat.Message{prefix}, MaxTokens: 1}
		if question != "" {
			r.Messages = append(r.Messages, chat.Message{Role: chat.User, Content: question})
		}
		usage, err := m.Complete(t.Context(), r, func(string) {})
		if err != nil {
			t.Fatal(err)
		}
		took = append(took, usage.PromptTime)
	}
	t.Logf("reading %d bytes took %s, and with a question after it %s and %s", len(prefix.Content), took[0], took[1], took[2])
}

// stopsWork leaves in the middle of a long answer. The server answers one at a time, so that the next
// answer would have to wait for the end of it.
func stopsWork(t *testing.T, m *ollama.Model) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("barge-in")
	pieces := 0
	_, err := m.Complete(ctx, chat.Request{
		Messages: []chat.Message{{Role: chat.User, Content: "Tell a story without an end."}}, MaxTokens: 900,
	}, func(string) {
		if pieces++; pieces == 5 {
			cancel(stop)
		}
	})
	if !errors.Is(err, stop) {
		t.Fatalf("got %v after %d pieces, want the cause", err, pieces)
	}
	begun := time.Now()
	if _, err := m.Complete(t.Context(), chat.Request{Messages: []chat.Message{{Role: chat.User, Content: "Hello"}}, MaxTokens: 1}, func(string) {}); err != nil {
		t.Error(err)
	}
	t.Logf("the next answer came after %s", time.Since(begun))
}
