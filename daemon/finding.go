package daemon

import (
	"context"
	"fmt"
	"time"

	"hearth/daemon/home"
	"hearth/daemon/intent"
	"hearth/daemon/llm"
	"hearth/daemon/llm/ollama"
	"hearth/storage/cache"
)

// vectorsKept is how long the vectors of names are kept, and how many: those of a home of ten thousand entities.
var vectorsKept = cache.Limits{TTL: 24 * time.Hour, Entries: 10_000, InMemory: 100}

// usedWithin is how far back it counts what is used often.
const usedWithin = 30 * 24 * time.Hour

// openFinding adds what a language model's entities are found by: the words of the language, and what names mean.
func (d *Daemon) openFinding(o *llm.Options) error {
	o.Vocabulary = d.language.vocabulary
	o.Used = func(ctx context.Context) (map[home.EntityID]int, error) {
		return d.store.Used(ctx, time.Now().Add(-usedWithin))
	}
	if d.cfg.Model.Embeddings == "" {
		return nil
	}
	embedder, err := ollama.NewEmbedder(ollama.Options{
		URL: d.cfg.Model.URL, Model: d.cfg.Model.Embeddings, KeepAlive: d.cfg.Model.KeepAlive,
	})
	if err != nil {
		return fmt.Errorf("model.%w", err)
	}
	o.Embedder, o.Vectors = embedder, cache.NewNamespace[[]byte](d.cache, "vectors", vectorsKept)
	return nil
}

// vocabulary is what the words of the language, as its sentences are now, speak of. It is read once for each change.
func (l *language) vocabulary() *intent.Vocabulary {
	l.mu.Lock()
	templates := l.current.Language
	l.mu.Unlock()
	l.reading.Lock()
	defer l.reading.Unlock()
	if l.readFrom != templates {
		l.readFrom, l.words = templates, templates.Vocabulary()
	}
	return l.words
}
