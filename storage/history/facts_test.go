package history

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation"
	"hearth/daemon/intent"
)

var _ conversation.Memory = (*Store)(nil)

func fact(id, person, text string, more ...func(*conversation.Fact)) conversation.Fact {
	f := conversation.Fact{ID: id, Person: person, Text: text, At: someTime}
	for _, change := range more {
		change(&f)
	}
	return f
}

func liking(room string, value float64) func(*conversation.Fact) {
	return func(f *conversation.Fact) {
		f.Likes, f.Room, f.Value, f.Unit = conversation.Warmth, room, value, intent.Celsius
	}
}

func later(f *conversation.Fact) { f.At = f.At.Add(time.Minute) }

func TestFactsOfPeople(t *testing.T) {
	s := openTemp(t)
	save := func(facts ...conversation.Fact) {
		t.Helper()
		for _, f := range facts {
			if err := s.SaveFact(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
	}
	texts := func(people ...string) string {
		t.Helper()
		facts, err := s.Facts(t.Context(), people...)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, f := range facts {
			all = append(all, f.Text)
		}
		return strings.Join(all, ", ")
	}
	whole := fact("a", "Anna", "it’s at 21", liking("bedroom", 21.5))
	save(whole, fact("b", "Ben", "ben's", later), fact("c", "", "everybody's", later, later))
	if facts, err := s.Facts(t.Context(), "Anna"); err != nil || len(facts) != 1 || !reflect.DeepEqual(facts[0], whole) {
		t.Errorf("got %+v, %v, want %+v", facts, err, whole)
	}
	for _, c := range []struct {
		people []string
		want   string
	}{{nil, ""}, {[]string{"Anna"}, "it’s at 21"}, {[]string{"Anna", ""}, "everybody's, it’s at 21"}, {[]string{"a%"}, ""}} {
		if got := texts(c.people...); got != c.want {
			t.Errorf("of %q: %q, want %q", c.people, got, c.want)
		}
	}
	save(fact("b", "Ben", "ben's other", later))
	save(fact("d", "Anna", "at 19", liking("bedroom", 19)), fact("e", "Anna", "at 20", liking("", 20)), fact("f", "Ben", "at 18", liking("bedroom", 18)))
	if got := texts("Anna"); got != "at 20, at 19" {
		t.Errorf("in place of what she liked before there is %q", got)
	}
	if got := texts("Ben"); got != "ben's other, at 18" {
		t.Errorf("he has %q", got)
	}
	if err := s.DeleteFacts(t.Context(), "d", "b", "no such"); err != nil {
		t.Fatal(err)
	}
	if got := texts("Anna", "Ben", ""); got != "everybody's, at 18, at 20" {
		t.Errorf("left are %q", got)
	}
}

func TestForgetPerson(t *testing.T) {
	s := openTemp(t)
	for _, person := range []string{"Anna", "Ben", ""} {
		turn := fullTurn("turn of " + person)
		turn.Person = person
		if err := s.Record(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveFact(t.Context(), fact("fact of "+person, person, "a fact")); err != nil {
			t.Fatal(err)
		}
		if err := s.PinPlan(t.Context(), "kitchen\x00"+person+"\x00make it cosy", conversation.LearnedPlan{}); err != nil {
			t.Fatal(err)
		}
	}
	forget := func(person string, turns, facts, pins, steps, audit int) {
		t.Helper()
		if err := s.ForgetPerson(t.Context(), person); err != nil {
			t.Fatal(err)
		}
		for table, want := range map[string]int{"turns": turns, "facts": facts, "pinned_plans": pins, "steps": steps, "audit": audit} {
			var n int
			if err := s.db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil || n != want {
				t.Errorf("after %q is forgotten %s has %d rows, want %d: %v", person, table, n, want, err)
			}
		}
	}
	steps, audits := len(fullTurn("").Steps), len(fullTurn("").Audit())
	forget("Anna", 2, 2, 2, 2*steps, 3*audits)
	forget("", 2, 1, 2, 2*steps, 3*audits)
}

// What is deleted or replaced is in no file of the database any more.
func TestNothingIsLeftOfAFact(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, filepath.Join(dir, "history.db"))
	left := func(words string) bool {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, file := range files {
			if text, err := os.ReadFile(file); err != nil {
				t.Fatal(err)
			} else if bytes.Contains(text, []byte(words)) {
				return true
			}
		}
		return false
	}
	for i := range 200 {
		if err := s.SaveFact(t.Context(), fact(string(rune('a'+i)), "", strings.Repeat("other words ", 10))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SaveFact(t.Context(), fact("x", "Anna", "a sentence about zebras")); err != nil {
		t.Fatal(err)
	}
	if !left("about zebras") {
		t.Fatal("what is remembered is not found in the files at all")
	}
	if err := s.SaveFact(t.Context(), fact("x", "Anna", "a sentence about giraffes")); err != nil {
		t.Fatal(err)
	}
	if left("about zebras") || !left("about giraffes") {
		t.Error("what was corrected is still in the files, or nothing came in its place")
	}
	if err := s.DeleteFacts(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	if left("giraffes") {
		t.Error("what was deleted is still in the files")
	}
}
