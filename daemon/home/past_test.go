package home

import (
	"strings"
	"testing"
	"time"
)

func TestLastInto(t *testing.T) {
	begin := time.Date(2026, 11, 28, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		states string // one a minute
		minute int
		always bool
		found  bool
	}{
		{"closed open closed", 1, false, true},
		{"closed open closed open", 3, false, true},
		{"closed opening open closed", 1, false, true}, // it began to open then
		{"closed open unavailable open closed", 1, false, true},
		{"closed open unavailable closed unavailable", 1, false, true},
		{"closed unknown open", 2, false, true},
		{"open", 0, true, true},
		{"open unavailable open", 0, true, true},
		{"open closed", 0, true, true}, // when it was opened is not known
		{"closed", 0, false, false},
		{"unavailable", 0, false, false},
		{"", 0, false, false},
	} {
		var moments []Moment
		for i, state := range strings.Fields(c.states) {
			moments = append(moments, Moment{state, begin.Add(time.Duration(i) * time.Minute)})
		}
		at, always, found := LastInto(moments, func(s string) bool { return strings.HasPrefix(s, "open") })
		if always != c.always || found != c.found || found && !at.Equal(begin.Add(time.Duration(c.minute)*time.Minute)) {
			t.Errorf("%q: %v, always %v, found %v", c.states, at, always, found)
		}
	}
}

func TestSpent(t *testing.T) {
	begin := time.Date(2026, 11, 28, 8, 0, 0, 0, time.UTC)
	for states, want := range map[string]int{ // one a minute, and then one more
		"on": 1, "off": 0, "on off": 1, "off on on": 2, "on unavailable on off on": 3, "": 0,
	} {
		var moments []Moment
		for i, state := range strings.Fields(states) {
			moments = append(moments, Moment{state, begin.Add(time.Duration(i) * time.Minute)})
		}
		until := begin.Add(time.Duration(len(moments)) * time.Minute)
		if got := Spent(moments, until, func(s string) bool { return s == "on" }); got != time.Duration(want)*time.Minute {
			t.Errorf("%q: %s, want %d minutes", states, got, want)
		}
	}
}
