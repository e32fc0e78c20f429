package ollama

import (
	"bufio"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hearth/daemon/llm/chat"
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
func recorded(t *testing.T) map[string]http.HandlerFunc {
	t.Helper()
	dir := filepath.Join(shared(), "data", "ollama")
	file, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		t.Skipf("no recorded exchanges: %v (set HEARTH_SHARED)", err)
	}
	defer file.Close()
	all := map[string]http.HandlerFunc{}
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

func TestRecordedExchanges(t *testing.T) {
	all := recorded(t)
	plain := errors.New("another error")
	for name, want := range map[string]error{
		"chat_stream":               nil,
		"chat_nostream":             nil,
		"chat_length":               nil,
		"chat_format":               nil,
		"chat_format_cut":           nil,
		"chat_tools_many":           nil,
		"err_unknown_model":         chat.ErrNoModel,
		"err_no_model":              plain,
		"err_chat_with_embed_model": chat.ErrNoModel,
		"err_think":                 plain,
		"err_format":                plain,
		"err_too_long":              chat.ErrTooLong,
		"err_busy":                  chat.ErrBusy,
		"err_midstream":             chat.ErrCut,
	} {
		t.Run(name, func(t *testing.T) {
			answer, ok := all[name]
			if !ok {
				t.Fatalf("no exchange of that name among %d", len(all))
			}
			s := httptest.NewServer(answer)
			defer s.Close()
			m, err := New(Options{URL: s.URL, Model: "smollm2:135m"})
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			var text strings.Builder
			usage, err := m.Complete(t.Context(), chat.Request{}, func(piece string) { text.WriteString(piece) })
			switch {
			case errors.Is(want, plain) && err != nil:
				for _, known := range []error{chat.ErrAbsent, chat.ErrNoModel, chat.ErrBusy, chat.ErrTooLong, chat.ErrCut, chat.ErrMemory} {
					if errors.Is(err, known) {
						t.Errorf("got %v, which is not what the server said", err)
					}
				}
			case !errors.Is(err, want):
				t.Errorf("got %v, want %v", err, want)
			case want == nil && (usage.Prompt == 0 || usage.Output == 0 || usage.OutputTime == 0 || text.Len() == 0 && name != "chat_tools_many"):
				t.Errorf("read %q and %+v", text.String(), usage)
			}
		})
	}
}
