package llm

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hearth/daemon/llm/anthropic"
	"hearth/daemon/llm/chat"
	"hearth/daemon/llm/hostile"
	"hearth/daemon/llm/ollama"
	"hearth/daemon/llm/openai"
)

const secretKey = "sk-very-secret"

// providers are all there are, by kind, each on the same server.
var providers = map[string]func(through http.RoundTripper) (Provider, error){
	"ollama": func(through http.RoundTripper) (Provider, error) {
		return ollama.New(ollama.Options{URL: "http://model.test", Model: hostile.Model, Transport: through})
	},
	"openai": func(through http.RoundTripper) (Provider, error) {
		return openai.New(openai.Options{URL: "http://model.test/v1", Model: hostile.Model, Key: secretKey, Transport: through})
	},
	"anthropic": func(through http.RoundTripper) (Provider, error) {
		return anthropic.New(anthropic.Options{URL: "http://model.test", Model: hostile.Model, Key: secretKey, Transport: through})
	},
}

// eachProvider runs a test of every provider with a server that behaves in the given manner.
func eachProvider(t *testing.T, manner string, test func(t *testing.T, kind string, p Provider)) {
	t.Helper()
	for kind, make := range providers {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, err := make(serve(t, hostile.Handler(func() string { return manner })))
				if err != nil {
					t.Fatal(err)
				}
				test(t, kind, p)
			})
		})
	}
}

func contractRequest() chat.Request {
	return chat.Request{
		Messages: []chat.Message{{Role: chat.System, Content: "Be brief."}, {Role: chat.User, Content: "Hello"},
			{Role: chat.Assistant, Content: `{"reply": "Hi"}`}, {Role: chat.User, Content: "And now?"}},
		Form:      json.RawMessage(`{"type":"object","properties":{"zeal":{"type":"string"},"calls":{"type":"array"}},"required":["zeal"]}`),
		MaxTokens: 50,
	}
}

func TestEveryProviderStreamsAnAnswer(t *testing.T) {
	eachProvider(t, hostile.Well, func(t *testing.T, kind string, p Provider) {
		var pieces []string
		usage, err := p.Complete(t.Context(), contractRequest(), func(piece string) { pieces = append(pieces, piece) })
		if want := `{"calls":[],"reply":"It is a good evening."}`; err != nil || strings.Join(pieces, "") != want || len(pieces) < 10 {
			t.Errorf("got %q, %v", pieces, err)
		}
		if usage.Prompt != 120 || usage.Output != 20 {
			t.Errorf("it cost %+v", usage)
		}
		if kind == "ollama" && usage.PromptTime != 500*time.Millisecond {
			t.Errorf("it took %+v", usage)
		}
		if p.Name() != hostile.Model {
			t.Errorf("it is called %q", p.Name())
		}
	})
}

// What is not in the table is an error of any other kind; nil stands for none.
func TestEveryProviderTellsFaultsApart(t *testing.T) {
	other := errors.New("another error")
	for manner, want := range map[string]error{
		"half": chat.ErrEndless, "empty": nil, "nothing": nil, "bad_json": nil,
		"drops": chat.ErrAbsent, "cuts": chat.ErrCut, "cuts_speech": chat.ErrCut, "stops": chat.ErrCut,
		"busy": chat.ErrBusy, "missing": chat.ErrNoModel, "refuses": chat.ErrRefused, "full": chat.ErrTooLong,
		"fails": other, "gateway": other, "page": other, "elsewhere": other, "breaks": other, "memory": other,
		"blank": chat.ErrEndless, "endless": chat.ErrEndless, "line": chat.ErrEndless, "thinks": chat.ErrEndless,
	} {
		t.Run(manner, func(t *testing.T) {
			eachProvider(t, manner, func(t *testing.T, kind string, p Provider) {
				_, err := p.Complete(t.Context(), contractRequest(), func(string) {})
				switch {
				case errors.Is(want, other) && err != nil:
				case kind != "ollama" && manner == "page" && errors.Is(err, chat.ErrCut): // it is no event stream
				case !errors.Is(err, want):
					t.Errorf("got %v, want %v", err, want)
				}
				if err != nil && strings.Contains(err.Error(), secretKey) {
					t.Errorf("the key is in %v", err)
				}
			})
		})
	}
}

func TestEveryProviderLetsGoOfTheServer(t *testing.T) {
	bargeIn := errors.New("barge-in")
	eachProvider(t, "silent", func(t *testing.T, _ string, p Provider) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(bargeIn) })
		if _, err := p.Complete(ctx, contractRequest(), func(string) {}); !errors.Is(err, bargeIn) {
			t.Errorf("got %v, want the cause", err)
		}
	}) // the bubble ends only when the server has noticed
	eachProvider(t, "endless", func(t *testing.T, _ string, p Provider) {
		ctx, cancel := context.WithCancelCause(t.Context())
		pieces := 0
		if _, err := p.Complete(ctx, contractRequest(), func(string) {
			if pieces++; pieces == 10 {
				cancel(bargeIn)
			}
		}); !errors.Is(err, bargeIn) {
			t.Errorf("in the stream: got %v, want the cause", err)
		}
	})
}

// A recorder keeps what was sent.
type recorder struct {
	http.Handler
	header http.Header
	raw    string
	asked  int
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	var raw json.RawMessage
	if json.NewDecoder(request.Body).Decode(&raw) == nil {
		r.raw, r.header = string(raw), request.Header
	}
	r.asked++
	r.Handler.ServeHTTP(w, request)
}

// Whether it is asked again is not for a client library to decide.
func TestEveryProviderTriesOnce(t *testing.T) {
	for _, manner := range []string{"fails", "busy", "drops"} {
		for kind, make := range providers {
			t.Run(manner+" "+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := &recorder{Handler: hostile.Handler(func() string { return manner })}
					p, err := make(serve(t, r))
					if err != nil {
						t.Fatal(err)
					}
					if _, err := p.Complete(t.Context(), contractRequest(), func(string) {}); err == nil || r.asked != 1 {
						t.Errorf("asked %d times, %v", r.asked, err)
					}
				})
			})
		}
	}
}

func TestWhatEachProviderSends(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "of-somebody-else")
	t.Setenv("ANTHROPIC_API_KEY", "of-somebody-else")
	t.Setenv("ANTHROPIC_BASE_URL", "http://elsewhere.test")
	t.Setenv("OPENAI_BASE_URL", "http://elsewhere.test")
	want := map[string][]string{
		"ollama":    {`"role":"system","content":"Be brief."`, `"num_predict":50`, `"think":false`, `"truncate":false`, `"shift":false`, `"format":{`},
		"openai":    {`"role":"system"`, `"max_tokens":50`, `"include_usage":true`, `"json_schema":{`, `"stream":true`, `"temperature":0`},
		"anthropic": {`"system":[{"`, `"max_tokens":50`, `"tool_choice":{"`, `"input_schema":{`, `"stream":true`, `"cache_control":{"type":"ephemeral"}`},
	}
	for kind, make := range providers {
		t.Run(kind, func(t *testing.T) {
			r := &recorder{Handler: hostile.Handler(func() string { return hostile.Well })}
			p, err := make(serve(t, r))
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			if _, err := p.Complete(t.Context(), contractRequest(), func(string) {}); err != nil {
				t.Fatal(err)
			}
			for _, part := range append(want[kind], `"properties":{"zeal":{"type":"string"},"calls":{"type":"array"}}`, `"required":["zeal"]`) {
				if !strings.Contains(r.raw, part) {
					t.Errorf("no %s in %s", part, r.raw)
				}
			}
			sent := r.header.Get("Authorization") + r.header.Get("X-Api-Key")
			if kind != "ollama" && strings.TrimPrefix(sent, "Bearer ") != secretKey {
				t.Errorf("the key is sent as %q", sent)
			}
		})
	}
}
