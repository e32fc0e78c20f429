package llm

import (
	"bufio"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"hearth/daemon/conversation"
)

// exchange is one line of the index of recorded exchanges.
type exchange struct {
	Name   string `json:"name"`
	Path   string `json:"path"`
	Status int    `json:"status"`
	Type   string `json:"content_type"`
	Body   string `json:"body"`
}

// recorded are the chat exchanges with a real Ollama, by name.
func recorded(t *testing.T) map[string]answerFunc {
	t.Helper()
	dir := filepath.Join(shared(), "data", "ollama")
	file, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		t.Skipf("no recorded exchanges: %v (set HEARTH_SHARED)", err)
	}
	defer file.Close()
	all := map[string]answerFunc{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e exchange
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		body, err := os.ReadFile(filepath.Join(dir, e.Body))
		if err != nil {
			t.Fatal(err)
		}
		if e.Path == "/api/chat" {
			all[e.Name] = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", e.Type)
				w.WriteHeader(e.Status)
				_, _ = w.Write(body)
			}
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// shared is the folder of recordings beside the module, unless HEARTH_SHARED names another.
func shared() string {
	if dir := os.Getenv("HEARTH_SHARED"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return filepath.Join(dir, "..", "shared")
		}
		dir = filepath.Dir(dir)
	}
	return "shared"
}

// None of the recorded answers was made for Hearth's question; what matters is how each ends.
func TestRecordedExchanges(t *testing.T) {
	all := recorded(t)
	for name, want := range map[string]struct {
		err   error // nil: any other
		asked int
	}{
		"chat_stream":               {ErrBadAnswer, 2},
		"chat_nostream":             {ErrBadAnswer, 2},
		"chat_length":               {ErrBadAnswer, 2},
		"chat_format":               {ErrBadAnswer, 2},
		"chat_format_cut":           {ErrBadAnswer, 2},
		"chat_tools_many":           {ErrBadAnswer, 2},
		"err_unknown_model":         {conversation.ErrNoModel, 1},
		"err_no_model":              {nil, 1},
		"err_chat_with_embed_model": {nil, 1},
		"err_think":                 {nil, 1},
		"err_format":                {nil, 1},
		"err_busy":                  {nil, 1},
		"err_midstream":             {nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			answer, ok := all[name]
			if !ok {
				t.Fatalf("no exchange of that name among %d", len(all))
			}
			s := newServer(t, answer)
			_, err := s.model(t).Ask(t.Context(), asking("turn on the light"), func(text string) { t.Errorf("said %q", text) })
			known := errors.Is(err, ErrBadAnswer) || errors.Is(err, conversation.ErrNoModel)
			if err == nil || want.err != nil && !errors.Is(err, want.err) || want.err == nil && known {
				t.Errorf("got %v, want %v", err, want.err)
			}
			if len(s.asked()) != want.asked {
				t.Errorf("asked %d times, want %d", len(s.asked()), want.asked)
			}
		})
	}
}
