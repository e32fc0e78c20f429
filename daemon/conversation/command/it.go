package command

import (
	"slices"
	"strings"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// it does something else with what was spoken of before: "turn it off", "set them to 50 percent".
func it(q request) (Command, error) {
	as, ok := q.itself()
	kind, _ := q.kindBefore()
	if !ok || kind == "" {
		return Command{}, ErrNothingBefore
	}
	does, ok := q.deed(kind)
	if !ok {
		return Command{}, ErrNothingBefore
	}
	as.Intent, as.Response = does.intent, does.response
	if does.slot != "" {
		as.Slots[does.slot] = does.value
	}
	return q.as(as)
}

// itself is a reading without an intent that means what was spoken of before: one thing by its name, or several as
// the sentence before has named them, or by their names.
func (q request) itself() (intent.Result, bool) {
	found := q.before()
	r := intent.Result{Slots: map[string]intent.Slot{}}
	if len(found) == 1 {
		r.Slots["name"] = nameSlot(found[0].Name, found)
		return r, true
	}
	if len(found) == 0 {
		return r, false
	}
	said := q.Before.Result
	for _, slot := range []string{"area", "floor", "domain", "device_class"} {
		if s, ok := said.Slots[slot]; ok {
			r.Slots[slot] = s
		}
	}
	r.NeedsArea = said.NeedsArea
	if _, ok := r.Slots["domain"]; !ok {
		r.Slots["domain"] = intent.Slot{Value: found[0].Domain()}
	}
	if _, named := said.Slots["name"]; said.Intent == "" || said.Intent == "HearthAdjust" || named { // which need not have named any place
		r.Slots = map[string]intent.Slot{"name": namesSlot(found)}
	}
	return r, true
}

// namesSlot means all of these.
func namesSlot(entities []home.Entity) intent.Slot {
	var slot intent.Slot
	var names []any
	var text []string
	for _, e := range entities {
		names, text, slot.IDs = append(names, e.Name), append(text, e.Name), append(slot.IDs, string(e.ID))
	}
	slot.Value, slot.Text = names, strings.Join(text, ", ")
	return slot
}

// A deed is what is to be done with something, as a published intent.
type deed struct {
	intent, response string
	slot             string // "" for none
	value            intent.Slot
}

// deed is what the sentence wants done with a kind of thing.
func (q request) deed(kind string) (deed, bool) {
	number, percent := q.Slots["number"], !q.has("degrees")
	switch {
	case q.has("action"):
		return turning(q.text("action"), kind)
	case q.has("color"):
		return deed{"HassLightSet", "color", "color", q.Slots["color"]}, kind == "light"
	case !q.has("number"):
		return deed{}, false
	case kind == "climate" || kind == "water_heater":
		if q.has("percent") { // of nothing
			return deed{}, false
		}
		if percent { // a bare number, which is no share of anything here
			number.Unit = intent.Degrees
		}
		return deed{"HassClimateSetTemperature", "default", "temperature", number}, true
	case percent && kind == "light":
		return deed{"HassLightSet", "brightness", "brightness", number}, true
	case percent && kind == "cover":
		return deed{"HassSetPosition", "default", "position", number}, true
	case percent && kind == "fan":
		return deed{"HassFanSetSpeed", "default", "percentage", number}, true
	case percent && kind == "media_player":
		return deed{"HassSetVolume", "default", "volume_level", number}, true
	}
	return deed{}, false
}

// turning is one of two ways to turn a kind of thing. What is locked or opened is not turned on or off.
func turning(action, kind string) (deed, bool) {
	on := slices.Contains([]string{"on", "open", "lock"}, action)
	d := deed{intent: "HassTurnOff", response: responseFor(on, kind)}
	if on {
		d.intent = "HassTurnOn"
	}
	switch action {
	case "on", "off":
		return d, slices.Contains(switched, kind)
	case "open", "close":
		return d, kind == "cover" || kind == "valve"
	case "lock", "unlock":
		return d, kind == "lock"
	}
	return d, false
}
