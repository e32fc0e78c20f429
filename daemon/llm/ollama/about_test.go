package ollama

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"hearth/daemon/llm/chat"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAboutTellsWhatTheModelCanDo(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Model string }
		if r.URL.Path != "/api/show" || json.NewDecoder(r.Body).Decode(&asked) != nil || asked.Model != "qwen3:4b" {
			http.Error(w, `{"error":"model not found"}`, http.StatusNotFound)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{
			"capabilities": []string{"completion", "tools"},
			"model_info":   map[string]any{"general.architecture": "qwen3", "qwen3.context_length": 2048},
		})
	}))
	defer s.Close()
	ask := func(model string) (About, error) {
		m, err := New(Options{URL: s.URL, Model: model})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		return m.About(t.Context())
	}
	if about, err := ask("qwen3:4b"); err != nil || about != (About{Name: "qwen3:4b", Talks: true, Tools: true, Context: 2048, family: "qwen3"}) {
		t.Errorf("got %+v, %v", about, err)
	}
	if _, err := ask("another"); !errors.Is(err, chat.ErrNoModel) {
		t.Errorf("got %v, want ErrNoModel", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []Options{{Model: "m"}, {URL: "127.0.0.1:11434", Model: "m"}, {URL: "ftp://h", Model: "m"}} {
		if _, err := New(o); err == nil || !strings.HasPrefix(err.Error(), "url ") {
			t.Errorf("%+v: got %v, want an error that names the field", o, err)
		}
	}
}
