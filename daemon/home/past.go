package home

import (
	"slices"
	"time"
)

// A Moment is when an entity came into a state.
type Moment struct {
	State string
	At    time.Time
}

// Known leaves out the moments that say nothing, such as a restart or a lost connection, and those that only repeat
// the state before. The moments are in the order of time.
func Known(moments []Moment) []Moment {
	var known []Moment
	for _, m := range moments {
		repeats := len(known) > 0 && known[len(known)-1].State == m.State
		if m.State != Unavailable && m.State != Unknown && m.State != "" && !repeats {
			known = append(known, m)
		}
	}
	return known
}

// LastInto finds when a state last began that fits, after one that does not. Always tells that nothing else was seen:
// then at is only how far back the moments go. Found is false when no state fits.
func LastInto(moments []Moment, fits func(state string) bool) (at time.Time, always, found bool) {
	known := Known(moments)
	last := -1
	for i, m := range slices.Backward(known) {
		if fits(m.State) {
			last = i
			break
		}
	}
	if last < 0 {
		return at, false, false
	}
	for last > 0 && fits(known[last-1].State) { // opening, then open
		last--
	}
	return known[last].At, last == 0, true
}

// Spent adds up how long the states that fit have lasted until then. What is not known counts as not.
func Spent(moments []Moment, until time.Time, fits func(state string) bool) (total time.Duration) {
	for i, m := range moments {
		end := until
		if i+1 < len(moments) {
			end = moments[i+1].At
		}
		if fits(m.State) && end.After(m.At) {
			total += end.Sub(m.At)
		}
	}
	return total
}
