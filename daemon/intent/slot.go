package intent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"
)

// A Slot is one value of a sentence, in the form that an executor needs: nothing of it is to be parsed again.
type Slot struct {
	// Value is what the template's list gives out: a string, an int, a float64, or a []any of strings where the
	// words mean more than one thing. Names and free text (an item, a message) are as they were written or said;
	// everything else is Home Assistant's word for it: "light", "on", "skyblue".
	Value any
	// Text is what was said, in the speaker's own case and spelling, but for a number in words, which is as the
	// language writes it: responses repeat it.
	Text string
	Unit Unit `json:",omitempty"` // of a number
	// IDs are the entities, areas or floors that have this name; nil for other slots.
	IDs []string
	// Metadata are what an owner wrote beside the list's value. They are not to be changed.
	Metadata map[string]any `json:",omitempty"`
}

// A Unit is what a number counts, "" when it is not known.
type Unit string

// The units of the published intents. Degrees are those that the home counts in, unless the speaker named the
// scale.
const (
	Percent    Unit = "%"
	Degrees    Unit = "°"
	Celsius    Unit = "°C"
	Fahrenheit Unit = "°F"
	Kelvin     Unit = "K"
	Hours      Unit = "h"
	Minutes    Unit = "min"
	Seconds    Unit = "s"
)

// slotUnits are the units of Home Assistant's own slots (homeassistant/helpers/intent.py and the intents of its
// components), whatever list fills them.
var slotUnits = map[string]Unit{
	"brightness": Percent, "percentage": Percent, "position": Percent, "volume_level": Percent, "volume_step": Percent,
	"temperature": Degrees,
	"hours":       Hours, "minutes": Minutes, "seconds": Seconds,
	"start_hours": Hours, "start_minutes": Minutes, "start_seconds": Seconds,
}

// unitOf is the unit of a number in an intent's slot, or the one that the slot's list declares. Rest is the
// sentence behind the number.
func unitOf(intent string, slot slotName, rest []rune) Unit {
	unit, known := slotUnits[slot.name]
	if !known {
		unit = slot.unit
	}
	switch {
	case unit != Degrees:
		return unit
	case intent == "HassLightSet":
		return Kelvin
	}
	return scaleAfter(string(rest))
}

// rangeUnits are the units of the types of ranges.
var rangeUnits = map[string]Unit{"": "", "number": "", "percentage": Percent, "temperature": Degrees}

// scaleAfter is the temperature scale that is named behind a number, by the first or second word: "20 degrees
// celsius", "20 °C".
func scaleAfter(rest string) Unit {
	for i, word := range strings.Fields(strings.ToLower(rest)) {
		switch strings.TrimPrefix(word, "°") {
		case "c", "celsius":
			return Celsius
		case "f", "fahrenheit":
			return Fahrenheit
		}
		if i == 1 {
			break
		}
	}
	return Degrees
}

// counting is the slot with a unit, if it is a number.
func (s Slot) counting(unit Unit) Slot {
	if _, ok := s.Float(); ok {
		s.Unit = unit
	}
	return s
}

// Float is the slot's number; false when it is none.
func (s Slot) Float() (float64, bool) {
	switch n := s.Value.(type) {
	case int:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// Int is the slot's number when that is whole.
func (s Slot) Int() (int, bool) {
	n, ok := s.Float()
	if !ok || n != math.Trunc(n) || math.Abs(n) >= 1<<53 {
		return 0, false
	}
	return int(n), true
}

// String is the slot's value as text: the first one when there are several, and what was said when there is none.
func (s Slot) String() string {
	if _, ok := s.Float(); ok {
		return fmt.Sprint(s.Value)
	}
	if all := s.Strings(); len(all) > 0 {
		return all[0]
	}
	return s.Text
}

// Strings are the slot's values: those that a state, a domain or a device class may have. Nil for numbers.
func (s Slot) Strings() []string {
	switch v := s.Value.(type) {
	case string:
		return []string{v}
	case []string:
		return v
	case []any:
		all := make([]string, 0, len(v))
		for _, one := range v {
			if text, ok := one.(string); ok {
				all = append(all, text)
			}
		}
		return all
	}
	return nil
}

// Color is the slot's color by its name in CSS, in which no name has a space: "skyblue".
func (s Slot) Color() string { return strings.ToLower(strings.ReplaceAll(s.String(), " ", "")) }

// Duration is the slot's number of hours, minutes or seconds; false when it is none of those.
func (s Slot) Duration() (time.Duration, bool) {
	n, ok := s.Float()
	one := s.Unit.duration()
	return time.Duration(math.Round(n * float64(one))), ok && one > 0
}

// duration is how long one of a unit is, 0 when it does not count time.
func (u Unit) duration() time.Duration {
	switch u {
	case Hours:
		return time.Hour
	case Minutes:
		return time.Minute
	case Seconds:
		return time.Second
	}
	return 0
}

// Duration is how long the sentence says in its slots hours, minutes and seconds together: an hour and a half. False
// when it has none of them.
func (r Result) Duration() (time.Duration, bool) { return r.sum("hours", "minutes", "seconds") }

// StartDuration is the length that a timer was set to, by which a sentence speaks of it: the slots start_hours,
// start_minutes and start_seconds together.
func (r Result) StartDuration() (time.Duration, bool) {
	return r.sum("start_hours", "start_minutes", "start_seconds")
}

func (r Result) sum(slots ...string) (sum time.Duration, ok bool) {
	for _, name := range slots {
		slot := r.Slots[name]
		slot.Unit = slotUnits[name] // which a result that was kept before there were units does not have
		if d, is := slot.Duration(); is {
			sum, ok = sum+d, true
		}
	}
	return sum, ok
}

// UnmarshalJSON reads a slot that was kept as JSON. A whole number comes back as the int that it was.
func (s *Slot) UnmarshalJSON(b []byte) error {
	type plain Slot
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.UseNumber()
	if err := decoder.Decode((*plain)(s)); err != nil {
		return err
	}
	if n, ok := s.Value.(json.Number); ok {
		if i, err := n.Int64(); err == nil {
			s.Value = int(i)
			return nil
		}
		f, err := n.Float64()
		s.Value = f
		return err
	}
	return nil
}
