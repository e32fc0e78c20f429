package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"hearth/daemon/intent"
)

// A reading is what one of the two makes of a sentence; without an intent, it matches nothing.
type reading struct {
	Intent      string            `json:"intent,omitempty"`
	Combination string            `json:"combination,omitempty"`
	Response    string            `json:"response,omitempty"`
	Slots       map[string]value  `json:"slots,omitempty"`
	Captures    map[string]string `json:"captures,omitempty"`
	Template    string            `json:"template,omitempty"` // of the reference only
	Error       string            `json:"error,omitempty"`    // what the reference raised
}

// value is one slot, and what was said for it.
type value struct {
	Value any    `json:"value"`
	Text  string `json:"text"`
}

// read is what the engine makes of a sentence said in an area, "" for an unknown one. The reference has
// no templates whose area is not known, so they are none here.
func read(home *intent.Home, text, area string) reading {
	results := home.Recognize(text, intent.Where{Area: area})
	var r reading
	if len(results) == 0 || results[0].NeedsArea {
		return r
	}
	best := results[0]
	r.Intent, r.Combination, r.Response, r.Captures = best.Intent, best.Combination, best.Response, best.Captures
	r.Slots = map[string]value{}
	for name, slot := range best.Slots {
		r.Slots[name] = value{slot.Value, slot.Text}
	}
	return r
}

// class tells the differences between readings apart.
type class string

const (
	same        class = ""
	missed      class = "missed" // only the reference matches
	extra       class = "extra"  // only the engine does
	intents     class = "intent"
	combination class = "combination"
	responses   class = "response"
	slots       class = "slots"
	texts       class = "text"   // what was said for a slot or capture
	raised      class = "raised" // the reference raises an exception
)

// compare classes the difference of two readings by the first thing in which they differ.
func compare(want, got reading) class {
	switch {
	case want.Error != "":
		return raised
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
	case !maps.EqualFunc(want.Slots, got.Slots, func(w, g value) bool { return sameValue(w.Value, g.Value) }):
		return slots
	case !maps.EqualFunc(want.Slots, got.Slots, func(w, g value) bool { return sameText(w.Text, g.Text) }):
		return texts
	case !maps.EqualFunc(want.Captures, got.Captures, sameText):
		return texts
	}
	return same
}

// sameValue compares as JSON does: 50 is 50.0. What a wildcard took is compared as text.
func sameValue(want, got any) bool {
	if text, ok := want.(string); ok {
		said, ok := got.(string)
		return ok && written.Replace(text) == written.Replace(said)
	}
	raw, err := json.Marshal(got)
	if err != nil {
		return false
	}
	var plain any
	return json.Unmarshal(raw, &plain) == nil && reflect.DeepEqual(want, plain)
}

// written makes one of the ways to write the same text: with marks of where a line may break, and apostrophes.
var written = strings.NewReplacer("\u200b", "", "ʼ", "'", "’", "'")

// sameText compares letters and digits. The reference gives number words as it would write them itself.
func sameText(want, got string) bool { return strings.EqualFold(letters(want), letters(got)) }

func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Lm, r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, text)
}

// lower is a reading with all that was said in lower case.
func (r reading) lower() reading {
	r.Slots = maps.Clone(r.Slots)
	for name, slot := range r.Slots {
		if text, ok := slot.Value.(string); ok {
			r.Slots[name] = value{strings.ToLower(text), slot.Text}
		}
	}
	return r
}

func (r reading) String() string {
	if r.Error != "" {
		return "raises " + r.Error
	}
	if r.Intent == "" {
		return "no match"
	}
	var b strings.Builder
	b.WriteString(r.Intent + "/" + r.Combination)
	for _, name := range slices.Sorted(maps.Keys(r.Slots)) {
		fmt.Fprintf(&b, " %s=%v(%s)", name, r.Slots[name].Value, r.Slots[name].Text)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Captures)) {
		fmt.Fprintf(&b, " @%s(%s)", name, r.Captures[name])
	}
	if r.Template != "" {
		b.WriteString(" by " + r.Template)
	}
	return b.String()
}
