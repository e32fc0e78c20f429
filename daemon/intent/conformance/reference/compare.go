package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"hearth/daemon/intent"
)

// read is what this engine makes of a sentence said in an area, "" for an unknown one.
func read(home *intent.Home, text, area string) reading {
	begin := time.Now()
	results := home.Recognize(text, intent.Where{Area: area})
	r := reading{Took: time.Since(begin)}
	if len(results) == 0 || results[0].NeedsArea {
		return r // the reference refuses a template whose area is not known
	}
	best := results[0]
	r.Intent, r.Combination, r.Response = best.Intent, best.Combination, best.Response
	r.Slots = map[string]value{}
	for name, slot := range best.Slots {
		r.Slots[name] = value{slot.Value, slot.Text}
	}
	return r
}

// The classes of differences between two readings, the gravest first.
const (
	same        = ""
	missed      = "missed"      // only the reference matches
	extra       = "extra"       // only this engine does
	intents     = "intent"      // another intent
	combination = "combination" // another slot combination of it
	slots       = "slots"       // other slots, or other values in them
	texts       = "text"        // what was said for a slot
	responses   = "response"    // another response key
	crashed     = "crashed"     // the reference raises an exception
)

// compare names the class of the difference between two readings.
func compare(want, got reading) string {
	switch {
	case want.Error != "":
		return crashed
	case want.Intent == "" && got.Intent == "":
		return same
	case got.Intent == "":
		return missed
	case want.Intent == "":
		return extra
	case want.Intent != got.Intent:
		return intents
	case want.Combination != got.Combination:
		return combination
	case want.Response != got.Response:
		return responses
	}
	return compareSlots(want.Slots, got.Slots)
}

func compareSlots(want, got map[string]value) string {
	class := same
	if len(want) != len(got) {
		return slots
	}
	for name, w := range want {
		g, ok := got[name]
		if !ok || !sameValue(w.Value, g.Value) {
			return slots
		}
		if !strings.EqualFold(w.Text, g.Text) { // the reference gives number words in lower case
			class = texts
		}
	}
	return class
}

// sameValue compares as JSON does: 50 is 50.0.
func sameValue(want, got any) bool {
	raw, err := json.Marshal(got)
	if err != nil {
		return false
	}
	var plain any
	return json.Unmarshal(raw, &plain) == nil && reflect.DeepEqual(want, plain)
}

func (r reading) String() string {
	if r.Error != "" {
		return r.Error
	}
	if r.Intent == "" {
		return "no match"
	}
	s := r.Intent + "/" + r.Combination
	for _, name := range slices.Sorted(maps.Keys(r.Slots)) {
		s += fmt.Sprintf(" %s=%v(%s)", name, r.Slots[name].Value, r.Slots[name].Text)
	}
	if r.Template != "" {
		s += " by " + r.Template
	}
	return s
}
