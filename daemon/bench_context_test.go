package daemon

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home/demo"
	"hearth/storage/cache"
)

const benchSessions = 1000

func benchSession(i int) string { return fmt.Sprintf("satellite-%d/kitchen/anna", i%benchSessions) }

// BenchmarkContext fetches what one of as many sessions as are kept spoke of before, as it is after real turns: while
// the daemon runs, when all of them are in memory, and for the first time after a restart.
func BenchmarkContext(b *testing.B) {
	kept := spokenContext(b)
	path := filepath.Join(b.TempDir(), "cache.db")
	db, contexts := openContexts(b, path)
	for i := range benchSessions {
		if err := contexts.Put(benchSession(i), kept); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("in memory", func(b *testing.B) { benchContexts(b, func(int) conversation.Contexts { return contexts }) })
	closeContexts(b, db)
	b.Run("first after a restart", func(b *testing.B) {
		db, contexts := openContexts(b, path)
		benchContexts(b, func(i int) conversation.Contexts {
			if i > 0 && i%benchSessions == 0 {
				closeContexts(b, db)
				db, contexts = openContexts(b, path)
			}
			return contexts
		})
		closeContexts(b, db)
	})
}

// What was spoken of before a restart is in memory as soon as the daemon runs: a turn never waits for the file.
func TestContextsAreInMemoryAfterARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	const sessions = 21
	db, contexts := openContexts(t, path)
	for i := range sessions {
		if err := contexts.Put(benchSession(i), conversation.Context{Summary: "the kitchen ceiling was turned on"}); err != nil {
			t.Fatal(err)
		}
	}
	closeContexts(t, db)
	db, contexts = openContexts(t, path)
	defer closeContexts(t, db)
	i := 0
	if got := testing.AllocsPerRun(sessions-1, func() {
		if _, ok := contexts.Get(benchSession(i)); !ok {
			t.Fatal("no context")
		}
		i++
	}); got > 2 {
		t.Errorf("the first look at a context after a restart allocates %v times: it is read from the file", got)
	}
}

func openContexts(tb testing.TB, path string) (*cache.DB, *cache.Namespace[conversation.Context]) {
	tb.Helper()
	db, err := cache.Open(path, cache.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		tb.Fatal(err)
	}
	return db, contextsIn(db, time.Hour)
}

func closeContexts(tb testing.TB, db *cache.DB) {
	tb.Helper()
	if err := db.Close(); err != nil {
		tb.Fatal(err)
	}
}

// benchContexts fetches one session after the other of what is open at that time.
func benchContexts(b *testing.B, open func(i int) conversation.Contexts) {
	var took []time.Duration
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		contexts := open(i)
		began := time.Now()
		found, ok := contexts.Get(benchSession(i))
		took = append(took, time.Since(began))
		if !ok || found.Before == nil {
			b.Fatal("no context")
		}
	}
	slices.Sort(took)
	micros := func(of int) float64 { return float64(took[len(took)*of/100].Nanoseconds()) / 1000 }
	b.ReportMetric(micros(50), "p50-us")
	b.ReportMetric(micros(99), "p99-us")
}

// spokenContext is the context of a session after several turns.
func spokenContext(b *testing.B) conversation.Context {
	d := quietDaemon(b, "en", demo.New(demo.WithPace(0)))
	for _, sentence := range []string{"turn on the kitchen ceiling", "turn on all the lights in the kitchen", "is the kitchen ceiling on",
		"a bit brighter", "set a timer for ten minutes", "what did you do in the kitchen", "and in the bedroom", "turn them off"} {
		if _, err := d.Conversation.Through("bench").Say(b.Context(), "kitchen", sentence); err != nil {
			b.Fatal(err)
		}
	}
	kept, ok := d.Conversation.Contexts.Get("bench/kitchen")
	if !ok || len(kept.Earlier) < 6 || kept.Before == nil || kept.Deed == nil {
		b.Fatalf("the context is %+v", kept)
	}
	return kept
}
