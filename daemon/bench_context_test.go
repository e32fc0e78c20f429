package daemon

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home/demo"
)

// BenchmarkContext fetches what a session spoke of before, as it is after real turns: of one of the hundred sessions
// that are in memory, and of one that has to be read from the file.
func BenchmarkContext(b *testing.B) {
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
	const sessions = 1000
	for i := range sessions {
		if err := d.Conversation.Contexts.Put(fmt.Sprintf("satellite-%d/kitchen/anna", i), kept); err != nil {
			b.Fatal(err)
		}
	}
	for name, session := range map[string]func(i int) string{
		"memory": func(i int) string { return fmt.Sprintf("satellite-%d/kitchen/anna", sessions-1-i%100) },
		"file":   func(i int) string { return fmt.Sprintf("satellite-%d/kitchen/anna", i%(sessions-200)) },
	} {
		b.Run(name, func(b *testing.B) {
			var found conversation.Context
			var took []time.Duration
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				began := time.Now()
				if found, ok = d.Conversation.Contexts.Get(session(i)); !ok || found.Before == nil {
					b.Fatal("no context")
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100])/1000, "p99-us")
		})
	}
}
