package daemon

import (
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hearth/daemon/config"
	"hearth/daemon/home"
	"hearth/daemon/intent"
	"hearth/daemon/llm"
)

func TestTheVocabularyIsThatOfTheSentences(t *testing.T) {
	templates, err := LoadTemplates(filepath.Dir(assetsDir(t, "sentences")), "en")
	if err != nil {
		t.Fatal(err)
	}
	empty := home.NewSnapshot(nil, nil, nil)
	l := &language{snapshot: func() *home.Snapshot { return empty }, renamed: func(*intent.Language, intent.Names) {}, log: slog.New(slog.DiscardHandler)}
	l.change(templates)
	first := l.vocabulary()
	if l.vocabulary() != first {
		t.Error("it was read twice")
	}
	speaksOf := func(v *intent.Vocabulary, word, domain string) bool {
		return slices.ContainsFunc(v.Hints(word), func(h intent.Hint) bool { return h.Domain == domain })
	}
	if !speaksOf(first, "slats", "cover") { // of Hearth's own sentences
		t.Errorf("slats say %v", first.Hints("slats"))
	}
	own, faults := templates.WithCustom(intent.NewCustom("HassTurnOn", "let there be brightness"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	l.change(own)
	if l.vocabulary() == first {
		t.Error("it stays that of the sentences before")
	}
}

func TestEmbeddingsAreOff(t *testing.T) {
	d := &Daemon{cfg: config.Default(), language: &language{}}
	var o llm.Options
	if err := d.openFinding(&o); err != nil || o.Embedder != nil || o.Vocabulary == nil || o.Used == nil {
		t.Errorf("%+v, %v", o, err)
	}
	d.cfg.Model.Embeddings, d.cfg.Model.URL = "all-minilm:22m", "no URL"
	if err := d.openFinding(&o); err == nil || !strings.HasPrefix(err.Error(), "model.url") {
		t.Errorf("got %v", err)
	}
}
