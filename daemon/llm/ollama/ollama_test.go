package ollama

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hearth/daemon/llm/chat"
)

// A server has one model and gives one answer, as NDJSON.
type server struct {
	shown  string
	answer string
	chats  []map[string]any
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/api/show":
		_, _ = io.WriteString(w, s.shown)
	case "/api/ps":
		_, _ = io.WriteString(w, `{"models":[{"name":"test:latest","model":"test:latest","context_length":2048}]}`)
	case "/api/chat":
		var asked map[string]any
		_ = json.NewDecoder(r.Body).Decode(&asked)
		s.chats = append(s.chats, asked)
		_, _ = io.WriteString(w, s.answer)
	}
}

func (s *server) model(t *testing.T) *Model {
	t.Helper()
	listening := httptest.NewServer(s)
	t.Cleanup(listening.Close)
	m, err := New(Options{URL: listening.URL, Model: "test", NumCtx: 4096})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	if err := m.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

const (
	talks = `{"capabilities":["completion"]}`
	done  = `{"message":{"content":"x"},"done":true,"done_reason":"stop","prompt_eval_count":100,"eval_count":5}`
)

func prompt(bytes int) chat.Request {
	return chat.Request{Messages: []chat.Message{{Role: chat.User, Content: strings.Repeat("x", bytes)}}, Form: []byte(`{}`), MaxTokens: 50}
}

func TestThinkingIsSwitchedOff(t *testing.T) {
	for shown, want := range map[string]struct{ think, tokens any }{
		talks: {false, 50.0},
		`{"capabilities":["completion","thinking"],"model_info":{"general.architecture":"qwen3"}}`:  {false, 50.0},
		`{"capabilities":["completion","thinking"],"model_info":{"general.architecture":"gptoss"}}`: {"low", 50.0 + chat.ThoughtTokens},
	} {
		s := &server{shown: shown, answer: done}
		if _, err := s.model(t).Complete(t.Context(), prompt(10), func(string) {}); err != nil {
			t.Fatal(err)
		}
		options, _ := s.chats[0]["options"].(map[string]any)
		if s.chats[0]["think"] != want.think || options["num_predict"] != want.tokens {
			t.Errorf("%s: think %v, num_predict %v", shown, s.chats[0]["think"], options["num_predict"])
		}
	}
}

// What the model thinks is nobody's business, as long as it ends.
func TestThoughtsAreNotHandedOn(t *testing.T) {
	s := &server{shown: talks, answer: `{"message":{"thinking":"Hm, the user wants","content":""}}` + "\n" + done}
	var text string
	if _, err := s.model(t).Complete(t.Context(), prompt(10), func(piece string) { text += piece }); err != nil || text != "x" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestAPromptThatIsTooLongIsNotSent(t *testing.T) {
	s := &server{shown: `{"capabilities":["completion"],"model_info":{"general.architecture":"llama","llama.context_length":1000}}`, answer: strings.Replace(done, ":100,", ":500,", 1)}
	m := s.model(t)
	if m.Window() != 1000 {
		t.Errorf("the window is %d, want the model's own", m.Window())
	}
	if _, err := m.Complete(t.Context(), prompt(100), func(string) {}); err != nil { // as many tokens as bytes, most of them not its own
		t.Fatal(err)
	}
	if _, err := m.Complete(t.Context(), prompt(2000), func(string) {}); err != nil {
		t.Errorf("a short prompt told of a long one: %v", err)
	}
	if _, err := m.Complete(t.Context(), prompt(4200), func(string) {}); err != nil { // a quarter of a token a byte
		t.Errorf("1050 tokens, which may be less: %v", err)
	}
	m.density.Store(math.Float64bits(0.25))
	_, err := m.Complete(t.Context(), prompt(5000), func(string) {})
	if !errors.Is(err, chat.ErrTooLong) || !strings.Contains(err.Error(), "about 1250 tokens, and there are 1000") || len(s.chats) != 3 {
		t.Errorf("got %v after %d requests, want ErrTooLong with both numbers and no request", err, len(s.chats))
	}
	m.Use("another")
	if m.Window() != 4096 {
		t.Errorf("another model's window is %d", m.Window())
	}
}

func TestAnAnswerThatIsCutOff(t *testing.T) {
	cut := strings.Replace(done, `"stop"`, `"length"`, 1)
	for name, test := range map[string]struct {
		prompt chat.Request
		answer string
		want   error
	}{
		"by its length":             {prompt(10), cut, chat.ErrEndless},
		"by the window":             {prompt(10), strings.Replace(cut, `:100,`, `:4095,`, 1), chat.ErrTooLong},
		"without a form it may be":  {chat.Request{MaxTokens: 5}, cut, nil},
		"in the middle":             {prompt(10), `{"message":{"content":"x"}}`, chat.ErrCut},
		"by its repetition":         {prompt(10), strings.Repeat(`{"message":{"content":" yes"}}`+"\n", 31), chat.ErrEndless},
		"in a short repetition":     {prompt(10), strings.Repeat(`{"message":{"content":" yes"}}`+"\n", 5), chat.ErrCut},
		"by memory":                 {prompt(10), `{"error":"llama runner process has terminated: signal: killed"}`, chat.ErrMemory},
		"by something that is new":  {prompt(10), `{"error":"the dog ate it"}`, errOther},
		"by a line that is no JSON": {prompt(10), `<html>`, errOther},
	} {
		t.Run(name, func(t *testing.T) {
			s := &server{shown: talks, answer: test.answer}
			_, err := s.model(t).Complete(t.Context(), test.prompt, func(string) {})
			if !errors.Is(err, test.want) && (!errors.Is(test.want, errOther) || err == nil) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

var errOther = errors.New("any other")

func TestLoadedTellsTheWindow(t *testing.T) {
	s := &server{shown: talks}
	m := s.model(t)
	if loaded, window, err := m.Loaded(t.Context()); !loaded || window != 2048 || err != nil {
		t.Errorf("got %v, %d, %v", loaded, window, err)
	}
	m.Use("another")
	if loaded, _, err := m.Loaded(t.Context()); loaded || err != nil {
		t.Errorf("another: got %v, %v", loaded, err)
	}
}

func TestAModelThatCannotTalkIsNone(t *testing.T) {
	for shown, want := range map[string]error{
		talks: nil, `{}`: nil, // a server of before capabilities
		`{"capabilities":["embedding"]}`: chat.ErrNoModel,
	} {
		s := httptest.NewServer(&server{shown: shown})
		m, err := New(Options{URL: s.URL, Model: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Check(t.Context()); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", shown, err, want)
		}
		m.Close()
		s.Close()
	}
}

func TestSlidingWindow(t *testing.T) {
	s := &server{shown: `{"capabilities":["completion"],"model_info":{"general.architecture":"gemma3","gemma3.attention.sliding_window":512}}`}
	about, known := s.model(t).Known()
	if !known || about.Sliding != 512 || !about.Forgets(513) || about.Forgets(512) {
		t.Errorf("got %+v, %v", about, known)
	}
	if (About{}).Forgets(1 << 20) {
		t.Error("a model without such a window forgets nothing")
	}
}

func TestFaultsByTheirMessages(t *testing.T) {
	for message, want := range map[string]error{
		"model requires more system memory (5.6 GiB) than is available (1.2 GiB)":       chat.ErrMemory,
		"llama runner process has terminated: cudaMalloc failed: out of memory":         chat.ErrMemory,
		"timed out waiting for llama runner to start - progress 0.30 - ":                chat.ErrLoading,
		"input exceeds maximum context length and cannot be truncated further":          chat.ErrTooLong,
		"an error was encountered while running the model: unexpected EOF":              chat.ErrCut,
		"an error was encountered while running the model: something that nobody knows": nil,
	} {
		if got := kindOf(message); !errors.Is(got, want) {
			t.Errorf("%s: got %v, want %v", message, got, want)
		}
	}
}
