package llm

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/intent"
	"hearth/daemon/llm/ollama"
	"hearth/daemon/llm/ollamatest"
)

// topics is an Embedder that knows what three words are about.
type topics struct {
	asked []string
	slow  time.Duration
	err   error
}

func (*topics) Name() string { return "topics" }
func (*topics) Close()       {}

func (e *topics) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if e.err != nil {
		return nil, e.err
	}
	select {
	case <-time.After(e.slow):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	e.asked = append(e.asked, texts...)
	vectors := make([][]float32, len(texts))
	for i, text := range texts {
		vectors[i] = make([]float32, 3)
		for j, words := range [][]string{{"calendar", "meeting"}, {"light", "dark"}, {"climate", "freezing"}} {
			if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) }) {
				vectors[i][j] = 1
			}
		}
	}
	return vectors, nil
}

type kept map[string][]byte

func (k kept) Get(key string) ([]byte, bool)  { v, ok := k[key]; return v, ok }
func (k kept) Put(key string, v []byte) error { k[key] = v; return nil }

func comparing(e Embedder, vectors Vectors, snapshot *home.Snapshot) *Model {
	return New(Options{
		Embedder: e, Vectors: vectors, Home: func() *home.Snapshot { return snapshot },
		Logger: slog.New(slog.DiscardHandler), Registerer: prometheus.NewRegistry(),
	})
}

func TestEntitiesAreFoundByMeaning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		snapshot := home.NewSnapshot([]home.Entity{
			{ID: "calendar.a", Name: "Personal", Exposed: true}, {ID: "climate.b", Name: "Nest", Exposed: true},
			{ID: "light.c", Name: "Hue", Exposed: true}, {ID: "calendar.hidden", Name: "Secret"},
		}, nil, nil)
		e, vectors := &topics{}, kept{}
		m := comparing(e, vectors, snapshot)
		q := conversation.ModelQuestion{Text: "who am I meeting tonight", Home: snapshot, Language: "en"}
		offered := func() (ids []home.EntityID) {
			for _, e := range m.question(q, sundayEvening, m.similar(t.Context(), q)).offered {
				ids = append(ids, e.ID)
			}
			return ids
		}
		if got := offered(); len(got) > 0 {
			t.Errorf("before anything was learned: %s", got)
		}
		m.learnNames(t.Context())
		if got := offered(); !slices.Equal(got, []home.EntityID{"calendar.a"}) {
			t.Errorf("got %s", got)
		}
		if asked := len(e.asked); asked != 4 || slices.ContainsFunc(e.asked, func(s string) bool { return strings.Contains(s, "Secret") }) {
			t.Errorf("asked for %q: want three names and the sentence", e.asked)
		}
		again := comparing(e, vectors, snapshot)
		again.learnNames(t.Context())
		if len(e.asked) != 4 || again.meaning.learned.Load() == nil {
			t.Errorf("asked for %q again: the vectors are kept", e.asked[4:])
		}
		e.slow = time.Minute
		began := time.Now()
		if got := offered(); len(got) > 0 || time.Since(began) > sentenceTime {
			t.Errorf("got %s after %s: what is late is left out", got, time.Since(began))
		}
		e.slow, e.err = 0, errors.New("no such model")
		if got := offered(); len(got) > 0 {
			t.Errorf("got %s", got)
		}
		if got := testutil.ToFloat64(m.metrics.meanings.WithLabelValues(leftOut)); got != 3 {
			t.Errorf("%v questions counted as without meaning", got)
		}
	})
}

func TestTextsAreMadeReadyForTokenizers(t *testing.T) {
	for text, want := range map[string]string{
		"Küche": "Kuche", "l’été": "l ' ete", "„Heim“-Kino": `" Heim " - Kino`, "21°C  (a)": "21°C ( a )", "": "",
	} {
		if got := embeddable(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestCosine(t *testing.T) {
	a, b := quantised([]float32{0.6, 0.8, 0}), quantised([]float32{0.8, -0.6, 0})
	if got := cosine(a, a); got < 0.999 || got > 1.001 {
		t.Errorf("of itself: %v", got)
	}
	if got := cosine(a, b); got < -0.01 || got > 0.01 {
		t.Errorf("of what is square to it: %v", got)
	}
	if cosine(a, nil) != 0 || cosine(quantised(make([]float32, 3)), a) != 0 {
		t.Error("of nothing it is 0")
	}
}

// TestRecallByMeaning is TestRecallOnAssist with a real model's vectors.
func TestRecallByMeaning(t *testing.T) {
	e, err := ollama.NewEmbedder(ollama.Options{URL: ollamatest.Start(t), Model: ollamatest.Embeds})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	v := vocabulary(t, "en")
	homes, probes := assist(t, "questions")
	var without, with recall
	for id, snapshot := range homes {
		m := comparing(e, kept{}, snapshot)
		m.opts.Vocabulary = func() *intent.Vocabulary { return v }
		if err := m.meaning.learn(t.Context(), snapshot); err != nil {
			t.Fatal(err)
		}
		without.rank(snapshot, v, probes[id])
		with.rankBy(snapshot, v, probes[id], func(text string) func(int32) float32 {
			vectors, err := m.meaning.embed(t.Context(), []string{embeddable(text)}, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			return m.meaning.learned.Load().near(vectors[0])
		})
	}
	without.report(t, "questions by words", 0)
	with.report(t, "questions by meaning, too", 1-float64(len(without.missed))/float64(without.wanted))
}
