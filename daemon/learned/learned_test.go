package learned

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/intent"
	"hearth/storage/cache"
	"hearth/storage/history"
)

// A shelf is the files that plans are kept in.
type shelf struct{ dir string }

// open opens the plans until close, or the end of the test.
func (s shelf) open(t testing.TB) (p *Plans, closeAll func()) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	db, err := cache.Open(filepath.Join(s.dir, "cache.db"), cache.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	store, err := history.Open(filepath.Join(s.dir, "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	closeAll = func() {
		if closed {
			return
		}
		closed = true
		if err := errors.Join(db.Close(), store.Close()); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(closeAll)
	return New(db, 10_000, store, log), closeAll
}

func key(registry, room, said string) string {
	return strings.Join([]string{"sentences", registry, room, "", said}, "\x00")
}

func cosy(said string) conversation.LearnedPlan {
	return conversation.LearnedPlan{
		Text: said, Room: "Office", Model: "m", Learned: time.Now(), From: time.Now().Add(time.Hour),
		Calls:   []home.Call{{Domain: "light", Service: "turn_on", Entity: "light.desk_lamp", Data: map[string]any{"brightness_pct": 40.0}}},
		Things:  []conversation.Thing{{ID: "light.desk_lamp", Name: "Desk Lamp", Area: "Office"}},
		Offered: []conversation.Thing{{ID: "light.office_ceiling", Name: "Office Ceiling", Area: "Office"}, {ID: "light.desk_lamp", Name: "Desk Lamp", Area: "Office"}},
	}
}

func keep(t testing.TB, p *Plans, key string, plan conversation.LearnedPlan) {
	t.Helper()
	if err := p.Put(key, plan); err != nil {
		t.Fatal(err)
	}
}

func onlyID(t *testing.T, p *Plans) string {
	t.Helper()
	list, err := p.List(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("list: %+v, %v", list, err)
	}
	return list[0].ID
}

func TestOtherNamesEndThePlansOfBefore(t *testing.T) {
	p, _ := shelf{t.TempDir()}.open(t)
	keep(t, p, key("old", "office", "a"), cosy("a"))
	keep(t, p, key("old", "office", "b"), conversation.LearnedPlan{Intent: &intent.Result{Intent: "HassTurnOn"}})
	if _, ok := p.Get(key("new", "office", "a")); ok {
		t.Error("a plan of other names was found")
	}
	keep(t, p, key("new", "office", "c"), cosy("c"))
	for _, said := range []string{"a", "b"} {
		if _, ok := p.Get(key("old", "office", said)); ok {
			t.Errorf("%s is still there", said)
		}
	}
	if _, ok := p.Get(key("new", "office", "c")); !ok {
		t.Error("the new one is gone")
	}
}

// A pinned plan outlives the cache, other names and a correction; what it is about is the conversation's to look at.
func TestAPinOutlivesTheCache(t *testing.T) {
	files := shelf{t.TempDir()}
	p, closeAll := files.open(t)
	keep(t, p, key("r", "office", "make it cosy"), cosy("Make it cosy!"))
	id := onlyID(t, p)
	if plan, err := p.Pin(t.Context(), id); err != nil || !plan.Pinned || plan.ID != id {
		t.Fatalf("pinned %+v, %v", plan, err)
	}
	if plan, _ := p.Get(key("r", "office", "make it cosy")); !plan.Pinned || !plan.From.IsZero() {
		t.Errorf("got %+v", plan)
	}
	if err := p.Delete(key("r", "office", "make it cosy")); !errors.Is(err, conversation.ErrPinned) {
		t.Errorf("deleted: %v", err)
	}
	closeAll()

	p, _ = shelf{t.TempDir()}.open(t) // another home does not have it
	if _, ok := p.Get(key("r", "office", "make it cosy")); ok {
		t.Error("found in another home")
	}
	lost := shelf{t.TempDir()}
	copyFile(t, filepath.Join(files.dir, "history.db"), filepath.Join(lost.dir, "history.db"))
	p, _ = lost.open(t)
	plan, ok := p.Get(key("another registry", "office", "make it cosy"))
	if !ok || !plan.Pinned || plan.Text != "Make it cosy!" || plan.Calls[0].Data["brightness_pct"] != 40.0 {
		t.Fatalf("after the cache was lost: %+v, %v", plan, ok)
	}
	if _, ok := p.Get(key("r", "kitchen", "make it cosy")); ok {
		t.Error("found in another room")
	}
	if got := onlyID(t, p); got != id {
		t.Errorf("its ID is %s, was %s", got, id)
	}
	if plan, err := p.Unpin(t.Context(), id); err != nil || plan.Pinned {
		t.Errorf("unpinned %+v, %v", plan, err)
	}
	if _, ok := p.Get(key("r", "office", "make it cosy")); ok {
		t.Error("unpinned, and still there")
	}
}

// What a model makes of the sentence once the pinned plan fits no longer may be corrected.
func TestANewerPlanOfAPinnedSentenceMayGo(t *testing.T) {
	p, _ := shelf{t.TempDir()}.open(t)
	keep(t, p, key("r", "", "make it cosy"), cosy("make it cosy"))
	if _, err := p.Pin(t.Context(), onlyID(t, p)); err != nil {
		t.Fatal(err)
	}
	other := cosy("make it cosy")
	other.Calls[0].Entity = "light.reading_lamp"
	keep(t, p, key("s", "", "make it cosy"), other)
	if plan, _ := p.Get(key("s", "", "make it cosy")); plan.Calls[0].Entity != "light.reading_lamp" {
		t.Errorf("got %+v", plan)
	}
	if err := p.Delete(key("s", "", "make it cosy")); err != nil {
		t.Errorf("delete: %v", err)
	}
	if plan, ok := p.Get(key("s", "", "make it cosy")); !ok || plan.Calls[0].Entity != "light.desk_lamp" {
		t.Errorf("the pin: %+v, %v", plan, ok)
	}
}

func TestRemoveForgetsAPinnedPlanToo(t *testing.T) {
	files := shelf{t.TempDir()}
	p, closeAll := files.open(t)
	keep(t, p, key("r", "", "a"), cosy("a"))
	keep(t, p, key("r", "", "b"), conversation.LearnedPlan{Intent: &intent.Result{}}) // not the owner's business
	id := onlyID(t, p)
	if _, err := p.Pin(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if plan, err := p.Remove(t.Context(), id); err != nil || plan.Text != "a" {
		t.Errorf("removed %+v, %v", plan, err)
	}
	if _, err := p.Remove(t.Context(), id); !errors.Is(err, conversation.ErrNoPlan) {
		t.Errorf("twice: %v", err)
	}
	closeAll()
	p, _ = files.open(t)
	if list, err := p.List(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("after a restart: %+v, %v", list, err)
	}
}

func TestListIsByUse(t *testing.T) {
	p, _ := shelf{t.TempDir()}.open(t)
	now := time.Now()
	for i, said := range []string{"never used", "used long ago", "used now"} {
		plan := cosy(said)
		plan.Learned = now.Add(-time.Duration(i) * time.Hour)
		if i > 0 {
			plan.LastUsed = now.Add(time.Duration(i-1) * time.Minute).Add(-30 * time.Second)
		}
		keep(t, p, key("r", "", said), plan)
	}
	list, err := p.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, plan := range list {
		said = append(said, plan.Text)
	}
	if want := []string{"used now", "never used", "used long ago"}; !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
}

// Pins that cannot be read at the start are read later.
func TestUnreadablePinsAreReadLater(t *testing.T) {
	files := shelf{t.TempDir()}
	p, _ := files.open(t)
	keep(t, p, key("r", "", "a"), cosy("a"))
	if _, err := p.Pin(t.Context(), onlyID(t, p)); err != nil {
		t.Fatal(err)
	}
	pins := &sick{Pins: p.pins, err: history.ErrFull}
	db, err := cache.Open(filepath.Join(t.TempDir(), "cache.db"), cache.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	late := New(db, 10, pins, slog.New(slog.DiscardHandler))
	if _, err := late.List(t.Context()); !errors.Is(err, history.ErrFull) {
		t.Errorf("list: %v", err)
	}
	pins.err = nil
	onlyID(t, late)
	if _, ok := late.Get(key("r", "", "a")); !ok {
		t.Error("the pin is not found")
	}
}

type sick struct {
	Pins
	err error
}

func (s *sick) PinnedPlans(ctx context.Context) (map[string]conversation.LearnedPlan, error) {
	if s.err != nil {
		return nil, s.err
	}
	return s.Pins.PinnedPlans(ctx)
}

func TestExport(t *testing.T) {
	settled := cosy("Make it <cosy>!")
	settled.From, settled.Uses = time.Time{}, 3
	settled.Offered = settled.Offered[:1] // not the lamp: it is added
	var out strings.Builder
	n, err := Export(&out, []conversation.LearnedPlan{cosy("may still be objected to"), settled}, time.Now())
	if err != nil || n != 1 || strings.Count(out.String(), "\n") != 1 {
		t.Fatalf("%d, %v:\n%s", n, err, out.String())
	}
	var e Example
	if err := json.Unmarshal([]byte(out.String()), &e); err != nil {
		t.Fatal(err)
	}
	want := []Message{
		{"system", "You turn a sentence into calls of the devices of a home. The devices, as identifier, name and area:\n" +
			"light.office_ceiling | Office Ceiling | Office\nlight.desk_lamp | Desk Lamp | Office\nThe speaker is in: Office"},
		{"user", "Make it <cosy>!"},
		{"assistant", `{"calls":[{"entity":"light.desk_lamp","service":"turn_on","data":{"brightness_pct":40}}],"reply":""}`},
	}
	if !slices.Equal(e.Messages, want) {
		t.Errorf("messages %q\nwant %q", e.Messages, want)
	}
	if e.Room != "Office" || len(e.Entities) != 2 || e.Outcome != "confirmed" || e.Uses != 3 || e.Model != "m" || !strings.Contains(out.String(), "<cosy>") {
		t.Errorf("example %+v", e)
	}
	if len(settled.Offered) != 1 {
		t.Error("the plan was changed")
	}
}

// BenchmarkGet finds one of 10,000 plans, of which a tenth is in memory.
func BenchmarkGet(b *testing.B) {
	p, _ := shelf{b.TempDir()}.open(b)
	keys := make([]string, 10_000)
	for i := range keys {
		said := fmt.Sprintf("make it as nice as on day number %d", i)
		keys[i] = key("registry", "office", said)
		keep(b, p, keys[i], cosy(said))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, ok := p.Get(keys[i*7919%len(keys)]); !ok {
			b.Fatal("not found")
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// What a person has taught goes with the person, pinned or not, and comes back with no restart.
func TestForgetPerson(t *testing.T) {
	files := shelf{t.TempDir()}
	p, closeAll := files.open(t)
	of := func(person, said string) string {
		return strings.Join([]string{"s", "r", "office", person, said}, "\x00")
	}
	for _, person := range []string{"Anna", "Ben", ""} {
		keep(t, p, of(person, "cosy"), cosy("cosy"))
		keep(t, p, of(person, "pinned"), cosy("pinned"))
		keep(t, p, of(person, "reading"), conversation.LearnedPlan{Intent: &intent.Result{Intent: "HassTurnOn"}})
	}
	list, err := p.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, plan := range list {
		if plan.Text == "pinned" {
			if _, err := p.Pin(t.Context(), plan.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := p.pins.(*history.Store).ForgetPerson(t.Context(), "Anna"); err != nil {
		t.Fatal(err)
	}
	p.ForgetPerson("Anna")
	p.ForgetPerson("") // is nobody
	for range 2 {
		for _, said := range []string{"cosy", "pinned", "reading"} {
			for person, want := range map[string]bool{"Anna": false, "Ben": true, "": true} {
				if _, ok := p.Get(of(person, said)); ok != want {
					t.Errorf("%q of %q is there: %v", said, person, ok)
				}
			}
		}
		closeAll()
		p, closeAll = files.open(t)
	}
}
