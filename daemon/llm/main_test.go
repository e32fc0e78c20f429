package llm

import (
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ollama/ollama/api"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/llm/ollama"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testHome has one entity that is not exposed.
func testHome() *home.Snapshot {
	return home.NewSnapshot([]home.Entity{
		{ID: "light.kitchen", Name: "Ceiling light", Aliases: []string{"big light"}, Area: "kitchen", State: "off", Exposed: true},
		{ID: "light.bedroom", Name: "Bedside lamp", Area: "bedroom", State: "on", Exposed: true, Attributes: map[string]any{"brightness": 128}},
		{ID: "cover.garage", Name: "Garage door", DeviceClass: "garage", State: "closed", Exposed: true},
		{ID: "sensor.outside", Name: "Outside temperature", DeviceClass: "temperature", State: "7.5", Unit: "°C", Exposed: true},
		{ID: "light.secret", Name: "Secret light", Area: "kitchen", State: "on"},
	}, []home.Area{{ID: "kitchen", Name: "Kitchen", Floor: "ground"}, {ID: "bedroom", Name: "Bedroom"}},
		[]home.Floor{{ID: "ground", Name: "Ground floor"}})
}

func asking(text string) conversation.ModelQuestion {
	return conversation.ModelQuestion{Text: text, Room: "kitchen", Home: testHome(), Language: "en"}
}

// A server plays the answers of an Ollama, one for each chat request and the last one again and again.
type server struct {
	*httptest.Server
	handler  http.Handler
	mu       sync.Mutex
	answers  []answerFunc
	requests []api.ChatRequest

	installed api.ListResponse
	running   api.ProcessResponse
	shown     map[string]any // of the model, beside its capabilities
	home      atomic.Pointer[home.Snapshot]
}

// load has the server tell that it has this model in memory, or none.
func (s *server) load(names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running.Models = nil
	for _, name := range names {
		s.running.Models = append(s.running.Models, api.ProcessModelResponse{Name: name, ContextLength: 4096})
	}
}

// install makes the server list these models.
func (s *server) install(names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range names {
		s.installed.Models = append(s.installed.Models, api.ListModelResponse{Name: name, Model: name})
	}
}

type answerFunc func(http.ResponseWriter, *http.Request)

func newServer(t *testing.T, answers ...answerFunc) *server {
	t.Helper()
	s := play(t, answers...)
	s.Server = httptest.NewServer(s.handler)
	t.Cleanup(s.Close)
	return s
}

// play is a server that does not listen yet.
func play(t *testing.T, answers ...answerFunc) *server {
	t.Helper()
	s := &server{answers: answers}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/show", func(w http.ResponseWriter, r *http.Request) {
		var request api.ShowRequest
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			t.Error(err)
		}
		capability := "completion"
		if strings.Contains(request.Model, "embed") {
			capability = "embedding"
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		shown := map[string]any{"capabilities": []string{capability}}
		maps.Copy(shown, s.shown)
		if err := json.NewEncoder(w).Encode(shown); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("GET /api/tags", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if err := json.NewEncoder(w).Encode(s.installed); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("GET /api/ps", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if err := json.NewEncoder(w).Encode(s.running); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("POST /api/chat", func(w http.ResponseWriter, r *http.Request) {
		var request api.ChatRequest
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			t.Error(err)
		}
		s.next(request)(w, r)
	})
	s.handler = mux
	return s
}

func (s *server) next(request api.ChatRequest) answerFunc {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, request)
	return s.answers[min(len(s.requests), len(s.answers))-1]
}

func (s *server) asked() []api.ChatRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

func (s *server) model(t *testing.T) *Model {
	t.Helper()
	return newModel(t, s.URL)
}

func newModel(t *testing.T, url string) *Model {
	t.Helper()
	return modelOf(t, ollama.Options{URL: url, Model: "test"})
}

func modelOf(t *testing.T, o ollama.Options) *Model {
	t.Helper()
	local, err := ollama.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(local.Close)
	return New(Options{Local: local, Logger: slog.New(slog.DiscardHandler), Registerer: prometheus.NewRegistry()})
}

// streams answers with the text in pieces, and with thoughts that must not be spoken.
func streams(pieces ...string) answerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		line(w, api.ChatResponse{Message: api.Message{Role: "assistant", Thinking: "The user wants {"}})
		for _, piece := range pieces {
			line(w, api.ChatResponse{Message: api.Message{Role: "assistant", Content: piece}})
		}
		line(w, api.ChatResponse{Done: true, DoneReason: "stop", Metrics: api.Metrics{PromptEvalCount: 100, EvalCount: 7}})
	}
}

func line(w http.ResponseWriter, r api.ChatResponse) {
	_ = json.NewEncoder(w).Encode(r)
	_ = http.NewResponseController(w).Flush()
}

func fails(status int, text string) answerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"error":"`+text+`"}`)
	}
}

// letters cuts a text into its bytes.
func letters(text string) []string { return strings.Split(text, "") }
