package command

import (
	"errors"
	"maps"
	"slices"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// Before is what was spoken of last: what "it", "brighter" and "and in the bedroom" refer to.
type Before struct {
	Result   intent.Result   `json:"result"`             // how the sentence was understood; zero when a model decided
	Entities []home.EntityID `json:"entities,omitempty"` // that it was about
}

// ErrNothingBefore is returned for a sentence that refers to what was spoken of before, when nothing was that fits.
var ErrNothingBefore = errors.New("the sentence refers to something, and nothing fits")

// Refers tells whether a reading means something only after another sentence. It is never learned, and cannot be
// put off: by then something else may have been spoken of.
func Refers(r intent.Result) bool { return referring(r.Intent) != nil }

// Meant tells whether one of a sentence's readings means something by itself.
func Meant(results []intent.Result) bool {
	noTitle := slices.ContainsFunc(results, func(r intent.Result) bool {
		_, second := r.Slots["conversation_command"]
		return deniesTitle(r) && !second // which is not known to mean something
	})
	return slices.ContainsFunc(results, func(r intent.Result) bool {
		return !leans(r) && !deniesTitle(r) && !isWare(r) && r.Intent != Incomplete && (!noTitle || !searchesMedia(r))
	})
}

// leans tells whether a reading means nothing by itself. What says where or what is to be brighter means something.
func leans(r intent.Result) bool {
	says := func(slot string) bool { _, ok := r.Slots[slot]; return ok }
	return Refers(r) && (r.Intent != "HearthAdjust" || !slices.ContainsFunc([]string{"name", "area", "floor", "here"}, says))
}

// referring is the rule of an intent that refers to what was spoken of before, nil for others. It is no row of rules,
// since it looks there itself.
func referring(name string) rule {
	switch name {
	case "HearthAgain":
		return again
	case "HearthIt":
		return it
	case "HearthAdjust":
		return adjust
	case "HearthAlarmOff": // to what rings, or to what is armed or set
		return alarmOff
	}
	return nil
}

// repeatable are the intents that may be meant for another place or another thing.
var repeatable = []string{
	"HassTurnOn", "HassTurnOff", "HassLightSet", "HassSetPosition", "HassFanSetSpeed", "HassClimateSetTemperature",
	"HassGetState", "HassClimateGetTemperature", "HearthGetHumidity", "HassSetVolume", "HassSetVolumeRelative",
	"HassMediaPause", "HassMediaUnpause", "HassMediaPlayerMute", "HassMediaPlayerUnmute", "HearthAdjust",
}

// again does what was asked for before in another place, or with another thing: "and in the bedroom".
func again(q request) (Command, error) {
	if q.Before == nil || !slices.Contains(repeatable, q.Before.Result.Intent) {
		return Command{}, ErrNothingBefore
	}
	as := q.Before.Result
	as.Slots, as.NeedsArea = maps.Clone(as.Slots), false
	move := q.into
	if q.has("name") {
		move = q.onto
	}
	if !move(&as) {
		return Command{}, ErrNothingBefore
	}
	return q.as(as)
}

// as is the command of another reading, which the sentence stands for.
func (q request) as(r intent.Result) (Command, error) {
	r.Text, r.Template = q.Text, q.Template
	c, err := Build(r, q.Input)
	c.As = &r
	return c, err
}

// into moves a reading into the place that the sentence names. What was asked of one thing by its name is then asked
// of all of its kind, if there are many of that in a house.
func (q request) into(as *intent.Result) bool {
	if _, named := as.Slots["name"]; named {
		kind, class := q.kindBefore()
		if !turns(as.Intent) && as.Intent == "HassGetState" || !slices.Contains([]string{"light", "fan", "cover", "climate", "media_player"}, kind) {
			return false
		}
		delete(as.Slots, "name")
		if turns(as.Intent) {
			as.Slots["domain"], as.Response = intent.Slot{Value: kind}, areaResponses[kind]
		}
		if kind == "cover" {
			if class == "" {
				return false
			}
			as.Slots["device_class"] = intent.Slot{Value: class}
		}
	}
	for _, place := range []string{"area", "floor"} {
		delete(as.Slots, place)
		if q.has(place) {
			as.Slots[place] = q.Slots[place]
		}
	}
	return true
}

// areaResponses are the published responses for all of a kind in a place.
var areaResponses = map[string]string{"light": "lights_area", "fan": "fans_area", "cover": "cover"}

// onto moves a reading to the thing that the sentence names, which must be of the same kind as what was spoken of
// before; what is only turned on and off may be of another.
func (q request) onto(as *intent.Result) bool {
	kind, _ := q.kindBefore()
	if _, named := as.Slots["name"]; !named && as.Intent == "HassGetState" {
		return false // how many lights are on is no question about one of them
	}
	bearers := keep(q.bearers(), func(e home.Entity) bool { return e.Exposed })
	fit := keep(bearers, func(e home.Entity) bool { return e.Domain() == kind })
	if len(fit) == 0 && turns(as.Intent) && slices.Contains(switched, kind) {
		fit = keep(bearers, func(e home.Entity) bool { return slices.Contains(switched, e.Domain()) })
	}
	if len(fit) == 0 {
		return false
	}
	for _, slot := range []string{"area", "floor", "domain", "device_class"} {
		delete(as.Slots, slot)
	}
	as.Slots["name"] = nameSlot(q.said("name"), fit)
	if turns(as.Intent) {
		as.Response = responseFor(as.Intent == "HassTurnOn", fit[0].Domain())
	}
	return true
}

// switched are the kinds that are turned on and off and nothing else by it.
var switched = []string{"light", "switch", "fan", "input_boolean", "humidifier", "media_player", "climate"}

func nameSlot(said string, bearers []home.Entity) intent.Slot {
	slot := intent.Slot{Value: bearers[0].Name, Text: said}
	for _, e := range bearers {
		slot.IDs = append(slot.IDs, string(e.ID))
	}
	return slot
}

func turns(name string) bool { return name == "HassTurnOn" || name == "HassTurnOff" }

// responseFor is the response to turning one thing on or off, which also limits what the sentence may mean.
func responseFor(on bool, domain string) string {
	switch {
	case domain == "lock" && !on:
		return "unlock"
	case slices.Contains([]string{"lock", "cover", "valve", "scene", "script"}, domain):
		return domain
	}
	return "default"
}

// before are the things that were spoken of before, as they are now. None when one of them is gone or hidden.
func (q request) before() []home.Entity {
	if q.Before == nil {
		return nil
	}
	var found []home.Entity
	for _, id := range q.Before.Entities {
		e, ok := q.Home.Entity(id)
		if !ok || !e.Exposed {
			return nil
		}
		found = append(found, e)
	}
	return found
}

// kindBefore is the domain and the device class of all that was spoken of before; "" where they differ.
func (q request) kindBefore() (domain, class string) {
	for i, e := range q.before() {
		if i == 0 {
			domain, class = e.Domain(), e.DeviceClass
		}
		if e.Domain() != domain {
			domain = ""
		}
		if e.DeviceClass != class {
			class = ""
		}
	}
	return domain, class
}
