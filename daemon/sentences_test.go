package daemon

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
)

func english(t *testing.T) *intent.Language {
	t.Helper()
	assets := config.Default().AssetsDir()
	if _, err := os.Stat(filepath.Join(assets, "sentences", "en.json")); err != nil {
		t.Skip("no assets: run make assets")
	}
	l, err := LoadTemplates(assets, "en")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// write makes files in a folder; those without text are removed.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		err := os.WriteFile(path, []byte(text), 0o600)
		if text == "" {
			err = os.Remove(path)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func understands(l *intent.Language, text string) bool {
	return len(l.Home(intent.Names{}).Recognize(text, intent.Where{})) > 0
}

func TestSentencesAreReadAnewWhenTheyChange(t *testing.T) {
	published := english(t)
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		var current atomic.Pointer[intent.Language]
		var loads atomic.Int32
		s := newOwnSentences(published, dir, func(l *intent.Language) { current.Store(l); loads.Add(1) }, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
		s.load()
		go s.run(t.Context())
		edit := func(files map[string]string, looks int) {
			write(t, dir, files)
			time.Sleep(time.Duration(looks) * lookEvery)
			synctest.Wait()
		}
		time.Sleep(lookEvery / 2) // between two looks

		edit(map[string]string{"en/a.yaml": "intents: {A: {data: [{sentences: [hea"}, 1)
		edit(map[string]string{"en/a.yaml": "intents: {A: {data: [{sentences: [heave ho]}]}}"}, 1)
		if loads.Load() != 1 { // the one at the start
			t.Error("a file was read while it was still being written")
		}
		edit(nil, 1)
		if loads.Load() != 2 || !understands(current.Load(), "heave ho") {
			t.Fatalf("after %d loads the sentence is not understood", loads.Load())
		}
		edit(nil, 5)
		if loads.Load() != 2 {
			t.Errorf("%d loads without a change", loads.Load())
		}

		edit(map[string]string{"en/a.yaml": "intents: {A: [", "en/deep/b.yaml": "intents: {B: {data: [{sentences: [avast, 'belay <nothing>']}]}}"}, 3)
		if !understands(current.Load(), "heave ho") || !understands(current.Load(), "avast") {
			t.Error("a broken file took sentences away")
		}
		if n, m := testutil.ToFloat64(s.faults), testutil.ToFloat64(s.count); n != 2 || m != 2 {
			t.Errorf("%v faults and %v sentences are counted, want 2 and 2", n, m)
		}

		edit(map[string]string{"en/a.yaml": "", "en/deep/b.yaml": ""}, 3)
		if understands(current.Load(), "heave ho") || testutil.ToFloat64(s.faults)+testutil.ToFloat64(s.count) != 0 {
			t.Error("a file that is gone is still in use")
		}
	})
}

func TestFilesThatAreNotRead(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"here.yaml": "x", "en/short.yml": "x", "en/.hidden.yaml": "x", "en/.git/x.yaml": "x", "en/notes.txt": "x", "de/other.yaml": "x: [",
		"en/good.yaml": "intents: {A: {data: [{sentences: [heave ho]}]}}",
	})
	if err := syscall.Mkfifo(filepath.Join(dir, "en/pipe.yaml"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, faults := LoadSentences(english(t), dir)
	var got []string
	for _, f := range faults {
		got = append(got, strings.TrimPrefix(f.String(), dir+"/"))
	}
	want := []string{
		"en/pipe.yaml: it is not a file; expected a file that hearthd may read",
		"en/short.yml: files that end in .yml are not read; expected en/short.yaml",
		"here.yaml: it is in no folder of a language, and not read; expected en/here.yaml",
	}
	if !slices.Equal(got, want) || l.Custom() != 1 {
		t.Errorf("faults\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if err := os.Chmod(filepath.Join(dir, "en/good.yaml"), 0); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 {
		if _, faults := LoadSentences(english(t), dir); len(faults) != 4 {
			t.Errorf("a file that must not be read: %v", faults)
		}
	}
	for _, none := range []string{"", filepath.Join(dir, "nowhere")} {
		if l, faults := LoadSentences(english(t), none); l.Custom() != 0 || faults != nil || HasSentences(none, "en") {
			t.Errorf("folder %q: %v", none, faults)
		}
	}
}

// TestWhatOwnSentencesDo changes the sentences of a running daemon.
func TestWhatOwnSentencesDo(t *testing.T) {
	d := quietDaemon(t, "en", demo.New())
	say := func(text string) *conversation.Turn {
		t.Helper()
		turn, err := d.Conversation.Through("test").Say(t.Context(), "kitchen", text)
		if err != nil {
			t.Fatal(err)
		}
		return turn
	}
	say("turn on the kitchen ceiling")
	if turn := say("turn on the kitchen ceiling"); turn.DecidedBy != conversation.ByPlan {
		t.Fatalf("decided by %q, want a plan", turn.DecidedBy)
	}
	own, faults := intent.ParseCustom("own.yaml", []byte(`
intents:
  HassTurnOff:
    data:
      - sentences: ["kill [the] {name}"]
        response: "{{ slots.name }} is dead."
  Morning:
    data:
      - sentences: ["good morning [{who}]"]
        response: Good morning, {{ slots.who | default('you') }}!
        lists: {who: {wildcard: true}}
  Turn:
    data:
      - sentences: ["turn on the kitchen ceiling"]
`))
	templates, more := d.language.current.WithCustom(own)
	if len(faults)+len(more) > 0 {
		t.Fatal(faults, more)
	}
	d.language.change(templates)
	for _, tc := range []struct {
		said, intent, reply string
		failure             conversation.Failure
		outcome             conversation.Outcome
	}{
		{"kill the kitchen ceiling", "HassTurnOff", "Kitchen Ceiling is dead.", "", conversation.Confirmed},
		{"good morning Ada", "Morning", "Good morning, Ada!", "", ""},
		{"good morning Ada", "Morning", "Good morning, Ada!", "", ""},
		{"turn on the kitchen ceiling", "Turn", "I understood that, but nothing is set up for Turn.", conversation.NoTarget, ""},
	} {
		turn := say(tc.said)
		var outcome conversation.Outcome
		if len(turn.Steps) > 0 {
			outcome = turn.Steps[0].Outcome
		}
		if turn.DecidedBy != conversation.ByGrammar || turn.Intent != tc.intent || turn.Reply != tc.reply || turn.Failure != tc.failure || outcome != tc.outcome {
			t.Errorf("%q: by %s, %s, %q, failure %q, %q; want %+v", tc.said, turn.DecidedBy, turn.Intent, turn.Reply, turn.Failure, outcome, tc)
		}
	}
}

func TestOwnSentencesAreHeard(t *testing.T) {
	own, faults := english(t).WithCustom(intent.NewCustom("Greet", "ahoy [dear] {name}"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	encoded, err := SpeechGrammar(own, intent.Names{Entities: []intent.Name{{ID: "light.a", Names: []string{"Ada"}}}})
	if err != nil {
		t.Fatal(err)
	}
	grammar, err := intent.UnmarshalGrammar(encoded)
	if err != nil {
		t.Fatal(err)
	}
	for said, want := range map[string]bool{"ahoy dear ada": true, "ahoy eve": false, "yes please": true, "ten minutes": true, "tomorrow at seven": true} {
		if got := grammar.Accepts(said); got != want {
			t.Errorf("%q is heard: %v, want %v", said, got, want)
		}
	}
}

// A critical action waits for a yes whatever words of the owner's led to it.
func TestOwnSentencesPassTheGate(t *testing.T) {
	d := quietDaemon(t, "en", demo.New())
	own, faults := intent.ParseCustom("own.yaml", []byte(`
intents:
  HassTurnOff:
    data:
      - sentences: ["sesame"]
        slots: {name: Front Door, domain: lock}
        response: lock
      - sentences: ["let [the] {name} go"]
        response: lock
`))
	templates, more := d.language.current.WithCustom(own)
	if len(faults)+len(more) > 0 {
		t.Fatal(faults, more)
	}
	d.language.change(templates)
	for _, text := range []string{"sesame", "let the front door go", "sesame"} {
		turn, err := d.Conversation.Through("test").Say(t.Context(), "kitchen", text)
		if err != nil {
			t.Fatal(err)
		}
		if door, _ := d.home.Snapshot().Entity("lock.front_door"); turn.Asks != conversation.AsksConfirmation || door.State != "locked" {
			t.Errorf("%q: %q, asks %q, the door is %s", text, turn.Reply, turn.Asks, door.State)
		}
	}
}

// Names are never compiled from an older home than the one before: the home is looked at by one at a time.
func TestNamesOnlyGetNewer(t *testing.T) {
	empty := home.NewSnapshot(nil, nil, nil)
	l := &language{snapshot: func() *home.Snapshot { return empty }, renamed: func(*intent.Language, intent.Names) {}, log: slog.New(slog.DiscardHandler)}
	l.change(english(t))
	l.snapshot = func() *home.Snapshot {
		if l.mu.TryLock() {
			l.mu.Unlock()
			t.Error("while one looks at the home, another may compile a newer one")
		}
		return empty
	}
	l.understanding()
}

// TestSentencesAndNamesChangeAtOnce has a room get a new name while sentences are compiled: neither may be lost.
func TestSentencesAndNamesChangeAtOnce(t *testing.T) {
	snapshot := home.NewSnapshot([]home.Entity{{ID: "light.a", Name: "Ada", Exposed: true}}, nil, nil)
	l := &language{snapshot: func() *home.Snapshot { return snapshot }, renamed: func(*intent.Language, intent.Names) {}, log: slog.New(slog.DiscardHandler)}
	published := english(t)
	l.change(published)
	own, faults := published.WithCustom(intent.NewCustom("Greet", "ahoy {name}"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	l.renamed = func(*intent.Language, intent.Names) {
		l.renamed = func(*intent.Language, intent.Names) {}
		snapshot = home.NewSnapshot([]home.Entity{{ID: "light.a", Name: "Eve", Exposed: true}}, nil, nil)
		l.understanding() // somebody speaks
	}
	l.change(own)
	if rs := l.understanding().Recognize("ahoy Eve", intent.Where{}); len(rs) != 1 || rs[0].Intent != "Greet" {
		t.Errorf("got %+v", rs)
	}
}
