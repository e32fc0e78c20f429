package llm

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ollama/ollama/api"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/llm/ollama"
)

// costs answers with the text and what it took.
func costs(text string, prompt int, reading time.Duration) answerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		line(w, api.ChatResponse{Message: api.Message{Content: text}})
		line(w, api.ChatResponse{Done: true, DoneReason: "stop", Metrics: api.Metrics{PromptEvalCount: prompt, PromptEvalDuration: reading, EvalCount: 1}})
	}
}

// following runs a test of a model that Run follows on the server, in simulated time.
func following(t *testing.T, test func(t *testing.T, s *server, m *Model, logged *bytes.Buffer), answers ...answerFunc) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := play(t, answers...)
		m := modelOf(t, ollama.Options{URL: "http://model.test", Model: "test", Transport: serve(t, s.handler)})
		s.home.Store(testHome())
		m.opts.Home = s.home.Load
		var logged bytes.Buffer
		m.log = slog.New(slog.NewTextHandler(&logged, nil))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- m.Run(ctx, func() {}) }()
		synctest.Wait()
		test(t, s, m, &logged)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestTheHomeIsReadOnceAsAQuestionBegins(t *testing.T) {
	following(t, func(t *testing.T, s *server, m *Model, _ *bytes.Buffer) {
		time.Sleep(3 * watchEvery)
		if _, err := m.Ask(t.Context(), asking("well?"), nil); err != nil {
			t.Fatal(err)
		}
		asked := s.asked()
		if len(asked) != 2 || len(asked[0].Messages) != 1 || asked[0].Messages[0].Content != asked[1].Messages[0].Content {
			t.Fatalf("%d requests; the home should be read once, and exactly as the question begins", len(asked))
		}
		if asked[0].Options["num_predict"] != 1.0 || asked[0].Format != nil {
			t.Errorf("reading is asked for with %v and form %s", asked[0].Options, asked[0].Format)
		}
		delete(asked[0].Options, "num_predict")
		delete(asked[1].Options, "num_predict")
		if !reflect.DeepEqual(asked[0].Options, asked[1].Options) || !reflect.DeepEqual(asked[0].KeepAlive, asked[1].KeepAlive) {
			t.Errorf("options %v and %v: others would load the model again", asked[0].Options, asked[1].Options)
		}
	}, costs("{", 500, time.Second), streams(fine))
}

func TestAChangedHomeIsReadAgain(t *testing.T) {
	following(t, func(t *testing.T, s *server, _ *Model, _ *bytes.Buffer) {
		lamp := home.Entity{ID: "light.new", Name: "New lamp", Exposed: true}
		s.home.Store(home.NewSnapshot(append(testHome().Entities, lamp), nil, nil))
		time.Sleep(watchEvery + time.Second)
		if asked := s.asked(); len(asked) != 2 || !strings.Contains(asked[1].Messages[0].Content, "New lamp") {
			t.Errorf("%d requests", len(asked))
		}
	}, costs("{", 500, time.Second))
}

// While somebody speaks, a model that the server has let go of is loaded again, once.
func TestTheModelGetsReadyWhenSomebodySpeaks(t *testing.T) {
	following(t, func(t *testing.T, s *server, m *Model, _ *bytes.Buffer) {
		speak := func() {
			for range 5 {
				m.Prepare()
			}
			time.Sleep(time.Second)
		}
		s.load("test")
		speak()
		if asked := s.asked(); len(asked) != 1 {
			t.Errorf("it was in memory, and is read for %d times", len(asked))
		}
		s.load("another")
		speak()
		if asked := s.asked(); len(asked) < 2 || len(asked) > 3 { // a second signal may come while the first is acted upon
			t.Errorf("it was not in memory, and is read for %d times, want twice", len(asked))
		}
	}, costs("{", 500, time.Second))
}

func TestPrepareWaitsForNobody(t *testing.T) {
	m := newModel(t, "http://127.0.0.1:1") // without Run
	for range 100 {
		m.Prepare()
	}
}

func TestAQuestionWhileTheModelIsLoaded(t *testing.T) {
	hangs := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	following(t, func(t *testing.T, _ *server, m *Model, _ *bytes.Buffer) {
		_, err := m.Ask(t.Context(), asking("well?"), nil)
		wantFault(t, err, conversation.ModelLoading)
	}, hangs)
}

func TestAModelThatForgetsIsSaidSoOnce(t *testing.T) {
	const said = "does not remember the home"
	for name, test := range map[string]struct {
		shown   map[string]any
		reading time.Duration // of a question, after 20 s for the home
		want    int
	}{
		"remembers":      {nil, 300 * time.Millisecond, 0},
		"reads anew":     {nil, 19 * time.Second, 1},
		"sliding window": {map[string]any{"model_info": map[string]any{"general.architecture": "gemma3", "gemma3.attention.sliding_window": 512}}, 19 * time.Second, 1},
		"wide window":    {map[string]any{"model_info": map[string]any{"general.architecture": "phi3", "phi3.attention.sliding_window": 262144}}, 300 * time.Millisecond, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := play(t, costs("{", 900, 20*time.Second), costs(fine, 950, test.reading))
				s.shown = test.shown
				m := modelOf(t, ollama.Options{URL: "http://model.test", Model: "test", Transport: serve(t, s.handler)})
				m.opts.Home = testHome
				var logged bytes.Buffer
				m.log = slog.New(slog.NewTextHandler(&logged, nil))
				if err := m.watch(t.Context()); err != nil {
					t.Fatal(err)
				}
				m.read(t.Context())
				for range 3 {
					if _, err := m.Ask(t.Context(), asking("well?"), nil); err != nil {
						t.Fatal(err)
					}
				}
				if got := strings.Count(logged.String(), said); got != test.want {
					t.Errorf("said %d times, want %d:\n%s", got, test.want, logged.String())
				}
			})
		})
	}
}
