package daemon

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
	"hearth/daemon/timer"
	"hearth/storage/cache"
)

// BenchmarkTurn measures what the pipeline itself adds to a turn: everything but hearing, speech, a
// language model and the time that devices take. Templates, gate, confirmation, cache and history are
// the daemon's own; the history is written beside the turns, as in a home.
func BenchmarkTurn(b *testing.B) {
	for _, size := range []struct {
		name  string
		house func() *demo.Home
	}{
		{"house", func() *demo.Home { return demo.New(demo.WithPace(0)) }},
		{"entities=1000", func() *demo.Home { return demo.New(demo.WithPace(0), demo.WithSnapshot(mansion())) }},
	} {
		b.Run(size.name, func(b *testing.B) {
			said := sentences{
				action:   []string{"turn on the kitchen ceiling", "turn off the kitchen ceiling"},
				question: []string{"is the kitchen ceiling on"},
				area:     []string{"turn on all the lights in the kitchen", "turn off all the lights in the kitchen"},
			}
			b.Run("action/grammar", func(b *testing.B) { benchTurns(b, size.house(), said.action, conversation.ByGrammar) })
			b.Run("action/plan", func(b *testing.B) { benchTurns(b, size.house(), said.action, conversation.ByPlan) })
			b.Run("question/grammar", func(b *testing.B) { benchTurns(b, size.house(), said.question, conversation.ByGrammar) })
			b.Run("area/grammar", func(b *testing.B) { benchTurns(b, size.house(), said.area, conversation.ByGrammar) })
		})
	}
}

// BenchmarkLearnedPlan measures how long it takes to decide on a sentence that a model made a plan of, recall, gate and
// all, among 10,000 such plans of which a tenth is in memory.
func BenchmarkLearnedPlan(b *testing.B) {
	d := quietDaemon(b, "en", demo.New(demo.WithPace(0)))
	const plans = 10_000
	d.Conversation.Model = &lampModel{}
	sentence := func(i int) string { return fmt.Sprintf("a nice place to read book number %d", i) }
	for i := range plans {
		benchTurn(b, d, sentence(i), conversation.ByModel)
		if i%500 == 0 {
			if err := d.history.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
	var took []float64
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		turn := benchTurn(b, d, sentence(i*7919%plans), conversation.ByPlan)
		took = append(took, turn.Timings["recall"]+turn.Timings["understand"]+turn.Timings["gate"])
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2], "decided-p50-ms")
	b.ReportMetric(took[len(took)*99/100], "decided-p99-ms")
}

// lampModel turns on one of two lamps, whatever is said: to do something else with the same one at once would be an
// objection.
type lampModel struct{ asked int }

func (m *lampModel) Ask(context.Context, conversation.ModelQuestion, func(string)) (conversation.ModelAnswer, error) {
	m.asked++
	lamp := []home.EntityID{"light.desk_lamp", "light.kitchen_counter"}[m.asked%2]
	return conversation.ModelAnswer{Model: "m", Calls: []home.Call{{Domain: "light", Service: "turn_on", Entity: lamp}}}, nil
}

type sentences struct{ action, question, area []string }

// benchTurns says the sentences in turn, and reports the median and the 99th percentile besides the mean.
func benchTurns(b *testing.B, house *demo.Home, said []string, by conversation.Decider) {
	d := quietDaemon(b, "en", house)
	if by == conversation.ByGrammar { // a cache that keeps nothing: no sentence is learned
		d.Conversation.Plans = cache.NewNamespace[conversation.LearnedPlan](d.cache, "forgotten", cache.Limits{})
	} else {
		for _, sentence := range said {
			benchTurn(b, d, sentence, conversation.ByGrammar)
		}
	}
	var took []time.Duration
	b.ReportAllocs()
	for b.Loop() {
		sentence := said[len(took)%len(said)]
		began := time.Now()
		benchTurn(b, d, sentence, by)
		took = append(took, time.Since(began))
		if len(took)%500 == 0 { // no home is spoken to without a pause: let the writer catch up
			b.StopTimer()
			if err := d.history.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
	}
	slices.Sort(took)
	b.ReportMetric(inMilliseconds(took[len(took)/2]), "p50-ms")
	b.ReportMetric(inMilliseconds(took[len(took)*99/100]), "p99-ms")
}

func inMilliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// benchTurn runs a turn that must go as in a home where all is well: otherwise its time says nothing.
func benchTurn(b *testing.B, d *Daemon, sentence string, by conversation.Decider) *conversation.Turn {
	turn, err := d.Conversation.Through("bench").Say(b.Context(), "kitchen", sentence)
	if err != nil {
		b.Fatal(err)
	}
	if turn.DecidedBy != by || turn.Failure != "" {
		b.Fatalf("%q: decided by %q, failure %q: %s", sentence, turn.DecidedBy, turn.Failure, turn.Reply)
	}
	for _, s := range turn.Steps {
		if s.Outcome != conversation.Confirmed {
			b.Fatalf("%q: %s is %s: %s", sentence, s.Entity, s.Outcome, s.Evidence)
		}
	}
	return turn
}

// quietDaemon is the daemon around another home, with what runs beside a turn running: stores and home.
func quietDaemon(b testing.TB, language string, house *demo.Home, configure ...func(*config.Config)) *Daemon {
	b.Helper()
	c := config.Default()
	c.StateDir, c.Language, c.Sentences = b.TempDir(), language, ""
	if _, err := os.Stat(filepath.Join(c.AssetsDir(), "sentences", "en.json")); err != nil {
		b.Skip("no assets: run make assets")
	}
	c.Hearing.Recogniser, c.Speech.Engine, c.Speech.Speaker = "off", "off", "off"
	c.Gate.CallsPerMinute = 100_000_000
	for _, change := range configure {
		change(c)
	}
	d := &Daemon{opts: Options{Quiet: true}, cfg: c, log: slog.New(slog.DiscardHandler), metrics: prometheus.NewRegistry(), home: simulated{house}}
	openHome := func() error {
		d.timers = timer.New(d.store, timer.Options{Ringer: ringer{d}, Home: d.home, Log: d.log, Metrics: d.metrics})
		return nil
	}
	for _, open := range []func() error{d.openStores, openHome, d.openEars, d.openLanguage, d.openVoice, d.openTools, d.openModel, d.openConversation} {
		if err := open(); err != nil {
			b.Fatal(err)
		}
	}
	runBeside(b, d.history.Run, d.cache.Run, house.Run)
	return d
}

// runBeside runs what runs until the benchmark ends.
func runBeside(b testing.TB, components ...func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, run := range components {
		running.Go(func() {
			if err := run(ctx); err != nil {
				b.Error(err)
			}
		})
	}
	b.Cleanup(func() {
		stop()
		running.Wait()
	})
}

// mansion is a home of 1,000 lights in 40 areas; its kitchen has four lights, of which one is the ceiling's.
func mansion() *home.Snapshot {
	areas := []home.Area{{ID: "kitchen", Name: "Kitchen"}}
	lights := []home.Entity{}
	add := func(area, name string) {
		lights = append(lights, home.Entity{
			ID: home.EntityID(fmt.Sprintf("light.n%d", len(lights))), Name: name, Area: area, State: "off", Exposed: true,
			Attributes: map[string]any{"supported_color_modes": []string{"brightness"}},
		})
	}
	for _, name := range []string{"Kitchen Ceiling", "Kitchen Counter", "Kitchen Table", "Kitchen Stove"} {
		add("kitchen", name)
	}
	for i := 1; i < 40; i++ {
		area := home.Area{ID: word(i), Name: word(i) + " room"}
		areas = append(areas, area)
		for j := range 26 {
			if len(lights) < 1000 {
				add(area.ID, word(i)+" "+word(100+j))
			}
		}
	}
	return home.NewSnapshot(lights, areas, nil)
}

// word makes a word of a number, a different one for each of the first thousand.
func word(n int) string {
	syllables := []string{"ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru"}
	return syllables[n/100%10] + syllables[n/10%10] + syllables[n%10]
}

// BenchmarkRename measures how long a turn waits for the names when one of 10,000 entities was renamed.
func BenchmarkRename(b *testing.B) {
	templates, err := LoadTemplates(config.Default().AssetsDir(), "en")
	if err != nil {
		b.Skip("no assets: run make assets")
	}
	lights := make([]home.Entity, 10_000)
	for i := range lights {
		lights[i] = home.Entity{ID: home.EntityID(fmt.Sprintf("light.n%d", i)), Name: word(i/100) + " " + word(i%100) + " lamp", Exposed: true}
	}
	snapshots := make([]*home.Snapshot, 2)
	for i := range snapshots {
		lights := slices.Clone(lights)
		lights[5_000].Name = word(i) + " lantern"
		snapshots[i] = home.NewSnapshot(lights, nil, nil)
	}
	now := snapshots[0]
	l := &language{
		snapshot: func() *home.Snapshot { return now }, renamed: func(*intent.Language, intent.Names) {},
		log: slog.New(slog.DiscardHandler),
	}
	l.change(templates)
	b.ReportAllocs()
	for i := 1; b.Loop(); i++ {
		now = snapshots[i%2]
		l.understanding()
	}
}
